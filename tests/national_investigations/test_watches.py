"""Each watch finds what was seeded and nothing else: beside every seed stands its twin that is in order."""

from collections.abc import Callable
from datetime import date, timedelta

import psycopg
import pytest

from national_investigations.laid_files import AT, Files, Titled, sound_vin
from vinculum.access.database import Actor
from vinculum.config.scratch import ScratchDatabases
from vinculum.entrypoints.demo.load_population import load_exchange
from vinculum.entrypoints.demo.population import Population
from vinculum.kernel.plate_number import PlateFormat
from vinculum.kernel.vin import check_digit_valid
from vinculum.national.investigations import scan
from vinculum.national.investigations.look_alikes import slip, sound_neighbours
from vinculum.national.investigations.places import far_pairs

pytestmark = pytest.mark.database
DAY = date(2024, 5, 6)
Seed = Callable[[Files], list[str]]


def on(days: int) -> date:
    return DAY + timedelta(days=days)


def lives(*titles: Titled) -> Seed:
    """A vehicle with these titles."""

    def laid(files: Files) -> list[str]:
        vin = sound_vin()
        files.lay(vin, *titles)
        return [vin]

    return laid


def ny(days: int, odometer: int, *, unit: str = "M", current: bool = False, state: str = "NY") -> Titled:
    return Titled(state=state, day=on(days), odometer=odometer, unit=unit, current=current)


def branded(*brands: tuple[str, str, int], titles: tuple[Titled, ...]) -> Seed:
    def laid(files: Files) -> list[str]:
        vin = sound_vin()
        files.lay(vin, *titles)
        for code, brander, days in brands:
            files.brand(vin, code, brander, on(days))
        return [vin]

    return laid


def doubled(change: Callable[[str], str], *, make: str = "HOND", other: Titled | None = None) -> Seed:
    """A sound VIN and another made of it, both with current titles."""

    def laid(files: Files) -> list[str]:
        vin = sound_vin()
        double = change(vin)
        files.lay(vin, ny(0, 10_000, current=True))
        files.lay(double, other or Titled(state="PA", day=on(3), make=make, current=True))
        return [vin, double]

    return laid


def at_place(place: int, character: str) -> Callable[[str], str]:
    return lambda vin: vin[:place] + character + vin[place + 1 :]


def swapped(vin: str) -> str:
    """Two neighbours swapped that differ, so that the check digit fails."""
    place = next(p for p in range(15, 10, -1) if vin[p] != vin[p + 1])
    return vin[:place] + vin[place + 1] + vin[place] + vin[place + 2 :]


def one_number(*, withdrawn: bool = False, states: tuple[str, str] = ("NY", "NY")) -> Seed:
    def laid(files: Files) -> list[str]:
        vins, number = [sound_vin(), sound_vin("5YJ3E1EA", "KF")], f"W{sound_vin()[-7:]}"
        for vin, state in zip(vins, states, strict=True):
            [entry] = files.lay(vin, Titled(state=state, day=DAY, number=number, current=True))
        if withdrawn:
            files.withdraw(vins[1], entry)
        return vins

    return laid


SEEDS: dict[str, list[Seed]] = {
    "two_places": [lives(ny(0, 10_000, current=True), ny(400, 20_000, current=True, state="MA"))],
    "far_apart": [
        lives(ny(0, 10_000, state="WA"), ny(3, 10_100, current=True, state="FL")),
        lives(ny(0, 10_000, state="CA"), ny(0, 10_100, current=True, state="CT")),
    ],
    "odometer_falls": [
        lives(ny(0, 90_000), ny(300, 41_000, current=True)),
        lives(ny(0, 50_000), ny(300, 60_000, unit="K", current=True)),
        branded(("75", "NY", 200), titles=(ny(0, 90_000), ny(300, 41_000, current=True))),
    ],
    "odometer_leaps": [lives(ny(0, 10_000), ny(20, 95_000, current=True))],
    "before_built": [lives(Titled(state="NY", day=date(2016, 12, 30), current=True))],
    "washed_brand": [
        branded(("11", "NJ", 0), titles=(ny(0, 9_000, state="NJ"), ny(90, 9_400, current=True))),
        branded(
            ("47", "NJ", 0),
            titles=(
                ny(0, 9_000, state="NJ"),
                ny(40, 9_200, state="PA"),
                ny(90, 9_400, current=True),
            ),
        ),
    ],
    "junk_titled": [
        branded(("08", "NJ", 30), titles=(ny(0, 9_000, state="NJ"), ny(200, 9_300))),
    ],
    "look_alike": [
        doubled(swapped),
        doubled(at_place(0, "I")),
        doubled(lambda vin: vin[:16]),
        doubled(lambda vin: f"{vin[:5]}{vin[5]}{vin[5:]}"),
        doubled(lambda vin: at_place(16, str((int(vin[16]) + 1) % 10))(vin)),
    ],
    "number_twice": [one_number()],
}
TWINS: dict[str, list[Seed]] = {
    "two_places": [
        lives(ny(0, 10_000), ny(400, 20_000, current=True, state="MA")),
        lives(ny(0, 10_000, current=True), ny(400, 20_000, current=True)),
    ],
    "far_apart": [
        lives(ny(0, 10_000, state="WA"), ny(12, 10_100, current=True, state="FL")),
        lives(ny(0, 10_000, state="MA"), ny(0, 10_100, current=True, state="NJ")),
    ],
    "odometer_falls": [
        lives(ny(0, 41_000), ny(300, 90_000, current=True)),
        lives(ny(0, 50_000), ny(300, 80_466, unit="K", current=True)),
        branded(("74", "NY", 200), titles=(ny(0, 90_000), ny(300, 41_000, current=True))),
    ],
    "odometer_leaps": [lives(ny(0, 10_000), ny(300, 95_000, current=True))],
    "before_built": [lives(Titled(state="NY", day=date(2017, 1, 5), current=True))],
    "washed_brand": [
        branded(
            ("11", "NJ", 0),
            ("11", "NY", 90),
            titles=(ny(0, 9_000, state="NJ"), ny(90, 9_400, current=True)),
        ),
        branded(("69", "NJ", 0), titles=(ny(0, 9_000, state="NJ"), ny(90, 9_400, current=True))),
        branded(("11", "NJ", 90), titles=(ny(0, 9_000, state="NJ"), ny(90, 9_400, current=True))),
    ],
    "junk_titled": [
        branded(("08", "NJ", 30), titles=(ny(0, 9_000, state="NJ"), ny(30, 9_300, state="NJ"))),
        branded(("08", "NJ", 30), ("52", "NJ", 100), titles=(ny(0, 9_000, state="NJ"), ny(200, 9_300))),
    ],
    "look_alike": [
        doubled(swapped, make="TOYT"),
        doubled(lambda vin: vin[:14]),
        doubled(lambda _vin: sound_vin()),
        doubled(swapped, other=ny(3, 10_000, state="PA")),
    ],
    "number_twice": [one_number(withdrawn=True), one_number(states=("NY", "MA"))],
}


@pytest.mark.parametrize("kind", SEEDS)
def test_watch_finds_its_seeds_and_not_their_twins(files: Files, system: Actor, kind: str) -> None:
    """N-405, N-803, N-103: every seed is found as what it is, its twin that is in order is not."""
    seeded = [vin for seed in SEEDS[kind] for vin in seed(files)]
    in_order = [vin for twin in TWINS[kind] for vin in twin(files)]
    scan.run(actor=system, at=AT, whole=True)
    assert files.kinds(*seeded) == [kind] * len(SEEDS[kind])
    assert files.kinds(*in_order) == []


def test_clean_population_has_no_finding(files: Files, system: Actor, databases: ScratchDatabases) -> None:
    """A generated population in order sets off nothing; what is then sown into it is all found, and only that."""
    population = Population(
        vehicles=1_200,
        seed=11,
        day=AT.date(),
        towns=[("HARTFORD", "064")],
        plate_formats={name: PlateFormat(pattern="@@#####") for name in ("passenger", "combination")},
        first_plates={"passenger": "AA10001", "combination": "BA10001"},
    )
    with psycopg.connect(databases.migrate_national_url) as connection:
        load_exchange(connection, population, at=AT)
    vins = [v.vin for v in population.make_vehicles()] + [v.vin for v in population.make_abroad()]
    scanned = scan.run(actor=system, at=AT, whole=True)
    assert scanned.vehicles >= len(vins) == 1_500
    assert [one for one in files.findings(*vins) if one[1] in vins] == []
    sown = [(kind, seed(files)) for kind, seeds in SEEDS.items() for seed in seeds for _ in range(3)]
    assert scan.run(actor=system, at=AT, whole=True).found == len(sown)
    for kind, seeded in sown:
        assert files.kinds(*seeded) == [kind]
    assert [one for one in files.findings(*vins) if one[1] in vins] == []


def test_neighbours_are_all_within_one_slip() -> None:
    """Every sound VIN one slip away is a neighbour, and each says how it differs; two sound VINs are never alike."""
    vin = sound_vin()
    for place in range(17):
        for character in "ABCDEFGHJKLMNPRSTUVWXYZ0123456789":
            double = at_place(place, character)(vin)
            if check_digit_valid(double):
                assert slip(double, vin) == ""
            else:
                assert vin in sound_neighbours(double)
                assert slip(double, vin)
    assert vin in sound_neighbours(vin[:4] + vin[5:])
    assert slip("1HGCM82633A004352".replace("1", "I", 1), "1HGCM82633A004352").endswith("which look alike")


def test_far_states_are_far_both_ways() -> None:
    """Distances are the same both ways, no neighbours are called far, and the days follow from the miles."""
    pairs = far_pairs()
    assert ("WA", "FL") in pairs
    assert 2_300 < pairs["WA", "FL"].miles < 2_900
    assert pairs["WA", "FL"].days == 5
    for near in (("CT", "NY"), ("TX", "NM"), ("CA", "OR"), ("CA", "NV"), ("MT", "ND"), ("ID", "MT")):
        assert near not in pairs
    assert all(pairs[other, one].miles == pair.miles for (one, other), pair in pairs.items())
