"""Every role at every operation of the API: let in exactly where the permission table says so."""

import re
from uuid import uuid4

import pytest

from lot import Lot
from people import World
from program import Program, issue_key
from vinculum.access.permissions import PERMISSIONS, PUBLIC_ACTS
from vinculum.entrypoints.api.door import api

pytestmark = pytest.mark.database
# Roles that programs act in: an administrator's acts and the program's own are never a key's.
ROLES = (
    "dealer_clerk",
    "dealer_manager",
    "dmv_examiner",
    "title_clerk",
    "help_desk",
    "tax_collector",
    "assessor",
    "association_accountant",
    "exchange_program",
)
OPERATIONS = sorted(
    (method, path, operation.auth_callbacks[0].act)
    for router in api._get_bound_routers()
    for path, view in router.path_operations.items()
    for operation in view.operations
    for method in operation.methods
)
# What an operation needs beside its path to be understood at all.
QUERIES = {
    "find_customer": {"kind": "ct_licence", "number": "1", "case_reference": "matrix"},
    **{
        act: {"purpose": "government_agency", "case_reference": "matrix"}
        for act in ("show_customer_story", "show_vehicle_story", "show_title_story")
    },
}


def _organisation(world: World, lot: Lot, role: str) -> object:
    if role.startswith("dealer"):
        return lot.dealer.organisation_id
    if role in ("tax_collector", "assessor"):
        return world.collector("064").organisation_id
    if role in ("association_accountant", "exchange_program"):
        return world.accountant().organisation_id
    return world.examiner().organisation_id


@pytest.mark.parametrize("role", ROLES)
def test_role_at_every_operation(world: World, lot: Lot, role: str) -> None:
    """A key with all acts of its role is let in by the table alone; a stranger's thing is absent, not forbidden."""
    program = Program(
        issue_key(world.administrator(), organisation_id=_organisation(world, lot, role), role=role)
    )
    for method, path, act in OPERATIONS:
        address = re.sub(r"{uuid\w*:\w+}", str(uuid4()), path)
        address = re.sub(r"{\w+}", "1HGCY1F37PA000001", address)
        response = (
            program.get(address, QUERIES.get(act))
            if method == "GET"
            else program.post(address, {"reason": "x"})
        )
        permitted = act in PERMISSIONS[role] or act in PUBLIC_ACTS
        assert (response.status_code != 403) == permitted, (role, method, path, response.status_code)
        assert response.status_code < 500, (role, method, path, response.content)
