import pytest

from openprotect.base.isolation import APP, IMPORT, OWNER
from openprotect.config import databases
from openprotect.config.provision import CannotUse

SITE = "postgresql://provisioner:secret@db.example:6432/protect?sslmode=verify-full"


@pytest.fixture(autouse=True)
def no_server_named(monkeypatch, tmp_path):
    for name in ("DATABASE_URL", "APP_URL", "OWNER_URL", "IMPORT_URL"):
        monkeypatch.delenv(f"OPENPROTECT_{name}", raising=False)


def test_without_a_server_our_own_one_is_used(tmp_path):
    found = databases.server(tmp_path)

    assert found.local
    assert found.logins[APP]["host"] == str(found.local.socket_directory)


def test_a_site_server_is_used_with_our_roles_and_its_encryption(monkeypatch, tmp_path):
    monkeypatch.setenv("OPENPROTECT_DATABASE_URL", SITE)

    setting = databases.django_databases(databases.server(tmp_path), APP)["default"]

    assert (setting["HOST"], setting["PORT"], setting["NAME"]) == ("db.example", "6432", "protect")
    assert setting["USER"] == APP
    assert setting["OPTIONS"]["sslmode"] == "verify-full"
    assert "secret" not in str(setting)


def test_the_database_of_administrators_is_never_ours(monkeypatch, tmp_path):
    monkeypatch.setenv("OPENPROTECT_DATABASE_URL", SITE.replace("/protect", "/postgres"))

    assert databases.server(tmp_path).name == "openprotect"


def test_roles_made_by_an_administrator_are_used_as_they_are(monkeypatch, tmp_path):
    monkeypatch.setenv("OPENPROTECT_APP_URL", "postgresql://web:one@db.example/protect")

    found = databases.server(tmp_path)

    assert found.admin is None
    assert "owner" not in databases.django_databases(found, APP)


def test_an_owner_without_an_application_makes_no_sense(monkeypatch, tmp_path):
    monkeypatch.setenv("OPENPROTECT_OWNER_URL", "postgresql://owner@db.example/protect")

    with pytest.raises(CannotUse, match="OPENPROTECT_APP_URL"):
        databases.server(tmp_path)


@pytest.mark.parametrize("address", ["mysql://a:hidden@b/c", "postgresql://a:hidden@b/c?x=1"])
def test_a_bad_address_is_refused_without_repeating_its_password(address):
    with pytest.raises(CannotUse) as refused:
        databases.parse(address, "OPENPROTECT_DATABASE_URL")

    assert "OPENPROTECT_DATABASE_URL" in str(refused.value)
    assert "hidden" not in str(refused.value)


def test_a_login_survives_the_way_through_another_process():
    login = {"host": "/var/run/a b", "user": IMPORT, "password": "p:/@&%", "dbname": "x"}

    assert databases.parse(databases.url(login), "it") == login


def test_the_owner_waits_for_a_lock_less_long_than_patients_would_notice(tmp_path):
    found = databases.django_databases(databases.server(tmp_path), APP)

    assert found["owner"]["USER"] == OWNER
    assert "lock_timeout=10s" in found["owner"]["OPTIONS"]["options"]
