"""One emulated state: its clerks title vehicles, ask before they do, err, and report on line or by file."""

import dataclasses
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

from vinculum.entrypoints.emulation.cast import Part
from vinculum.entrypoints.emulation.country import Country, Held, Vehicle
from vinculum.entrypoints.emulation.watch import Watch
from vinculum.entrypoints.emulation.wire import Wire
from vinculum.national.batch.file_types import FILE_TYPES, print_file
from vinculum.protocol.add_brand import AddBrand
from vinculum.protocol.add_title import AddTitle
from vinculum.protocol.change_of_state_of_title import ChangeOfStateOfTitle
from vinculum.protocol.in_state_change import InStateChange
from vinculum.protocol.inquiry import InquiryAnswer, UsedVehicleInquiry
from vinculum.protocol.update_answer import UpdateAnswer

_ON_LINE: Final = frozenset({1, 2})
_RECORDS_IN_A_FILE: Final = 12
_GARBLED: Final = (
    b"",
    b"{",
    b'{"message":"add_title"}',
    b'{"message":"bogus","vin":"1"}',
    b"\xff" * 40,
    b"[" * 5000,
)
_SALVAGE: Final = "11"
# So often the detail of the state of title is asked for as well; a silent state costs two seconds each time.
_DETAIL: Final = 0.08
# Up to here of the dice, from where a state only looks, a state of files tries a message that is not its own.
_OVERSTEPS: Final = 0.36


class EmulatedJurisdiction:
    """A state at its desk. `act` is one thing that its clerks do; `close_day` sends what waits for a file."""

    def __init__(self, part: Part, *, country: Country, wire: Wire, watch: Watch) -> None:
        self.part = part
        self._country, self._wire, self._watch = country, wire, watch
        self._chance = country.chance(part.code)
        self._numbers = 0
        self._to_file: list[AddTitle] = []
        self._to_ask: list[UsedVehicleInquiry] = []
        self._files = 0

    def act(self) -> None:
        """Title a vehicle, mostly; sometimes ask only, err, or say nonsense."""
        vehicle = self._chance.choice(self._country.vehicles)
        dice = self._chance.random()
        if "garbled" in self.part.habits and dice < 0.2:
            self._wire.garble(self._chance.choice(_GARBLED))
        elif self.part.mode != 1:
            self._by_file(vehicle, dice=dice)
        elif dice < 0.2:
            self._ask(vehicle.vin, with_detail=dice < _DETAIL)
        elif "washed" in self.part.habits and dice < 0.4:
            self._wash(vehicle)
        else:
            self._title(vehicle)

    def close_day(self) -> None:
        """What was collected goes off."""
        self._send_titles()
        self._send_inquiries()

    # ------------------------------------------------------------------------------- on line
    def _title(self, vehicle: Vehicle) -> None:
        held = self._country.held(vehicle.vin)
        if held is None or ("clone" in self.part.habits and self._chance.random() < 0.1):
            self._add(vehicle, held=held)
        elif "late" in self.part.habits and self._chance.random() < 0.3:
            self._add(vehicle, held=held, late=True)
        elif held.state == self.part.code:
            self._reissue(vehicle, held)
        else:
            self._take_over(vehicle, held)

    def _add(self, vehicle: Vehicle, *, held: Held | None, late: bool = False) -> None:
        message = self._first_title(vehicle, held=held, late=late)
        if "typos" in self.part.habits and self._chance.random() < 0.3:
            message = dataclasses.replace(message, vin=message.vin[:-2])
        self._keep(self._wire.update(message, twice=self._chance.random() < 0.1), message)

    def _first_title(self, vehicle: Vehicle, *, held: Held | None, late: bool = False) -> AddTitle:
        issued = self._country.next_day(held.issued if held else None, self._chance)
        if late and held is not None:
            issued = held.issued - timedelta(days=self._chance.randrange(1, 300))
        cloned = held is not None and not late and "clone" in self.part.habits
        return AddTitle(
            message_id=self._next_id(),
            origin=self.part.code,
            sent_at=datetime.now(UTC),
            vin=vehicle.vin,
            title_number=self._next_number(),
            issue_date=issued,
            make=vehicle.make,
            # The clone is of another year: the exchange cannot take the two for one.
            model_year=vehicle.model_year - 1 if cloned else vehicle.model_year,
            odometer=self._country.odometer(issued, cloned=cloned),
        )

    def _reissue(self, vehicle: Vehicle, held: Held) -> None:
        issued = self._country.next_day(held.issued, self._chance)
        message = InStateChange(
            message_id=self._next_id(),
            origin=self.part.code,
            sent_at=datetime.now(UTC),
            vin=vehicle.vin,
            old_title_number=self._typed(held.number),
            title_number=self._next_number(),
            issue_date=issued,
            odometer=self._country.odometer(issued),
        )
        answer = self._wire.update(
            message, old=(self.part.code, message.old_title_number), twice=self._chance.random() < 0.1
        )
        self._keep(answer, message)

    def _take_over(self, vehicle: Vehicle, held: Held) -> None:
        """Ask first, as one must. What is taken over is the title of the paper: what this run last issued."""
        self._ask(vehicle.vin, with_detail=False)
        issued = self._country.next_day(held.issued, self._chance)
        message = ChangeOfStateOfTitle(
            message_id=self._next_id(),
            origin=self.part.code,
            sent_at=datetime.now(UTC),
            vin=vehicle.vin,
            old_jurisdiction=held.state,
            old_title_number=self._typed(held.number),
            title_number=self._next_number(),
            issue_date=issued,
            odometer=self._country.odometer(issued),
        )
        answer = self._wire.update(
            message, old=(held.state, message.old_title_number), twice=self._chance.random() < 0.1
        )
        self._keep(answer, message)

    def _wash(self, vehicle: Vehicle) -> None:
        """Another state's salvage brand is on record; this state titles the vehicle clean."""
        held = self._country.held(vehicle.vin)
        if held is None or held.state == self.part.code:
            self._brand(vehicle, on=held.issued if held else date(2019, 1, 1))
            return
        self._take_over(vehicle, held)

    def _brand(self, vehicle: Vehicle, *, on: date) -> None:
        self._wire.update(
            AddBrand(
                message_id=self._next_id(),
                origin=self.part.code,
                sent_at=datetime.now(UTC),
                vin=vehicle.vin,
                brand_code=_SALVAGE,
                brand_date=on,
                make=vehicle.make,
                model_year=vehicle.model_year,
            )
        )

    def _ask(self, vin: str, *, with_detail: bool) -> InquiryAnswer | None:
        return self._wire.inquire(
            UsedVehicleInquiry(
                message_id=self._next_id(),
                origin=self.part.code,
                sent_at=datetime.now(UTC),
                vin=vin,
                with_theft=True,
                with_state_detail=with_detail,
            )
        )

    def _keep(
        self, answer: UpdateAnswer | None, message: AddTitle | InStateChange | ChangeOfStateOfTitle
    ) -> None:
        if answer is None or not answer.accepted:
            return
        self._watch.note_title(message.vin, state=message.origin, number=message.title_number)
        self._country.hold(
            message.vin, Held(state=message.origin, number=message.title_number, issued=message.issue_date)
        )

    # ------------------------------------------------------------------------------- by file
    def _by_file(self, vehicle: Vehicle, *, dice: float) -> None:
        if dice < 0.3:
            self._look(vehicle)
            return
        held = self._country.held(vehicle.vin)
        if dice < _OVERSTEPS:
            self._overstep(vehicle, held)
            return
        message = self._first_title(vehicle, held=held, late="late" in self.part.habits and held is not None)
        if "typos" in self.part.habits and self._chance.random() < 0.3:
            message = dataclasses.replace(message, vin=message.vin[:-2])
        self._to_file.append(message)
        if len(self._to_file) >= _RECORDS_IN_A_FILE:
            self._send_titles()

    def _overstep(self, vehicle: Vehicle, held: Held | None) -> None:
        """An update on line from a state that reports by file: it must be refused (N-106)."""
        answer = self._wire.update(self._first_title(vehicle, held=held))
        if answer is not None and answer.accepted:
            self._watch.note_breach(f"{self.part.code} of mode {self.part.mode} updated on line")

    def _look(self, vehicle: Vehicle) -> None:
        if self.part.mode in _ON_LINE:
            self._ask(vehicle.vin, with_detail=self._chance.random() < _DETAIL)
        elif self.part.mode == 3:
            self._to_ask.append(
                UsedVehicleInquiry(
                    message_id=self._next_id(),
                    origin=self.part.code,
                    sent_at=datetime.now(UTC),
                    vin=vehicle.vin,
                )
            )
        else:
            self._wire.look(vehicle.vin)

    def _send_titles(self) -> None:
        records, self._to_file = self._to_file, []
        if not records:
            return
        file_id = self._wire.file(self._printed("VINADD", records))
        report = self._wire.report(file_id) if file_id is not None else None
        if report is None or report.state != "applied":
            return
        for number, message in enumerate(records, start=1):
            if number not in report.rejected:
                self._watch.note_title(message.vin, state=message.origin, number=message.title_number)
                self._country.hold(
                    message.vin,
                    Held(state=message.origin, number=message.title_number, issued=message.issue_date),
                )

    def _send_inquiries(self) -> None:
        asked, self._to_ask = self._to_ask, []
        if not asked:
            return
        file_id = self._wire.file(self._printed("VININQ", asked))
        if file_id is not None and self._wire.report(file_id) is not None:
            self._wire.answer_file(file_id)

    def _printed(self, kind: str, records: list[AddTitle] | list[UsedVehicleInquiry]) -> bytes:
        self._files += 1
        named = self._country.message_id(f"{self.part.code} file", self._files).hex[:12].upper()
        return print_file(
            FILE_TYPES[kind],
            records,
            jurisdiction=self.part.code,
            file_id=f"EM-{named}",
            created_on=datetime.now(UTC).date(),
        )

    # ------------------------------------------------------------------------------- what a clerk writes
    def _typed(self, number: str) -> str:
        """A title number as typed: sometimes with a slip."""
        if "typos" in self.part.habits and self._chance.random() < 0.2:
            return number[:-1] + ("7" if number[-1] != "7" else "1")
        return number

    def _next_id(self) -> UUID:
        self._numbers += 1
        return self._country.message_id(self.part.code, self._numbers)

    def _next_number(self) -> str:
        named = self._country.message_id(f"{self.part.code} title", self._numbers)
        return f"EM{self.part.code}{named.int % 10**10:010d}"
