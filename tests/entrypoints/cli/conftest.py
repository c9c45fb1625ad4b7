"""The command line of a dealer's clerk, in process: what it writes, and its exit code."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from both_systems import National
from lot import Lot
from people import World
from program import issue_key
from vinculum.entrypoints import wired
from vinculum.entrypoints.cli.main import main
from vinculum.entrypoints.cli.station import Station


@dataclass
class CommandLine:
    """Runs commands with a key at a terminal."""

    capsys: pytest.CaptureFixture[str]
    key: str = ""
    terminal: str = "front desk"
    err: str = field(default="", init=False)

    def __call__(self, *arguments: str, expect: int = 0) -> str:
        """The standard output of a command, after checking its exit code."""
        station = Station(key=lambda: self.key, terminal=lambda: self.terminal, databases=nullcontext)
        code = main(arguments, station=station)
        out, self.err = self.capsys.readouterr()
        assert code == expect, (code, out, self.err)
        return out

    def json(self, *arguments: str, expect: int = 0) -> Any:
        """The same, read as JSON."""
        return json.loads(self("--json", *arguments, expect=expect))


@pytest.fixture(scope="module")
def lot(world: World, national: National) -> Lot:
    """A dealer ready for business today: commands are given now, not at the tests' noon."""
    return Lot(world, at=datetime.now(UTC))


@pytest.fixture
def vinculum(
    lot: Lot, national: National, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> CommandLine:
    """The command line of the lot's dealer."""
    monkeypatch.setattr(national, "now", datetime.now(UTC))
    wired.set_exchange(national.port)
    secret = issue_key(lot.dealer.manager, organisation_id=lot.dealer.organisation_id)
    return CommandLine(capsys=capsys, key=secret)


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """What a person types: the lines of standard input."""
    import io

    def given(text: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO(text))

    return given
