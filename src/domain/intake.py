"""What the webhook hands on. Apart from `ports`, so that the function that Meta waits for loads nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol


class QueueMessage(NamedTuple):
    body: str
    group: str
    """Messages of one group keep their order."""
    deduplication_id: str


@dataclass(frozen=True, slots=True)
class PlatformSecrets:
    """Of the Meta app that all tenants share."""

    app_secret: str
    previous_app_secret: str
    """Still accepted while a rotation is under way; empty otherwise."""
    verify_token: str

    @property
    def app_secrets(self) -> tuple[str, str]:
        return self.app_secret, self.previous_app_secret


class PlatformSecretStore(Protocol):
    def read(self, *, doubted: bool = False) -> PlatformSecrets:
        """As they were some minutes ago at the most. Raises `ServiceUnavailableError`.

        `doubted`: something did not fit what was read. It is read again, but once a minute at the most, however often
        anybody sends what does not fit.
        """


class UpdateQueues(Protocol):
    def enqueue(self, inbox: Sequence[QueueMessage], statuses: Sequence[QueueMessage]) -> None:
        """Raises `TransientError` unless every single one was accepted."""
