"""`PlatformSecretStore` and `PlatformSecretVersions`: the platform's secret while it is rotated."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from domain.intake import PlatformSecrets, PlatformSecretStore
from domain.rotate_platform_secret import PlatformSecretVersions

BEFORE = PlatformSecrets("app-secret-of-meta", "", "verify-token-of-ours")
ROTATED = replace(BEFORE, app_secret="another-app-secret", previous_app_secret=BEFORE.app_secret)


class Worker(Protocol):
    """A store over a secret that holds `BEFORE`, and the world around it."""

    store: PlatformSecretStore

    def put(self, secrets: PlatformSecrets) -> None: ...

    def wait(self, seconds: float) -> None: ...

    @property
    def asked(self) -> int:
        """How often Secrets Manager was."""


class PlatformSecretStoreContract:
    def test_it_is_remembered_for_minutes(self, worker: Worker) -> None:
        assert worker.store.read() == BEFORE
        worker.put(ROTATED)
        worker.wait(290)
        assert worker.store.read() == BEFORE
        worker.wait(20)
        assert worker.store.read() == ROTATED
        assert worker.asked == 2

    def test_in_doubt_it_is_read_at_once(self, worker: Worker) -> None:
        worker.store.read()
        worker.put(ROTATED)
        assert worker.store.read(doubted=True) == ROTATED
        assert worker.store.read() == ROTATED

    def test_many_doubts_are_one_question_a_minute(self, worker: Worker) -> None:
        for _ in range(3):
            worker.store.read()
            for _ in range(50):
                assert worker.store.read(doubted=True) == BEFORE
            worker.wait(61)
        assert worker.asked == 4


class PlatformSecretVersionsContract:
    """`versions` hold `BEFORE`."""

    def test_one_version_follows_another(self, versions: PlatformSecretVersions) -> None:
        seen = versions.current()
        assert seen.secrets == BEFORE
        assert versions.replace(seen, ROTATED)
        assert versions.current().secrets == ROTATED
        assert versions.replace(versions.current(), BEFORE)
        assert versions.current().secrets == BEFORE

    def test_of_two_who_change_what_they_saw_one_does(self, versions: PlatformSecretVersions) -> None:
        seen = versions.current()
        assert versions.replace(seen, ROTATED)
        assert not versions.replace(seen, replace(BEFORE, app_secret="a-third-app-secret"))
        assert versions.current().secrets == ROTATED
