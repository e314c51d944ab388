"""What the environment may say. An unknown name or a bad value stops the start, in one line."""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[2]
PREFIX = "OPENPROTECT_"
DEMO_PHONE = "01632 960123"  # from Ofcom's range for drama
KNOWN = {
    "OPENPROTECT_ALLOWED_HOSTS": "host names it answers to, with commas",
    "OPENPROTECT_APP_URL": "database account of the application, made by a database administrator",
    "OPENPROTECT_BEHIND_PROXY": "yes: a proxy in front speaks HTTPS and sets X-Forwarded-Proto",
    "OPENPROTECT_CALLBACK_TOKEN": "secret that providers show with receipts and replies they post",
    "OPENPROTECT_DATABASE_URL": "PostgreSQL account that may create roles and databases",
    "OPENPROTECT_EMAILS": "who carries e-mails: none (default), notify, nhs-notify, smtp, console",
    "OPENPROTECT_EMAIL_FROM": "sender of e-mails by SMTP: Name <name@example.nhs.uk>",
    "OPENPROTECT_ENGINE": "engine for cohorts: duckdb (default) or pyspark",
    "OPENPROTECT_HELP_HOURS": "when that number is answered, in words",
    "OPENPROTECT_HELP_PHONE": "number that people are told to ring; needed to serve live",
    "OPENPROTECT_HOME": "directory of all state; var in the checkout by default",
    "OPENPROTECT_IMPORT_URL": "database account of imports and cohort runs",
    "OPENPROTECT_LETTERS": "who carries letters: none (default), notify, folder, console",
    "OPENPROTECT_LETTER_FOLDER": "folder for letters that a printer empties; letters in the home",
    "OPENPROTECT_LOG_LEVEL": "debug, info (default), warning or error",
    "OPENPROTECT_MODE": "live (default on a server of PostgreSQL) or demo (default without)",
    "OPENPROTECT_NHS_NOTIFY_TOKEN_FILE": "file with the access token for NHS Notify, kept fresh",
    "OPENPROTECT_NHS_NOTIFY_URL": "address of NHS Notify: https://api.service.nhs.uk/comms",
    "OPENPROTECT_NOTIFY_EMAIL_TEMPLATE": "template of GOV.UK Notify that e-mails are sent with",
    "OPENPROTECT_NOTIFY_KEY": "key of GOV.UK Notify",
    "OPENPROTECT_NOTIFY_TEMPLATE": "template of GOV.UK Notify that texts are sent with",
    "OPENPROTECT_NOTIFY_URL": "address of GOV.UK Notify, when it is not the public one",
    "OPENPROTECT_ORGANISATION": "who runs this installation, as people know it",
    "OPENPROTECT_OWNER_URL": "database account that owns the tables and migrates them",
    "OPENPROTECT_PACKS": "folder of packs; packs in the checkout by default",
    "OPENPROTECT_POSTGRES_BIN": "bin folder of the PostgreSQL programs to start ourselves",
    "OPENPROTECT_PUBLIC_URL": "address that people reach the service at, for links in messages",
    "OPENPROTECT_ROLE": "app (default) or import: the database role of this process",
    "OPENPROTECT_SECRET_KEY": "key for signing; made and kept in the home directory by default",
    "OPENPROTECT_SENDS_A_MINUTE": "most messages handed over in a minute; 2700 if not said",
    "OPENPROTECT_SMTP_URL": "mail server: smtps://user:password@host:587 (smtp:// without TLS)",
    "OPENPROTECT_SOCIAL_CARE_BASIS": "legal basis of social care records, in words; else none",
    "OPENPROTECT_SPARK_MASTER": "address of a Spark cluster; two threads here if not said",
    "OPENPROTECT_TEXTS": "who carries texts: notify (default), nhs-notify, console",
}


class BadEnvironment(Exception):
    """The environment asks for something this program does not know."""


@dataclass(frozen=True)
class OpenProtect:
    """What this installation is, for any part that needs to know."""

    home: Path
    demo: bool
    synthetic: bool  # whether numbers of the synthetic range may stand for people
    packs: Path
    public_url: str
    engine: str
    notify_url: str
    notify_key: str
    notify_template: str
    organisation_name: str = ""
    help_phone: str = ""
    help_hours: str = ""
    social_care_basis: str = ""
    notify_email_template: str = ""
    texts_by: str = "notify"
    emails_by: str = "none"
    letters_by: str = "none"
    smtp_url: str = ""
    email_from: str = ""
    letter_folder: str = ""
    nhs_notify_url: str = ""
    nhs_notify_token_file: str = ""
    callback_token: str = ""
    sends_a_minute: int = 2700

    @property
    def lake(self) -> Path:
        return self.home / "lake"

    @property
    def codelists(self) -> Path:
        """Lists that packs name as supplied: those that may be used here but not given away."""
        return self.home / "codelists"

    @property
    def letters(self) -> Path:
        """Where letters lie until a printer takes them."""
        return Path(self.letter_folder) if self.letter_folder else self.home / "letters"

    @property
    def carried(self) -> frozenset[str]:
        """The ways of writing that this installation has somebody for."""
        optional = {"EMAIL": self.emails_by, "LETTER": self.letters_by}
        return frozenset({"TEXT"} | {way for way, by in optional.items() if by != "none"})

    @property
    def outbox(self) -> Path:
        return self.home / "outbox"


def text(name: str, default: str = "", *, among: tuple[str, ...] = ()) -> str:
    """A setting as written; one of `among` when that is given."""
    value = os.environ.get(PREFIX + name, "").strip() or default
    if among and value not in among:
        raise BadEnvironment(f"{PREFIX}{name} must be one of: {', '.join(among)}.")
    return value


def flag(name: str) -> bool:
    """A setting that is yes or no; no when it is absent."""
    return text(name, "no", among=("yes", "no")) == "yes"


def refuse_unknown(environment: Mapping[str, str] = os.environ) -> None:
    """Raise when a name of ours is misspelt: a setting that is silently ignored is a trap."""
    unknown = sorted(name for name in environment if name.startswith(PREFIX) and name not in KNOWN)
    if unknown:
        raise BadEnvironment(f"Unknown in the environment: {', '.join(unknown)}.")


def home() -> Path:
    """The directory that holds all state of this installation."""
    return Path(text("HOME", str(CHECKOUT / "var"))).expanduser().absolute()


def installation() -> OpenProtect:
    """This installation, as the environment describes it."""
    demo = _mode() == "demo"
    return OpenProtect(
        home=home(),
        demo=demo,
        synthetic=demo,
        packs=Path(text("PACKS", str(CHECKOUT / "packs"))).absolute(),
        public_url=text("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/"),
        engine=text("ENGINE", "duckdb", among=("duckdb", "pyspark")),
        notify_url=text("NOTIFY_URL"),
        notify_key=text("NOTIFY_KEY"),
        notify_template=text("NOTIFY_TEMPLATE"),
        organisation_name=text("ORGANISATION", "Norfolk and Waveney" if demo else ""),
        help_phone=text("HELP_PHONE", DEMO_PHONE if demo else ""),
        help_hours=text("HELP_HOURS", "8am to 8pm every day" if demo else ""),
        social_care_basis=text("SOCIAL_CARE_BASIS"),
        **_carriers(),
    )


def _carriers() -> dict[str, Any]:
    """Who carries what we write, and what they need."""
    most = text("SENDS_A_MINUTE", "2700")
    if not most.isdigit() or int(most) < 1:
        raise BadEnvironment(f"{PREFIX}SENDS_A_MINUTE must be a whole number of at least 1.")
    return {
        "notify_email_template": text("NOTIFY_EMAIL_TEMPLATE"),
        "texts_by": text("TEXTS", "notify", among=("notify", "nhs-notify", "console")),
        "emails_by": text(
            "EMAILS", "none", among=("none", "notify", "nhs-notify", "smtp", "console")
        ),
        "letters_by": text("LETTERS", "none", among=("none", "notify", "folder", "console")),
        "smtp_url": text("SMTP_URL"),
        "email_from": text("EMAIL_FROM"),
        "letter_folder": text("LETTER_FOLDER"),
        "nhs_notify_url": text("NHS_NOTIFY_URL"),
        "nhs_notify_token_file": text("NHS_NOTIFY_TOKEN_FILE"),
        "callback_token": text("CALLBACK_TOKEN"),
        "sends_a_minute": int(most),
    }


def _mode() -> str:
    """A server of PostgreSQL means live; our own one means that nobody here is real."""
    is_on_a_server = text("DATABASE_URL") or text("APP_URL")
    return text("MODE", "live" if is_on_a_server else "demo", among=("live", "demo"))


def write_secret(path: Path, content: str) -> None:
    """Write a file that only this account may read; readers never see half of it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(content)
    fresh.replace(path)


def secret_key() -> str:
    """The key for signing: given, or made once for this home."""
    given = text("SECRET_KEY")
    if given:
        if len(given) < 50:
            raise BadEnvironment("OPENPROTECT_SECRET_KEY must have at least 50 characters.")
        return given
    path = home() / "secret-key"
    if not path.exists():
        fresh = path.with_name(f".secret-key.{os.getpid()}")
        write_secret(fresh, secrets.token_urlsafe(50))
        with suppress(FileExistsError):  # another process was first: its key counts
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text()
