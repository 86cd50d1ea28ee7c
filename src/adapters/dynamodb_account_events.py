"""Account, template, number and preference updates, kept with their tenant."""

from __future__ import annotations

from datetime import timedelta

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_values import pack, time_text, to_item
from domain.ports import AccountEvent
from domain.tenants import TenantId

_KEPT_FOR = timedelta(days=400)


class DynamoAccountEvents:
    def __init__(self, tenants_table: str) -> None:
        self._table = tenants_table

    def keep(self, tenant_id: TenantId, event: AccountEvent) -> None:
        item = {
            **keys.account_event(tenant_id, event.event_id),
            "field": event.field,
            "receivedAt": time_text(event.received_at),
            "eventWabaId": event.waba_id,  # not `wabaId`: the index by that name finds tenants
            "eventPhoneNumberId": event.phone_number_id,
            "value": pack(event.value),
            "expiresAt": int((event.received_at + _KEPT_FOR).timestamp()),
        }
        with translated("keep an account event"):
            client("dynamodb").put_item(TableName=self._table, Item=to_item(item))
