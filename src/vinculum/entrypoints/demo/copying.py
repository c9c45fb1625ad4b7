"""Loading a population as the owner of the tables, by COPY, before anybody works in the house.

The walls of the book are for those who act in it: row-level security refuses COPY, and auditing each converted
row would record the same conversion a million times. So the owner lowers them for this one transaction and
raises them again in it; every fact still names its conversion entry. Foreign keys and checks stay up.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice

import psycopg
from psycopg import sql

_ROWS_AT_ONCE = 2000
Row = tuple[object, ...]


@contextmanager
def lowered_walls(connection: psycopg.Connection, tables: Iterable[str]) -> Iterator[None]:
    """Inside: no row-level security for the owner and no triggers on these tables."""
    names = [sql.Identifier(*table.split(".")) for table in tables]
    connection.execute("SET LOCAL ROLE vinculum_owner")
    for name in names:
        connection.execute(sql.SQL("ALTER TABLE {} NO FORCE ROW LEVEL SECURITY").format(name))
        connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(name))
    yield
    for name in names:
        connection.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(name))
        connection.execute(sql.SQL("ALTER TABLE {} FORCE ROW LEVEL SECURITY").format(name))


def copy_rows(connection: psycopg.Connection, table: str, columns: str, rows: Iterable[Row]) -> int:
    """COPY the rows in; answers how many. Values are our own words and never hold tabs or backslashes."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(*table.split(".")), sql.SQL(", ").join(map(sql.Identifier, columns.split()))
    )
    count = 0
    waiting = iter(rows)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        while block := list(islice(waiting, _ROWS_AT_ONCE)):
            copy.write("".join(map(_line, block)))
            count += len(block)
    return count


def _line(row: Row) -> str:
    return "\t".join("\\N" if value is None else str(value) for value in row) + "\n"
