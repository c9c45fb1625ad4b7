"""The credential of the program itself: for the sign-in desk, the jobs and the command line.

Only a database role that owns the tables can make one (`bootstrap.ensure_system_credential`); the program keeps
the secret outside the database. Sessions are opened in its name, so that a statement injected elsewhere cannot
sign itself in.
"""

from dataclasses import replace

from vinculum.access.database import Actor
from vinculum.access.identity import SYSTEM_ORGANISATION, SYSTEM_PERSON

_secret: list[str] = []


class NoSystemCredential(Exception):
    """The process was not given its credential: `service.configure` was not called."""


def configure(secret: str) -> None:
    """Give this process its credential, once at start."""
    _secret[:] = [secret]


def actor(*, request_id: str = "", client_address: str = "", terminal: str = "service") -> Actor:
    """The program as an actor; raises NoSystemCredential when it was not given its secret."""
    if not _secret:
        raise NoSystemCredential(
            "This process has no system credential; call access.service.configure with the secret that "
            "access.bootstrap.ensure_system_credential returned."
        )
    return replace(
        _SYSTEM,
        credential=_secret[0],
        request_id=request_id,
        client_address=client_address,
        terminal=terminal,
    )


_SYSTEM = Actor(
    person_id=SYSTEM_PERSON,
    person_name="Vinculum",
    organisation_id=SYSTEM_ORGANISATION,
    organisation_kind="system",
    organisation_code="vinculum",
    organisation_name="Vinculum",
    role="system",
    credential="",
)
