"""The Meta app's secrets are changed by operators, one at a time. By command: integration/test_secret_rotation.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from domain.access import Principal, Role
from domain.errors import AlreadyExistsError, ChangedMeanwhileError, ForbiddenError
from domain.intake import PlatformSecrets
from domain.rotate_platform_secret import (
    GRACE,
    KeptSecrets,
    PlatformSecretPorts,
    begin,
    change_verify_token,
    finish,
    put_back,
)
from tests.builders import ACME, NOON
from tests.fakes.people import FakeAuditTrail, PeopleStore
from tests.fakes.platform_secret import FakePlatformSecret

OPERATOR = Principal("local:ada", "Ada", Role.OPERATOR)
NEW = "another-app-secret"


@pytest.fixture
def kept() -> FakePlatformSecret:
    return FakePlatformSecret()


@pytest.fixture
def ports(kept: FakePlatformSecret) -> PlatformSecretPorts:
    return PlatformSecretPorts(kept, FakeAuditTrail(PeopleStore()))


STEPS: list[Callable[[Principal, PlatformSecretPorts], None]] = [
    lambda who, ports: begin(who, NEW, now=NOON, ports=ports),
    lambda who, ports: finish(who, at_once=True, now=NOON, ports=ports),
    lambda who, ports: put_back(who, now=NOON, ports=ports),
    lambda who, ports: change_verify_token(who, "another-verify-token", now=NOON, ports=ports),
]


@pytest.mark.parametrize("step", STEPS, ids=["begin", "finish", "put back", "verify token"])
def test_operators_alone(
    kept: FakePlatformSecret, ports: PlatformSecretPorts, step: Callable[[Principal, PlatformSecretPorts], None]
) -> None:
    kept.secrets = replace(kept.secrets, previous_app_secret="the-one-before")
    before = kept.secrets
    with pytest.raises(ForbiddenError):
        step(replace(OPERATOR, role=Role.TENANT_ADMIN, tenant_id=ACME), ports)
    assert kept.secrets == before


@pytest.mark.parametrize("step", STEPS, ids=["begin", "finish", "put back", "verify token"])
def test_what_somebody_changed_meanwhile_stays(
    kept: FakePlatformSecret,
    ports: PlatformSecretPorts,
    step: Callable[[Principal, PlatformSecretPorts], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if step is not STEPS[0]:
        kept.secrets = replace(kept.secrets, previous_app_secret="the-one-before")
    theirs = PlatformSecrets("theirs", "", "theirs")
    replaced = kept.replace

    def first(seen: KeptSecrets, secrets: PlatformSecrets) -> bool:
        kept.secrets, kept.version = theirs, kept.version + 1
        return replaced(seen, secrets)

    monkeypatch.setattr(kept, "replace", first)
    with pytest.raises(ChangedMeanwhileError):
        step(OPERATOR, ports)
    assert kept.secrets == theirs
    assert ports.trail.page(None, 10).entries == []


def test_a_rotation_is_finished_when_its_grace_is_over(kept: FakePlatformSecret, ports: PlatformSecretPorts) -> None:
    begin(OPERATOR, NEW, now=NOON, ports=ports)
    with pytest.raises(AlreadyExistsError):
        finish(OPERATOR, at_once=False, now=NOON + GRACE / 2, ports=ports)
    assert kept.secrets.previous_app_secret
    finish(OPERATOR, at_once=False, now=NOON + GRACE, ports=ports)
    assert kept.secrets == PlatformSecrets(NEW, "", kept.secrets.verify_token)


def test_the_first_app_secret_has_none_before_it(kept: FakePlatformSecret, ports: PlatformSecretPorts) -> None:
    kept.secrets = PlatformSecrets("", "", "verify-token-of-ours")
    begin(OPERATOR, NEW, now=NOON, ports=ports)
    assert kept.secrets == PlatformSecrets(NEW, "", "verify-token-of-ours")
