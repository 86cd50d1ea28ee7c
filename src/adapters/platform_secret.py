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


class PlatformSecret:
    def __init__(self, name: str, access: AwsAccess) -> None:
        self._name = name
        self._secrets_manager = AwsJson("secretsmanager", "secretsmanager", "1.1", access)
        self._known: PlatformSecrets | None = None
        self._until = 0.0

    def read(self) -> PlatformSecrets:
        """Raises `ServiceUnavailableError`. What is missing in the secret is empty, and opens nothing."""
        if self._known is None or time.monotonic() >= self._until:
            answer = self._secrets_manager.call("GetSecretValue", {"SecretId": self._name})
            self._known = platform_secrets(answer.get("SecretString") or "", self._name)
            self._until = time.monotonic() + _CACHE_SECONDS
        return self._known


def platform_secrets(text: str, name: str) -> PlatformSecrets:
    """Out of the secret's text. `name`: of the secret, for the error."""
    values = _object_in(text, name)
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
