import argparse

import pytest

from openprotect.base.nhs_number import synthetic_number
from openprotect.base.refusals import Refused
from openprotect.cli import cohort
from openprotect.cohorts.models import Run
from tests.records.conftest import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.import_role]

PACK = "covid-protect"
OLD, YOUNG = synthetic_number("old"), synthetic_number("young")


@pytest.fixture
def say_cohort(capsys):
    """What `openprotect cohort …` prints, and its exit."""

    def run(*words):
        parser = argparse.ArgumentParser()
        cohort.arguments(parser)
        capsys.readouterr()
        code = cohort.run(parser.parse_args([str(word) for word in words]))
        return code, capsys.readouterr().out

    return run


@pytest.fixture
def records(take_in, csv_file):
    """Two people: one aged 76, one aged 26."""
    rows = (f"{OLD},Ames,1950-04-03,female,D82001", f"{YOUNG},Bray,2000-04-03,male,D82001")
    take_in(csv_file(*rows), synthetic=True)


@pytest.fixture
def one_run(records, say_cohort):
    say_cohort("run", PACK, "--as-of", TODAY)
    return Run.objects.get()


def test_a_changed_rule_says_who_would_leave(one_run, say_cohort):
    code, said = say_cohort("try", PACK, "--set", "aged-70.age.from=80")

    assert code == 0
    assert f"as of {TODAY}: 1 found now, 0 with the change" in said
    assert "everybody: 0 would join, 1 leave, 0 change groups" in said
    assert "Aged 70 or over: 1 now, 0 then" in said
    assert "practice D82001: 0 would join, 1 leave" in said


def test_several_changes_are_tried_together_on_a_day_that_no_run_had(records, say_cohort):
    sets = ("--set", "aged-70.age.from=20", "--set", "population.age.to=60")

    _, said = say_cohort("try", PACK, *sets, "--as-of", TODAY)

    assert "everybody: 1 would join, 1 leave, 0 change groups" in said


def test_nothing_is_kept_of_a_change_that_was_tried(one_run, say_cohort):
    say_cohort("try", PACK, "--set", "aged-70.age.from=80")

    assert Run.objects.count() == 1


def test_without_a_change_everything_that_can_be_set_is_listed(say_cohort):
    _, said = say_cohort("try", PACK)

    assert "aged-70.age.from=70" in said
    assert "population.age.from=16" in said


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("copd.within=24m", "These rules have no 'copd.within' to set. There are: "),
        ("aged-70.within=24m", "There are: aged-70.age.from"),
        ("severe-obesity.codes=x", "could be several: say which of severe-obesity"),
    ],
)
def test_a_change_of_what_is_not_there_is_refused_with_what_is(say_cohort, change, words):
    with pytest.raises(Refused, match=words):
        say_cohort("try", PACK, "--set", change)


def test_runs_are_listed_the_newest_first(one_run, say_cohort):
    say_cohort("run", PACK, "--as-of", "2020-01-01")

    _, said = say_cohort("runs", PACK)

    newest, older = said.splitlines()
    assert "as of 2020-01-01" in newest
    assert "as of 2026-11-20" in older
    assert str(one_run.pk)[:8] in older
    assert one_run.digest[:12] in older


def test_a_run_repeated_finds_the_same_and_is_not_kept_again(one_run, say_cohort):
    code, said = say_cohort("run", "--repeat", str(one_run.pk)[:8])

    assert code == 0
    assert said.endswith(f"digest {one_run.digest}\nthe same digest\n")
    assert Run.objects.count() == 1


def test_a_run_is_repeated_on_the_records_as_they_were(one_run, say_cohort, take_in, csv_file):
    row = f"{synthetic_number('new')},Cole,1940-04-03,male,D82001"
    take_in(csv_file(row, name="more.csv"), synthetic=True)

    code, said = say_cohort("run", PACK, "--repeat", "latest")

    assert code == 0
    assert "1 found; the run found 1" in said


def test_another_digest_than_the_run_had_is_said(one_run, say_cohort):
    kept = one_run.digest
    Run.objects.update(digest="0" * 64)

    code, said = say_cohort("run", "--repeat", "latest")

    assert code == 1
    assert f"digest {kept}\nanother digest: the run's is {'0' * 64}" in said


def test_a_run_of_rules_that_have_changed_since_cannot_be_repeated(one_run, say_cohort):
    Run.objects.update(content_hash="0" * 64)

    with pytest.raises(Refused, match="covid-protect has changed since"):
        say_cohort("run", "--repeat", "latest")


@pytest.mark.parametrize("name", ["ffffffff", "x", "latest"])
def test_a_run_that_is_not_there_is_refused(say_cohort, name):
    with pytest.raises(Refused, match="There is no run called"):
        say_cohort("run", "--repeat", name)


def test_a_number_may_be_written_in_three_words(one_run, say_cohort):
    words = (OLD[:3], OLD[3:6], OLD[6:])

    _, said = say_cohort("explain", *words, PACK, "--as-of", TODAY)

    assert "Aged 70 or over" in said


def test_without_a_live_programme_a_pack_must_be_named(records, say_cohort):
    with pytest.raises(Refused, match="No programme is live: name a pack"):
        say_cohort("explain", OLD)


def test_the_difference_is_told_by_kind_and_reason(one_run, say_cohort):
    say_cohort("run", PACK, "--as-of", TODAY.replace(year=TODAY.year + 45))

    code, said = say_cohort("diff", PACK)

    assert code == 0
    assert f"since the run as of {TODAY}:" in said
    assert "1  joined: newly meets a rule" in said


def test_the_first_run_has_nothing_to_differ_from(one_run, say_cohort):
    assert "there is none to compare it with" in say_cohort("diff", "latest")[1]


def test_the_difference_is_a_file_that_says_how_many_rows_it_has(one_run, say_cohort, tmp_path):
    say_cohort("run", PACK, "--as-of", TODAY.replace(year=TODAY.year + 45))

    _, said = say_cohort("diff", "--file", tmp_path / "changes.csv")

    lines = (tmp_path / "changes.csv").read_text().splitlines()
    assert "2 people written" in said
    assert lines[1].startswith(f"{YOUNG},joined,newly meets a rule,D82001")
    assert lines[-1] == "rows,2"
    assert (tmp_path / "changes.csv").stat().st_mode & 0o077 == 0


def test_a_file_that_is_there_is_not_written_over(one_run, say_cohort, tmp_path):
    (tmp_path / "changes.csv").touch()

    with pytest.raises(FileExistsError):
        say_cohort("diff", "--file", tmp_path / "changes.csv")
