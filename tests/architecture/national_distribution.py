"""A linter of the national database: may its tables and statements be distributed by hash of the VIN? (Citus)

It reads the migrated tables from the catalogue and the statements from the source. Which tables are distributed
and which are not is declared in `vinculum.national.records.distribution`.
"""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from vinculum.national.records.distribution import (
    COORDINATOR_TABLES,
    DISTRIBUTED_TABLES,
    REFERENCE_TABLES,
    STAGING_TABLES,
)

# Their value differs from one worker to the next, or from one try to the next.
_VOLATILE = re.compile(
    r"\b(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday|random|gen_random_uuid|uuidv7"
    r"|uuidv4|nextval|currval|lastval|setval)\s*\(|\bcurrent_(timestamp|date|time)\b|\blocaltime(stamp)?\b",
    flags=re.IGNORECASE,
)
_CHANGES = re.compile(
    r"\bUPDATE\s+(exchange\.)?\w+\s.*?\bSET\b|\bMERGE\s+INTO\b|\bDO\s+UPDATE\b", re.I | re.S
)
_ROW_LOCK = re.compile(r"\bFOR\s+(NO\s+KEY\s+)?UPDATE\b|\bFOR\s+(KEY\s+)?SHARE\b", re.I)
_VIN_IS = re.compile(r"\bvin\s*(=|IN\b)", re.I)
# A part of a statement (WITH … AS) that changes rows, and of which table.
_CHANGING_PART = re.compile(
    r"\bAS\s+(?:NOT\s+)?(?:MATERIALIZED\s+)?\(\s*"
    r"(INSERT\s+INTO|UPDATE|DELETE\s+FROM|MERGE\s+INTO)\s+(?:ONLY\s+)?(?:exchange\.|staging\.)?(\w+)",
    flags=re.IGNORECASE,
)
_SQL = re.compile(r"^\s*(WITH|SELECT|INSERT|UPDATE|DELETE|MERGE)\b", re.I)


@dataclass(frozen=True, slots=True)
class Declared:
    """Which tables are which."""

    distributed: frozenset[str] = DISTRIBUTED_TABLES
    reference: frozenset[str] = REFERENCE_TABLES
    coordinator: frozenset[str] = COORDINATOR_TABLES


def faults_of_tables(
    connection: psycopg.Connection[Any], *, schema: str = "exchange", declared: Declared | None = None
) -> Iterator[str]:
    """Everything about the tables of the schema that a distributed database would not take."""
    declared = declared or Declared()
    tables = {row[0] for row in connection.execute(_TABLES, (schema,))}
    known = declared.distributed | declared.reference | declared.coordinator
    yield from (f"{table}: not declared" for table in sorted(tables - known))
    for table, index, first, on_expression, counted in connection.execute(_KEYS, (schema,)):
        if table not in declared.distributed:
            continue
        if on_expression:
            yield f"{table}: {index} is unique on an expression"
        elif first != "vin":
            yield f"{table}: {index} does not begin with vin"
        if counted:
            yield f"{table}: {index} rests on a sequence"
    keyed = {row[0] for row in connection.execute(_KEYS, (schema,))}
    yield from (f"{table}: has no key" for table in sorted(tables - keyed))
    for table, column, data_type, collation in connection.execute(_COLUMNS, (schema,)):
        if column == "vin" and data_type != "text" and table in declared.distributed:
            yield f"{table}: vin is {data_type}"
        if data_type in {"text", "character varying"} and collation != "C" and table in declared.distributed:
            yield f"{table}: {column} is not of collation C"
    for table, trigger in connection.execute(_TRIGGERS, (schema,)):
        if table in declared.distributed:
            yield f"{table}: trigger {trigger}"
    yield from _faults_of_references(connection, schema=schema, declared=declared)


def _faults_of_references(
    connection: psycopg.Connection[Any], *, schema: str, declared: Declared
) -> Iterator[str]:
    for table, target, constraint, columns, target_columns in connection.execute(_REFERENCES, (schema,)):
        together = columns[:1] == target_columns[:1] == ["vin"]
        if table in declared.distributed:
            colocated = target in declared.distributed and together
            if target not in declared.reference and not colocated:
                yield f"{table}: {constraint} refers to {target}, which is elsewhere"
        elif target in declared.distributed:
            yield f"{table}: {constraint} refers to {target}, which is distributed"


def faults_of_statement(statement: str, *, declared: Declared | None = None) -> Iterator[str]:
    """Everything about one SQL statement that a distributed database would not take."""
    declared = declared or Declared()
    named = set(re.findall(r"\bexchange\.(\w+)", statement))
    if _CHANGES.search(statement) and named & (declared.distributed | declared.reference):
        for found in sorted({match.group(0) for match in _VOLATILE.finditer(_without_insert(statement))}):
            yield f"volatile {found.strip('( ')} in a change"
    if _ROW_LOCK.search(statement) and named & declared.distributed and not _VIN_IS.search(statement):
        yield "rows locked without an equality on vin"
    if re.search(r"\bUPDATE\s+exchange\.\w+.*\bSET\s+\(?[^=]*\bvin\b\s*[,=)]", statement, re.I | re.S):
        targets = {match.lower() for match in re.findall(r"UPDATE\s+exchange\.(\w+)", statement, re.I)}
        if targets & declared.distributed:
            yield "vin is updated"
    # What a statement fills may lie elsewhere than what it reads; what it reads together must lie together.
    read = named - {
        match.lower() for match in re.findall(r"^\s*INSERT\s+INTO\s+exchange\.(\w+)", statement, re.I)
    }
    if read & declared.distributed and read & declared.coordinator:
        yield "tables of workers and of the coordinator in one statement"


def faults_of_parts(statement: str, *, declared: Declared | None = None) -> Iterator[str]:
    """Parts of a statement that a distributed database does not hand to the worker whole, but does one by one."""
    declared = declared or Declared()
    everywhere = declared.distributed | set(STAGING_TABLES)
    for verb, table in _CHANGING_PART.findall(statement):
        kind = verb.split()[0].upper()
        if kind in {"INSERT", "MERGE"} and table in everywhere | declared.reference:
            yield f"{kind} into {table} in a part of a statement"
        elif table in declared.reference:
            yield f"{kind} of the reference table {table} in a part of a statement"
        elif table in declared.coordinator and everywhere & set(re.findall(r"\w+", statement)):
            yield f"{kind} of {table}, which is on the coordinator, in a part of a statement about vehicles"


def assembled_strings(package: str) -> Iterator[tuple[str, str]]:
    """Every string that a module of the package keeps under a name, put together as it is when it runs."""
    root = importlib.import_module(package)
    names = [package, *(found.name for found in pkgutil.walk_packages(root.__path__, f"{package}."))]
    for name in names:
        if ".migrations." in name:
            continue
        for place, value in vars(importlib.import_module(name)).items():
            if isinstance(value, str) and not place.startswith("__"):
                yield f"{name}.{place}", value


def strings_of(source: Path) -> Iterator[tuple[str, str]]:
    """Every string that is written in the Python files of a folder, and every migration: file and line, text."""
    for path in sorted(source.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            text = _text_of(node)
            if text is not None:
                yield f"{path.name}:{getattr(node, 'lineno', 0)}", text
    for path in sorted(source.rglob("*.up.sql")):
        yield path.name, path.read_text(encoding="utf-8")


def _without_insert(statement: str) -> str:
    """Of an INSERT with ON CONFLICT DO UPDATE, what follows SET: values of new rows are made before routing."""
    if re.match(r"\s*INSERT\b", statement, re.I):
        return re.split(r"\bDO\s+UPDATE\b", statement, maxsplit=1, flags=re.I)[-1]
    return statement


def statements_of(source: Path) -> Iterator[tuple[str, int, str]]:
    """Every SQL statement written in the Python files of a folder: file, line, text (gaps of f-strings as `?`)."""
    for path in sorted(source.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inside = {
            id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values
        }
        for node in ast.walk(tree):
            text = _text_of(node) if id(node) not in inside else None
            if text is not None and _SQL.match(text):
                yield path.name, getattr(node, "lineno", 0), text


def _text_of(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "?" for part in node.values)
    return None


_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = %s"
_KEYS = """
SELECT c.relname, ic.relname, a.attname, i.indexprs IS NOT NULL,
       EXISTS (SELECT 1 FROM pg_attribute k LEFT JOIN pg_attrdef d ON d.adrelid = k.attrelid AND d.adnum = k.attnum
                WHERE k.attrelid = c.oid AND k.attnum = ANY (i.indkey)
                  AND (k.attidentity <> '' OR pg_get_expr(d.adbin, d.adrelid) LIKE 'nextval(%%'))
  FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class ic ON ic.oid = i.indexrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
 WHERE n.nspname = %s AND i.indisunique ORDER BY 1, 2"""
_COLUMNS = """
SELECT table_name, column_name, data_type, collation_name FROM information_schema.columns
 WHERE table_schema = %s ORDER BY 1, ordinal_position"""
_TRIGGERS = """
SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %s AND NOT t.tgisinternal ORDER BY 1, 2"""
_REFERENCES = """
SELECT c.relname, f.relname, k.conname,
       ARRAY(SELECT a.attname FROM unnest(k.conkey) WITH ORDINALITY u (num, place)
               JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.num ORDER BY place)::text[],
       ARRAY(SELECT a.attname FROM unnest(k.confkey) WITH ORDINALITY u (num, place)
               JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.num ORDER BY place)::text[]
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace WHERE k.contype = 'f' AND n.nspname = %s ORDER BY 1, 3"""
