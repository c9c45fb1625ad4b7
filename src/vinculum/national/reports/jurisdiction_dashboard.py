"""How a jurisdiction does at the exchange: taking part, last update, errors and warnings, open cases (N-705)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from vinculum.access.database import Actor, acting
from vinculum.access.permissions import require
from vinculum.national.law.standing import Standing, check_reporting
from vinculum.national.records.roster import read_roster

RATES_OVER: Final = timedelta(days=30)
MODES: Final = {
    1: "integrated on line",
    2: "on-line inquiry, batch update",
    3: "batch inquiry and update",
    4: "web inquiry, batch update",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """One jurisdiction. Rates count messages and batch records of the last thirty days."""

    code: str
    name: str
    mode: str
    participates: bool
    last_update_at: datetime | None
    closes_at: datetime | None
    warning: str
    records: int
    errors: int
    warnings: int
    open_cases: int
    waiting_for_it: int
    oldest_case_days: int | None

    @property
    def participation(self) -> str:
        """In words; who was just admitted has its days of grace before the first update."""
        if not self.participates:
            return "not taking part"
        return "admitted, no update yet" if self.last_update_at is None else "taking part"

    @property
    def error_rate(self) -> str:
        """Errors in a hundred records."""
        return _rate(self.errors, self.records)

    @property
    def warning_rate(self) -> str:
        """Records with warnings in a hundred."""
        return _rate(self.warnings, self.records)


def run(*, actor: Actor, at: datetime) -> tuple[Dashboard, ...]:
    """The actor's own jurisdiction; all that were admitted for the exchange's help desk."""
    require(actor, "show_exchange_desk")
    everybody = actor.organisation_kind == "association"
    with acting(actor, act="show_exchange_desk", database="national") as connection:
        roster = read_roster(connection)
        counted: dict[str, tuple[int, ...]] = {}
        asked = {"since": at - RATES_OVER, "code": None if everybody else actor.organisation_code}
        for statement in _COUNTS:
            for code, *some in connection.execute(statement, asked).fetchall():
                before = counted.get(code, (0, 0, 0))
                counted[code] = tuple(one + int(more) for one, more in zip(before, some, strict=True))
        cases = {row[0]: row[1:] for row in connection.execute(_CASES, {"at": at}).fetchall()}
    codes = [
        code
        for code, standing in sorted(roster.standings.items())
        if (standing.mode is not None if everybody else code == actor.organisation_code)
    ]
    return tuple(
        _dashboard(
            roster.standings[code],
            name=roster.names[code],
            counted=counted.get(code, (0, 0, 0)),
            cases=cases.get(code, (0, 0, None)),
            at=at,
        )
        for code in codes
    )


# On-line messages from their inbox, batch records from what was counted when each file was applied. Nobody signed
# the answers of the inbox for counting: a warning is found by its word in the answer's own JSON.
_COUNTS: Final = (
    """
SELECT origin, count(*), count(*) FILTER (WHERE accepted IS FALSE),
       count(*) FILTER (WHERE accepted AND position('"warning"'::bytea IN answer) > 0)
  FROM exchange.message_inbox
 WHERE received_at >= %(since)s AND (%(code)s::text IS NULL OR origin = %(code)s) GROUP BY origin
""",
    """
SELECT jurisdiction, coalesce(sum(records_read), 0), coalesce(sum(records_rejected), 0),
       coalesce(sum(records_with_warnings), 0)
  FROM exchange.batch_file
 WHERE finished_at >= %(since)s AND (%(code)s::text IS NULL OR jurisdiction = %(code)s) GROUP BY jurisdiction
""",
)
_CASES: Final = """
SELECT side.code, count(*), count(*) FILTER (WHERE side.turn = c.state),
       max(extract(day FROM %(at)s - c.opened_at))::integer
  FROM exchange.discrepancy_case AS c
 CROSS JOIN LATERAL (VALUES (c.asking, 'answered'), (c.holding, 'open')) AS side (code, turn)
 WHERE c.state <> 'closed' GROUP BY side.code
"""


def _dashboard(
    standing: Standing,
    *,
    name: str,
    counted: tuple[Any, ...],
    cases: tuple[Any, ...],
    at: datetime,
) -> Dashboard:
    since = standing.reported_at
    problems = tuple(check_reporting(standing, at=at))
    return Dashboard(
        code=standing.code,
        name=name,
        mode=MODES[standing.mode] if standing.mode is not None else "not admitted",
        participates=standing.participates(at=at),
        last_update_at=standing.last_accepted_update_at,
        closes_at=None if since is None else since + timedelta(days=standing.grace_days),
        warning=problems[0].text if problems else "",
        records=int(counted[0]),
        errors=int(counted[1]),
        warnings=int(counted[2]),
        open_cases=int(cases[0]),
        waiting_for_it=int(cases[1]),
        oldest_case_days=cases[2],
    )


def _rate(part: int, whole: int) -> str:
    return "–" if whole == 0 else f"{100 * part / whole:.1f} %"
