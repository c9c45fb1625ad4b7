"""Secrets and what is kept of them: made here, shown once, stored as a hash."""

import hashlib
import secrets
from uuid import UUID

# The program itself, as an organisation with one member. Fixed, so that both databases know the same one.
SYSTEM_ORGANISATION = UUID("00000000-0000-4000-8000-000000000001")
SYSTEM_PERSON = UUID("00000000-0000-4000-8000-000000000002")


def new_secret() -> str:
    """256 random bits, as text that fits a header or a cookie."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> bytes:
    """What the database keeps of a secret. No salt or stretching: a guess against 256 random bits is hopeless."""
    return hashlib.sha256(secret.encode()).digest()
