"""The settings page of the product: every environment variable it reads, declared once.

`docs/settings.md` documents each of them and a test fails when one is missing there. Nothing else in the
program reads the environment.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

SOURCE_ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One environment variable: its name, what holds when it is absent, and what it is for."""

    name: str
    default: str
    purpose: str


SETTINGS: tuple[Setting, ...] = (
    Setting(name="VINCULUM_MODE", default="demo", purpose="demo or production"),
    Setting(name="VINCULUM_DATA_DIR", default="", purpose="where the embedded databases and keys are kept"),
    Setting(name="VINCULUM_SECRET_KEY", default="", purpose="signs sessions and forms"),
    Setting(name="VINCULUM_ALLOWED_HOSTS", default="", purpose="host names that are answered"),
    Setting(name="VINCULUM_HTTPS", default="", purpose="whether browsers reach us by HTTPS"),
    Setting(name="VINCULUM_TRUSTED_PROXIES", default="", purpose="proxies whose forwarding headers count"),
    Setting(name="VINCULUM_LOG_LEVEL", default="INFO", purpose="least severity that is logged"),
    Setting(name="VINCULUM_STATIC_DIR", default="", purpose="where collected static files are kept"),
    Setting(name="VINCULUM_JURISDICTION", default="CT", purpose="the jurisdiction whose book this is"),
    Setting(name="VINCULUM_JURISDICTIONS_DIR", default="", purpose="where the jurisdictions' files are"),
    Setting(name="VINCULUM_SERVICE_KEY", default="", purpose="the program's own credential"),
    Setting(name="VINCULUM_SYSTEMS", default="state,national", purpose="which of the two systems run here"),
    Setting(name="VINCULUM_EXCHANGE", default="in-process", purpose="how the state reaches the exchange"),
    Setting(name="VINCULUM_EXCHANGE_KEY", default="", purpose="the state's bearer key at the exchange"),
    Setting(name="VINCULUM_ANSWERING_STATES", default="", purpose="states that answer for their own titles"),
    Setting(
        name="VINCULUM_ANSWERING_KEYS", default="", purpose="the keys that those states gave the exchange"
    ),
    Setting(name="VINCULUM_OUTBOX_SECONDS", default="2", purpose="pause between outbox deliveries"),
    Setting(name="VINCULUM_MAIL", default="", purpose="how mail is sent: emulator, smtp://… or smtps://…"),
    Setting(name="VINCULUM_MAIL_LOGIN", default="", purpose="the name the mail server knows us by"),
    Setting(name="VINCULUM_MAIL_PASSWORD", default="", purpose="its password"),
    Setting(name="VINCULUM_MAIL_FROM", default="exchange@vinculum.example", purpose="whom mail is from"),
    Setting(name="VINCULUM_SITE_ADDRESS", default="http://localhost:8000", purpose="our address in mails"),
    Setting(name="VINCULUM_KEY", default="", purpose="the API key in whose name a command is done"),
    Setting(name="VINCULUM_TERMINAL", default="cli", purpose="the workstation at which a command is given"),
    Setting(name="DATABASE_URL", default="", purpose="state database, application login"),
    Setting(name="DATABASE_MIGRATE_URL", default="", purpose="state database, migration login"),
    Setting(name="DATABASE_ADMIN_URL", default="", purpose="state server, creates roles and database"),
    Setting(name="NATIONAL_DATABASE_URL", default="", purpose="national database, application login"),
    Setting(name="NATIONAL_DATABASE_MIGRATE_URL", default="", purpose="national database, migration login"),
    Setting(name="NATIONAL_DATABASE_ADMIN_URL", default="", purpose="national server, creates roles"),
    Setting(name="PROMETHEUS_MULTIPROC_DIR", default="", purpose="where server processes share metrics"),
)
_DEFAULTS = {setting.name: setting.default for setting in SETTINGS}


def read(name: str, *, environ: Mapping[str, str] | None = None) -> str:
    """The text of a declared setting; a name that is not declared is a programming error (KeyError)."""
    default = _DEFAULTS[name]
    return (os.environ if environ is None else environ).get(name, "").strip() or default


def read_flag(name: str, *, default: bool, environ: Mapping[str, str] | None = None) -> bool:
    """A yes-or-no setting; other words are refused, so that a typing error cannot switch anything off."""
    text = read(name, environ=environ).lower()
    if not text:
        return default
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {text!r}: say true or false.")


def read_list(name: str, *, environ: Mapping[str, str] | None = None) -> list[str]:
    """A comma-separated setting without empty members."""
    return [part.strip() for part in read(name, environ=environ).split(",") if part.strip()]


def is_production(*, environ: Mapping[str, str] | None = None) -> bool:
    """Whether this is a production service; any word but the two known ones is refused."""
    mode = read("VINCULUM_MODE", environ=environ)
    if mode not in {"demo", "production"}:
        raise ImproperlyConfigured(f"VINCULUM_MODE is {mode!r}: say demo or production.")
    return mode == "production"


def data_directory(*, environ: Mapping[str, str] | None = None) -> Path:
    """Where this installation keeps its embedded databases, generated keys and stamps."""
    named = read("VINCULUM_DATA_DIR", environ=environ)
    if named:
        return Path(named).resolve()
    base = SOURCE_ROOT if (SOURCE_ROOT / "pyproject.toml").exists() else Path.cwd()
    return base / ".data"


def jurisdictions_directory(*, environ: Mapping[str, str] | None = None) -> Path:
    """Where the jurisdictions' files are: one folder each."""
    named = read("VINCULUM_JURISDICTIONS_DIR", environ=environ)
    return Path(named).resolve() if named else SOURCE_ROOT / "jurisdictions"


def secret_key(*, environ: Mapping[str, str] | None = None) -> str:
    """The signing key: given in production; made once and kept beside the data in a demonstration."""
    given = read("VINCULUM_SECRET_KEY", environ=environ)
    if given:
        return given
    if is_production(environ=environ):
        raise ImproperlyConfigured(
            "VINCULUM_SECRET_KEY is not set. A production service must be given its own key: "
            "50 or more random characters, the same for every process."
        )
    path = data_directory(environ=environ) / "secret_key"
    if not path.exists():
        write_private(path, secrets.token_urlsafe(64))
    return path.read_text(encoding="ascii").strip()


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    passing = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    passing.replace(path)
