"""The floors hold, and each contract that says so is caught when it is broken on purpose."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src/vinculum"
PURE = ("kernel", "protocol", "state/law", "national/law")

# Which line, put where, breaks which contract (by its name).
BREACHES = (
    ("kernel/money.py", "import vinculum.protocol", "The whole:"),
    ("protocol/inquiry.py", "import vinculum.decoding", "The whole:"),
    ("access/database.py", "import vinculum.state", "The whole:"),
    ("state/__init__.py", "import vinculum.national", "The whole:"),
    ("national/__init__.py", "import vinculum.state", "The whole:"),
    ("national/__init__.py", "import vinculum.entrypoints", "The whole:"),
    ("entrypoints/__init__.py", "import vinculum.config", "The whole:"),
    ("state/law/deal.py", "import vinculum.state.reference", "The state:"),
    ("state/reference/__init__.py", "import vinculum.state.records", "The state:"),
    ("state/records/__init__.py", "import vinculum.state.ledger", "The state:"),
    ("state/ledger/__init__.py", "import vinculum.state.inventory", "The state:"),
    ("state/ledger/__init__.py", "import vinculum.state.queries", "The state:"),
    ("state/queries/__init__.py", "import vinculum.state.transactions", "The state:"),
    ("state/transactions/__init__.py", "import vinculum.state.queries", "The state:"),
    ("national/law/__init__.py", "import vinculum.national.records", "The exchange:"),
    ("national/records/__init__.py", "import vinculum.national.transactions", "The exchange:"),
    ("national/queries/__init__.py", "import vinculum.national.transactions", "The exchange:"),
    ("national/queries/__init__.py", "import vinculum.national.reports", "The exchange:"),
    ("national/casework/__init__.py", "import vinculum.national.queries", "The exchange:"),
    ("national/records/__init__.py", "import vinculum.national.casework", "The exchange:"),
    ("kernel/money.py", "import django", "Law, kernel and messages:"),
    ("protocol/inquiry.py", "import httpx", "Law, kernel and messages:"),
    ("state/law/deal.py", "import psycopg", "Law, kernel and messages:"),
    ("national/law/__init__.py", "import time", "Law, kernel and messages:"),
    ("decoding/__init__.py", "import psycopg", "Decoding reads"),
)


def lint(directory: Path) -> subprocess.CompletedProcess[str]:
    """Run the import linter on a source tree, by the contracts of the repository."""
    shutil.copy(ROOT / ".importlinter", directory)
    return subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=directory,
        env={**os.environ, "PYTHONPATH": str(directory / "src"), "COLUMNS": "400"},
        capture_output=True,
        text=True,
    )


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the source that may be spoilt."""
    ignored = shutil.ignore_patterns("__pycache__", "static", "templates")
    shutil.copytree(SOURCE, tmp_path / "src/vinculum", ignore=ignored)
    return tmp_path


def test_floors_hold(copied: Path) -> None:
    """Imports only go down."""
    done = lint(copied)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("file", "line", "contract"), BREACHES)
def test_breach_is_caught(copied: Path, file: str, line: str, contract: str) -> None:
    """An import that climbs is caught by the contract that forbids it."""
    spoilt = copied / "src/vinculum" / file
    spoilt.write_text(f"{spoilt.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    done = lint(copied)
    assert done.returncode != 0
    broken = [name for name in done.stdout.splitlines() if name.strip().endswith("BROKEN")]
    assert any(name.startswith(contract) for name in broken), done.stdout


def test_transactions_may_not_know_each_other(copied: Path) -> None:
    """One transaction importing another is caught, in both systems."""
    for system in ("state", "national"):
        modules = sorted(
            path
            for path in (copied / f"src/vinculum/{system}/transactions").glob("*.py")
            if path.stem != "__init__"
        )
        first, second = modules[:2]
        with first.open("a", encoding="utf-8") as stream:
            stream.write(f"\nimport vinculum.{system}.transactions.{second.stem}\n")
    done = lint(copied)
    assert "Transactions of the state do not know each other BROKEN" in done.stdout
    assert "Transactions of the exchange do not know each other BROKEN" in done.stdout


@pytest.mark.parametrize("parent", ["", "state", "national"])
def test_new_package_must_be_given_a_floor(copied: Path, parent: str) -> None:
    """A package that the contracts do not name is refused, so nothing grows beside the floors."""
    package = copied / "src/vinculum" / parent / "cellar"
    package.mkdir()
    (package / "__init__.py").write_text('"""A cellar."""\n', encoding="utf-8")
    done = lint(copied)
    assert done.returncode != 0
    assert "cellar" in done.stdout


def clock_readings(source: str) -> list[str]:
    """Each place of a source text that reads the clock or draws by chance."""
    readings = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in {
            "now",
            "today",
            "utcnow",
            "monotonic",
            "perf_counter",
        }:
            readings.append(f"line {node.lineno}: .{node.attr}")
        if isinstance(node, ast.Attribute) and node.attr in {"uuid1", "uuid4", "uuid7"}:
            readings.append(f"line {node.lineno}: .{node.attr}")
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Name) and called.id in {"open", "input", "print"}:
            readings.append(f"line {called.lineno}: {called.id}")
    return readings


@pytest.mark.parametrize("floor", PURE)
def test_pure_floors_read_no_clock(floor: str) -> None:
    """Law, kernel and messages take times as arguments: none reads the clock, draws an id or opens a file."""
    found = {
        str(path.relative_to(SOURCE)): readings
        for path in (SOURCE / floor).rglob("*.py")
        if (readings := clock_readings(path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_clock_reading_is_seen() -> None:
    """The search for clock readings finds one."""
    assert clock_readings("import datetime as d\nx = d.date.today()\n") == ["line 2: .today"]
    assert clock_readings("open('f')") == ["line 1: open"]
