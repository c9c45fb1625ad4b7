"""Things put straight into a state, by raw SQL, for tests of the moves between states and of their walls."""

from uuid import uuid4

from attack import run

from book_people import AT, PASSENGER, make_customer, make_titled_vehicle
from people import World
from vinculum.access.database import Actor

_positions = iter(range(90_000, 99_000))


def new_mark() -> str:
    """A passenger mark nobody has used in this session."""
    return PASSENGER.mark_at(PASSENGER.ordinal("SA10001") + next(_positions))


def plate_in(world: World, dealer: object, state: str) -> tuple[str, object | None]:
    """A plate put into the state from nothing, and its registration if it is assigned."""
    mark = new_mark()
    registration = None
    if state == "assigned":
        owner = make_customer(world).number
        registration = make_titled_vehicle(world, owner=owner, plate=mark).registration_id
    run(
        world.system(),
        (
            "INSERT INTO stock.plate (number, plate_class, position, dealer_id, state, registration_id)"
            " VALUES (%s, 'passenger', %s, %s, %s, %s)",
            [mark, PASSENGER.ordinal(mark), dealer, state, registration],
        ),
        act="add_stock",
    )
    return mark, registration


def application_in(world: World, clerk: Actor, state: str) -> object:
    """An application put into the state from nothing; processed ones have a registration and an entry."""
    made = uuid4()
    registration = entry = None
    if state in {"processed", "voided"}:
        registration, entry = registration_of(world, clerk)
    run(
        clerk,
        (
            "INSERT INTO work.application (id, organisation_id, kind, state, terminal, deal, created_at, created_by,"
            " changed_at, processed_at, registration_id, entry_id)"
            " VALUES (%s, %s, 'new_issue', %s, 'T1', '{}', %s, %s, %s, %s, %s, %s)",
            [
                *(made, clerk.organisation_id, state, AT, clerk.person_id, AT),
                *(AT if registration else None, registration, entry),
            ],
        ),
    )
    return made


def registration_of(world: World, clerk: Actor) -> tuple[object, object]:
    """A registration on the book and the entry that opened it."""
    mark = new_mark()
    made = make_titled_vehicle(world, owner=make_customer(world).number, plate=mark)
    entry = run(clerk, ("SELECT opened_by FROM book.registration WHERE id = %s", [made.registration_id]))[0][
        0
    ]
    return made.registration_id, entry


def message(world: World, clerk: Actor) -> object:
    """A message of the clerk's dealer that the exchange has not answered."""
    made = uuid4()
    application = application_in(world, clerk, "open")
    run(
        clerk,
        (
            "INSERT INTO outbox.message (id, organisation_id, application_id, kind, vin, body, next_attempt_at,"
            " created_at) VALUES (%s, %s, %s, 'add_title', 'TESTVIN', '{}', %s, %s)",
            [made, clerk.organisation_id, application, AT, AT],
        ),
    )
    return made
