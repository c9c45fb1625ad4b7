"""Makes are NCIC codes; the wrong codes that are commonly sent are put right with a warning (N-108)."""

from vinculum.protocol.problem import Problem, problem

# NCIC: Mercedes-Benz is MERZ and MERC is Mercury; Gillig is GILG, and GILL a maker of motorcycles.
GILLIG = "GILG"
MERCEDES_BENZ = "MERZ"
WRONG_FOR_GILLIG = frozenset({"GIL", "GLLG"})
GILLIG_MANUFACTURERS = ("15G", "46G")
MERCEDES_BENZ_MANUFACTURERS = (
    "WDB",
    "WDC",
    "WDD",
    "WDF",
    "W1K",
    "W1N",
    "W1V",
    "W1W",
    "4JG",
    "55S",
    "8AB",
    "8AC",
)


def correct_make(make: str, *, vin: str) -> tuple[str, tuple[Problem, ...]]:
    """The make as it goes on record, and a warning if that is not what was sent."""
    warnings: list[Problem] = []
    if make != make.lstrip():
        warnings.append(problem("222", field="make"))
    tidy = make.strip().upper()
    right = _right_code(tidy, vin=vin)
    if right != tidy:
        warnings.append(problem("V60", field="make", given=tidy, held=right))
    return right, tuple(warnings)


def _right_code(make: str, *, vin: str) -> str:
    """MERC and TRUK are codes of their own: only the manufacturer in the VIN shows that they are wrong."""
    if make == "MERC" and vin.startswith(MERCEDES_BENZ_MANUFACTURERS):
        return MERCEDES_BENZ
    if make == "TRUK" and vin.startswith(GILLIG_MANUFACTURERS):
        return GILLIG
    if make in WRONG_FOR_GILLIG:
        return GILLIG
    return make
