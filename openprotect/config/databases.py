"""Where the tables are, as whom we log in, and how a new server is made ready for us."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote, urlencode

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from openprotect.base.isolation import APP, IMPORT, OWNER
from openprotect.base.postgres import LocalPostgres
from openprotect.base.postgres.server import SUPERUSER
from openprotect.config import environment, provision
from openprotect.config.provision import LOGINS, CannotUse

NAME = "openprotect"
OWN_URLS = {APP: "APP_URL", IMPORT: "IMPORT_URL", OWNER: "OWNER_URL"}
Setting = dict[str, object]


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server and what we know of it. `admin` is None when others made our roles."""

    admin: Mapping[str, str] | None
    name: str
    logins: Mapping[str, Mapping[str, str]]
    local: LocalPostgres | None = field(default=None, compare=False)


def server(home: Path | None = None) -> Server:
    """The server that the environment names; our own one when it names none."""
    home = home or environment.home()
    admin_url = environment.text("DATABASE_URL")
    given = {role: environment.text(key) for role, key in OWN_URLS.items()}
    if given[APP]:
        return _made_by_others(admin_url, given)
    if any(given.values()):
        raise CannotUse(
            "OPENPROTECT_OWNER_URL and OPENPROTECT_IMPORT_URL need OPENPROTECT_APP_URL."
        )
    if admin_url:
        return _provisioned(parse(admin_url, "OPENPROTECT_DATABASE_URL"), home)
    return _local(LocalPostgres(home))


def parse(url: str, said_by: str) -> dict[str, str]:
    """A PostgreSQL address in parts. No message repeats it: it may hold a password."""
    if not url.startswith(("postgresql://", "postgres://")):
        raise CannotUse(f"{said_by} must begin with postgresql://")
    try:
        return {key: str(value) for key, value in conninfo_to_dict(url).items()}
    except ProgrammingError:
        raise CannotUse(f"{said_by} is not an address of a PostgreSQL database.") from None


def django_databases(on: Server, role: str) -> dict[str, Setting]:
    """`default` logs in as the role of this process, `owner` as the one that migrates."""
    found = {"default": _setting(on.logins[role], "30s")}
    if OWNER in on.logins:
        found["owner"] = _setting(on.logins[OWNER], "10s")
    return found


@contextmanager
def running(home: Path | None = None) -> Iterator[Server]:
    """The server, up and made ready for us; our own one stops when its last user leaves."""
    home = home or environment.home()
    found = server(home)
    if found.local is None:
        yield _ready(found, home)
        return
    with found.local.held():
        yield _ready(found, home)


def _ready(on: Server, home: Path) -> Server:
    if on.admin is None or environment.text("APP_URL"):
        return on
    secret = on.local is None
    passwords = provision.provision(on.admin, on.name, with_passwords=secret)
    if not secret:
        return on
    _keep(passwords, on.admin, home)
    return _provisioned({**on.admin, "dbname": on.name}, home)


def _local(own: LocalPostgres) -> Server:
    """Our own server trusts whoever may enter the directory of its socket: only this account."""
    address = {"host": str(own.socket_directory)}
    admin = address | {"user": SUPERUSER, "dbname": "postgres"}
    logins = {role: address | {"user": role, "dbname": NAME} for role in LOGINS}
    return Server(admin, NAME, logins, own)


def _provisioned(admin: Mapping[str, str], home: Path) -> Server:
    name = admin.get("dbname", "postgres")
    name = NAME if name == "postgres" else name
    rest = {key: value for key, value in admin.items() if key not in {"user", "password", "dbname"}}
    known = _kept(admin, home)
    logins = {
        role: rest | {"user": role, "password": known.get(role, ""), "dbname": name}
        for role in LOGINS
    }
    return Server(admin, name, logins)


def _made_by_others(admin_url: str, given: Mapping[str, str]) -> Server:
    """The roles and the database are a database administrator's work; we only log in."""
    logins = {
        role: parse(url, environment.PREFIX + OWN_URLS[role]) for role, url in given.items() if url
    }
    name = logins[APP].get("dbname", NAME)
    admin = parse(admin_url, "OPENPROTECT_DATABASE_URL") if admin_url else None
    return Server(admin, name, logins)


def url(login: Mapping[str, str]) -> str:
    """A login as an address, for the environment of another process."""
    query = urlencode({key: value for key, value in login.items() if value}, quote_via=quote)
    return f"postgresql://?{query}"


def renamed(on: Server, name: str) -> Server:
    """The same server and roles with another database on it."""
    logins = {role: {**login, "dbname": name} for role, login in on.logins.items()}
    return replace(on, name=name, logins=logins)


def _setting(login: Mapping[str, str], lock_timeout: str) -> Setting:
    """What Django wants to know of one login."""
    rest = {
        key: value
        for key, value in login.items()
        if key not in {"host", "port", "dbname", "user", "password", "options"}
    }
    options = f"{login.get('options', '')} -c lock_timeout={lock_timeout}".strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": login.get("host", ""),
        "PORT": login.get("port", ""),
        "NAME": login.get("dbname", NAME),
        "USER": login.get("user", ""),
        "PASSWORD": login.get("password", ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": "openprotect", **rest, "options": options},
    }


def _kept(admin: Mapping[str, str], home: Path) -> Mapping[str, str]:
    """The passwords of our roles on that server, if this home has been there."""
    try:
        kept = json.loads((home / "roles.json").read_text())
    except FileNotFoundError:
        return {}
    return dict(kept["passwords"]) if kept["server"] == _address(admin) else {}


def _keep(passwords: Mapping[str, str], admin: Mapping[str, str], home: Path) -> None:
    if passwords == _kept(admin, home):
        return
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    environment.write_secret(
        home / "roles.json", json.dumps({"server": _address(admin), "passwords": passwords})
    )


def _address(admin: Mapping[str, str]) -> str:
    return f"{admin.get('host', '')}:{admin.get('port', '5432')}"
