"""Every setting is documented, and those that guard something refuse to be switched off by mistake."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth.hashers import make_password

from vinculum.config.environment import SETTINGS

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "VINCULUM_MODE": "production",
    "VINCULUM_SECRET_KEY": "not-a-secret-only-a-test-of-fifty-characters-at-least-0123456789",
    "VINCULUM_ALLOWED_HOSTS": "titles.example",
    "DATABASE_URL": "postgresql://app:x@db.example/state",
    "NATIONAL_DATABASE_URL": "postgresql://app:x@db.example/national",
}


def run_django(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a Django command in a process with exactly these settings."""
    given = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "vinculum.config.settings"}
    return subprocess.run(
        [sys.executable, "-m", "django", *arguments],
        env={**given, **environment},
        capture_output=True,
        text=True,
    )


def test_each_setting_is_documented() -> None:
    """docs/settings.md has a row with the name and the default of each setting, and of nothing else."""
    page = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| ([^|]*) \|", page, re.M))
    assert sorted(rows) == sorted(setting.name for setting in SETTINGS)
    for setting in SETTINGS:
        if setting.default:
            assert f"`{setting.default}`" in rows[setting.name]


def test_nothing_else_reads_the_environment() -> None:
    """Settings reach the program through `config`, so that none can be missing from the page."""
    readers = {
        str(path.relative_to(ROOT / "src/vinculum"))
        for path in (ROOT / "src/vinculum").rglob("*.py")
        if re.search(r"os\.(environ|getenv)\b", path.read_text(encoding="utf-8"))
    }
    assert {reader for reader in readers if not reader.startswith("config/")} <= {"entrypoints/metrics.py"}


def test_production_passes_the_deployment_check() -> None:
    """`check --deploy` has nothing to say in production."""
    done = run_django("check", "--deploy", "--fail-level", "INFO", **PRODUCTION)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_password_costs_a_guesser_full_work() -> None:
    """A stored password is scrypt's of 16 MB and five passes; the tests' own cheaper one is the tests' alone."""
    shown = "from django.contrib.auth.hashers import make_password; print(make_password('x'))"
    done = run_django("shell", "--no-imports", "-c", shown, **PRODUCTION)
    method, work, _, block, passes, _ = done.stdout.split("$")
    assert (method, int(work) * int(block) * 128, int(passes)) == ("scrypt", 2**24, 5)
    assert make_password("x").startswith("scrypt$16$")


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("VINCULUM_SECRET_KEY", "", "VINCULUM_SECRET_KEY is not set"),
        ("VINCULUM_ALLOWED_HOSTS", "", "VINCULUM_ALLOWED_HOSTS is not set"),
        ("VINCULUM_ALLOWED_HOSTS", "*", "VINCULUM_ALLOWED_HOSTS is *"),
        ("VINCULUM_MODE", "prod", "VINCULUM_MODE is 'prod'"),
        ("VINCULUM_HTTPS", "maybe", "VINCULUM_HTTPS is 'maybe'"),
        ("VINCULUM_TRUSTED_PROXIES", "0.0.0.0/0", "trusts the whole world"),
        ("VINCULUM_SYSTEMS", "county", "VINCULUM_SYSTEMS"),
    ],
)
def test_unsafe_production_does_not_start(name: str, value: str, complaint: str) -> None:
    """A production service with a missing or careless setting says so and does not start."""
    done = run_django("check", **{**PRODUCTION, name: value})
    assert done.returncode != 0
    assert complaint in done.stderr


def test_secret_key_of_a_demonstration_is_kept(tmp_path: Path) -> None:
    """Made once, the same at each start, readable by its owner alone."""
    from vinculum.config import environment

    given = {"VINCULUM_DATA_DIR": str(tmp_path)}
    first = environment.secret_key(environ=given)
    assert len(first) >= 50
    assert environment.secret_key(environ=given) == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
