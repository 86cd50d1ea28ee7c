"""Use case: from a token to who makes a request."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from domain.access import Principal, Role
from domain.errors import UnauthenticatedError
from domain.ports_identity import TokenVerifier, Users

OPERATORS = "operator"
"""The group of the user pool. No function may put a user into it."""


class IdentifyPorts(Protocol):
    """Part of the ports of whatever answers people and their programs."""

    @property
    def tokens(self) -> TokenVerifier: ...
    @property
    def users(self) -> Users: ...


def identify(token: str, *, now: datetime, ports: IdentifyPorts) -> Principal:
    """The token says who it is, the member row what they may do; an operator is one by both.

    Raises `UnauthenticatedError` for a token that does not hold, and for who is nobody's member any more.
    """
    verified = ports.tokens.verify(token)
    member = ports.users.user(verified.subject)
    if member is None or (member.role is Role.OPERATOR and OPERATORS not in verified.groups):
        raise UnauthenticatedError("nobody here has this token: log in again")
    return member.principal(now)
