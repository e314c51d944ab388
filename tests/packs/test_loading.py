"""A pack is read whole, from a folder or from what the database kept, or refused with reasons."""

import shutil
from dataclasses import FrozenInstanceError
from datetime import date

import pytest

from openprotect.packs import PackRefused, from_files, load
from openprotect.packs.settings import NotAllowed
from tests.packs.given import SHIPPED, changed, pack_files, problems_of, said, shipped


def test_the_folder_and_the_kept_files_give_the_same_pack():
    pack, kept = load(SHIPPED), from_files(dict(shipped().files))

    assert kept.content_hash == pack.content_hash
    assert kept.questionnaire == pack.questionnaire
    assert kept.routing == pack.routing


def test_any_other_byte_is_another_pack():
    first, same = from_files(pack_files()), from_files(pack_files())
    other = from_files(pack_files() | {"README.md": b"Read me."})

    assert first.content_hash == same.content_hash != other.content_hash


def test_a_file_moved_is_another_pack():
    files = pack_files() | {"examples/a.txt": b"x"}
    moved = pack_files() | {"examples/b.txt": b"x"}

    assert from_files(files).content_hash != from_files(moved).content_hash


def test_a_pack_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        shipped().title = "Other"


def test_all_problems_of_all_files_are_told_at_once():
    files = changed("pack.toml", 'latitude = "locked"', 'latitude = "loose"')
    files |= {
        "triage.csv": changed("triage.csv", ",speech,", ",shouting,")["triage.csv"],
        "call-script.md": b"Hello",
    }

    found = {problem.file for problem in problems_of(files)}

    assert {"pack.toml", "triage.csv", "call-script.md"} <= found


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(PackRefused, match="there is no such folder"):
        load(tmp_path / "nowhere")


def test_a_link_out_of_the_folder_is_refused(tmp_path):
    (tmp_path / "pack.toml").symlink_to("/etc/hostname")

    with pytest.raises(PackRefused, match=r"pack\.toml: is a link"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("../evil.toml", b"", "use letters, figures"),
        ("/etc/evil.toml", b"", "use letters, figures"),
        ("a/b/c/d/e.toml", b"", "use letters, figures"),
        ("rules.py", b"import os", "a pack holds only"),
        ("examples/a.txt", b"fine\nna\xefve", "examples/a.txt:2:3: is not UTF-8"),
        ("examples/a.txt", b"a" * 1_000_001, "is larger than 1000000 bytes"),
        ("notes.txt", b"hello", "notes.txt: warning: nothing reads this file"),
    ],
)
def test_an_odd_file_is_named(name, content, words):
    assert any(words in line for line in said(pack_files() | {name: content}))


@pytest.mark.parametrize(
    "name", ["pack.toml", "questionnaire.json", "triage.csv", "routing.toml", "practice-card.md"]
)
def test_a_missing_file_is_named(name):
    files = pack_files()
    del files[name]

    assert f"{name}: this file is missing or cannot be read." in said(files)


def test_a_file_that_cannot_be_read_is_told_once_without_what_follows():
    lines = said(pack_files() | {"pack.toml": b"key = "} | {"routing.toml": b"["})

    assert [line.split(":")[0] for line in lines if "warning" not in line] == [
        "pack.toml",
        "routing.toml",
    ]


def test_what_editors_leave_behind_is_no_part_of_a_pack(tmp_path):
    (tmp_path / "shared").symlink_to(SHIPPED.parent / "shared")
    folder = shutil.copytree(SHIPPED, tmp_path / "pack")
    (folder / ".DS_Store").write_bytes(b"\x00")

    assert load(folder).content_hash == shipped().content_hash


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('key = "covid-protect"', 'key = "COVID"', "key: must be small letters"),
        (f'version = "{shipped().version}"', 'version = "one"', "version: must be three numbers"),
        ('"copi-notice"', '"because"', "'because' is not known here"),
        ("2027-05-31", '"soon"', "review_on: must be a day"),
        ("clinical_owner =", "owner =", "clinical_owner: is missing"),
        ('"01632 960123"', '"ring us"', "phone: must be a number people can ring"),
        ('"lt", "en-x-easy"]', '"lt", "Easy!"]', "'Easy!' is no language"),
        (
            '"lt", "en-x-easy"]',
            '"lt", "en-x-easy", "ar"]',
            "messages/ar/invite.text.txt: is missing",
        ),
        ('["en", "pl", "pt"', '["pl", "pt"', 'must hold "en"'),
        ('translation = ["pl"', 'translation = ["uk"', "'uk' is not known here"),
        ("pt = ", "fr = ", "'fr' is not known here"),
        ("every_days = 1", "every_days = 0", "allowed are 1 to 365"),
        ("every_days = 1", "once = true\nevery_days = 1", "neither every_days nor season"),
        ("every_days = 1", "every_days = 7\nseason = 5", "must be a table"),
        (
            "every_days = 1",
            'every_days = 7\nseason = { from = "13-01", to = "03-31" }',
            "must be a month and a day",
        ),
        ("[settings.call_attempts]", "[settings.calls]", "call_attempts: this setting is missing"),
        ('default = "09:00"', 'default = "9 am"', "give a time of day such as 09:00"),
        ("default = 2\n", "default = 9\n", "choose from 1 to 5"),
        ("default = 2\n", 'default = "2"\n', "must be a whole number"),
        ("low = 1\n", "", "low: must be a whole number"),
        ('title = "COVID-19', "title = COVID-19", "pack.toml:5:9: is not TOML"),
        ("purpose =", "puprose =", "Did you mean 'purpose'?"),
    ],
)
def test_a_fault_in_pack_toml_is_told_in_words(old, new, words):
    lines = said(changed("pack.toml", old, new))

    assert any(words in line for line in lines), lines


def test_a_fault_in_pack_toml_names_its_line():
    files = changed("pack.toml", 'default = "09:00"', "default = 9")
    text = files["pack.toml"].decode().splitlines()

    assert f"pack.toml:{text.index('default = 9') + 1}:1:settings.checkin_opens.default" in "".join(
        said(files)
    )


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("misses_before_call", 6, "choose from 1 to 5"),
        ("misses_before_call", "3", "whole number"),
        ("misses_before_call", True, "whole number"),
        ("checkin_opens", "10:00", "no locality may change it"),
    ],
)
def test_a_locality_may_choose_only_what_is_left_to_it(key, value, words):
    with pytest.raises(NotAllowed, match=words):
        shipped().settings[key].check(value)


def test_a_locality_may_choose_within_the_bounds():
    setting = shipped().settings["misses_before_call"]

    assert [setting.check(value) for value in (1, 3, 5)] == [1, 3, 5]


def test_a_review_falls_due_on_its_day():
    pack = shipped()

    assert not pack.is_review_due(date(2027, 5, 30))
    assert pack.is_review_due(date(2027, 5, 31))


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("call-script.md", "{phone}", "{number}", "{number} is not known"),
        ("call-script.md", "Voicemail", "Answerphone", "must speak of 'voicemail'"),
        ("practice-card.md", "# Questions", "\u202e", "must be plain text"),
    ],
)
def test_a_fault_in_a_staff_text_is_told_in_words(name, old, new, words):
    assert any(words in line for line in said(changed(name, old, new)))


def test_the_call_script_comes_in_parts_a_page_can_draw():
    sections = {section.title: section for section in shipped().call_script.sections}

    greeting = sections["Introduction"].passages[0]
    assert greeting.kind == "say"
    assert "the Protect check-in team" in greeting.text
    assert {each.kind for each in sections["No answer"].passages} == {"point", "say"}
