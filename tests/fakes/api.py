"""What the API's front asks of the world, in memory, and somebody who calls it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyItemAlreadyExistsError,
    IdempotencyItemNotFoundError,
)
from aws_lambda_powertools.utilities.idempotency.persistence.base import BasePersistenceLayer
from aws_lambda_powertools.utilities.idempotency.persistence.datarecord import DataRecord

from domain.access import Principal, Role
from domain.catalogue import Product, ProductId
from domain.errors import ServiceUnavailableError, UnauthenticatedError
from domain.tenants import TenantId
from handlers.api.front import Front
from tests.builders import ACME, GLOBEX, NOON
from tests.fakes.products import FakeProducts


@dataclass(slots=True)
class FakeRequestCounts:
    counted: Counter[tuple[str, datetime]] = field(default_factory=Counter)
    down: bool = False

    def count(self, scope: str, window_start: datetime) -> int:
        if self.down:
            raise ServiceUnavailableError("count a request: ThrottlingException")
        self.counted[scope, window_start] += 1
        return self.counted[scope, window_start]


class FakePersistence(BasePersistenceLayer):
    """Powertools' idempotency records, which never expire."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.records: dict[str, DataRecord] = {}

    def _get_record(self, idempotency_key: str) -> DataRecord:
        if idempotency_key not in self.records:
            raise IdempotencyItemNotFoundError
        return self.records[idempotency_key]

    def _put_record(self, data_record: DataRecord) -> None:
        if data_record.idempotency_key in self.records:
            raise IdempotencyItemAlreadyExistsError
        self.records[data_record.idempotency_key] = data_record

    def _update_record(self, data_record: DataRecord) -> None:
        self.records[data_record.idempotency_key] = data_record

    def _delete_record(self, data_record: DataRecord) -> None:
        self.records.pop(data_record.idempotency_key, None)


@dataclass(slots=True)
class FakeProductRows:
    products: FakeProducts = field(default_factory=FakeProducts)

    def find(self, tenant_id: TenantId, product_id: ProductId) -> Product | None:
        return self.products.stored.get((tenant_id, product_id))

    def page(self, tenant_id: TenantId, after: ProductId | None, limit: int) -> list[Product]:
        return [one for one in self.products.all(tenant_id) if after is None or one.product_id > after][:limit]

    def replace(self, tenant_id: TenantId, seen: Product | None, product: Product | None) -> bool:
        named = product or seen
        if named is None:
            return True
        if self.find(tenant_id, named.product_id) != seen:
            return False
        if product is None:
            self.products.delete(tenant_id, [named.product_id])
        else:
            self.products.put(tenant_id, [product])
        return True


ANNA = Principal("sub-anna", "Anna", Role.TENANT_ADMIN, ACME)
AGNES = Principal("sub-agnes", "Agnes", Role.TENANT_AGENT, ACME)
GLEN = Principal("sub-glen", "Glen", Role.TENANT_ADMIN, GLOBEX)
OSKAR = Principal("sub-oskar", "Oskar", Role.OPERATOR)

PEOPLE = {who.name.lower(): who for who in (ANNA, AGNES, GLEN, OSKAR)}
"""By the bearer token that they hold in tests."""


def authenticate(event: Mapping[str, Any]) -> Principal:
    token = str((event.get("headers") or {}).get("Authorization", "")).removeprefix("Bearer ")
    if token not in PEOPLE:
        raise UnauthenticatedError("a valid access token is needed")
    return PEOPLE[token]


class Context:
    """Of Lambda, as far as Powertools looks at it."""

    aws_request_id = "request-1"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 10_000


@dataclass(frozen=True, slots=True)
class Answered:
    status: int
    headers: dict[str, str]
    """By lower-case name."""
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass(slots=True)
class Caller:
    front: Front
    token: str | None = "anna"

    def __call__(
        self, method: str, url: str, body: object = None, *, token: str | None = "", headers: Mapping[str, str] = {}
    ) -> Answered:
        """`body`: text goes out as it is, anything else as JSON. `token`: empty for the caller's own, None for none."""
        text = body if isinstance(body, str) or body is None else json.dumps(body)
        who = self.token if token == "" else token
        sent = {"Content-Type": "application/json"} if text else {}
        if who is not None:
            sent["Authorization"] = f"Bearer {who}"
        answer = self.front.answer(rest_event(method, url, text, {**sent, **headers}), Context())
        told = {name.lower(): values[0] for name, values in answer["multiValueHeaders"].items()}
        return Answered(answer["statusCode"], told, answer["body"])


def rest_event(method: str, url: str, body: str | None, headers: Mapping[str, str]) -> dict[str, Any]:
    """As a REST API hands a request to a function."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    return {
        "httpMethod": method,
        "path": parts.path,
        "headers": dict(headers),
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": dict(query) or None,
        "multiValueQueryStringParameters": {name: [v for n, v in query if n == name] for name, _ in query} or None,
        "requestContext": {"stage": "prod", "path": f"/prod{parts.path}", "requestId": "request-1"},
        "body": body,
        "isBase64Encoded": False,
    }


def at_noon() -> datetime:
    return NOON
