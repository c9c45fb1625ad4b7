"""A room for taking vehicles apart: legitimate messages, a clone's messages, the people who settle it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from counter import Counter, inquiry

from vinculum.access.database import Actor
from vinculum.national.casework import clone_cases, draft_clone_case, settle_clone_case
from vinculum.national.casework.draft_clone_case import Draft, NewBrand
from vinculum.protocol.exchange import UpdateMessage
from vinculum.protocol.json_codec import encode_answer

AT = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
BEGINNING = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
_ONE_QUESTION = UUID(int=308)


@dataclass(kw_only=True)
class CloneRoom:
    """Messages in the order in which they come; the investigation's result put before the states and applied."""

    counter: Counter
    people: dict[str, Actor]
    moment: datetime = BEGINNING

    def send(self, *messages: UpdateMessage) -> list[Any]:
        """One after the other, a minute apart; every one of them is accepted."""
        answers = []
        for message in messages:
            self.moment += timedelta(minutes=1)
            answer = self.counter.send(message, at=self.moment)
            assert answer.accepted, answer
            answers.append(answer)
        return answers

    def answer(self, vin: str) -> bytes:
        """What an inquiry answers about the VIN, byte for byte."""
        asked = inquiry(vin, "RI", with_theft=True)
        message = type(asked)(**{**_fields(asked), "message_id": _ONE_QUESTION})
        return encode_answer(self.counter.say(message, at=AT))

    def drafted(
        self,
        vin: str,
        right_vin: str,
        gone: dict[tuple[str, str], str],
        *,
        by: str = "desk",
        brands_gone: dict[str, str] | None = None,
        new_brand: NewBrand | None = None,
        circumstance: str = "clone",
        entries_gone: dict[UUID, str] | None = None,
    ) -> UUID:
        """A draft: titles (state, number) that are vehicle B's with what becomes of them; all others are A's."""
        actor = self.people[by]
        laid_out = draft_clone_case.lay_out(vin, actor=actor, at=AT)
        titles = {
            entry.title.entry_id: gone.get((entry.title.jurisdiction, entry.title.title_number), "keep")
            for entry in laid_out.titles
        } | (entries_gone or {})
        brands = {
            (brand.code, brand.brander, brand.brand_date): (brands_gone or {}).get(brand.code, "keep")
            for brand in laid_out.brands
        }
        draft = Draft(
            vin=vin,
            right_vin=right_vin,
            circumstance=circumstance,
            finding="The frame of vehicle B was read on 2026-11-02.",
            titles=titles,
            brands=brands,
            new_brand=new_brand,
        )
        return draft_clone_case.run(draft, actor=actor, at=AT)

    def accept(self, vin: str, case_id: UUID, *states: str, accept: bool = True) -> None:
        """Each state says the same of everything that waits for it."""
        for state in states:
            case = clone_cases.show(vin=vin, case_id=case_id, actor=self.people[state])
            settle_clone_case.decide(
                vin=vin,
                case_id=case_id,
                places=[item.place for item in case.waiting_for(state)],
                accept=accept,
                words="We looked at the file.",
                actor=self.people[state],
                at=AT,
            )

    def apply(self, vin: str, case_id: UUID) -> None:
        """Asked for by one person of the help desk, applied by another."""
        settle_clone_case.ask_for_application(vin=vin, case_id=case_id, actor=self.people["asks"], at=AT)
        settle_clone_case.apply(vin=vin, case_id=case_id, actor=self.people["applies"], at=AT)

    def taken_apart(self, vin: str, right_vin: str, gone: dict[tuple[str, str], str], **how: Any) -> UUID:
        """Drafted, accepted by everybody whom it takes something, and applied."""
        case_id = self.drafted(vin, right_vin, gone, **how)
        case = clone_cases.show(vin=vin, case_id=case_id, actor=self.people["desk"])
        self.accept(vin, case_id, *sorted({item.owner for item in case.items if item.needs_acceptance}))
        self.apply(vin, case_id)
        return case_id


def clones_36(brander: str) -> NewBrand:
    return NewBrand(code="36", brander=brander, brand_date=date(2026, 11, 2))


def _fields(message: Any) -> dict[str, Any]:
    return {name: getattr(message, name) for name in type(message).__dataclass_fields__}


def another_message(message: UpdateMessage, vin: str) -> UpdateMessage:
    """The same said of another VIN, as a message of its own."""
    return type(message)(**{**_fields(message), "vin": vin, "message_id": uuid4()})
