"""What the rows of messages say of their files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_media_rows import media_of
from adapters.dynamodb_transactions import update, write_alone
from adapters.dynamodb_values import from_item, time_text, to_item
from domain.conversations import conversation_id
from domain.customers import CustomerId
from domain.media import AwaitedMedia, Media, MediaId, MediaJob, MediaKind, MediaRefusal, MediaState, StoredMedia
from domain.messages import MessageId, Position
from domain.tenants import PhoneNumberId, TenantId


class DynamoMediaRecords:
    def __init__(self, conversations_table: str) -> None:
        self._table = conversations_table

    def awaited(self, tenant_id: TenantId, job: MediaJob) -> AwaitedMedia | None:
        row = _read(self._table, keys.message(tenant_id, job.customer_id, job.position))
        if row.get("mediaState") != MediaState.AWAITED:
            return None
        return AwaitedMedia(
            kind=MediaKind(row["type"]),
            media_id=MediaId(row["mediaId"]),
            phone_number_id=PhoneNumberId(row["phoneNumberId"]),
        )

    def stored(self, tenant_id: TenantId, job: MediaJob, stored: StoredMedia) -> bool:
        found = self._settle(
            tenant_id,
            job,
            {
                "mediaState": MediaState.STORED,
                "mediaKey": stored.key,
                "mediaType": stored.mime_type,
                "mediaBytes": stored.size,
            },
        )
        return found == MediaState.STORED

    def refused(self, tenant_id: TenantId, job: MediaJob, reason: MediaRefusal) -> None:
        self._settle(tenant_id, job, {"mediaState": MediaState.REFUSED, "mediaReason": reason})

    def due_again(self, tenant_id: TenantId, job: MediaJob, due_at: datetime) -> None:
        self._write(tenant_id, job, {"dueAt": time_text(due_at)})

    def _settle(self, tenant_id: TenantId, job: MediaJob, attributes: Mapping[str, Any]) -> str | None:
        """The state in which the row is left: whoever was first decides. None where there is no row."""
        refused = self._write(tenant_id, job, attributes, removes=("due", "dueAt"))
        return str(attributes["mediaState"]) if refused is None else refused.get("mediaState")

    def _write(
        self, tenant_id: TenantId, job: MediaJob, attributes: Mapping[str, Any], removes: tuple[str, ...] = ()
    ) -> Mapping[str, Any] | None:
        """None once it is written; the row as it is, where its file is no longer awaited."""
        action = update(
            self._table,
            keys.message(tenant_id, job.customer_id, job.position),
            attributes,
            removes=removes,
            condition="#mediaState = :awaited",
            values={":awaited": MediaState.AWAITED},
        )
        return write_alone(action, "note what became of a file")


@dataclass(frozen=True, slots=True)
class MessageWithMedia:
    """For an operator: no word of the customer's, and no name that they gave a file."""

    message_id: MessageId
    at: str
    media: Media


class DynamoMediaLists:
    """An operator's questions."""

    def __init__(self, conversations_table: str, customers_table: str) -> None:
        self._conversations = conversations_table
        self._customers = customers_table

    def of_message(self, tenant_id: TenantId, message_id: MessageId) -> Media | None:
        pointer = _read(self._conversations, keys.pointer(tenant_id, message_id))
        if "position" not in pointer:
            return None
        place = CustomerId(pointer["customerId"]), Position(pointer["position"])
        return media_of(_read(self._conversations, keys.message(tenant_id, *place)))

    def since(self, tenant_id: TenantId, since: datetime) -> Iterator[MessageWithMedia]:
        """Of every customer who has written since then, oldest first."""
        values = {":tenant": tenant_id, ":since": time_text(since)}
        customers = self._pages(
            self._customers, "tenantId = :tenant AND lastInteraction >= :since", values, "TenantCustomersIndex"
        )
        for customer in customers:
            talk = conversation_id(tenant_id, CustomerId(customer["customerId"]))
            values = {":id": talk, ":since": f"m#{since:%Y-%m-%dT%H:%M:%SZ}", ":state": keys.STATE}
            condition = "conversationId = :id AND sk BETWEEN :since AND :state"
            for row in self._pages(self._conversations, condition, values):
                media = media_of(row)
                if media is not None:
                    yield MessageWithMedia(MessageId(row["messageId"]), row["at"], media)

    def _pages(
        self, table: str, condition: str, values: Mapping[str, str], index: str | None = None
    ) -> Iterator[dict[str, Any]]:
        named: dict[str, Any] = {"IndexName": index} if index else {}
        with translated("list files"):
            pages = (
                client("dynamodb")
                .get_paginator("query")
                .paginate(
                    TableName=table,
                    KeyConditionExpression=condition,
                    ExpressionAttributeValues=to_item(values),
                    **named,
                )
            )
            for page in pages:
                yield from map(from_item, page["Items"])


def _read(table: str, key: Mapping[str, str]) -> dict[str, Any]:
    wire: Any = to_item(key)
    with translated("read what is known of a file"):
        found = client("dynamodb").get_item(TableName=table, Key=wire, ConsistentRead=True)
    return from_item(found.get("Item", {}))
