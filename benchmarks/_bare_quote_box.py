"""The peer of the quote box: the very statements of one quote and its finished bytes, behind Starlette and pools.

No session, permission, form, rule or template: the statements were written down while the product answered once.
"""

import os
import pickle
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from psycopg_pool import AsyncConnectionPool
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

_KEPT = Path(os.environ.get("VINCULUM_BENCH_STATEMENTS", "/dev/null"))
# By transaction: the database, then each statement with its values.
_transactions, _page = pickle.loads(_KEPT.read_bytes()) if _KEPT.is_file() else ([], b"")
_pools = {
    name: AsyncConnectionPool(os.environ[address], min_size=8, max_size=8, open=False)
    for name, address in (("state", "DATABASE_URL"), ("national", "NATIONAL_DATABASE_URL"))
}


async def _quote(request: Request) -> Response:
    await request.body()
    for database, statements in _transactions:
        async with _pools[database].connection() as connection:
            for statement, values in statements:
                cursor = await connection.execute(statement, _anew(values))
                if cursor.description is not None:
                    await cursor.fetchall()
    return Response(_page, media_type="text/html")


def _anew(values: Any) -> Any:
    """The same values; a line in the inquiry log gets an id of its own."""
    is_logged = isinstance(values, dict) and "inquiry_id" in values
    return values | {"inquiry_id": uuid4()} if is_logged else values


async def _healthz(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("ok")


@asynccontextmanager
async def _lifespan(_app: Starlette) -> AsyncIterator[None]:
    for pool in _pools.values():
        await pool.open(wait=True)
    yield
    for pool in _pools.values():
        await pool.close()


application = Starlette(
    routes=[Route("/quote", _quote, methods=["POST"]), Route("/healthz", _healthz)], lifespan=_lifespan
)
