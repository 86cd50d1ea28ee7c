"""The places in DynamoDB that can hold something of a customer: read for them, and emptied of it."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_erasures import belongs, read_row
from adapters.dynamodb_transactions import transact
from adapters.dynamodb_values import from_item, time_of, to_item, unpack
from domain.conversations import conversation_id
from domain.customer_data import CustomerRecord, Subject, told_at
from domain.customers import CustomerId
from domain.errors import ContentionError, ServiceUnavailableError
from domain.messages import MessageId
from domain.ports import Tenants
from domain.tenants import PhoneNumberId, TenantId

Row = Mapping[str, Any]

_BATCH = 25  # of one BatchWriteItem
_PAIRS = 33  # of rows with their pointers, and those that they speak of, in one transaction
_TRIES = 8
_INTERNAL = frozenset("conversationId sk due dueAt inbox expiresAt version tenantId".split())
"""How it is stored, not what it is."""
_PACKED = ("raw", "value")
_ERASED = "(erased)"


@dataclass(frozen=True, slots=True)
class CustomersPlace:
    """Emptied by the erasure's first transaction."""

    table: str
    name: str = "customers"

    def records(self, tenant_id: TenantId, subject: Subject) -> Iterator[CustomerRecord]:
        for identity in subject.identities:
            row = read_row(self.table, keys.filed(tenant_id, identity))
            if row and belongs(row, subject):
                kind = "aliases" if "aliasOf" in row else "profile"
                yield CustomerRecord(kind, {"identity": identity, **_readable(row, "phoneNumber")})

    def erase(self, tenant_id: TenantId, subject: Subject) -> int:  # noqa: ARG002 (a place like the others)
        return 0


@dataclass(frozen=True, slots=True)
class ConversationsPlace:
    table: str
    name: str = "conversations"

    def records(self, tenant_id: TenantId, subject: Subject) -> Iterator[CustomerRecord]:
        for page in self._all_pages(tenant_id, subject):
            for row in page:
                yield CustomerRecord(_kind(row), _readable(row))
            for pointer in self._pointers(tenant_id, page):
                about = pointer["conversationId"].partition("#")[2]
                yield CustomerRecord("deliveries", {"messageId": about, **_readable(pointer)})

    def erase(self, tenant_id: TenantId, subject: Subject) -> int:
        """Each row with the row that its message id leads to: a status on its way finds both, or neither."""
        deleted = 0
        for _ in range(_TRIES):
            refused = 0
            for page in self._all_pages(tenant_id, subject):
                said = [row for row in page if "direction" in row]
                for pairs in _chunks(said, _PAIRS):
                    gone = self._delete_pairs(tenant_id, pairs)
                    refused += gone is None
                    deleted += gone or 0
                others = [_key_of(row) for row in page if "direction" not in row]
                deleted += delete_rows(self.table, others)
            if not refused:
                return deleted
        raise ContentionError("replies kept being settled while they were erased: run it again")

    def _delete_pairs(self, tenant_id: TenantId, rows: Sequence[Row]) -> int | None:
        """None, and nothing deleted, where a reply was settled since it was read: its message id is to be known."""
        pointers = self._pointers(tenant_id, rows)
        actions = [
            *({"Delete": {"TableName": self.table, "Key": to_item(_key_of(pointer))}} for pointer in pointers),
            *(_delete_as_seen(self.table, row) for row in rows),
        ]
        return None if transact(actions) else len(actions)

    def _pointers(self, tenant_id: TenantId, rows: Sequence[Row]) -> list[Row]:
        """The rows that the message ids of these rows lead to."""
        said = [row for row in rows if "direction" in row]
        ids = {MessageId(row["messageId"]) for row in said if "messageId" in row}
        ids |= {target for row in said if (target := _target_of(row)) is not None}
        found: list[Row] = []
        for some in _chunks(sorted(ids), _PAIRS):
            pending: Any = {
                self.table: {
                    "Keys": [to_item(keys.pointer(tenant_id, message_id)) for message_id in some],
                    "ConsistentRead": True,
                }
            }
            with translated("read deliveries"):
                while pending:
                    answer = client("dynamodb").batch_get_item(RequestItems=pending)
                    found += [from_item(item) for item in answer["Responses"].get(self.table, [])]
                    pending = answer.get("UnprocessedKeys")
        return [row for row in found if _leads_to(row, rows)]

    def _all_pages(self, tenant_id: TenantId, subject: Subject) -> Iterator[list[Row]]:
        for customer_id in subject.customer_ids:
            yield from self._pages(tenant_id, customer_id)
        for customer_id in subject.apart_from:
            for page in self._pages(tenant_id, customer_id):
                yield [row for row in page if _left_with_another(row, subject)]

    def _pages(self, tenant_id: TenantId, customer_id: CustomerId) -> Iterator[list[Row]]:
        """Without what an erasure goes by."""
        for page in _query(
            self.table,
            "conversationId = :id",
            {":id": conversation_id(tenant_id, customer_id)},
        ):
            yield [row for row in page if row["sk"] != keys.ERASURE]


@dataclass(frozen=True, slots=True)
class AccountEventsPlace:
    table: str
    name: str = "account-events"

    def records(self, tenant_id: TenantId, subject: Subject) -> Iterator[CustomerRecord]:
        for row in self._rows(tenant_id, subject):
            yield CustomerRecord("updates", _readable(row))

    def erase(self, tenant_id: TenantId, subject: Subject) -> int:
        return delete_rows(self.table, (_pick(row, "tenantId", "sk") for row in self._rows(tenant_id, subject)))

    def _rows(self, tenant_id: TenantId, subject: Subject) -> Iterator[Row]:
        values = {":tenant": tenant_id, ":events": keys.EVENTS}
        for page in _query(self.table, "tenantId = :tenant AND begins_with(sk, :events)", values):
            for row in page:
                value = unpack(row["value"])
                if subject.named_in(value) and subject.meant(told_at(value, time_of(row["receivedAt"]))):
                    yield row


@dataclass(frozen=True, slots=True)
class QuarantinePlace:
    """Of the seller's numbers, and of nobody's: what is another seller's is theirs to erase."""

    table: str
    tenants: Tenants
    name: str = "quarantine"

    def records(self, tenant_id: TenantId, subject: Subject) -> Iterator[CustomerRecord]:
        for row in self._rows(tenant_id, subject):
            yield CustomerRecord("quarantined", _readable(row))

    def erase(self, tenant_id: TenantId, subject: Subject) -> int:
        return delete_rows(self.table, (_key_of(row) for row in self._rows(tenant_id, subject)))

    def _rows(self, tenant_id: TenantId, subject: Subject) -> Iterator[Row]:
        for page in _query(self.table, "inbox = :quarantine", {":quarantine": keys.QUARANTINE}, index="InboxIndex"):
            for row in page:
                raw = unpack(row["raw"])
                if about(subject, raw) and subject.meant(told_at(raw, time_of(row["lastInboundAt"]))):
                    owner = owner_of(raw, self.tenants) or self._owner_by_id(row)
                    if owner in {None, tenant_id}:
                        yield row

    def _owner_by_id(self, row: Row) -> TenantId | None:
        """Of a status, which is put aside without its number: `quarantine_id` begins with it."""
        phone_number_id = row["conversationId"].split("#")[1]
        number = self.tenants.number(PhoneNumberId(phone_number_id)) if phone_number_id.isdigit() else None
        return number.tenant.tenant_id if number else None


@dataclass(frozen=True, slots=True)
class OperatorLogPlace:
    """An entry stays, without the words that name the customer."""

    table: str
    name: str = "operator-log"

    def records(self, tenant_id: TenantId, subject: Subject) -> Iterator[CustomerRecord]:  # noqa: ARG002 (as all places)
        for row in self._rows(subject):
            yield CustomerRecord("operators", _readable(row))

    def erase(self, tenant_id: TenantId, subject: Subject) -> int:  # noqa: ARG002 (as all places)
        entries = list(self._rows(subject))
        for row in entries:
            with translated("erase words of an operator"):
                client("dynamodb").update_item(
                    TableName=self.table,
                    Key=to_item(_key_of(row)),
                    UpdateExpression="SET reason = :erased",
                    ConditionExpression="attribute_exists(conversationId)",
                    ExpressionAttributeValues=to_item({":erased": _ERASED}),
                )
        return len(entries)

    def _rows(self, subject: Subject) -> Iterator[Row]:
        for page in _query(self.table, "conversationId = :log", {":log": keys.OPERATOR_LOG}):
            yield from (row for row in page if subject.mentioned_in(row.get("reason", "")))


def about(subject: Subject, raw: Any) -> bool:
    """Whether something that was put aside is about the customer: an update, or a dead letter in its wrapping."""
    if subject.named_in(raw):
        return True
    if not isinstance(raw, dict):
        return False
    text = raw.get("body")
    return letter_about(subject, text) if isinstance(text, str) else _malformed_about(subject, raw)


def letter_about(subject: Subject, text: str) -> bool:
    """Whether the body of a queue's message is about the customer.

    What nobody could read is theirs if it has one of their names anywhere.
    """
    body = letter_body(text)
    if body is None:
        return subject.mentioned_in(text)
    return subject.named_in(body) or _malformed_about(subject, body)


def _malformed_about(subject: Subject, body: Mapping[str, Any]) -> bool:
    """A piece of a webhook's body that is not in Meta's form, or all of it."""
    malformed = body.get("kind") == "malformed" and "raw" in body
    return malformed and any(subject.mentioned_in(words) for words in _words_of(body["raw"]))


def letter_body(text: str) -> dict[str, Any] | None:
    """None of what is not a JSON object, plain or compressed."""
    try:
        body = json.loads(text)
        if isinstance(body, dict) and isinstance(body.get("zlib"), str):
            body = json.loads(zlib.decompress(base64.b64decode(body["zlib"])))
    except (ValueError, RecursionError, zlib.error):
        return None
    return body if isinstance(body, dict) else None


def owner_of(raw: Any, tenants: Tenants) -> TenantId | None:
    """Whose an update is by the number or account that it names; None where it is nobody's."""
    if not isinstance(raw, dict):
        return None
    text = raw.get("body")
    named = (letter_body(text) or {}) if isinstance(text, str) else raw
    if isinstance(named.get("tenant_id"), str):
        return TenantId(named["tenant_id"])
    phone_number_id, waba_id = named.get("phone_number_id"), named.get("waba_id")
    number = tenants.number(PhoneNumberId(phone_number_id)) if isinstance(phone_number_id, str) else None
    if number is not None:
        return number.tenant.tenant_id
    return tenants.of_waba(waba_id) if isinstance(waba_id, str) else None


def _words_of(piece: Any) -> Iterator[str]:
    yield json.dumps(piece, ensure_ascii=False)
    if isinstance(piece, str):
        try:
            yield base64.b64decode(piece, validate=True).decode(errors="replace")
        except ValueError:
            return


def delete_rows(table: str, row_keys: Iterable[Mapping[str, str]]) -> int:
    """How many. What DynamoDB leaves undone of a batch is asked for again."""
    deleted = 0
    for some in _chunks(row_keys, _BATCH):
        pending: Any = {table: [{"DeleteRequest": {"Key": to_item(key)}} for key in some]}
        for _ in range(_TRIES):
            with translated("delete rows"):
                pending = client("dynamodb").batch_write_item(RequestItems=pending).get("UnprocessedItems")
            if not pending:
                break
        else:
            raise ServiceUnavailableError("delete rows: DynamoDB kept leaving some undone")
        deleted += len(some)
    return deleted


def _query(table: str, condition: str, values: Mapping[str, Any], index: str = "") -> Iterator[list[Row]]:
    how: Any = {"IndexName": index} if index else {"ConsistentRead": True}
    with translated("read what is stored of a customer"):
        pages = (
            client("dynamodb")
            .get_paginator("query")
            .paginate(
                TableName=table, KeyConditionExpression=condition, ExpressionAttributeValues=to_item(values), **how
            )
        )
        for page in pages:
            yield [from_item(item) for item in page["Items"]]


def _delete_as_seen(table: str, row: Row) -> dict[str, Any]:
    """A reply is sent under no other id than was read: else the row of that id would stay behind."""
    delete: dict[str, Any] = {"TableName": table, "Key": to_item(_key_of(row))}
    if "messageId" in row:
        condition: Any = {
            "ConditionExpression": "messageId = :id",
            "ExpressionAttributeValues": to_item({":id": row["messageId"]}),
        }
    else:
        condition = {"ConditionExpression": "attribute_not_exists(messageId)"}
    return {"Delete": {**delete, **condition}}


def _target_of(row: Row) -> MessageId | None:
    """The message that this one edits, revokes or reacts to: what it says may wait there."""
    raw = unpack(row["raw"]) if "raw" in row else None
    pointing = raw.get(str(raw.get("type"))) if isinstance(raw, dict) else None
    if not isinstance(pointing, dict):
        return None
    target = pointing.get("original_message_id") or pointing.get("message_id")
    return MessageId(target) if isinstance(target, str) and target else None


def _left_with_another(row: Row, subject: Subject) -> bool:
    """Of a conversation that theirs was part of for a while: what they said in it, and how they came into it."""
    if "formerCustomerId" in row:
        return row["formerCustomerId"] in subject.customer_ids
    return row.get("direction") == "in" and subject.named_in(unpack(row["raw"])) and subject.meant(time_of(row["at"]))


def _leads_to(pointer: Row, rows: Iterable[Row]) -> bool:
    """Whether a row is of one of these messages; or of one that never came, and of which only they spoke."""
    spoken_by = set(pointer.get("waiting", ()))
    if spoken_by and "position" not in pointer and "replyId" not in pointer:
        return spoken_by <= {row["conversationId"].partition("#")[2] for row in rows}
    about = pointer["conversationId"].partition("#")[2]
    return any(row.get("messageId") == about for row in rows)


_KINDS: Mapping[str, str] = {
    "consent": "consent",
    "m": "messages",
    "e": "escalations",
    "c": "owner-changes",
    "i": "merges",
    "k": "send-keys",
    "w": "waits",
    keys.STATE: "conversation",
}


def _kind(row: Row) -> str:
    if row["sk"].startswith(keys.MESSAGES) and "direction" not in row:
        return "notes"
    return _KINDS.get(keys.parse_sort_key(row["sk"]).row, "other")


def _readable(row: Row, *but: str) -> dict[str, Any]:
    """As a person, or another service, can read it; Meta's own objects as they came."""
    plain = {name: _plain(value) for name, value in row.items() if name not in {*_INTERNAL, *_PACKED, *but}}
    return {**plain, **{name: unpack(row[name]) for name in _PACKED if name in row}}


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case set() | frozenset():
            return sorted(_plain(inner) for inner in value)
        case list():
            return [_plain(inner) for inner in value]
        case dict():
            return {name: _plain(inner) for name, inner in value.items()}
        case _:
            return value


def _key_of(row: Row) -> dict[str, str]:
    return _pick(row, "conversationId", "sk")


def _pick(row: Row, *names: str) -> dict[str, str]:
    return {name: row[name] for name in names}


def _chunks(things: Iterable[Any], size: int) -> Iterator[list[Any]]:
    remaining = iter(things)
    while some := list(islice(remaining, size)):
        yield some
