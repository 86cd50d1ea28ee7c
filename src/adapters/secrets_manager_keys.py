"""A sealing key that is rotated while what it sealed is under way: AWSCURRENT seals, and AWSPREVIOUS still opens."""

from __future__ import annotations

import time
from collections.abc import Sequence

from botocore.exceptions import ClientError

from adapters.aws_clients import client, translated
from adapters.secrets_manager import read_secret

_DOUBT_SECONDS = 60
"""Whoever makes cursors up makes a worker ask Secrets Manager once in this time, and no more."""


class SealingKeys:
    def __init__(self, name: str) -> None:
        self._name = name
        self._others: Sequence[str] = ()
        self._doubt_from = 0.0

    def current(self) -> str:
        """As it was some minutes ago at the most. Raises `ServiceUnavailableError`."""
        return read_secret(self._name)

    def others(self) -> Sequence[str]:
        """What may have sealed what `current` does not open: the key as it is by now, and the one before."""
        now = time.monotonic()
        if now >= self._doubt_from:
            self._doubt_from = now + _DOUBT_SECONDS  # before the calls: those that fail count, too
            self._others = (read_secret(self._name, fresh=True), *self._previous())
        return self._others

    def _previous(self) -> Sequence[str]:
        with translated("read the key before"):
            try:
                told = client("secretsmanager").get_secret_value(SecretId=self._name, VersionStage="AWSPREVIOUS")
            except ClientError as error:
                if error.response["Error"]["Code"] == "ResourceNotFoundException":  # it was never rotated
                    return ()
                raise
        return (told["SecretString"],)
