"""The kinds of batch files: for each the message that its records are, and its columns by their published lengths."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final, Literal, get_args

from vinculum.national.batch.jsi_record import VehicleObtained
from vinculum.national.batch.layout import Column, Layout
from vinculum.national.casework.jsi import DISPOSITIONS
from vinculum.national.casework.report_jsi import LONGEST_SOURCE
from vinculum.national.law.standing import Act
from vinculum.protocol import fields
from vinculum.protocol.add_brand import AddBrand
from vinculum.protocol.add_title import AddTitle
from vinculum.protocol.correct_brand import CorrectBrand, RemoveBrand
from vinculum.protocol.inquiry import InquiryPurpose, UsedVehicleInquiry
from vinculum.protocol.modify_title import ModifyTitle
from vinculum.protocol.remove_title import RemoveTitle
from vinculum.protocol.theft import ClearTheft, ReportTheft

ENCODING: Final = "US-ASCII"
LAYOUT_VERSION: Final = "01"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileType:
    """One kind of file. `code` stands in the header; `rule` is where the message comes from."""

    code: str
    title: str
    about: str
    rule: str
    message: type
    act: Act | Literal["jsi"]
    detail: Layout


def _of_field(name: str, ruler: fields.NationalField, *, kind: Any = "text", required: bool = True) -> Column:
    """A column that is a field of the national files: its mnemonic and its length are the published ones."""
    words = name.replace("_", " ")
    # "new VIN", "old title number": the same field, said of another moment.
    meaning = words.replace("vin", "VIN") if words.startswith(("new ", "old ")) else ruler.meaning
    return Column(
        name=name,
        length=ruler.length,
        meaning=meaning,
        kind=kind,
        mnemonic=ruler.mnemonic,
        required=required,
    )


def _day(name: str, meaning: str, *, mnemonic: str = "", required: bool = True) -> Column:
    return Column(name=name, length=8, meaning=meaning, kind="date", mnemonic=mnemonic, required=required)


def _year(*, required: bool = True) -> Column:
    return _of_field("model_year", fields.VVHMYE, kind="number", required=required)


_VIN = _of_field("vin", fields.VVHIDN)
_TITLE_NUMBER = _of_field("title_number", fields.VTINUM)
_REASON = Column(name="reason", length=fields.REASON.length, meaning="reason, in words")
_BRAND = (
    _of_field("brand_code", fields.VBRCOD),
    _day("brand_date", "brand date", mnemonic="VBRDAO"),
)
_TITLE_ISSUED = _day("issue_date", "title issue date: the day it was generated", mnemonic="VTIIDA")
_READING = (
    _of_field("odometer", fields.VODMTR, kind="number"),
    Column(
        name="odometer_unit",
        length=1,
        meaning="unit of the odometer: M miles, K kilometres; M when blank",
        mnemonic="VODUME",
        required=False,
        values=("M", "K"),
        stand_for=("miles", "kilometres"),
    ),
)
_TITLE_KEY_AND_TYPE = (
    _of_field("state_title_key", fields.VSKYTI, required=False),
    Column(
        name="title_type",
        length=len("nonrepairable"),
        meaning="what the title allows; road when blank",
        required=False,
        values=("road", "salvage", "nonrepairable"),
    ),
)


def _details(*columns: Column) -> Layout:
    return Layout(letter="D", columns=columns)


_ALL: Final = (
    FileType(
        code="VINADD",
        title="VIN add",
        about="A title is added to the national files; it takes the pointer that VIN, make and year match.",
        rule="N-303",
        message=AddTitle,
        act="update",
        detail=_details(
            _VIN,
            _TITLE_NUMBER,
            _TITLE_ISSUED,
            _of_field("make", fields.VVHMAK),
            _year(),
            *_READING,
            *_TITLE_KEY_AND_TYPE,
        ),
    ),
    FileType(
        code="VINMOD",
        title="VIN modify",
        about="The state of title changes VIN, number, make or year of its own title; at least one must change.",
        rule="N-303",
        message=ModifyTitle,
        act="update",
        detail=_details(
            _VIN,
            _of_field("old_title_number", fields.VTINUM),
            _TITLE_NUMBER,
            _TITLE_ISSUED,
            *_READING,
            _of_field("new_vin", fields.VVHIDN, required=False),
            _of_field("make", fields.VVHMAK, required=False),
            _year(required=False),
            *_TITLE_KEY_AND_TYPE,
            _day("vin_verified_on", "day the new VIN was read off the vehicle", required=False),
        ),
    ),
    FileType(
        code="VINREM",
        title="Title removal",
        about="A recalled or fraudulent title leaves the national files; the one before comes back.",
        rule="N-303",
        message=RemoveTitle,
        act="update",
        detail=_details(_VIN, _TITLE_NUMBER, _REASON),
    ),
    FileType(
        code="BRNADD",
        title="Brand add",
        about="A standard brand goes on record by VIN; the vehicle need not be titled.",
        rule="N-403",
        message=AddBrand,
        act="update",
        detail=_details(
            _VIN,
            *_BRAND,
            _of_field("make", fields.VVHMAK),
            _year(),
            _of_field("percent_of_damage", fields.VBRPSA, kind="number", required=False),
        ),
    ),
    FileType(
        code="BRNCOR",
        title="Brand correction",
        about="The jurisdiction that applied a brand says what it should have been; what stays is left blank.",
        rule="N-404",
        message=CorrectBrand,
        act="update",
        detail=_details(
            _VIN,
            *_BRAND,
            _of_field("new_brand_code", fields.VBRCOD, required=False),
            _day("new_brand_date", "new brand date", mnemonic="VBRDAO", required=False),
            _of_field("percent_of_damage", fields.VBRPSA, kind="number", required=False),
            _REASON,
        ),
    ),
    FileType(
        code="BRNREM",
        title="Brand removal",
        about="The jurisdiction that applied a brand takes it back.",
        rule="N-404",
        message=RemoveBrand,
        act="update",
        detail=_details(_VIN, *_BRAND, _REASON),
    ),
    FileType(
        code="THFSET",
        title="Theft report",
        about="A vehicle is reported stolen.",
        rule="N-102",
        message=ReportTheft,
        act="update",
        detail=_details(_VIN, _day("stolen_on", "day of the theft")),
    ),
    FileType(
        code="THFCLR",
        title="Theft cleared",
        about="The jurisdiction that reported a theft closes its report.",
        rule="N-102",
        message=ClearTheft,
        act="update",
        detail=_details(_VIN, _day("recovered_on", "day of the recovery")),
    ),
    FileType(
        code="VININQ",
        title="Inquiry",
        about="What is known of the VIN? State of title and title number single one out of several current titles."
        " The answer is a file, too.",
        rule="N-204",
        message=UsedVehicleInquiry,
        act="inquiry",
        detail=_details(
            _VIN,
            Column(
                name="purpose",
                length=len("investigation"),
                meaning="what the answer is for; title when blank",
                required=False,
                values=get_args(InquiryPurpose),
            ),
            _of_field("title_jurisdiction", fields.VTIJUR, required=False),
            _of_field("title_number", fields.VTINUM, required=False),
            Column(
                name="with_theft",
                length=1,
                meaning="whether theft is asked for; not when blank",
                kind="flag",
                required=False,
            ),
            _of_field("control_number", fields.CONTROL, required=False),
        ),
    ),
    FileType(
        code="JSIREP",
        title="Junk, salvage and insurers' report",
        about="A registered yard or insurer says which vehicles it obtained, or adds to what it said."
        " The jurisdiction in the header is the state in which the reporter is registered.",
        rule="N-801",
        message=VehicleObtained,
        act="jsi",
        detail=_details(
            _VIN,
            _day("obtained_on", "day on which the reporter got control of the vehicle"),
            Column(
                name="obtained_from",
                length=LONGEST_SOURCE,
                meaning="from whom; only the reporter and the help desk can read it",
            ),
            Column(
                name="disposition",
                length=max(map(len, DISPOSITIONS)),
                meaning="what became of the vehicle",
                values=tuple(DISPOSITIONS),
            ),
            Column(name="for_export", length=1, meaning="whether it is meant for export", kind="flag"),
            Column(
                name="supplements",
                length=36,
                meaning="number of the report that this one follows",
                required=False,
            ),
        ),
    ),
)
FILE_TYPES: Final[Mapping[str, FileType]] = MappingProxyType({kind.code: kind for kind in _ALL})

HEADER: Final = Layout(
    letter="H",
    columns=(
        Column(name="file_type", length=6, meaning="kind of file", values=tuple(FILE_TYPES)),
        Column(name="jurisdiction", length=2, meaning="D20 code of the sender", mnemonic="BJUCDE"),
        Column(name="file_id", length=20, meaning="the sender's name of the file: A to Z, digits, - and _"),
        _day("created_on", "day the file was made"),
        Column(name="layout", length=2, meaning="version of this layout", values=(LAYOUT_VERSION,)),
        Column(name="encoding", length=8, meaning="how characters are bytes", values=(ENCODING,)),
    ),
)
TRAILER: Final = Layout(
    letter="T",
    columns=(
        Column(name="file_id", length=20, meaning="the same as in the header"),
        Column(name="detail_count", length=9, meaning="how many detail lines there are", kind="number"),
    ),
)


def print_file(
    kind: FileType,
    records: Any,
    *,
    jurisdiction: str,
    file_id: str,
    created_on: date,
    form: Any = "fixed",
) -> bytes:
    """A whole file of these records (messages, or mappings by column name)."""
    header = {
        "file_type": kind.code,
        "jurisdiction": jurisdiction,
        "file_id": file_id,
        "created_on": created_on,
        "layout": LAYOUT_VERSION,
        "encoding": ENCODING,
    }
    lines = [HEADER.print_line(header, form=form)]
    for record in records:
        values = record if isinstance(record, Mapping) else _values_of(record)
        lines.append(kind.detail.print_line(values, form=form))
    trailer = {"file_id": file_id, "detail_count": len(lines) - 1}
    lines.append(TRAILER.print_line(trailer, form=form))
    return "".join(f"{line}\n" for line in lines).encode("ascii")


def _values_of(message: Any) -> dict[str, Any]:
    return {attribute.name: getattr(message, attribute.name) for attribute in dataclasses.fields(message)}
