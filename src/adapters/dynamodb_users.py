"""From Cognito's `sub` to who that is, in the tenants table."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_values import from_item, time_of, time_text, to_item
from domain.access import Role
from domain.members import Member, ViewAs
from domain.tenants import TenantId

_MOST_REMEMBERED = 10_000


class DynamoUsers:
    """`Users`. A tenant's member is remembered for some seconds by each worker: so long an old role may hold."""

    def __init__(self, tenants_table: str, cache_seconds: float, clock: Callable[[], float] | None = None) -> None:
        self._table = tenants_table
        self._seconds = cache_seconds
        self._clock = clock or time.monotonic
        self._remembered: dict[str, tuple[float, Member]] = {}

    def user(self, subject: str) -> Member | None:
        until, member = self._remembered.get(subject, (0.0, None))
        if member is not None and until > self._clock():
            return member
        member = self._read(subject)
        if member is not None and member.role is not Role.OPERATOR:
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[subject] = (self._clock() + self._seconds, member)
        return member

    def put_operator(self, operator: Member) -> None:
        """Stores or replaces the row; the user pool's group is the other half."""
        [row] = member_rows(operator)
        with translated("store an operator"):
            client("dynamodb").put_item(TableName=self._table, Item=to_item(row))

    def delete_operator(self, subject: str) -> None:
        with translated("delete an operator"):
            client("dynamodb").delete_item(TableName=self._table, Key=to_item(keys.user(subject)))

    def _read(self, subject: str) -> Member | None:
        with translated("read a member"):
            found = client("dynamodb").get_item(
                TableName=self._table, Key=to_item(keys.user(subject)), ConsistentRead=True
            )
        return member_of(from_item(found["Item"])) if "Item" in found else None


def member_rows(member: Member) -> list[dict[str, Any]]:
    """What stands in the list and what a token leads to say the same."""
    told = {
        "subject": member.subject,
        "email": member.email,
        "name": member.name,
        "role": member.role,
        "since": time_text(member.since),
    }
    if member.tenant_id is None:
        return [{**keys.user(member.subject), **told}]
    return [
        {**keys.user(member.subject), **told, "memberOf": member.tenant_id},
        {**keys.member(member.tenant_id, member.subject), **told, "memberOf": member.tenant_id},
    ]


def member_of(row: Mapping[str, Any]) -> Member:
    views_as = row.get("viewsAs")
    return Member(
        subject=row["subject"],
        email=row["email"],
        name=row["name"],
        role=Role(row["role"]),
        tenant_id=TenantId(row["memberOf"]) if "memberOf" in row else None,
        since=time_of(row["since"]),
        views_as=ViewAs(TenantId(views_as), datetime.fromtimestamp(int(row["viewsUntil"]), UTC)) if views_as else None,
    )
