"""Writing what many updates decided, in a few statements: pointers by compare and set, everything else as rows.

The changes are added in the order in which they were decided; of each pointer only the first expectation and the
last title count, for what lies between is nobody's to see.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from operator import itemgetter
from typing import Any, Final, LiteralString
from uuid import UUID, uuid5

import psycopg

from vinculum.national.law.change import Change, PointerWrite
from vinculum.national.law.title import Title
from vinculum.national.records.write_change import PointerMoved

# Statements below are put together from these constants only.
_TITLE_COLUMNS: Final[LiteralString] = (
    "entry_id, transaction_type, transaction_at, jurisdiction, title_number, issue_date, make, model_year,"
    " odometer, odometer_unit, state_title_key"
)
_ARRAYS: Final[LiteralString] = (
    "unnest(%s::text[], %s::smallint[], %s::uuid[], %s::uuid[], %s::text[], %s::timestamptz[], %s::text[],"
    " %s::text[], %s::date[], %s::text[], %s::smallint[], %s::integer[], %s::text[], %s::text[])"
    f" AS v (vin, pointer_number, expected, {_TITLE_COLUMNS})"
)
_VALUES: Final[LiteralString] = (
    "v.entry_id, v.transaction_type, v.transaction_at, v.jurisdiction, v.title_number, v.issue_date, v.make,"
    " v.model_year, v.odometer, v.odometer_unit, v.state_title_key"
)
_MOVE_POINTERS: Final[LiteralString] = (
    f"UPDATE exchange.pointer AS p SET ({_TITLE_COLUMNS}) = ROW({_VALUES}) FROM {_ARRAYS}"  # noqa: S608
    " WHERE p.vin = v.vin AND p.pointer_number = v.pointer_number AND p.entry_id = v.expected"
)
_MAKE_POINTERS: Final[LiteralString] = (
    f"INSERT INTO exchange.pointer (vin, pointer_number, {_TITLE_COLUMNS})"  # noqa: S608
    f" SELECT v.vin, v.pointer_number, {_VALUES} FROM {_ARRAYS} ON CONFLICT (vin, pointer_number) DO NOTHING"
)
_TAKE_POINTERS_AWAY: Final[LiteralString] = (
    "DELETE FROM exchange.pointer AS p USING unnest(%s::text[], %s::smallint[], %s::uuid[])"
    " AS v (vin, pointer_number, expected)"
    " WHERE p.vin = v.vin AND p.pointer_number = v.pointer_number AND p.entry_id = v.expected"
)
_ADD_HISTORY: Final[LiteralString] = (
    f"COPY exchange.title_history (vin, {_TITLE_COLUMNS}, replaces, withdraws, other_vin, reason) FROM STDIN"
)
_ADD_NOTICES: Final[LiteralString] = (
    "COPY exchange.notice (vin, notice_id, to_jurisdiction, kind, title_number, by_jurisdiction, issue_date,"
    " created_at) FROM STDIN"
)
_ADD_BRANDS: Final[LiteralString] = (
    "INSERT INTO exchange.brand_history (vin, brand_code, brander, brand_date, make, model_year,"
    " percent_of_damage, transaction_type, transaction_at)"
    " SELECT v.vin, v.code, v.brander, v.day, v.make, v.model_year, v.percent, 'BA', v.at"
    " FROM unnest(%s::text[], %s::text[], %s::text[], %s::date[], %s::text[], %s::smallint[], %s::smallint[],"
    " %s::timestamptz[]) AS v (vin, code, brander, day, make, model_year, percent, at)"
    " ON CONFLICT (vin, brand_code, brander, brand_date) DO NOTHING"
)
_RESTORE_BRANDS: Final[LiteralString] = (
    "UPDATE exchange.brand_withdrawal AS w SET restored_at = v.at"
    " FROM unnest(%s::text[], %s::text[], %s::text[], %s::date[], %s::timestamptz[])"
    " AS v (vin, code, brander, day, at)"
    " WHERE w.vin = v.vin AND w.brand_code = v.code AND w.brander = v.brander AND w.brand_date = v.day"
    " AND w.restored_at IS NULL"
)
_WITHDRAW_BRANDS: Final[LiteralString] = (
    "INSERT INTO exchange.brand_withdrawal (vin, withdrawal_id, brand_code, brander, brand_date, reason,"
    " withdrawn_at, restored_at)"
    " SELECT * FROM unnest(%s::text[], %s::uuid[], %s::text[], %s::text[], %s::date[], %s::text[],"
    " %s::timestamptz[], %s::timestamptz[])"
    " ON CONFLICT (vin, brand_code, brander, brand_date) WHERE restored_at IS NULL DO NOTHING"
)
_REPORT_THEFTS: Final[LiteralString] = (
    "INSERT INTO exchange.theft (vin, report_id, reported_by, stolen_on, reported_at)"
    " SELECT * FROM unnest(%s::text[], %s::uuid[], %s::text[], %s::date[], %s::timestamptz[])"
    " ON CONFLICT (vin, reported_by) WHERE cleared_at IS NULL DO NOTHING"
)
_CLEAR_THEFTS: Final[LiteralString] = (
    "UPDATE exchange.theft AS t SET recovered_on = v.day, cleared_at = v.at"
    " FROM unnest(%s::text[], %s::uuid[], %s::date[], %s::timestamptz[]) AS v (vin, report_id, day, at)"
    " WHERE t.vin = v.vin AND t.report_id = v.report_id AND t.cleared_at IS NULL"
)
BrandKey = tuple[str, str, str, date]


@dataclass(slots=True)
class _PointerFate:
    """What a pointer must still show, what it shows by now, and the title that it will show (None: none)."""

    expected: UUID | None
    shows: UUID | None
    title: Title | None


@dataclass(slots=True)
class _Withdrawal:
    """A brand taken back by one of the changes, and when a later one applied it again."""

    key: BrandKey
    withdrawal_id: UUID
    reason: str
    at: datetime
    restored_at: datetime | None = None


@dataclass(slots=True)
class ChangeSet:
    """The changes that are to be written together."""

    _pointers: dict[tuple[str, int], _PointerFate] = field(default_factory=dict)
    _history: list[tuple[Any, ...]] = field(default_factory=list)
    _notices: list[tuple[Any, ...]] = field(default_factory=list)
    _brands: list[tuple[Any, ...]] = field(default_factory=list)
    _restored: dict[BrandKey, datetime] = field(default_factory=dict)
    _withdrawals: list[_Withdrawal] = field(default_factory=list)
    _open: dict[BrandKey, _Withdrawal] = field(default_factory=dict)
    _thefts: list[tuple[Any, ...]] = field(default_factory=list)
    _cleared: list[tuple[Any, ...]] = field(default_factory=list)

    def add(self, change: Change, *, vin: str, origin: str, entry_id: UUID, at: datetime) -> None:
        """Take a change in; it comes after those taken before."""
        for write in change.pointers:
            self._set_pointer(write)
        for where, entry in change.entries:
            origin_of = (entry.replaces, entry.withdraws, entry.other_vin, entry.reason)
            self._history.append((where, *_title_row(entry.title), *origin_of))
        self._add_brands(change, entry_id=entry_id, at=at)
        if change.stolen_on is not None:
            self._thefts.append((vin, entry_id, origin, change.stolen_on, at))
        if change.theft_cleared is not None:
            self._cleared.append((vin, change.theft_cleared, change.recovered_on, at))
        for place, notice in enumerate(change.notices):
            self._notices.append(
                (
                    *(notice.vin, uuid5(entry_id, f"notice {place}"), notice.to, notice.kind),
                    *(notice.title_number, notice.by, notice.issue_date, at),
                )
            )

    def write(self, connection: psycopg.Connection[Any]) -> None:
        """Write it all; raises PointerMoved, and then nothing of it may stay."""
        self._write_pointers(connection)
        _copy(connection, _ADD_HISTORY, self._history)
        execute_on_rows(connection, _ADD_BRANDS, self._brands)
        execute_on_rows(connection, _RESTORE_BRANDS, [(*key, at) for key, at in self._restored.items()])
        execute_on_rows(
            connection,
            _WITHDRAW_BRANDS,
            [
                (one.key[0], one.withdrawal_id, *one.key[1:], one.reason, one.at, one.restored_at)
                for one in self._withdrawals
            ],
        )
        # Files that report thefts close none, so what is closed here was on record before.
        execute_on_rows(connection, _REPORT_THEFTS, self._thefts)
        execute_on_rows(connection, _CLEAR_THEFTS, self._cleared)
        _copy(connection, _ADD_NOTICES, self._notices)

    def _set_pointer(self, write: PointerWrite) -> None:
        shows = None if write.title is None else write.title.entry_id
        fate = self._pointers.get((write.vin, write.number))
        if fate is None:
            self._pointers[write.vin, write.number] = _PointerFate(write.expected, shows, write.title)
            return
        assert fate.shows == write.expected, "each change was decided on what the ones before it left"
        fate.shows, fate.title = shows, write.title

    def _add_brands(self, change: Change, *, entry_id: UUID, at: datetime) -> None:
        for place, withdrawal in enumerate(change.brands_withdrawn):
            key = (withdrawal.vin, *withdrawal.brand.key)
            gone = _Withdrawal(key, uuid5(entry_id, f"brand {place}"), withdrawal.reason, at)
            self._withdrawals.append(gone)
            self._open[key] = gone
        for where, brand in change.brands:
            damage = (brand.make, brand.model_year, brand.percent_of_damage)
            self._brands.append((where, *brand.key, *damage, at))
            key = (where, *brand.key)
            taken_back = self._open.pop(key, None)
            if taken_back is not None:
                taken_back.restored_at = at
            else:
                self._restored.setdefault(key, at)

    def _write_pointers(self, connection: psycopg.Connection[Any]) -> None:
        moves: list[tuple[Any, ...]] = []
        makes: list[tuple[Any, ...]] = []
        gone: list[tuple[Any, ...]] = []
        for (vin, number), fate in sorted(self._pointers.items()):
            which = (vin, number, fate.expected)
            if fate.title is not None:
                (makes if fate.expected is None else moves).append((*which, *_title_row(fate.title)))
            elif fate.expected is not None:
                gone.append(which)
        done = execute_on_rows(connection, _TAKE_POINTERS_AWAY, gone)
        done += execute_on_rows(connection, _MOVE_POINTERS, moves) + execute_on_rows(
            connection, _MAKE_POINTERS, makes
        )
        if done != len(moves) + len(makes) + len(gone):
            raise PointerMoved(f"{len(moves) + len(makes) + len(gone) - done} pointers")


def _title_row(title: Title) -> tuple[Any, ...]:
    return (
        *(
            title.entry_id,
            title.transaction_type,
            title.transaction_at,
            title.jurisdiction,
            title.title_number,
        ),
        *(title.issue_date, title.make, title.model_year, title.odometer, title.odometer_unit),
        title.state_title_key,
    )


def execute_on_rows(
    connection: psycopg.Connection[Any], statement: LiteralString, rows: list[tuple[Any, ...]]
) -> int:
    """The statement with each column of the rows as an array; how many rows it touched."""
    if not rows:
        return 0
    return connection.execute(statement, [_array(column) for column in zip(*rows, strict=True)]).rowcount


def _array(values: tuple[Any, ...]) -> str:
    """The values as PostgreSQL writes an array; the statement names its type."""
    return "{" + ",".join(["NULL" if value is None else _element(str(value)) for value in values]) + "}"


def _element(text: str) -> str:
    if '"' in text or "\\" in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def _copy(connection: psycopg.Connection[Any], statement: LiteralString, rows: list[tuple[Any, ...]]) -> None:
    if not rows:
        return
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        # In the order of their keys: the indexes grow at neighbouring places.
        for row in sorted(rows, key=itemgetter(0, 1)):
            copy.write_row(row)
