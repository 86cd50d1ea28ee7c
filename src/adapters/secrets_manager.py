"""Secrets, through Powertools' parameters with their cache. Never logged, never in an error's words."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.parameters import SecretsProvider
from aws_lambda_powertools.utilities.parameters.exceptions import GetParameterError

from adapters.aws_clients import client
from domain.errors import ServiceUnavailableError

_CACHE_SECONDS = 300


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


def read_secret(name: str, *, fresh: bool = False) -> str:
    """A secret that is text as a whole. `fresh`: as it is now. Raises `ServiceUnavailableError`."""
    return _read(name, fresh=fresh)


@cache
def _provider() -> Any:
    return SecretsProvider(boto3_client=client("secretsmanager"))


def _read(name: str, *, fresh: bool = False) -> str:
    try:
        return str(_provider().get(name, max_age=_CACHE_SECONDS, force_fetch=fresh))
    except GetParameterError as error:
        raise ServiceUnavailableError(f"secret {name} cannot be read") from error
