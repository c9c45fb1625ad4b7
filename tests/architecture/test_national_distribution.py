"""The national database may be distributed by VIN: tables and statements are linted, each check has its breach."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from national_distribution import (
    Declared,
    assembled_strings,
    faults_of_parts,
    faults_of_statement,
    faults_of_tables,
    statements_of,
    strings_of,
)

from vinculum.config.scratch import ScratchDatabases
from vinculum.national.records import distribution

ROOT = Path(__file__).resolve().parents[2]
NATIONAL = ROOT / "src/vinculum/national"
TRIAL = Declared(
    distributed=frozenset({"sound", "other"}), reference=frozenset({"code"}), coordinator=frozenset({"file"})
)
# Statements that may change rows in one of their parts all the same, each with its reason. There is none.
MAY_CHANGE_IN_A_PART: dict[str, str] = {}
SOUND = """
CREATE TABLE trial.code (code text COLLATE "C" PRIMARY KEY);
CREATE TABLE trial.sound (vin text COLLATE "C", entry uuid, code text COLLATE "C" REFERENCES trial.code,
    PRIMARY KEY (vin, entry));
CREATE TABLE trial.other (vin text COLLATE "C", entry uuid, PRIMARY KEY (vin, entry),
    CONSTRAINT other_sound FOREIGN KEY (vin, entry) REFERENCES trial.sound);
CREATE TABLE trial.file (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text);
"""
# What is done to the sound tables, and what the linter must say of it.
BREACHES = {
    "no vin in a unique constraint": (
        "ALTER TABLE trial.sound ADD CONSTRAINT sound_entry UNIQUE (entry)",
        "sound: sound_entry does not begin with vin",
    ),
    "vin not first": (
        "ALTER TABLE trial.sound ADD CONSTRAINT sound_turned UNIQUE (entry, vin)",
        "sound: sound_turned does not begin with vin",
    ),
    "unique on an expression": (
        "CREATE UNIQUE INDEX sound_lower ON trial.sound (vin, lower(code))",
        "sound: sound_lower is unique on an expression",
    ),
    "sequence in a key": (
        "ALTER TABLE trial.sound ADD number bigint GENERATED ALWAYS AS IDENTITY;"
        " ALTER TABLE trial.sound ADD CONSTRAINT sound_number UNIQUE (vin, number)",
        "sound: sound_number rests on a sequence",
    ),
    "serial in a key": (
        "ALTER TABLE trial.sound ADD number bigserial;"
        " ALTER TABLE trial.sound ADD CONSTRAINT sound_serial UNIQUE (vin, number)",
        "sound: sound_serial rests on a sequence",
    ),
    "no key at all": (
        "ALTER TABLE trial.other DROP CONSTRAINT other_pkey",
        "other: has no key",
    ),
    "another collation": (
        "ALTER TABLE trial.sound ADD note text",
        "sound: note is not of collation C",
    ),
    "another type of vin": (
        "ALTER TABLE trial.other DROP CONSTRAINT other_sound;"
        ' ALTER TABLE trial.other ALTER vin TYPE varchar(30) COLLATE "C"',
        "other: vin is character varying",
    ),
    "a trigger": (
        "CREATE TRIGGER watch BEFORE UPDATE ON trial.sound FOR EACH ROW"
        " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "sound: trigger watch",
    ),
    "a reference across shards": (
        "ALTER TABLE trial.sound ADD CONSTRAINT sound_entry UNIQUE (entry);"
        " ALTER TABLE trial.other ADD CONSTRAINT other_entry FOREIGN KEY (entry)"
        " REFERENCES trial.sound (entry)",
        "other: other_entry refers to sound, which is elsewhere",
    ),
    "a reference out of the coordinator": (
        "ALTER TABLE trial.sound ADD file bigint CONSTRAINT sound_file REFERENCES trial.file",
        "sound: sound_file refers to file, which is elsewhere",
    ),
    "a reference table that refers to vehicles": (
        "ALTER TABLE trial.code ADD vin text, ADD entry uuid,"
        " ADD CONSTRAINT code_sound FOREIGN KEY (vin, entry) REFERENCES trial.sound",
        "code: code_sound refers to sound, which is distributed",
    ),
    "a table that nobody declared": (
        "CREATE TABLE trial.stray (vin text PRIMARY KEY)",
        "stray: not declared",
    ),
}


@pytest.fixture
def catalogue(databases: ScratchDatabases) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(databases.admin_national_url) as connection:
        yield connection
        connection.rollback()


@pytest.mark.database
def test_tables_may_be_distributed(catalogue: psycopg.Connection[Any]) -> None:
    """Every national table begins its keys with the VIN, or is declared to live elsewhere; nothing forbids a shard."""
    assert list(faults_of_tables(catalogue)) == []
    declared = distribution.DISTRIBUTED_TABLES | distribution.REFERENCE_TABLES
    present = {
        row[0] for row in catalogue.execute("SELECT tablename FROM pg_tables WHERE schemaname='exchange'")
    }
    assert declared <= present


@pytest.mark.database
@pytest.mark.parametrize("breach", BREACHES)
def test_breach_of_a_table_is_seen(catalogue: psycopg.Connection[Any], breach: str) -> None:
    """Each check of tables fails when what it forbids is done."""
    catalogue.execute("CREATE SCHEMA trial")
    catalogue.execute(SOUND)
    assert list(faults_of_tables(catalogue, schema="trial", declared=TRIAL)) == []
    done, said = BREACHES[breach]
    catalogue.execute(done)
    assert said in list(faults_of_tables(catalogue, schema="trial", declared=TRIAL))


def test_statements_may_be_distributed() -> None:
    """No volatile function in a change, no row lock without its VIN, no VIN that is updated."""
    statements = list(statements_of(NATIONAL))
    assert len(statements) > 15
    found = [
        f"{file}:{line}: {fault}"
        for file, line, statement in statements
        for fault in faults_of_statement(statement)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE exchange.notice SET acknowledged_at = now() WHERE vin = %s", "volatile now in a change"),
        (
            "UPDATE exchange.theft SET cleared_at = CURRENT_TIMESTAMP WHERE vin = %s",
            "volatile CURRENT_TIMESTAMP",
        ),
        (
            "UPDATE exchange.pointer SET entry_id = gen_random_uuid() WHERE vin = %s",
            "volatile gen_random_uuid",
        ),
        (
            "INSERT INTO exchange.pointer (vin) VALUES (%s) ON CONFLICT (vin) DO UPDATE SET n = random()",
            "random",
        ),
        (
            "MERGE INTO exchange.pointer p USING x ON x.vin = p.vin WHEN MATCHED THEN UPDATE SET n = nextval('s')",
            "next",
        ),
        (
            "WITH a AS (UPDATE exchange.pointer p SET n = clock_timestamp() RETURNING vin) SELECT 1",
            "clock_timestamp",
        ),
        ("SELECT 1 FROM exchange.pointer WHERE title_number = %s FOR UPDATE", "rows locked without"),
        ("UPDATE exchange.pointer SET vin = %s WHERE vin = %s", "vin is updated"),
        (
            "SELECT 1 FROM exchange.pointer AS p JOIN exchange.jsi_report AS j ON j.vin = p.vin",
            "workers and of the coordinator",
        ),
    ],
)
def test_breach_of_a_statement_is_seen(statement: str, fault: str) -> None:
    """Each check of statements fails when what it forbids is written."""
    assert any(fault in found for found in faults_of_statement(statement))


def test_parts_of_statements_may_be_distributed() -> None:
    """No INSERT in a part of a statement, which the coordinator would have to do apart from the rest."""
    texts = {**dict(strings_of(NATIONAL)), **dict(assembled_strings("vinculum.national"))}
    assert any("INSERT INTO exchange.inquiry_log" in text for text in texts.values())
    faulty = {place for place, text in texts.items() if list(faults_of_parts(text))}
    assert faulty == set(MAY_CHANGE_IN_A_PART)
    assert all(MAY_CHANGE_IN_A_PART.values())


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        (
            "WITH b AS (SELECT 1), l AS (\n INSERT INTO exchange.inquiry_log (vin) SELECT %s FROM b) SELECT 1",
            "INSERT into inquiry_log",
        ),
        (
            "WITH l AS MATERIALIZED (INSERT INTO staging.verdict (vin) VALUES (%s)) SELECT 1",
            "INSERT into verdict",
        ),
        ("WITH m AS (MERGE INTO exchange.pointer AS p USING x ON true) SELECT 1", "MERGE into pointer"),
        (
            "WITH j AS (UPDATE exchange.jurisdiction SET grace_days = 7) SELECT 1 FROM exchange.pointer",
            "UPDATE of the reference table jurisdiction",
        ),
        (
            "WITH f AS (DELETE FROM exchange.batch_file RETURNING vin) SELECT 1 FROM exchange.pointer",
            "DELETE of batch_file, which is on the coordinator",
        ),
    ],
)
def test_breach_of_a_part_is_seen(statement: str, fault: str) -> None:
    """Each check of parts of statements fails when what it forbids is written."""
    assert any(fault in found for found in faults_of_parts(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "WITH m AS (UPDATE exchange.pointer SET make = 'X' WHERE vin = %s RETURNING vin) SELECT vin FROM m",
        "WITH f AS (INSERT INTO exchange.batch_file (id) VALUES (%s) RETURNING id) SELECT id FROM f",
        "CREATE FUNCTION f() RETURNS void AS $$ INSERT INTO exchange.pointer VALUES (1) $$",
    ],
)
def test_sound_part_passes(statement: str) -> None:
    """What is handed to one worker, or is the coordinator's alone, is not complained of."""
    assert list(faults_of_parts(statement)) == []


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO exchange.notice (vin, notice_id, created_at) SELECT vin, gen_random_uuid(), %s FROM x",
        "SELECT 1 FROM exchange.pointer WHERE vin = %s FOR UPDATE",
        "INSERT INTO exchange.pointer (vin, n) VALUES (%s, 1) ON CONFLICT (vin) DO UPDATE SET n = excluded.n",
        "SELECT now()",
        "INSERT INTO exchange.finding (vin) SELECT p.vin FROM exchange.pointer AS p WHERE p.vin = %s",
    ],
)
def test_sound_statement_passes(statement: str) -> None:
    """What pushes down to the workers is not complained of."""
    assert list(faults_of_statement(statement)) == []


def test_runbook_tells_the_same() -> None:
    """docs/runbooks/citus.md has exactly the statements that the declaration yields."""
    page = (ROOT / "docs/runbooks/citus.md").read_text(encoding="utf-8")
    assert "\n".join(distribution.statements()) in page
