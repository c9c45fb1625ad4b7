"""A data change that its owner carries out by batch file: found where it took effect, chosen on the page (N-704)."""

import re
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from batch_room import BatchRoom, add
from counter import new_vin
from django.urls import reverse

from both_systems import world
from exchange_people import known_person, signed_in_person
from people import World
from signed_in import client_of
from vinculum.kernel.refusal import Refused
from vinculum.national.casework import data_changes
from vinculum.national.records.roster import forget_roster
from vinculum.national.transactions import admit_jurisdiction

__all__ = ["world"]

pytestmark = pytest.mark.database
# A state of this file's own, by batch.
OWNER = "ID"


def test_a_file_carries_a_change_out(room: BatchRoom, world: World) -> None:
    """N-704, N-104: a record of a file has no message; its title counts as the owner's update, chosen by its day."""
    now = datetime.now(UTC)
    with psycopg.connect(room.url) as connection:
        admit_jurisdiction.run(OWNER, mode=3, at=now, connection=connection)
    forget_roster()
    vin = new_vin()
    room.done(room.written("VINADD", [add(vin, "ID1")], state=OWNER), state=OWNER, at=now - timedelta(days=2))
    desk = known_person(world, "help_desk", "association", "ASSOC")
    request_id = data_changes.propose(
        vin=vin, owners=(OWNER,), change="The year is 2022.", evidence="Letter 7", actor=desk, at=now
    )
    key = {"vin": vin, "request_id": request_id}
    owner = known_person(world, "title_clerk", "jurisdiction", OWNER)
    data_changes.decide(**key, approve=True, words="We looked.", actor=owner, at=now)
    clerk = client_of(signed_in_person(world, "title_clerk", "jurisdiction", OWNER))
    address = reverse("exchange_change", kwargs=key)
    assert "No accepted update of this VIN" in clerk.get(address).content.decode(), "the title came before"

    later = add(vin, "ID1") | {"old_title_number": "ID1", "model_year": 2022}
    file = room.done(room.written("VINMOD", [later], state=OWNER), state=OWNER, at=now + timedelta(minutes=5))
    assert file.records_valid == 1, room.messages(file)
    page = clerk.get(address).content.decode()
    (choice,) = re.findall(rf'<option value="({OWNER} [0-9a-f-]+)">Idaho, [^<]+: a title by file<', page)
    act = reverse("exchange_act_on_change", kwargs=key)
    assert clerk.post(act, {"act": "carry_out"}).status_code == 422
    assert clerk.post(act, {"act": "carry_out", "update": choice}).status_code == 302
    done = data_changes.show(**key, actor=desk)
    assert (done.standing, done.carried_out_by) == ("carried_out", OWNER)

    other = data_changes.propose(
        vin=vin, owners=("NY",), change="Another.", evidence="Letter 8", actor=desk, at=now
    )
    new_york = known_person(world, "title_clerk", "jurisdiction", "NY")
    data_changes.decide(vin=vin, request_id=other, approve=True, words="Yes.", actor=new_york, at=now)
    assert done.message_id is not None
    with pytest.raises(Refused, match="No accepted update"):
        data_changes.carry_out(
            vin=vin, request_id=other, origin=OWNER, message_id=done.message_id, actor=desk, at=now
        )
