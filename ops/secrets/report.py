"""What the `secrets` commands answer. No value of any secret stands in it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel


class SecretName(StrEnum):
    APP_SECRET = "app-secret"  # noqa: S105 (its name)
    VERIFY_TOKEN = "verify-token"  # noqa: S105 (its name)
    CURSOR_KEY = "cursor-key"


class SecretReport(BaseModel):
    secret: SecretName
    empty: bool
    rotating: bool
    """The one before is accepted beside it."""
    since: datetime
    next: list[str]
    """What is to be done, in this order; empty where nothing is."""


class SecretsReport(BaseModel):
    secrets: list[SecretReport]
