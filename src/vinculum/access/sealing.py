"""Sealing of secrets that must lie in the database readable only to the program: TOTP keys, session secrets."""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class SealBroken(Exception):
    """A sealed secret that this installation's key does not open: the key was changed, or the row was."""


def seal(text: str) -> str:
    """The text, encrypted and authenticated with a key derived from the installation's secret key."""
    return _box(settings.SECRET_KEY).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text that was sealed; raises SealBroken."""
    try:
        return _box(settings.SECRET_KEY).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SealBroken("this secret was not sealed with the present key") from None


@lru_cache(maxsize=2)
def _box(secret_key: str) -> Fernet:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"vinculum sealed secrets 1")
    return Fernet(base64.urlsafe_b64encode(key.derive(secret_key.encode())))
