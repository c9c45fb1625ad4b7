"""Decoding, and the proof that remembering never changes an answer."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import ultravin

from vinculum.decoding import VinDecoder, data_identity, decode_vin, decode_vins
from vinculum.decoding.serial_depths import load_depths
from vinculum.decoding.serial_survey import deepest_position
from vinculum.kernel.vin import check_digit, check_digit_valid, vin_faults

ACCORD = "1HGCM82633A004352"
SEED = 601


def with_serial(vin: str, serial: str) -> str:
    bare = vin[: 17 - len(serial)] + serial
    return bare if vin_faults(bare) else f"{bare[:8]}{check_digit(bare)}{bare[9:]}"


def variants(vin: str, chance: random.Random) -> list[str]:
    """The same descriptor with other serial numbers, letters in them, and a wrong check digit."""
    digits = [with_serial(vin, f"{chance.randrange(10**6):06d}") for _ in range(3)]
    lettered = with_serial(vin, f"{chance.choice('ABCXYZ')}{chance.randrange(10**5):05d}")
    wrong = digits[0][:8] + chance.choice("0123456789X") + digits[0][9:]
    small_maker = with_serial(vin, f"{chance.randrange(1000):03d}")
    return [*digits, lettered, wrong, small_maker, vin]


def test_decode_fills_what_the_vin_says() -> None:
    """N-602: year, make, model, body, engine, weight class, plant."""
    decoded = decode_vin("1hgcm-82633 a004352")
    assert decoded.vin == ACCORD
    assert decoded.check_digit_valid
    assert (decoded.model_year, decoded.make, decoded.model) == (2003, "HONDA", "Accord")
    assert decoded.body_class == "Coupe"
    assert decoded.description.engine_cylinders == "6"
    assert decoded.gvwr_class.startswith("Class 1")
    assert decoded.description.plant_city == "MARYSVILLE"
    assert decoded.fuel_type == "Gasoline"
    assert decoded.plant_country == "UNITED STATES (USA)"
    assert decoded.vehicle_type == "PASSENGER CAR"
    assert decoded.manufacturer.startswith("AMERICAN HONDA")
    assert decoded.messages == ()


def test_a_wrong_check_digit_rejects_nothing() -> None:
    """N-601: the vehicle is decoded all the same, and the doubt is said."""
    decoded = decode_vin("1HGCM82653A004352")
    assert not decoded.check_digit_valid
    assert decoded.make == "HONDA"
    assert "check digit" in decoded.messages[0]


def test_a_vin_built_with_a_wrong_check_digit_is_known() -> None:
    """N-601: the maker's own error is told apart from a typing error."""
    decoded = decode_vin("ZACCJABH0FPB65922")
    assert not decoded.check_digit_valid
    assert "known to have built" in decoded.messages[0]


@pytest.mark.parametrize(
    "text", ["", "8F02R123456", "1HGCM82633AO04352", "1HGCM82633\u0410004352", "\x00" * 17, "x" * 999]
)
def test_what_cannot_be_decoded_says_why(text: str) -> None:
    """N-601: short, foreign and hostile numbers get an answer without a guess."""
    decoded = decode_vin(text)
    assert decoded.make == ""
    assert decoded.model_year is None
    assert decoded.messages
    assert not decoded.check_digit_valid


def test_declared_year_is_heard_where_two_years_are_open() -> None:
    """N-601: the declared year competes with the one the characters suggest, and is not remembered for others."""
    coach = "1M8GDM9AXKP042788"
    alone = decode_vin(coach)
    declared = decode_vin(coach, declared_year=2019)
    assert declared.model_year == 1989
    assert len(declared.messages) > len(alone.messages)
    assert decode_vin(coach) == alone


@pytest.mark.parametrize("source", ["popular", "any maker", "every behaviour", "serial speaks"])
def test_remembering_never_changes_an_answer(source: str) -> None:
    """N-602: whatever order VINs come in, the decoder answers as the engine alone would."""
    chance = random.Random(SEED)
    if source == "popular":
        seeds = [
            vin
            for make in ("TOYOTA", "FORD", "HONDA", "FREIGHTLINER", "HARLEY-DAVIDSON")
            for vin in ultravin.generate(60, seed=SEED, make=make, invalid_rate=0.1)
        ]
    elif source == "any maker":
        seeds = ultravin.generate(400, seed=SEED)
    elif source == "every behaviour":
        seeds = ultravin.cover_vins()
    else:
        seeds = [
            vin
            for maker in sorted(load_depths()[1])
            for vin in ultravin.generate(8, seed=SEED, wmi=maker, invalid_rate=0)
        ]
    vins = [other for vin in seeds if len(vin) == 17 for other in variants(vin, chance)]
    chance.shuffle(vins)
    decoder = VinDecoder()
    expected = [decoder.decode_uncached(vin) for vin in vins]
    assert [decoder.decode(vin) for vin in vins] == expected
    assert [decoder.decode(vin) for vin in vins] == expected
    assert decoder.decode_many(vins) == expected


def test_without_the_survey_remembering_would_change_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """N-602, negative control: the proof above sees a cache that ignores speaking serial numbers."""
    seeds = ultravin.generate(40, seed=SEED, wmi="95Z", invalid_rate=0)
    vins = [with_serial(vin, f"{n}00001") for vin in seeds for n in range(10)]
    decoder = VinDecoder()
    expected = [decoder.decode_uncached(vin) for vin in vins]
    assert decoder.decode_many(vins) == expected
    careless = VinDecoder()
    monkeypatch.setattr(careless, "_depths", {})
    assert careless.decode_many(vins) != expected


def test_a_check_digit_the_engine_accepts_is_valid() -> None:
    """N-601: the first decode of a descriptor trusts the engine's check digit, so it must be ours."""
    for vin in ultravin.generate(3_000, seed=SEED, invalid_rate=0.3):
        # The engine also calls it wrong where letters stand in the serial number; such VINs are not remembered.
        assert check_digit_valid(vin) or not ultravin.decode(vin)["check_digit_valid"]


def test_survey_belongs_to_the_installed_data() -> None:
    """N-602: after an upgrade of the engine the survey must be made again; until then nothing is remembered."""
    surveyed, depths = load_depths()
    assert surveyed == data_identity()
    assert depths["JAL"] >= 12


def test_other_data_than_surveyed_switches_remembering_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """N-602: slow and right rather than fast and perhaps wrong."""
    decoder = VinDecoder()
    monkeypatch.setattr(decoder, "_remembers", False)
    assert decoder.decode(ACCORD) == decoder.decode_uncached(ACCORD)
    assert decoder.decode_many([ACCORD]) == [decoder.decode_uncached(ACCORD)]
    assert len(decoder._cache) == 0


@pytest.mark.parametrize(
    ("keys", "position"),
    [("*****|*U", 11), ("AB*C*|", 0), ("*****|*[0-9]", 11), ("*****|**4", 12), ("**|*****[AB]*", 15)],
)
def test_how_far_a_pattern_reads(keys: str, position: int) -> None:
    """N-602: brackets are one position, stars none."""
    assert deepest_position(keys) == position


def test_cache_is_bounded_and_shared_by_threads() -> None:
    """N-602: eight threads, a cache far too small: no wrong answer and no growth."""
    vins = ultravin.generate(600, seed=SEED, invalid_rate=0)
    decoder = VinDecoder(capacity=50)
    expected = [decoder.decode_uncached(vin) for vin in vins]
    with ThreadPoolExecutor(8) as threads:
        for answers in threads.map(decoder.decode_many, [vins] * 8):
            assert answers == expected
    assert len(decoder._cache) <= 50


def test_day_of_asking_is_the_callers() -> None:
    """N-601: a model year that cannot exist yet is read as thirty years before."""
    long_ago = VinDecoder(as_of=datetime(2005, 1, 1, tzinfo=UTC))
    assert long_ago.decode("1M8GDM9AXKP042788").model_year == 1989
    assert decode_vins([ACCORD, ACCORD])[1] == decode_vin(ACCORD)
