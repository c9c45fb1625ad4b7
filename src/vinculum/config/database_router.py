"""Which tables live in which database: the exchange's in `national`, the state's and sign-in in `default`."""

from typing import Any

NATIONAL_APPS = frozenset(
    {
        "national_records",
        "national_batch",
        "national_casework",
        "national_investigations",
        "national_alerts",
        "national_mailroom",
    }
)
SHARED_APPS = frozenset({"access"})


class TwoSystems:
    """Keeps the migrations of the two systems apart; the ORM itself is only used for sign-in."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return "national" if model._meta.app_label in NATIONAL_APPS else "default"

    db_for_write = db_for_read

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return self.db_for_read(one) == self.db_for_read(other)

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Whether an application's tables belong in a database."""
        if app_label in SHARED_APPS:
            return True
        return (app_label in NATIONAL_APPS) == (db == "national")
