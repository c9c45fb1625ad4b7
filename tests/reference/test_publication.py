"""Publishing the law into the database: once, by its hash, never rewritten, and read back as it was written."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import psycopg
import pytest

from connecticut import connecticut, tables_of
from vinculum.config import scratch
from vinculum.state.reference import publication
from vinculum.state.reference.jurisdiction import JurisdictionFiles, read_jurisdiction

pytestmark = pytest.mark.database
AT = datetime(2026, 1, 2, 15, 0, tzinfo=UTC)
TODAY = date(2026, 1, 2)


@pytest.fixture
def publisher(databases: scratch.ScratchDatabases) -> Iterator[psycopg.Connection]:
    """A connection that may publish; Connecticut is put back in force afterwards."""
    with psycopg.connect(databases.migrate_state_url, autocommit=True) as connection:
        yield connection
        publication.publish(connection, connecticut(), published_at=AT, published_by="test")


@pytest.fixture
def reader(databases: scratch.ScratchDatabases) -> Iterator[psycopg.Connection]:
    """A connection of the application."""
    with psycopg.connect(databases.state_url, autocommit=True) as connection:
        yield connection


def _with_a_plate_fee_of(amount: str) -> JurisdictionFiles:
    texts = dict(connecticut().texts)
    texts["fees.yaml"] = texts["fees.yaml"].replace('amount: "5.00"', f'amount: "{amount}"', 1)
    return read_jurisdiction(texts)


def test_publishing_twice_changes_nothing(publisher: psycopg.Connection) -> None:
    """F-112: the same files published again stay one publication."""
    publication.publish(publisher, connecticut(), published_at=AT, published_by="test")
    before = _publications(publisher)
    again = publication.publish(publisher, connecticut(), published_at=AT, published_by="test")
    assert not again.published
    assert _publications(publisher) == before


def test_the_latest_publication_is_in_force(
    publisher: psycopg.Connection, reader: psycopg.Connection
) -> None:
    """F-112: a new schedule is in force at once, and going back to the old one is a publication too."""
    dearer = _with_a_plate_fee_of("6.00")
    publication.publish(publisher, dearer, published_at=AT, published_by="test")
    tables = publication.tables_in_force(reader, TODAY)
    assert str(tables.fees["safety_plate"].amount) == "6.00"
    assert tables.content_hash == dearer.content_hash
    assert publication.publish(publisher, connecticut(), published_at=AT, published_by="test").published
    assert publication.tables_in_force(reader, TODAY).content_hash == connecticut().content_hash


def test_tables_read_back_are_the_tables_published(
    publisher: psycopg.Connection, reader: psycopg.Connection
) -> None:
    """F-112: what comes out of the database is what stands in the files, day by day."""
    publication.publish(publisher, connecticut(), published_at=AT, published_by="test")
    assert publication.published_files(reader, connecticut().content_hash) == connecticut().texts
    publication._known.clear()
    for day in (date(2011, 7, 1), date(2019, 12, 31), TODAY):
        back, direct = publication.tables_in_force(reader, day), tables_of(day)
        assert (back.fees, back.charts, back.plate_classes) == (
            direct.fees,
            direct.charts,
            direct.plate_classes,
        )
        assert back.schedule_effective == direct.schedule_effective


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reference.content SET jurisdiction = 'NY'",
        "DELETE FROM reference.publication",
        "TRUNCATE reference.publication",
    ],
)
def test_published_law_is_never_rewritten(publisher: psycopg.Connection, statement: str) -> None:
    """F-112: a quote's hash can always be read again, whoever is signed in to the database."""
    publication.publish(publisher, connecticut(), published_at=AT, published_by="test")
    publisher.execute("SET ROLE vinculum_owner")
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="never rewritten"):
        publisher.execute(statement)  # type: ignore[arg-type]
    publisher.execute("RESET ROLE")


def test_the_application_cannot_publish(publisher: psycopg.Connection, reader: psycopg.Connection) -> None:
    """F-112: the application reads the law and has no right to write it."""
    publication.publish(publisher, connecticut(), published_at=AT, published_by="test")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        publication.publish(reader, _with_a_plate_fee_of("7.00"), published_at=AT, published_by="test")


def test_altered_files_are_refused(databases: scratch.ScratchDatabases, reader: psycopg.Connection) -> None:
    """F-112: files that no longer answer to their hash are refused, even if the database owner changed them."""
    wrong = "0" * 64
    with psycopg.connect(databases.migrate_state_url) as connection:
        connection.execute(
            "INSERT INTO reference.content (hash, jurisdiction, files)"
            " VALUES (%s, 'CT', '{\"jurisdiction.yaml\": \"\"}')",
            (wrong,),
        )
        with pytest.raises(publication.PublicationAltered):
            publication.published_files(connection, wrong)
        connection.rollback()
    with pytest.raises(publication.NothingPublished):
        publication.published_files(reader, wrong)


def test_nothing_published_says_what_to_do(reader: psycopg.Connection) -> None:
    """F-112: a database without law refuses to quote."""
    with pytest.raises(publication.NothingPublished, match="publish its jurisdiction folder first"):
        publication.tables_in_force(reader, TODAY, jurisdiction="ZZ")


def _publications(connection: psycopg.Connection) -> int:
    row = connection.execute("SELECT count(*) FROM reference.publication").fetchone()
    assert row is not None
    return int(row[0])
