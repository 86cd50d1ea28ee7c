"""Secrets, through Powertools' parameters with their cache. Never logged, never in an error's words."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.parameters import SecretsProvider
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError

from adapters.aws_clients import client
from domain.errors import ServiceUnavailableError
from domain.intake import PlatformSecrets

_CACHE_SECONDS = 300
"""A rotation keeps the previous app secret valid for longer than this."""


class SecretsManagerPlatformSecret:
    def __init__(self, name: str) -> None:
        self._name = name

    def read(self) -> PlatformSecrets:
        """Raises `ServiceUnavailableError`. What is missing in the secret is empty, and opens nothing."""
        values = _object_in(_read(self._name), self._name)
        return PlatformSecrets(
            app_secret=values.get("app_secret") or "",
            previous_app_secret=values.get("previous_app_secret") or "",
            verify_token=values.get("verify_token") or "",
        )


def _object_in(text: str, name: str) -> dict[str, Any]:
    try:
        values = json.loads(text)
    except ValueError:
        values = None
    if not isinstance(values, dict):
        raise ServiceUnavailableError(f"secret {name} is not a JSON object")  # outside the `except`: no cause quotes it
    return values


class SecretsManagerAccessTokens:
    def token(self, secret_name: str, *, fresh: bool = False) -> str:
        """The access token of one WhatsApp number. Raises `ServiceUnavailableError` where it cannot be read.

        `fresh`: as it is now, not as it was remembered.
        """
        return _read(secret_name, fresh=fresh)

    def fingerprint(self, secret_name: str) -> str:
        return fingerprint(self.token(secret_name))


def fingerprint(token: str) -> str:
    """Tells one access token from another; too short a digest to tell anything else."""
    return hashlib.sha256(token.encode()).hexdigest()[:16]


def read_secret(name: str) -> str:
    """A secret that is text as a whole. Raises `ServiceUnavailableError`."""
    return _read(name)


@cache
def _provider() -> Any:
    return SecretsProvider(boto3_client=client("secretsmanager"))


def _read(name: str, *, fresh: bool = False) -> str:
    try:
        return str(_provider().get(name, max_age=_CACHE_SECONDS, force_fetch=fresh))
    except GetParameterError as error:
        raise ServiceUnavailableError(f"secret {name} cannot be read") from error
