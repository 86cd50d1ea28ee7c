"""The tables of the earlier system, by the names, keys and indexes of its inventory, with made-up rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from adapters.aws_clients import client
from adapters.dynamodb_batches import put_items

BEGAN = datetime(2026, 1, 5, 9, tzinfo=UTC)
_SELLERS = {"casa-verde": "109900000000001", "nordlicht": "109900000000002"}
_MESSAGES = 3
"""Of each conversation: a question, its answer, and thanks."""


def _key(name: str, kind: str = "HASH") -> dict[str, str]:
    return {"AttributeName": name, "KeyType": kind}


_TABLES: Mapping[str, Sequence[dict[str, str]]] = {
    "tenants": [_key("tenantId")],
    "products": [_key("tenantId"), _key("productId", "RANGE")],
    "customers": [_key("phoneNumber")],
    "tenant-usage": [_key("tenantId"), _key("month", "RANGE")],
    "conversations": [_key("conversationId")],
}


@dataclass(frozen=True, slots=True)
class LegacySystem:
    prefix: str
    sellers: Mapping[str, str] = field(default_factory=lambda: dict(_SELLERS))

    def table(self, kind: str) -> str:
        return f"{self.prefix}-{kind}"

    @property
    def tables(self) -> list[str]:
        return [self.table(kind) for kind in _TABLES]

    def create(self) -> LegacySystem:
        for kind, schema in _TABLES.items():
            attributes = {part["AttributeName"] for part in schema}
            more: dict[str, Any] = {}
            if kind == "customers":
                attributes |= {"tenantId", "lastInteraction"}
                index = [_key("tenantId"), _key("lastInteraction", "RANGE")]
                projected = {"ProjectionType": "ALL"}
                more["GlobalSecondaryIndexes"] = [
                    {"IndexName": "TenantCustomersIndex", "KeySchema": index, "Projection": projected}
                ]
            client("dynamodb").create_table(
                TableName=self.table(kind),
                KeySchema=schema,  # type: ignore[arg-type]
                AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in sorted(attributes)],
                BillingMode="PAY_PER_REQUEST",
                **more,
            )
        return self

    def drop(self) -> None:
        for table in self.tables:
            client("dynamodb").delete_table(TableName=table)

    def fill(self, conversations: int) -> LegacySystem:
        put_items(self.table("tenants"), [self.tenant(seller) for seller in self.sellers])
        put_items(self.table("products"), [self.product(seller, n) for seller in self.sellers for n in range(2)])
        put_items(self.table("tenant-usage"), [self.usage(seller, conversations) for seller in self.sellers])
        put_items(self.table("customers"), [self.customer(n) for n in range(conversations)])
        put_items(self.table("conversations"), [self.conversation(n) for n in range(conversations)])
        return self

    # ---- rows ----------------------------------------------------------------------------------------------------

    def seller_of(self, n: int) -> str:
        return list(self.sellers)[n % len(self.sellers)]

    @staticmethod
    def phone(n: int) -> str:
        """Of the range 555-01xx, which is reserved for fiction."""
        return f"1{201 + n // 100}55501{n % 100:02}"

    def tenant(self, seller: str) -> dict[str, Any]:
        return {
            "tenantId": seller,
            "businessName": seller.title(),
            "status": "active",
            "currency": "EUR",
            "phoneNumberId": self.sellers[seller],
            "whatsappBusinessAccountId": f"2{self.sellers[seller]}",
            "accessToken": f"EAAG-{seller}-made-up",
            "subscriptionTier": "pro",
            "createdAt": BEGAN.isoformat(),
            "colourScheme": "green",
        }

    def product(self, seller: str, n: int) -> dict[str, Any]:
        return {
            "tenantId": seller,
            "productId": f"sku-{n}",
            "name": f"Terracotta Pot {n}",
            "price": Decimal("12.50"),
            "stockQuantity": 10 + n,
            "isActive": True,
            "description": "Made by hand",
            "updatedAt": BEGAN.isoformat(),
            "warehouse": "B",
        }

    @staticmethod
    def usage(seller: str, messages: int) -> dict[str, Any]:
        return {
            "tenantId": seller,
            "month": "2026-01",
            "messageCount": messages,
            "aiResponses": messages,
            "tokensUsed": 1234,
            "lastUpdated": BEGAN.isoformat(),
        }

    def customer(self, n: int) -> dict[str, Any]:
        seller = self.seller_of(n)
        return {
            "phoneNumber": f"{seller}#+{self.phone(n)}",
            "tenantId": seller,
            "name": f"Customer {n}",
            "lastInteraction": (BEGAN + timedelta(minutes=n % 500)).isoformat(),
            "messageCount": 2,
            "tags": ["regular"],
        }

    def conversation(self, n: int, more: int = 0) -> dict[str, Any]:
        """`more`: messages that came since."""
        messages = list(self._messages(n, _MESSAGES + more))
        return {
            "conversationId": f"{self.seller_of(n)}#+{self.phone(n)}",
            "tenantId": self.seller_of(n),
            "customerPhone": f"+{self.phone(n)}",
            "status": "active",
            "messages": messages,
            "createdAt": messages[0]["timestamp"],
            "updatedAt": messages[-1]["timestamp"],
            "aiContext": {"lastIntent": "price"},
        }

    @staticmethod
    def _messages(n: int, count: int) -> Iterator[dict[str, Any]]:
        for i in range(count):
            inbound = i % 2 == 0
            yield {
                "messageId": f"wamid.legacy-{n}-{i}",
                "direction": "inbound" if inbound else "outbound",
                "content": f"{'Question' if inbound else 'Answer'} {i} of {n}",
                "timestamp": (BEGAN + timedelta(minutes=n % 500, seconds=i)).isoformat(),
                **({} if inbound else {"status": "delivered"}),
            }

    # ---- live writes ---------------------------------------------------------------------------------------------

    def write(self, n: int, more: int) -> None:
        """As the earlier system would, of a customer who writes again."""
        put_items(self.table("conversations"), [self.conversation(n, more)])
