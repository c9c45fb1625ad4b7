"""Two sessions from both ends run every test once, whoever is slower, and a failure of either is one of the run."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

_BESIDE = Path(__file__).resolve().parents[1]
_FILES = "abcdef"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Six files of two tests that write down that they ran; the first waits until three files have been begun."""
    (tmp_path / "meeting").mkdir()
    (tmp_path / "pytest.ini").touch()
    for name in _FILES:
        (tmp_path / f"test_{name}.py").write_text(
            textwrap.dedent(
                f"""
                import time
                from pathlib import Path

                def _ran(name):
                    with open(Path(__file__).with_name("ran"), "a") as ran:
                        ran.write(name + "\\n")

                def test_one():
                    _ran("{name}1")
                    while "{name}" == "a" and len(list(Path(__file__).with_name("meeting").iterdir())) < 4:
                        time.sleep(0.01)

                def test_two():
                    _ran("{name}2")
                """
            )
        )
    return tmp_path


def _session(folder: Path, end: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "pytest", "-p", "both_ends", "-p", "no:cacheprovider", "--timeout=60"]
    return subprocess.Popen(
        [*command, f"--from={end}", f"--meeting={folder / 'meeting'}", str(folder)],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(_BESIDE)},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_each_test_runs_once(folder: Path) -> None:
    """Every test is run by one of the two sessions, and the one that is free takes more of the files."""
    sessions = [_session(folder, end) for end in ("front", "back")]
    said = [session.communicate(timeout=60)[0] for session in sessions]
    assert [session.returncode for session in sessions] == [0, 0], said
    ran = (folder / "ran").read_text().split()
    assert sorted(ran) == sorted(f"{name}{test}" for name in _FILES for test in "12")
    assert "a1" in ran
    assert ran.index("f1") < ran.index("b1")
    assert len(list((folder / "meeting").iterdir())) == len(_FILES)


def test_whoever_is_alone_runs_everything(folder: Path) -> None:
    """A session whose fellow never began leaves nothing out, and a failing test fails it."""
    (folder / "test_c.py").write_text("def test_one():\n    assert False\n")
    (folder / "test_a.py").unlink()
    session = _session(folder, "back")
    said = session.communicate(timeout=60)[0]
    assert session.returncode == 1
    assert "1 failed, 8 passed" in said
