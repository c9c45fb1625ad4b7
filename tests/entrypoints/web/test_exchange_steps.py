"""Acts of the exchange's pages that are asked once more: a month without a vehicle, what wants the second factor."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from both_systems import National
from exchange_people import signed_in_person
from people import World
from signed_in import client_of
from vinculum.access import service
from vinculum.access.database import Actor
from vinculum.access.vouching import at_the_exchange
from vinculum.national.casework import reporters

pytestmark = pytest.mark.database


def registered_yard(world: World) -> Actor:
    """Somebody of a yard that was registered seventy days ago and has reported nothing."""
    person = signed_in_person(world, "jsi_reporter", "reporter")
    code, name = person.organisation_code, person.organisation_name
    known = at_the_exchange(person, kind="reporter", code=code, name=name)
    reporters.register(
        organisation_id=known.organisation_id,
        kind="salvage_yard",
        name="Fictional Salvage Yard",
        state="CT",
        actor=service.actor(),
        at=datetime.now(UTC) - timedelta(days=70),
    )
    return person


def test_a_month_without_a_vehicle_is_asked_once_more(world: World, national: National) -> None:
    """N-801: one press shows the question; only the answer to it accounts for the month."""
    yard = client_of(registered_yard(world))
    last_month = (datetime.now(UTC).date().replace(day=1) - timedelta(days=1)).replace(day=1)
    home = yard.get(reverse("jsi_home")).content.decode()
    address = f"{reverse('jsi_nothing')}?month={last_month}"
    assert address in home
    assert f'action="{reverse("jsi_nothing")}"' not in home
    question = yard.get(address).content.decode()
    assert f"Yes, nothing to report for {last_month:%B %Y}" in question
    assert address in yard.get(reverse("jsi_home")).content.decode()
    done = yard.post(reverse("jsi_nothing"), {"month": str(last_month)}, follow=True).content.decode()
    assert f"Nothing to report for {last_month:%B %Y}" in done
    assert address not in done


@pytest.mark.parametrize("month", ["", "x", "2026-10-02", "1800-01-01", str(date.max)])
def test_what_is_no_month_is_refused(world: World, national: National, month: str) -> None:
    """N-801: neither the question nor the answer is about something that is no month."""
    yard = client_of(registered_yard(world))
    for answer in (
        yard.get(reverse("jsi_nothing"), {"month": month}),
        yard.post(reverse("jsi_nothing"), {"month": month}),
    ):
        assert answer.status_code == 422


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("exchange_register_reporter", {}),
        ("exchange_decide_finding", {"vin": "1HGCM82633A004352", "finding_id": uuid4()}),
    ],
)
def test_second_factor_first(
    world: World, national: National, name: str, arguments: dict[str, object]
) -> None:
    """security.md: a reporter is registered and a finding decided only by who has just shown the second factor."""
    desk = client_of(signed_in_person(world, "help_desk", "association", "ASSOC"))
    answer = desk.post(reverse(name, kwargs=arguments), {"code": "X"})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("mfa_reauthenticate"))
