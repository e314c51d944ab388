"""`openprotect contacts` and `openprotect keys`, as they are typed."""

import argparse

import pytest

from openprotect.base.nhs_number import synthetic_number
from openprotect.base.refusals import Refused
from openprotect.cli import contacts, keys
from openprotect.contacts.models import Limit
from openprotect.pathway import work
from tests import given
from tests.database import WORKER_KEY

pytestmark = pytest.mark.django_db(transaction=True)
A, B = synthetic_number("typed a"), synthetic_number("typed b")


@pytest.fixture
def typed(transactional_db, home, capsys):
    """Give a command as it is typed, and read what it printed."""
    (home / "worker.key").write_text(WORKER_KEY.hex())
    work._token.cache_clear()
    with given.as_worker():
        given.area()
        given.programme()

    def command(module, *words):
        parser = argparse.ArgumentParser()
        module.arguments(parser)
        code = module.run(parser.parse_args([str(each) for each in words]))
        return code, capsys.readouterr().out

    return command


def listed(home, *rows, name="list.csv", header="nhs_number"):
    path = home / name
    path.write_text("\n".join([header, *rows, ""]))
    return path


def test_a_list_is_exchanged_with_its_equation_and_a_result_beside_it(typed, home):
    path = listed(home, A, B, A, "rubbish")

    code, said = typed(contacts, "exchange", path)

    assert code == 0
    assert (
        "rows read: 4 = 2 clear + 0 covered + 0 to wait + 0 not to be contacted + 1 duplicate"
        " + 1 rejected" in said
    )
    assert "1 rejected: the NHS number is not ten digits" in said
    assert (home / "list.result.csv").read_text().count("\n") == 5


def test_the_same_list_again_says_that_nothing_changes(typed, home):
    path = listed(home, A)
    typed(contacts, "exchange", path)
    first = (home / "list.result.csv").read_text()

    _, said = typed(contacts, "exchange", path)

    assert "nothing changes" in said
    assert (home / "list.result.csv").read_text() == first


def test_a_partner_is_named_by_its_code(typed, home):
    path = listed(home, A)
    typed(contacts, "exchange", path, "--partner", "COU")

    _, said = typed(contacts, "exchange", path)

    assert "0 clear + 1 covered" in said


def test_a_list_of_digests_is_made_and_exchanged(typed, home):
    with given.as_worker():
        known = given.enrolment().person.nhs_number
    key, path = home / "partner.key", listed(home, A, known)
    typed(contacts, "key", key)
    _, made = typed(contacts, "hash", path, "--key-file", key)

    _, said = typed(contacts, "exchange", home / "list.hashed.csv", "--hashed", "--key-file", key)

    assert "rows read: 2 = 2 hashed + 0 left out" in made
    assert "2 = 2 clear" in said
    assert oct(key.stat().st_mode)[-3:] == "600"
    assert A not in (home / "list.hashed.csv").read_text()


def test_a_key_is_never_written_over(typed, home):
    typed(contacts, "key", home / "partner.key")

    with pytest.raises(Refused, match="never written over"):
        typed(contacts, "key", home / "partner.key")


@pytest.mark.parametrize("words", [["nowhere.csv"], ["list.csv", "--partner", "NOBODY"]])
def test_what_is_not_there_is_said(typed, home, words, monkeypatch):
    monkeypatch.chdir(home)
    listed(home, A)

    with pytest.raises(Refused, match="There is no"):
        typed(contacts, "exchange", *words)


def test_digests_without_a_key_are_refused(typed, home):
    with pytest.raises(Refused, match="go together"):
        typed(contacts, "exchange", listed(home, A), "--hashed")


def test_a_limit_is_set_and_shown_with_who_set_it(typed):
    typed(
        contacts,
        "limit",
        "window",
        "welfare",
        "--hours",
        "24",
        "--because",
        "one day",
        "--as",
        "Ann",
    )

    _, said = typed(contacts, "limits")

    assert "set by Ann" in said
    with given.as_worker():
        assert Limit.objects.get(kind="WINDOW", what="welfare", ends_at=None).hours == 24


def test_a_key_is_issued_listed_and_revoked(typed):
    _, issued = typed(keys, "issue", "--partner", "COU", "--name", "Case system", "--as", "Ann")
    number = issued.split()[1]

    _, revoked = typed(keys, "revoke", number, "--as", "Ben")
    _, said = typed(keys, "list")

    assert "opk_" in issued
    assert f"key {number}: revoked by Ben" in revoked
    assert "opk_" not in said
    assert "revoked by Ben" in said
