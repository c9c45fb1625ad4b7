"""The permission table: one in Python, the same in the database, the same in the documentation."""

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import yaml

from vinculum.access import permissions
from vinculum.access.database import Actor
from vinculum.access.permissions import ACTS, PERMISSIONS, ROLE_KINDS, Forbidden, Relation, require
from vinculum.config.scratch import ScratchDatabases

_ROOT = Path(__file__).resolve().parents[2]


def _somebody(role: str, *, scopes: tuple[str, ...] = ()) -> Actor:
    return Actor(
        person_id=uuid4(),
        person_name="Somebody Testperson",
        organisation_id=uuid4(),
        organisation_kind="dealer",
        organisation_code="X",
        organisation_name="X",
        role=role,
        credential="none",
        scopes=scopes,
    )


@pytest.mark.parametrize("role", sorted(PERMISSIONS))
def test_every_pair_is_decided(role: str) -> None:
    """Each role has each act of its row and is forbidden every other."""
    assert set(PERMISSIONS[role]) <= set(ACTS)
    for act in ACTS:
        relation = PERMISSIONS[role].get(act)
        if relation is None:
            with pytest.raises(Forbidden):
                require(_somebody(role), act)
        else:
            assert require(_somebody(role), act) is relation


def test_unknown_role_and_act() -> None:
    """A role that is not in the table may nothing; an act that is not in it is a programming error."""
    for act in ACTS:
        with pytest.raises(Forbidden):
            require(_somebody("somebody_new"), act)
    with pytest.raises(permissions.UnknownAct):
        require(_somebody("system"), "delete_everything")


def test_scopes_narrow_and_never_widen() -> None:
    """A key's scopes take acts of its role away and add none."""
    key = _somebody("dealer_clerk", scopes=("register_vehicle", "verify_audit"))
    assert require(key, "register_vehicle") is Relation.OWN
    for act in ("void_registration", "verify_audit"):
        with pytest.raises(Forbidden):
            require(key, act)
        assert not permissions.may(key, act)
    assert permissions.may(replace(key, scopes=()), "void_registration")


def test_nobody_but_the_program_signs_people_in() -> None:
    """Opening sessions is the sign-in desk's act alone, and no dealer or town sees a person's story."""
    assert {role for role in PERMISSIONS if "open_session" in PERMISSIONS[role]} == {"system"}
    for act in ("show_customer_story", "show_title_story", "keep_customer", "add_stock", "verify_audit"):
        assert not {"dealer_clerk", "dealer_manager", "tax_collector", "assessor"} & {
            role for role in PERMISSIONS if act in PERMISSIONS[role]
        }


@pytest.mark.database
def test_database_has_the_same_table(databases: ScratchDatabases) -> None:
    """access.permission and access.role_kind are the tables of permissions.py."""
    with psycopg.connect(databases.admin_state_url) as connection:
        in_database = set(connection.execute("SELECT role, act, relation FROM access.permission").fetchall())
        kinds = set(connection.execute("SELECT role, organisation_kind FROM access.role_kind").fetchall())
    assert in_database == {
        (role, act, str(relation)) for role, acts in PERMISSIONS.items() for act, relation in acts.items()
    }
    assert kinds == {(role, kind) for role, of_role in ROLE_KINDS.items() for kind in of_role}
    assert set(ROLE_KINDS) == set(PERMISSIONS)


@pytest.mark.database
def test_database_has_the_jurisdictions_purposes(databases: ScratchDatabases) -> None:
    """access.purpose is purposes.yaml: 18 U.S.C. 2721(b), purpose by kind of organisation."""
    text = (_ROOT / "jurisdictions/ct/purposes.yaml").read_text(encoding="utf-8")
    wanted = {
        (code, kind, purpose["citation"])
        for code, purpose in yaml.safe_load(text)["purposes"].items()
        for kind in purpose["organisation_kinds"]
    }
    with psycopg.connect(databases.admin_state_url) as connection:
        rows = connection.execute("SELECT code, organisation_kind, citation FROM access.purpose").fetchall()
    assert set(rows) == wanted


def test_documentation_is_fresh() -> None:
    """docs/permissions.md is what the table says today."""
    written = (_ROOT / "docs/permissions.md").read_text(encoding="utf-8")
    assert written == permissions.permission_page(), (
        "run: python -m vinculum.access.permissions > docs/permissions.md"
    )
