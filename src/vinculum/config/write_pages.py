"""Writes the pages of docs/ that are generated from the program (`python -m vinculum.config.write_pages`)."""

from vinculum.config.environment import SOURCE_ROOT
from vinculum.state.law.refusal_page import refusal_page


def main() -> None:
    """Write each generated page; tests fail when one is stale."""
    (SOURCE_ROOT / "docs/refusals.md").write_text(refusal_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
