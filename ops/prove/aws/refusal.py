"""An error of a service, as boto3 is told of it."""

from __future__ import annotations

from typing import Any


class ServiceError(Exception):
    def __init__(self, code: str, message: str = "", status: int = 400, **more: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.status = status
        self.more = more


class NotModelledError(BaseException):
    """The embedded AWS does not know what was asked. No handler may take it for a service that is down."""
