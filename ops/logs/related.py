"""Which ids tell of one message: its own, and those that Meta gave to what was sent because of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from adapters import dynamodb_keys as keys
from domain.conversations import conversation_id
from domain.customers import CustomerId
from domain.messages import MessageId
from domain.tenants import TenantId
from ops.outcomes.conversations import whole_conversation
from ops.outcomes.rows import Row, Rows


def related(message_id: str, tenants: Iterable[TenantId], rows: Rows, table: str) -> set[str]:
    """In whichever tenant's conversation it stands. Of a reply: what it answers, too."""
    wanted = [keys.pointer(tenant, MessageId(message_id)) for tenant in tenants]
    found = rows.find(table, wanted).values() if wanted else ()
    return {message_id}.union(*(_beside(message_id, pointer, rows, table) for pointer in found))


def _beside(message_id: str, pointer: Row, rows: Rows, table: str) -> Iterator[str]:
    if "customerId" not in pointer:
        return
    name = conversation_id(TenantId(pointer["tenantId"]), CustomerId(pointer["customerId"]))
    for reply in whole_conversation(rows, table, name).replies:
        told = {reply.reply_to, *reply.answers, reply.message_id} - {None}
        if message_id in told:
            yield from map(str, told)
