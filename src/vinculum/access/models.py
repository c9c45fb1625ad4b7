"""A person who signs in. Everything else about access is SQL (`migrations/`) and read by `database`."""

from __future__ import annotations

import datetime
import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class People(BaseUserManager["Person"]):
    """Finds people by the e-mail address they sign in with."""

    def get_by_natural_key(self, username: str | None) -> Person:
        """The person with this address, whatever its letter case."""
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """One human being with an e-mail address; rights hang on the membership, not on this row."""

    id: models.UUIDField[uuid.UUID, uuid.UUID] = models.UUIDField(
        primary_key=True, default=uuid.uuid4, editable=False
    )
    email: models.EmailField[str, str] = models.EmailField(unique=True)
    name: models.CharField[str, str] = models.CharField(max_length=120)
    is_active: models.BooleanField[bool, bool] = models.BooleanField(default=True)
    created_at: models.DateTimeField[datetime.datetime, datetime.datetime] = models.DateTimeField(
        auto_now_add=True
    )

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]  # noqa: RUF012
    objects = People()

    class Meta:
        db_table = "access_person"

    def get_full_name(self) -> str:
        """The name shown on pages and kept on entries."""
        return self.name

    get_short_name = get_full_name
