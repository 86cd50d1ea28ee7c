"""The platform's secret, in memory: as the webhook reads it, and as an operator changes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from domain.intake import PlatformSecrets
from domain.rotate_platform_secret import KeptSecrets
from tests.builders import NOON

REMEMBERED_SECONDS, DOUBT_SECONDS = 300, 60


@dataclass
class FakePlatformSecret:
    """What Secrets Manager holds."""

    secrets: PlatformSecrets = field(
        default_factory=lambda: PlatformSecrets("app-secret-of-meta", "", "verify-token-of-ours")
    )
    version: int = 1
    since: datetime = NOON

    def current(self) -> KeptSecrets:
        return KeptSecrets(self.secrets, str(self.version), self.since)

    def replace(self, seen: KeptSecrets, secrets: PlatformSecrets) -> bool:
        if seen.version != str(self.version):
            return False
        self.secrets, self.version = secrets, self.version + 1
        return True


@dataclass
class FakePlatformSecretStore:
    """One worker's. It remembers, and doubts, by a clock that the test moves."""

    kept: FakePlatformSecret = field(default_factory=FakePlatformSecret)
    error: Exception | None = None
    clock: float = 1_000.0
    asked: int = 0
    _known: PlatformSecrets | None = None
    _until: float = 0.0
    _doubt_from: float = 0.0

    def read(self, *, doubted: bool = False) -> PlatformSecrets:
        if self._known is None or self.clock >= self._until or (doubted and self.clock >= self._doubt_from):
            if doubted:
                self._doubt_from = self.clock + DOUBT_SECONDS
            self.asked += 1
            if self.error:
                raise self.error
            self._known, self._until = self.kept.secrets, self.clock + REMEMBERED_SECONDS
        return self._known


@dataclass
class FakeWorker:
    """The store and the world around it, for the contract."""

    store: FakePlatformSecretStore = field(default_factory=FakePlatformSecretStore)

    @property
    def asked(self) -> int:
        return self.store.asked

    def put(self, secrets: PlatformSecrets) -> None:
        self.store.kept.secrets = secrets

    def wait(self, seconds: float) -> None:
        self.store.clock += seconds
