"""A jurisdiction's program at the exchange's desks, with a key that was issued to it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
from django.http import HttpResponse
from django.test import Client

from vinculum.access import service
from vinculum.config.scratch import ScratchDatabases
from vinculum.entrypoints.exchange.admission import issue_key


class Program:
    """A jurisdiction's program at the desks."""

    def __init__(self, secret: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {secret}"}, raise_request_exception=False)

    def get(self, path: str, **query: str) -> HttpResponse:
        return self.client.get(f"/exchange/v1/desks{path}", query)

    def post(self, path: str, said: Any = None, *, key: UUID | str | None = None) -> HttpResponse:
        body = said if isinstance(said, bytes) else json.dumps(said or {})
        headers = {} if key is None else {"Idempotency-Key": str(key)}
        where = f"/exchange/v1/desks{path}"
        return self.client.post(where, body, content_type="application/json", headers=headers)

    def done(self, path: str, said: Any = None, *, key: UUID | None = None) -> Any:
        answer = self.post(path, said, key=key)
        assert answer.status_code < 300, answer.content
        return json.loads(answer.content) if answer.content else None

    def seen(self, path: str, **query: str) -> Any:
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.content
        return json.loads(answer.content)


def program(databases: ScratchDatabases, code: str, *acts: str) -> Program:
    """A new program of the jurisdiction, for these desks or for all."""
    with psycopg.connect(databases.admin_national_url) as connection:
        row = connection.execute(
            "SELECT id FROM access.organisation WHERE kind = 'jurisdiction' AND code = %s", (code,)
        ).fetchone()
    assert row is not None
    issued = issue_key(
        service.actor(),
        door="desks",
        organisation_id=row[0],
        client=f"desk {uuid4()}",
        expires_at=datetime.now(UTC) + timedelta(days=1),
        live=False,
        acts=acts,
    )
    return Program(issued.secret)


def codes(refused: HttpResponse, status: int = 422) -> set[str]:
    """The codes of a refusal."""
    assert refused.status_code == status, refused.content
    return {one["code"] for one in json.loads(refused.content)["refusals"]}
