"""A number's token is tried before it is kept, and the one before can be put back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from domain.access import Principal, Role
from domain.audit_trail import AuditEntry, AuditPage
from domain.errors import AccountRefusedError, ForbiddenError, NotFoundError
from domain.rotate_token import RotatePorts, put_token_back, rotate_token
from domain.tenants import PhoneNumberId, TenantId
from tests.builders import ACME, number
from tests.fakes.administration import FakeAccountNumbers, FakeTenantNumbers, FakeTenantProfiles

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OPERATOR = Principal("local:ada", "Ada", Role.OPERATOR)
NUMBER = number()


@dataclass
class FakeTokenVersions:
    """Newest last."""

    kept: dict[str, list[str]] = field(default_factory=dict)

    def rotate(self, _: TenantId, name: str, secret: str) -> None:
        self.kept.setdefault(name, []).append(secret)

    def put_back(self, _: TenantId, name: str) -> bool:
        versions = self.kept.get(name, [])
        versions[-2:] = reversed(versions[-2:])
        return len(versions) > 1


@dataclass
class FakeTrail:
    entries: list[AuditEntry] = field(default_factory=list)

    @property
    def actions(self) -> list[str]:
        return [entry.action for entry in self.entries]

    def write(self, entry: AuditEntry) -> None:
        self.entries.append(entry)

    def page(self, tenant_id: TenantId | None, limit: int, position: str | None = None) -> AuditPage:  # noqa: ARG002 (of a small trail)
        return AuditPage(self.entries[:limit])


class World:
    def __init__(self) -> None:
        profiles = FakeTenantProfiles()
        profiles.tenants[ACME] = NUMBER.tenant
        numbers = FakeTenantNumbers(profiles, {(ACME, NUMBER.phone_number_id): NUMBER})
        self.accounts = FakeAccountNumbers({(NUMBER.waba_id, NUMBER.phone_number_id): ("new-token", "+1")})
        self.tokens, self.trail = FakeTokenVersions({NUMBER.access_token_secret: ["old-token"]}), FakeTrail()
        self.ports = RotatePorts(numbers, self.accounts, self.tokens, self.trail)

    @property
    def current(self) -> str:
        return self.tokens.kept[NUMBER.access_token_secret][-1]

    def rotate(self, token: str, phone_number_id: PhoneNumberId = NUMBER.phone_number_id) -> None:
        rotate_token(OPERATOR, ACME, phone_number_id, token, now=NOW, ports=self.ports)


def test_a_token_that_opens_the_number_is_kept_and_noted_without_being_told() -> None:
    world = World()
    world.rotate("new-token")
    assert world.current == "new-token"
    [entry] = world.trail.entries
    assert (entry.action, entry.tenant_id, entry.object_id) == ("number.token_rotated", ACME, NUMBER.phone_number_id)
    assert "token" not in str(entry.details)


def test_a_token_that_meta_refuses_is_not_kept() -> None:
    world = World()
    with pytest.raises(AccountRefusedError):
        world.rotate("another-token")
    assert world.current == "old-token"
    assert world.trail.actions == []


def test_a_token_of_another_number_is_not_kept() -> None:
    world = World()
    world.accounts.numbers["elsewhere", PhoneNumberId("999")] = ("their-token", "+2")
    with pytest.raises(AccountRefusedError):
        world.rotate("their-token")
    assert world.current == "old-token"


def test_the_token_before_is_put_back() -> None:
    world = World()
    world.rotate("new-token")
    assert put_token_back(OPERATOR, ACME, NUMBER.phone_number_id, now=NOW, ports=world.ports)
    assert world.current == "old-token"
    assert world.trail.actions[-1] == "number.token_put_back"


def test_a_number_of_nobody_and_a_tenants_own_people() -> None:
    world = World()
    with pytest.raises(NotFoundError):
        world.rotate("new-token", PhoneNumberId("999"))
    admin = replace(OPERATOR, role=Role.TENANT_ADMIN, tenant_id=ACME)
    with pytest.raises(ForbiddenError):
        rotate_token(admin, ACME, NUMBER.phone_number_id, "new-token", now=NOW, ports=world.ports)
