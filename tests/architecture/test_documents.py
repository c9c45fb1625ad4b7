"""The words about the program: what they point at and name is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "jurisdictions").rglob("*.md")]
)
GUIDES = [ROOT / name for name in ("ARCHITECTURE.md", "CONTRIBUTING.md", "README.md")]
_LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
_QUOTED = re.compile(r"`([^`\s]+)`")


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=_name)
def test_links_lead_somewhere(document: Path) -> None:
    """A link to a page or picture of this repository finds it."""
    targets = [link for link in _LINK.findall(document.read_text(encoding="utf-8")) if "://" not in link]
    assert [target for target in targets if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("document", GUIDES, ids=_name)
def test_named_files_are_there(document: Path) -> None:
    """A Python file or folder of tests that a guide names exists, by its whole path or the end of it."""
    quoted = _QUOTED.findall(document.read_text(encoding="utf-8"))
    files = {path.as_posix() for place in ("src", "tests") for path in (ROOT / place).rglob("*.py")}
    named = {word.rstrip(":") for word in quoted if word.rstrip(":").endswith(".py") and "<" not in word}
    assert [name for name in sorted(named) if not any(file.endswith(f"/{name}") for file in files)] == []
    folders = {word for word in quoted if re.fullmatch(r"(tests|docs|jurisdictions)/[a-z/]+", word)}
    assert [folder for folder in sorted(folders) if not (ROOT / folder).exists()] == []


def test_named_walls_are_built() -> None:
    """A constraint or trigger that ARCHITECTURE.md names stands in a migration."""
    built = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.up.sql"))
    table = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").split("## What is promised", 1)[1]
    named = {word for word in _QUOTED.findall(table) if re.fullmatch(r"[a-z]+(_[a-z]+){2,}", word)}
    assert len(named) > 8
    assert [name for name in sorted(named) if name not in built] == []


def test_every_benchmark_is_listed() -> None:
    """CONTRIBUTING.md says of each benchmark what it measures and beside what, and of no other."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = text.split("## Running benchmarks", 1)[1].split("\n## ", 1)[0]
    listed = re.findall(r"^\| `([a-z_]+)` \|", table, flags=re.MULTILINE)
    there = [
        path.stem
        for path in (ROOT / "benchmarks").glob("[a-z]*.py")
        if "\ndef main(" in path.read_text(encoding="utf-8")
    ]
    assert sorted(listed) == sorted(there)
