"""The Meta app's secrets, for the webhook: without boto3, and remembered for some minutes."""

from __future__ import annotations

import json
import time
from typing import Any

from adapters.aws_json import AwsAccess, AwsJson
from domain.errors import ServiceUnavailableError
from domain.intake import PlatformSecrets

_CACHE_SECONDS = 300
"""A rotation keeps the previous app secret valid for longer than this."""

_DOUBT_SECONDS = 60
"""Whoever forges signatures makes a worker ask Secrets Manager once in this time, and no more."""


class PlatformSecret:
    def __init__(self, name: str, access: AwsAccess) -> None:
        self._name = name
        self._secrets_manager = AwsJson("secretsmanager", "secretsmanager", "1.1", access)
        self._known: PlatformSecrets | None = None
        self._until = 0.0
        self._doubt_from = 0.0

    def read(self, *, doubted: bool = False) -> PlatformSecrets:
        """Raises `ServiceUnavailableError`. What is missing in the secret is empty, and opens nothing."""
        now = time.monotonic()
        if self._known is None or now >= self._until or (doubted and now >= self._doubt_from):
            if doubted:
                self._doubt_from = now + _DOUBT_SECONDS  # before the call: one that fails counts, too
            asked = {"SecretId": self._name, "VersionStage": "AWSCURRENT"}
            answer = self._secrets_manager.call("GetSecretValue", asked)
            self._known = platform_secrets(answer.get("SecretString") or "", self._name)
            self._until = now + _CACHE_SECONDS
        return self._known


def platform_secrets(text: str, name: str) -> PlatformSecrets:
    """Out of the secret's text. `name`: of the secret, for the error."""
    values = object_in(text, name)
    return PlatformSecrets(
        app_secret=values.get("app_secret") or "",
        previous_app_secret=values.get("previous_app_secret") or "",
        verify_token=values.get("verify_token") or "",
    )


def object_in(text: str, name: str) -> dict[str, Any]:
    """Raises `ServiceUnavailableError`, which quotes nothing of the text."""
    try:
        values = json.loads(text)
    except ValueError:
        values = None
    if not isinstance(values, dict):
        raise ServiceUnavailableError(f"secret {name} is not a JSON object")  # outside the `except`: no cause quotes it
    return values
