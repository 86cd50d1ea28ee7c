"""A tenant's people: who logs in, and the rows that say as what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from adapters import dynamodb_keys as keys
from adapters.dynamodb_batches import partition
from adapters.dynamodb_customer_places import delete_rows
from domain.ports_identity import UserDirectory
from domain.tenants import TenantId


@dataclass(frozen=True, slots=True)
class TenantMembersPlace:
    """The member's row goes last: by it whoever was stopped finds what is left of them."""

    table: str
    directory: UserDirectory
    name: str = "members"
    closes: bool = True

    def count(self, tenant_id: TenantId) -> int:
        return sum(1 for _ in self._subjects(tenant_id))

    def erase(self, tenant_id: TenantId) -> int:
        subjects = list(self._subjects(tenant_id))
        for subject in subjects:
            self.directory.delete(subject)
            delete_rows(self.table, [keys.user(subject)])
            delete_rows(self.table, [keys.member(tenant_id, subject)])
        return len(subjects)

    def _subjects(self, tenant_id: TenantId) -> Iterator[str]:
        for row in partition(self.table, "tenantId", tenant_id, ProjectionExpression="sk"):
            if row["sk"].startswith(keys.MEMBERS):
                yield row["sk"].removeprefix(keys.MEMBERS)
