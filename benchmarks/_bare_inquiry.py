"""The peer of P-3: the exchange's own SQL behind Starlette and a psycopg pool, without key, permission or log."""

import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from psycopg_pool import AsyncConnectionPool
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from vinculum.national.records.vehicle import READ_BUNDLE

_pool = AsyncConnectionPool(
    os.environ["NATIONAL_DATABASE_URL"], min_size=8, max_size=8, open=False, kwargs={"autocommit": True}
)


async def _inquiry(request: Request) -> JSONResponse:
    asked = json.loads(await request.body())
    async with _pool.connection() as connection:
        row = await (await connection.execute(READ_BUNDLE, {"vin": asked["vin"]})).fetchone()
    assert row is not None
    return JSONResponse(row[0])


async def _healthz(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("ok")


@asynccontextmanager
async def _lifespan(_app: Starlette) -> AsyncIterator[None]:
    await _pool.open(wait=True)
    yield
    await _pool.close()


application = Starlette(
    routes=[Route("/inquiry", _inquiry, methods=["POST"]), Route("/healthz", _healthz)], lifespan=_lifespan
)
