"""Which ids tell of one message: its own, and those that Meta gave to what was sent because of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from adapters import dynamodb_keys as keys
from domain.conversations import conversation_id
from domain.customers import CustomerId
from domain.messages import MessageId
from domain.tenants import TenantId
from ops.outcomes.conversations import whole_conversation
from ops.outcomes.rows import Row, Rows


class Related:
    """In whichever tenant's conversation it stands, once it does. Of a reply: what it answers, too."""

    def __init__(self, message_id: str, tenants: Sequence[TenantId], rows: Rows, table: str) -> None:
        self._message_id = message_id
        self._tenants = tenants
        self._rows = rows
        self._table = table

    def __call__(self) -> set[str]:
        wanted = [keys.pointer(tenant, MessageId(self._message_id)) for tenant in self._tenants]
        found = list(self._rows.find(self._table, wanted).values()) if wanted else []
        if found:
            self._tenants = [TenantId(pointer["tenantId"]) for pointer in found]
        return {self._message_id}.union(*(_beside(self._message_id, one, self._rows, self._table) for one in found))


def _beside(message_id: str, pointer: Row, rows: Rows, table: str) -> Iterator[str]:
    if "customerId" not in pointer:
        return
    name = conversation_id(TenantId(pointer["tenantId"]), CustomerId(pointer["customerId"]))
    for reply in whole_conversation(rows, table, name).replies:
        told = {reply.reply_to, *reply.answers, reply.message_id} - {None}
        if message_id in told:
            yield from map(str, told)
