"""People with sensible values: an operator, and an admin and an agent of ACME, an admin of GLOBEX."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from domain.access import Role
from domain.members import Member
from tests.builders import ACME, GLOBEX, NOON


def member(subject: str, role: Role, **changes: Any) -> Member:
    tenant_id = None if role is Role.OPERATOR else ACME
    name = subject.title()
    return replace(Member(subject, f"{subject}@example.com", name, role, tenant_id, since=NOON), **changes)


OLIVE = member("olive", Role.OPERATOR)
ADA = member("ada", Role.TENANT_ADMIN)
ABE = member("abe", Role.TENANT_AGENT)
GUS = member("gus", Role.TENANT_ADMIN, tenant_id=GLOBEX)
