"""What the use cases need to know who somebody is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.members import Member


@dataclass(frozen=True, slots=True)
class VerifiedToken:
    """What an access token says whose signature, issuer, client, use and time have been checked."""

    subject: str
    groups: Sequence[str]
    expires_at: datetime


class TokenVerifier(Protocol):
    def verify(self, token: str) -> VerifiedToken:
        """Raises `UnauthenticatedError` for whatever is not an access token of ours that holds now.

        Raises `ServiceUnavailableError` where the keys cannot be read.
        """


class Users(Protocol):
    def user(self, subject: str) -> Member | None:
        """The person behind a token. A tenant's members may be remembered for a while, operators never are."""
