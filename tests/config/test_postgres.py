"""The embedded server: started twice, killed, left with a stale mark, refused when its passwords are gone."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from vinculum.config import postgres

pytestmark = pytest.mark.database


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.Cluster]:
    """A server of this test's own, durable as in production."""
    made = postgres.cluster_in(tmp_path_factory.mktemp("cluster"))
    yield made
    postgres.remove(made)


def ask(cluster: postgres.Cluster, query: str) -> object:
    """One value from the server, asked by its administrator."""
    url = cluster.url("postgres", role=postgres.ADMIN_ROLE)
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def test_data_outlive_stop_and_kill(own: postgres.Cluster) -> None:
    """What was acknowledged is there after a stop and after a kill, and a second start finds it."""
    postgres.start(own)
    with psycopg.connect(own.url("postgres", role=postgres.ADMIN_ROLE), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept VALUES (1)")
    postgres.stop(own)
    assert not postgres.is_running(own)
    postgres.start(own)
    with psycopg.connect(own.url("postgres", role=postgres.ADMIN_ROLE), autocommit=True) as connection:
        connection.execute("INSERT INTO kept VALUES (2)")
    postgres.kill(own)
    postgres.start(own)
    assert ask(own, "SELECT sum(n) FROM kept") == 3


def test_durability_is_on(own: postgres.Cluster) -> None:
    """fsync, full_page_writes and synchronous_commit are on; the server listens on no network."""
    postgres.start(own)
    for name, value in {
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "listen_addresses": "",
        "log_min_error_statement": "panic",
    }.items():
        assert ask(own, f"SELECT current_setting('{name}')") == value


def test_mark_with_somebody_elses_number_is_cleared(own: postgres.Cluster) -> None:
    """A mark left by a dead server whose number now belongs to another program does not stop the start."""
    postgres.start(own)
    postgres.stop(own)
    mark = own.data / "postmaster.pid"
    mark.write_text(f"{os.getpid()}\n{own.data}\n1\n5432\n{own.socket_directory}\n\n  1 1\nready\n")
    assert postgres.server_pid(own) is None
    postgres.start(own)
    assert ask(own, "SELECT 1") == 1


def test_many_starters_start_one_server(own: postgres.Cluster) -> None:
    """Programs that start at once take turns, and find one server."""
    faults: list[BaseException] = []

    def begin() -> None:
        try:
            postgres.start(own)
        except postgres.EmbeddedServerFailed as fault:
            faults.append(fault)

    starters = [threading.Thread(target=begin) for _ in range(4)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join()
    assert faults == []
    assert ask(own, "SELECT 1") == 1


def test_lost_passwords_are_told(own: postgres.Cluster) -> None:
    """Without its passwords the server cannot be opened, and the message says what to do."""
    postgres.start(own)
    postgres.stop(own)
    (own.directory / "secrets.json").unlink()
    with pytest.raises(postgres.EmbeddedServerFailed, match=r"secrets.json is missing"):
        postgres.start(own)


def test_private_files_are_private(own: postgres.Cluster) -> None:
    """Passwords, data and socket are for their owner alone."""
    postgres.start(own)
    assert (own.directory / "secrets.json").stat().st_mode & 0o777 == 0o600
    for directory in (own.data, own.socket_directory):
        assert directory.stat().st_mode & 0o777 == 0o700


def test_broken_off_creation_is_begun_again(own: postgres.Cluster) -> None:
    """What a broken-off creation left in the data directory is swept away."""
    own.data.mkdir(parents=True)
    (own.data / "base").mkdir()
    (own.data / "leftover").write_text("x")
    postgres.start(own)
    assert ask(own, "SELECT 1") == 1


def test_long_path_gets_a_short_socket(tmp_path: Path) -> None:
    """A socket's path may only be about 100 bytes long: a deep directory gets one elsewhere."""
    deep = postgres.Cluster(directory=tmp_path / ("d" * 60) / ("e" * 60) / "postgres")
    assert len(str(deep.socket_directory)) < 100
