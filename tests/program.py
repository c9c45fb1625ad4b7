"""A dealer's program at the API: keys issued to it, requests sent as it would send them.

program = Program(lot)                       # a key with every act of a clerk
program.post("/registrations", deal_of(lot))  # answers the response of the test client
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.test import Client

from lot import Lot, key
from vinculum.access import keys
from vinculum.access.database import Actor
from vinculum.access.permissions import PERMISSIONS
from vinculum.state.casework.deal_json import dump_deal
from vinculum.state.law.deal import Deal


def issue_key(
    manager: Actor, *, organisation_id: UUID, role: str = "dealer_clerk", scopes: tuple[str, ...] = ()
) -> str:
    """A new key of a program; every act of the role unless scopes are said."""
    issued = keys.issue(
        manager,
        client=f"program {uuid4()}",
        organisation_id=organisation_id,
        role=role,
        scopes=scopes or tuple(PERMISSIONS[role]),
        expires_at=datetime.now(UTC) + timedelta(days=30),
        live=False,
    )
    return issued.secret


class Program:
    """A program with a key."""

    def __init__(self, secret: str, *, terminal: str = "") -> None:
        self.secret = secret
        self.terminal = terminal
        self.client = Client(raise_request_exception=False)

    def get(self, path: str, query: Mapping[str, Any] | None = None) -> HttpResponse:
        """GET under /api/v1."""
        return self.client.get(f"/api/v1{path}", query or {}, headers=self._headers())

    def post(
        self, path: str, document: Any = None, *, idempotency_key: str | None = None, **headers: str
    ) -> HttpResponse:
        """POST JSON under /api/v1, with a new idempotency key unless one is said."""
        return self.client.post(
            f"/api/v1{path}",
            data=document if isinstance(document, str | bytes) else json.dumps(document),
            content_type="application/json",
            headers={"Idempotency-Key": idempotency_key or key(), **self._headers(), **headers},
        )

    def _headers(self) -> dict[str, str]:
        given = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        return given | ({"X-Terminal": self.terminal} if self.terminal else {})


def program_of(lot: Lot, *, scopes: tuple[str, ...] = (), terminal: str = "") -> Program:
    """A program of the lot's dealer."""
    secret = issue_key(lot.dealer.manager, organisation_id=lot.dealer.organisation_id, scopes=scopes)
    return Program(secret, terminal=terminal)


def wire(deal: Deal) -> dict[str, Any]:
    """The deal as it travels."""
    return dump_deal(deal)


def codes(response: HttpResponse) -> set[str]:
    """The codes of the refusals of a problem document."""
    assert response["Content-Type"] == "application/problem+json", response.content
    return {refusal["code"] for refusal in json.loads(response.content)["refusals"]}
