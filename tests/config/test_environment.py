import stat

import pytest

from openprotect.config import environment
from openprotect.config.environment import BadEnvironment


def test_a_misspelt_name_is_refused_rather_than_ignored():
    with pytest.raises(BadEnvironment, match="OPENPROTECT_DATABSE_URL"):
        environment.refuse_unknown({"OPENPROTECT_DATABSE_URL": "x", "PATH": "y"})


def test_a_value_that_is_not_among_those_known_is_refused(monkeypatch):
    monkeypatch.setenv("OPENPROTECT_MODE", "prodution")

    with pytest.raises(BadEnvironment, match="live, demo"):
        environment.installation()


@pytest.mark.parametrize("named_by", ["OPENPROTECT_DATABASE_URL", "OPENPROTECT_APP_URL"])
def test_on_a_server_it_is_live_unless_told_otherwise(monkeypatch, named_by):
    monkeypatch.delenv("OPENPROTECT_MODE")
    monkeypatch.setenv(named_by, "postgresql://somebody@somewhere/openprotect")

    assert not environment.installation().demo
    assert not environment.installation().synthetic


def test_on_our_own_server_nobody_is_real_unless_told_otherwise(monkeypatch):
    for name in ("OPENPROTECT_MODE", "OPENPROTECT_DATABASE_URL", "OPENPROTECT_APP_URL"):
        monkeypatch.delenv(name, raising=False)

    assert environment.installation().demo

    monkeypatch.setenv("OPENPROTECT_MODE", "live")
    assert not environment.installation().demo


def test_the_key_for_signing_is_made_once_and_is_nobody_elses_to_read(monkeypatch, tmp_path):
    monkeypatch.setenv("OPENPROTECT_HOME", str(tmp_path / "new"))

    first, again = environment.secret_key(), environment.secret_key()

    assert first == again
    assert len(first) >= 50
    assert stat.S_IMODE((tmp_path / "new" / "secret-key").stat().st_mode) == 0o600


def test_a_short_key_is_refused(monkeypatch):
    monkeypatch.setenv("OPENPROTECT_SECRET_KEY", "secret")

    with pytest.raises(BadEnvironment, match="50"):
        environment.secret_key()
