"""Declared against decoded, and makes by their NCIC codes."""

import csv
from pathlib import Path

import pytest

from vinculum.decoding import MakeListError, compare_declared, decode_vin, load_makes, shipped_makes
from vinculum.decoding.makes import COLUMNS

ACCORD = "1HGCM82633A004352"
HEADER = ",".join(COLUMNS)


def test_agreement_is_silent() -> None:
    """N-601: decoded make and year agree with the paper."""
    assert compare_declared(decode_vin(ACCORD), make="HOND", model_year=2003) == ()


def test_disagreement_keeps_both_values() -> None:
    """N-602: disagreement is shown at once, with the declared and the decoded value."""
    make, year = compare_declared(decode_vin(ACCORD), make="TOYT", model_year=2004)
    assert (make.about, make.declared, make.decoded) == ("make", "TOYT", "HONDA")
    assert "HOND" in make.message
    assert (year.about, year.declared, year.decoded) == ("model_year", "2004", "2003")


def test_wrong_check_digit_is_a_disagreement_not_a_refusal() -> None:
    """N-601: the check digit alone never rejects."""
    (digit,) = compare_declared(decode_vin("1HGCM82653A004352"), make="HOND", model_year=2003)
    assert digit.about == "check_digit"


def test_a_vin_that_says_nothing_contradicts_nothing() -> None:
    """N-601: a number from before 1981 is not held against the paper."""
    assert compare_declared(decode_vin("8F02R123456"), make="FORD", model_year=1968) == ()


def test_mercury_is_corrected_only_where_the_vin_says_mercedes() -> None:
    """N-108: MERC is Mercury's own code."""
    makes = shipped_makes()
    corrected = makes.correct("MERC", vpic_make="MERCEDES-BENZ")
    assert corrected is not None
    assert corrected.corrected.code == "MERZ"
    assert "MERZ" in corrected.warning
    assert makes.correct("MERC", vpic_make="MERCURY") is None
    assert makes.correct("MERC") is None


@pytest.mark.parametrize("code", ["TRUK", "GIL", "GLLG"])
def test_gillig_is_corrected_without_a_decode(code: str) -> None:
    """N-108: Gillig's VINs are often not decodable; its wrong codes are nobody's."""
    corrected = shipped_makes().correct(code)
    assert corrected is not None
    assert corrected.corrected.code == "GILG"
    assert shipped_makes().correct("GILG") is None
    assert shipped_makes().correct(code, vpic_make="FORD") is None


def test_shipped_makes_are_ncic_codes_in_use() -> None:
    """N-108: at least the common makes of each kind are there, and each has a vPIC name."""
    makes = shipped_makes()
    assert len(makes) >= 120
    assert all(make.vpic_makes and make.kinds for make in makes)
    assert {"FORD", "TOYT", "MERZ", "HD", "FRHT", "GILG"} <= {make.code for make in makes}


@pytest.mark.parametrize(
    ("vin", "code"), [(ACCORD, "HOND"), ("5YJ3E1EA7KF317000", "TESL"), ("1HD1KB4197Y722798", "HD")]
)
def test_decoded_name_finds_its_code(vin: str, code: str) -> None:
    """N-108: from vPIC's name to the code that jurisdictions exchange."""
    assert code in [make.code for make in shipped_makes().with_vpic_make(decode_vin(vin).make)]


def test_an_agency_brings_its_own_list(tmp_path: Path) -> None:
    """N-108: the full list of an agency loads in the same form."""
    path = tmp_path / "makes.csv"
    with path.open("w", encoding="utf-8", newline="") as lines:
        rows = csv.writer(lines)
        rows.writerow(COLUMNS)
        rows.writerow(("AAMT", "Aardvark, Trailers", "trailer", "", ""))
    makes = load_makes(path)
    found = makes.find("AAMT")
    assert found is not None
    assert found.name == "Aardvark, Trailers"
    assert compare_declared(decode_vin(ACCORD), make="AAMT", model_year=2003, makes=makes) == ()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "header"),
        (b"code,name\nFORD,Ford\n", "header"),
        (HEADER.encode() + b"\n", "no makes"),
        (HEADER.encode() + b"\nford,Ford,,,\n", "line 2"),
        (HEADER.encode() + b"\nFORD,Ford,,\n", "line 2"),
        (HEADER.encode() + b"\nFORD,,,,\n", "name is empty"),
        (HEADER.encode() + b"\nFORD,Ford,boat,,\n", "unknown kind"),
        (HEADER.encode() + b"\nFORD,Ford,,,FORD\n", "wrong code for itself"),
        (HEADER.encode() + b"\nFORD,Ford,,,\nFORD,Ford,,,\n", "twice"),
        (HEADER.encode() + b"\nFORD,F\x00ord,,,\n", "column 7"),
        (HEADER.encode() + b'\nFORD,"Ford,,,\n', "line 2"),
        (HEADER.encode() + "\nF\uff2fRD,Ford,,,\n".encode(), "line 2"),
        (HEADER.encode() + b"\nFORD,F\xfford,,,\n", "UTF-8"),
    ],
)
def test_a_doubtful_list_is_refused_whole(tmp_path: Path, content: bytes, says: str) -> None:
    """N-108: strict loading, with the line that is wrong."""
    path = tmp_path / "makes.csv"
    path.write_bytes(content)
    with pytest.raises(MakeListError, match=says):
        load_makes(path)


def test_a_make_not_yet_typed_disagrees_with_nothing() -> None:
    """N-602: while the clerk has not written a make, the decoder's make is no disagreement."""
    assert compare_declared(decode_vin(ACCORD), make="", model_year=2003) == ()
