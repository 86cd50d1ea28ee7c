"""The final state of each update, looked up where the functions keep it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from adapters import dynamodb_keys as keys
from adapters.dynamodb_keys import Key
from domain.conversations import conversation_id
from domain.customers import CustomerId
from domain.deliveries import DeliveryStatus
from domain.messages import MessageId
from domain.ports import Tenants, quarantine_id
from domain.replies import parse_reply_id
from domain.tenants import PhoneNumberId, TenantId
from ops.outcomes.conversations import StoredConversation, whole_conversation
from ops.outcomes.items import MESSAGE, STATUS, Address, Item
from ops.outcomes.rows import KeyValues, Row, Rows
from ops.outcomes.states import FinalState, ItemOutcome

_NOWHERE = ItemOutcome(FinalState.LOST, "in no table")
_STATUSES: Sequence[str] = list(DeliveryStatus)


@dataclass(frozen=True, slots=True)
class Judge:
    """`LOST` means no more than "in no table": whoever asks knows whether the queues are empty."""

    rows: Rows
    tenants: Tenants
    tables: Mapping[str, str]
    """Logical name to deployed name."""

    def outcomes(self, items: Sequence[Item]) -> list[ItemOutcome]:
        places = [list(self._places(item)) for item in items]
        found = self._read((place.table, place.key) for of_item in places for place in of_item)
        found |= self._read(("conversations", key) for row in found.values() for key in _reply_keys(row))
        conversations = self._conversations(found)
        return [
            next((outcome for place in of_item if (outcome := place.outcome(found, conversations))), _NOWHERE)
            for of_item in places
        ]

    def _places(self, item: Item) -> Iterator[_Place]:
        for address in dict.fromkeys(item.addresses):
            tenant_id = self._tenant_of(address, by_waba=item.kind not in {MESSAGE, STATUS})
            if item.kind == MESSAGE:
                yield from _message_places(item.update_id, address, tenant_id)
            elif item.kind == STATUS:
                yield from _status_places(item.update_id, address, tenant_id)
            elif tenant_id is not None:
                yield _EventPlace("tenants", keys.account_event(tenant_id, item.update_id))
        if item.kind not in {MESSAGE, STATUS}:
            yield _QuarantinePlace("conversations", keys.quarantined(item.update_id))

    def _tenant_of(self, address: Address, *, by_waba: bool) -> TenantId | None:
        number = self.tenants.number(PhoneNumberId(address.phone_number_id)) if address.phone_number_id else None
        if number is not None:
            return number.tenant.tenant_id
        return self.tenants.of_waba(address.waba_id) if by_waba else None

    def _read(self, wanted: Iterator[tuple[str, Key]]) -> dict[KeyValues, Row]:
        """`wanted`: by logical table."""
        by_table: dict[str, list[Key]] = {}
        for table, key in wanted:
            by_table.setdefault(table, []).append(key)
        return {
            values: row
            for table, of_table in by_table.items()
            for values, row in self.rows.find(self.tables[table], of_table).items()
        }

    def _conversations(self, found: Mapping[KeyValues, Row]) -> dict[str, StoredConversation]:
        ids = {_conversation_of(row) for row in found.values() if row.get("sk") == keys.POINTER and "position" in row}
        table = self.tables["conversations"]
        return {name: whole_conversation(self.rows, table, name) for name in ids}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the trace of an update may be."""

    table: str
    key: Key

    def outcome(
        self, found: Mapping[KeyValues, Row], conversations: Mapping[str, StoredConversation]
    ) -> ItemOutcome | None:
        row = found.get(tuple(self.key.values()))
        return None if row is None else self.read(row, conversations)

    def read(self, row: Row, conversations: Mapping[str, StoredConversation]) -> ItemOutcome | None:
        raise NotImplementedError


class _QuarantinePlace(_Place):
    def read(self, row: Row, conversations: Mapping[str, StoredConversation]) -> ItemOutcome:  # noqa: ARG002
        return ItemOutcome(FinalState.QUARANTINED, str(row["reason"]))


class _EventPlace(_Place):
    def read(self, row: Row, conversations: Mapping[str, StoredConversation]) -> ItemOutcome:  # noqa: ARG002
        return ItemOutcome(FinalState.RECORDED, f"event of {row['tenantId']}")


@dataclass(frozen=True, slots=True)
class _MessagePlace(_Place):
    message_id: str

    def read(self, row: Row, conversations: Mapping[str, StoredConversation]) -> ItemOutcome | None:
        conversation = conversations.get(_conversation_of(row)) if "position" in row else None
        return None if conversation is None else conversation.outcome_of(MessageId(self.message_id))


@dataclass(frozen=True, slots=True)
class _StatusPlace(_Place):
    message_id: str
    status: str

    def outcome(
        self,
        found: Mapping[KeyValues, Row],
        conversations: Mapping[str, StoredConversation],  # noqa: ARG002
    ) -> ItemOutcome | None:
        """What came after a reply was sent is shown on the reply's row alone."""
        pointer = found.get(tuple(self.key.values()), {})
        replies = (found.get(tuple(key.values()), {}) for key in _reply_keys(pointer))
        of_it = [pointer, *(row for row in replies if row.get("messageId") == self.message_id)]
        told = [_STATUSES.index(row["delivery"]) for row in of_it if "delivery" in row]
        if not told or self.status not in _STATUSES:
            return None
        delivery = _STATUSES[max(told)]
        state = FinalState.PENDING if max(told) < _STATUSES.index(self.status) else FinalState.RECORDED
        return ItemOutcome(state, f"delivery is {delivery}")


def _message_places(message_id: str, address: Address, tenant_id: TenantId | None) -> Iterator[_Place]:
    if tenant_id is not None:
        yield _MessagePlace("conversations", keys.pointer(tenant_id, MessageId(message_id)), message_id)
    yield _QuarantinePlace("conversations", keys.quarantined(quarantine_id(address.phone_number_id, message_id)))


def _status_places(update_id: str, address: Address, tenant_id: TenantId | None) -> Iterator[_Place]:
    message_id, _, status = update_id.rpartition(":")
    if tenant_id is not None:
        yield _StatusPlace("conversations", keys.pointer(tenant_id, MessageId(message_id)), message_id, status)
        yield _EventPlace("tenants", keys.account_event(tenant_id, update_id))
    quarantined = quarantine_id(address.phone_number_id, message_id, status)
    yield _QuarantinePlace("conversations", keys.quarantined(quarantined))


def _conversation_of(pointer: Row) -> str:
    return conversation_id(TenantId(pointer["tenantId"]), CustomerId(pointer["customerId"]))


def _reply_keys(pointer: Row) -> Iterator[Key]:
    parsed = parse_reply_id(pointer.get("replyId"))
    if parsed is not None:
        yield keys.reply_of(TenantId(pointer["tenantId"]), parsed)
