"""Sessions in the database under a hash of their id: who reads the table cannot take anybody's session over."""

import hashlib
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore


class SessionStore(DatabaseSessionStore):
    """Keeps the id in the browser's cookie only. Synchronous: the program is served by WSGI."""

    def _get_session_from_db(self) -> Any:
        outside = self.session_key
        self._session_key = _row_key(outside)
        try:
            return super()._get_session_from_db()  # type: ignore[misc]
        finally:
            if self._session_key is not None:  # a session that has gone stays gone
                self._session_key = outside

    def create_model_instance(self, data: Any) -> Any:
        instance = super().create_model_instance(data)
        instance.session_key = _row_key(str(instance.session_key)) or ""
        return instance

    def exists(self, session_key: str) -> bool:
        return super().exists(_row_key(session_key) or "")

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            super().delete(_row_key(key))


def _row_key(key: str | None) -> str | None:
    """160 bits of SHA-256: as many as the column holds."""
    return hashlib.sha256(key.encode()).hexdigest()[:40] if key else None
