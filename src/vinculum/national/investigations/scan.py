"""Scanning the national files for findings: what has changed since the last scan, or everything.

A scan goes stretch by stretch, each in a transaction of its own, and finds nothing twice: a finding's id follows from
its facts. What was found before, is still open and is not there any more is mended.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Final, LiteralString
from uuid import UUID, uuid4

from vinculum.access.database import Actor, Connection, acting
from vinculum.access.permissions import require
from vinculum.national.investigations.dossiers import read_dossiers
from vinculum.national.investigations.finding import Found
from vinculum.national.investigations.judge import judge, judge_look_alike, judge_number_twice
from vinculum.national.investigations.sieve import Suspects, keys_of, sift
from vinculum.national.investigations.stretch import Stretch
from vinculum.national.investigations.thresholds import CHANGED_AT_ONCE, READ_AGAIN, VEHICLES_AT_ONCE
from vinculum.national.investigations.title_numbers import THE_BEGINNING, Place, next_portion
from vinculum.national.law.brands import StandardBrand
from vinculum.national.records.roster import read_roster

_ACT: Final = "scan_records"
_NEXT_VINS: Final[LiteralString] = (
    "SELECT DISTINCT h.vin FROM exchange.title_history AS h WHERE h.vin > %s ORDER BY h.vin LIMIT %s"
)
_CHANGED: Final[LiteralString] = """
SELECT DISTINCT c.vin FROM (
    SELECT h.vin FROM exchange.title_history AS h WHERE h.transaction_at >= %(since)s
    UNION ALL SELECT b.vin FROM exchange.brand_history AS b WHERE b.transaction_at >= %(since)s
    UNION ALL SELECT w.vin FROM exchange.brand_withdrawal AS w
               WHERE w.withdrawn_at >= %(since)s OR w.restored_at >= %(since)s
    UNION ALL SELECT j.vin FROM exchange.jsi_record AS j WHERE j.reported_at >= %(since)s) AS c
 ORDER BY c.vin
"""
_LAST: Final[LiteralString] = "SELECT began_at FROM exchange.finding_scan ORDER BY began_at DESC LIMIT 1"
# Found again, a finding keeps what people decided; one that had been mended is open again.
_KEEP: Final[LiteralString] = """
INSERT INTO exchange.finding AS f (vin, finding_id, kind, other_vin, jurisdictions, score, evidence, found_at, moved_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (vin, finding_id) DO UPDATE SET state = 'open', score = excluded.score, evidence = excluded.evidence,
    jurisdictions = excluded.jurisdictions, moved_at = excluded.moved_at
 WHERE f.state = 'mended'
"""
_MEND: Final[LiteralString] = """
UPDATE exchange.finding AS x SET state = 'mended', moved_at = %(at)s
 WHERE x.state = 'open' AND x.finding_id <> ALL (%(found)s) AND {stretch}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """What a scan came to: how many vehicles it read, how many findings are new, how many are mended."""

    whole: bool
    vehicles: int
    found: int
    mended: int


def run(
    *, actor: Actor, at: datetime, whole: bool = False, go_on: Callable[[], bool] = lambda: True
) -> Scanned | None:
    """Scan what has changed since the last scan; everything when told to, or when there was none before.

    `go_on` is asked between stretches: when it says no, the scan ends without counting as one, and None is answered.
    """
    require(actor, _ACT)
    since = None if whole else _since(actor)
    vehicles = found = mended = 0
    for stretch in _everything(actor) if since is None else _changed(actor, since=since):
        if not go_on():
            return None
        new, gone = _scan_stretch(stretch, actor=actor, at=at)
        vehicles, found, mended = vehicles + len(stretch.vins), found + new, mended + gone
    place: Place | None = THE_BEGINNING if since is None else None
    while place is not None:
        if not go_on():
            return None
        new, place = _scan_numbers(place, actor=actor, at=at)
        found += new
    scanned = Scanned(whole=since is None, vehicles=vehicles, found=found, mended=mended)
    with acting(actor, act=_ACT, database="national") as connection:
        connection.execute(
            "INSERT INTO exchange.finding_scan (scan_id, whole, began_at, ended_at, vehicles, found, mended)"
            " VALUES (%s, %s, %s, clock_timestamp(), %s, %s, %s)",
            (uuid4(), scanned.whole, at, vehicles, found, mended),
        )
    return scanned


def _since(actor: Actor) -> datetime | None:
    with acting(actor, act=_ACT, database="national") as connection:
        row = connection.execute(_LAST).fetchone()
    return None if row is None else row[0] - READ_AGAIN


def _everything(actor: Actor) -> Iterator[Stretch]:
    after = ""
    while True:
        with acting(actor, act=_ACT, database="national") as connection:
            vins = [row[0] for row in connection.execute(_NEXT_VINS, (after, VEHICLES_AT_ONCE)).fetchall()]
        if not vins:
            return
        yield Stretch(vins=vins, after=after, upto=vins[-1])
        after = vins[-1]


def _changed(actor: Actor, *, since: datetime) -> Iterator[Stretch]:
    with acting(actor, act=_ACT, database="national") as connection:
        vins = [row[0] for row in connection.execute(_CHANGED, {"since": since}).fetchall()]
    for start in range(0, len(vins), CHANGED_AT_ONCE):
        yield Stretch(vins=vins[start : start + CHANGED_AT_ONCE])


def _scan_stretch(stretch: Stretch, *, actor: Actor, at: datetime) -> tuple[int, int]:
    """How many findings of the stretch are new, and how many are mended."""
    keys = keys_of(stretch)
    with acting(actor, act=_ACT, database="national") as connection:
        suspects = sift(connection, stretch, keys=keys)
        found = list(_judged(connection, suspects))
        new = _keep(connection, found, at=at)
        mended = connection.execute(
            stretch.within(_MEND),
            stretch.values | {"at": at, "found": [one.finding_id for one in found] or [UUID(int=0)]},
            prepare=False,
        ).rowcount
    return new, mended


def _scan_numbers(after: Place, *, actor: Actor, at: datetime) -> tuple[int, Place | None]:
    """The next portion of all title numbers, once all are noted: how many findings are new, and where it goes on."""
    with acting(actor, act=_ACT, database="national") as connection:
        pairs, place = next_portion(connection, after)
        new = _keep(connection, list(_judged(connection, Suspects(number_twice=pairs))), at=at)
    return new, place


def _judged(connection: Connection, suspects: Suspects) -> Iterator[Found]:
    everybody = suspects.everybody()
    if not everybody:
        return
    dossiers = read_dossiers(connection, everybody)
    standard: dict[str, StandardBrand] = dict(read_roster(connection).brands)
    for vin in sorted(suspects.vins):
        yield from judge(dossiers[vin], standard=standard)
    for doubtful, pairs in groupby(sorted(suspects.alike), key=itemgetter(0)):
        yield from judge_look_alike(dossiers[doubtful], [dossiers[sound] for _, sound in pairs])
    for one, other in sorted(suspects.number_twice):
        yield from judge_number_twice(dossiers[one], dossiers[other])


def _keep(connection: Connection, found: Sequence[Found], *, at: datetime) -> int:
    """Keep what was found; how much of it is new."""
    if not found:
        return 0
    rows = [
        (
            *(one.vin, one.finding_id, one.kind, one.other_vin, one.jurisdictions, one.score),
            *(json.dumps(one.evidence()), at, at),
        )
        for one in found
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_KEEP, rows)
        return cursor.rowcount
