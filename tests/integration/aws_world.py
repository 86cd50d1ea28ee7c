"""The real adapters over moto's tables, and a look at these tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client
from adapters.dynamodb_account_events import DynamoAccountEvents
from adapters.dynamodb_amendments import DynamoAmendments
from adapters.dynamodb_audit_trail import DynamoAuditTrail
from adapters.dynamodb_canned_replies import DynamoCannedReplies
from adapters.dynamodb_conversations import DynamoConversations
from adapters.dynamodb_customer_book import DynamoCustomerBook
from adapters.dynamodb_customer_search import DynamoCustomerSearch
from adapters.dynamodb_customers import DynamoCustomers, customer_of
from adapters.dynamodb_deliveries import DynamoDeliveries
from adapters.dynamodb_due_items import DynamoDueItems
from adapters.dynamodb_erasures import DynamoErasures, DynamoTombstones
from adapters.dynamodb_identities import DynamoIdentities
from adapters.dynamodb_inbox import DynamoInbox
from adapters.dynamodb_media import DynamoMediaRecords
from adapters.dynamodb_month_usage import DynamoUsage, DynamoUsageWatch
from adapters.dynamodb_notes import DynamoNotes
from adapters.dynamodb_number_states import DynamoNumberStates
from adapters.dynamodb_opt_outs import DynamoOptOuts, opt_out_of
from adapters.dynamodb_quarantine import DynamoQuarantine
from adapters.dynamodb_send_ledger import DynamoSendLedger
from adapters.dynamodb_templates import DynamoTemplateCatalogue
from adapters.dynamodb_tenants import DynamoTenants
from adapters.dynamodb_tenants_overview import DynamoTenantsOverview
from adapters.dynamodb_thread_pages import DynamoThreadPages
from adapters.dynamodb_usage import read_usage
from adapters.dynamodb_values import from_item, time_of, to_item
from adapters.dynamodb_waits import DynamoWaits
from adapters.s3_media import S3MediaLibrary
from domain.conversations import Owner, conversation_id
from domain.customers import Customer, CustomerId, CustomerIdentity
from domain.inbox import folder_of
from domain.media import MediaKey
from domain.opt_out import OptOut
from domain.tenants import TenantId
from ops.prove.template import ResolvedTemplate
from tests.contracts.world import World


@dataclass(frozen=True, slots=True)
class AwsLook:
    resources: ResolvedTemplate

    def customer(self, tenant_id: TenantId, identity: CustomerIdentity) -> Customer | None:
        row = self._filed(tenant_id, identity)
        return customer_of(row) if "customerId" in row else None

    def _filed(self, tenant_id: TenantId, identity: CustomerIdentity) -> dict[str, Any]:
        row = self.row("CustomersTable", keys.customer(tenant_id, identity))
        return self.row("CustomersTable", {"phoneNumber": row["aliasOf"]}) if "aliasOf" in row else row

    def customers(self, tenant_id: TenantId) -> int:
        found = client("dynamodb").query(
            TableName=self.resources.tables["CustomersTable"],
            IndexName="TenantCustomersIndex",
            KeyConditionExpression="tenantId = :tenant",
            ExpressionAttributeValues=to_item({":tenant": tenant_id}),
        )
        return found["Count"]

    def usage(self, tenant_id: TenantId, month: str) -> Mapping[str, int]:
        return read_usage(self.resources.tables["TenantUsageTable"], tenant_id, month)

    def quarantined(self) -> list[tuple[str, str, datetime]]:
        rows = DynamoQuarantine(self.resources.tables["ConversationsTable"]).newest(100)
        return [(row["update_id"], row["reason"], time_of(row["received_at"])) for row in rows]

    def account_events(self, tenant_id: TenantId) -> list[str]:
        rows = self.rows("TenantsTable")
        return sorted(
            row["sk"].removeprefix("event#")
            for row in rows
            if row["tenantId"] == tenant_id and row["sk"].startswith("event#")
        )

    def opt_out(self, tenant_id: TenantId, identity: CustomerIdentity) -> OptOut | None:
        return opt_out_of(self._filed(tenant_id, identity))

    def opt_outs(self, tenant_id: TenantId, customer_id: CustomerId) -> list[OptOut]:
        """As the keys sort them."""
        found = client("dynamodb").query(
            TableName=self.resources.tables["ConversationsTable"],
            KeyConditionExpression="conversationId = :id AND begins_with(sk, :kind)",
            ExpressionAttributeValues=to_item({":id": conversation_id(tenant_id, customer_id), ":kind": "consent#"}),
        )
        told = (opt_out_of(from_item(item)) for item in found["Items"])
        return [opt_out for opt_out in told if opt_out is not None]

    def give_to(self, tenant_id: TenantId, customer_id: CustomerId, owner: Owner) -> None:
        key: Any = to_item(keys.state(tenant_id, customer_id))
        client("dynamodb").update_item(
            TableName=self.resources.tables["ConversationsTable"],
            Key=key,
            UpdateExpression="SET #owner = :owner, #inbox = :inbox",
            ExpressionAttributeNames={"#owner": "owner", "#inbox": "inbox"},
            ExpressionAttributeValues=to_item(
                {":owner": owner, ":inbox": keys.inbox(tenant_id, folder_of(owner, resolved=False))}
            ),
        )

    def inbox(self, tenant_id: TenantId, customer_id: CustomerId) -> Owner:
        listed = self.row("ConversationsTable", keys.state(tenant_id, customer_id))["inbox"]
        return next(
            owner
            for owner in Owner
            if listed in {keys.inbox(tenant_id, folder_of(owner, resolved=one)) for one in (False, True)}
        )

    def files(self) -> Mapping[MediaKey, bytes]:
        bucket = self.resources.buckets["MediaBucket"]
        listed = client("s3").list_objects_v2(Bucket=bucket).get("Contents", [])
        keys_ = [MediaKey(one["Key"]) for one in listed]
        return {key: client("s3").get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys_}

    def trail(self, tenant_id: TenantId) -> list[str]:
        kept = DynamoAuditTrail(self.resources.tables["ConversationsTable"])
        return [entry.action for entry in kept.page(tenant_id, 100).entries]

    def everything(self) -> object:
        return {table: sorted(map(_comparable, self.rows(table))) for table in self.resources.tables}

    def due(self) -> list[tuple[str, str]]:
        """Kind (the beginning of its sort key) and time of each row in the sparse index, earliest first.

        But for those who wait for a person (`World.overdue`).
        """
        rows = [row for row in self.rows("ConversationsTable") if "due" in row]
        assert all(row["due"].startswith("due#") for row in rows)
        rows = [row for row in rows if not row["sk"].startswith("w#")]
        return sorted((row["sk"].split("#")[0], row["dueAt"]) for row in rows)

    def row(self, table: str, key: Mapping[str, str]) -> dict[str, Any]:
        wire: Any = to_item(key)
        found = client("dynamodb").get_item(TableName=self.resources.tables[table], Key=wire, ConsistentRead=True)
        return from_item(found.get("Item", {}))

    def rows(self, table: str) -> list[dict[str, Any]]:
        pages = client("dynamodb").get_paginator("scan").paginate(TableName=self.resources.tables[table])
        return [from_item(item) for page in pages for item in page["Items"]]


def _comparable(row: Mapping[str, Any]) -> str:
    return str(sorted((name, sorted(value) if isinstance(value, set) else value) for name, value in row.items()))


def aws_world(resources: ResolvedTemplate) -> World:
    conversations, customers, usage = (
        resources.tables[name] for name in ("ConversationsTable", "CustomersTable", "TenantUsageTable")
    )
    return World(
        conversations=DynamoConversations(conversations, customers, usage),
        amendments=DynamoAmendments(conversations),
        ledger=DynamoSendLedger(conversations, usage),
        deliveries=DynamoDeliveries(conversations, usage),
        customers=DynamoCustomers(customers),
        due=DynamoDueItems(conversations),
        waits=DynamoWaits(conversations),
        quarantine=DynamoQuarantine(conversations),
        account_events=DynamoAccountEvents(resources.tables["TenantsTable"]),
        opt_outs=DynamoOptOuts(conversations, customers),
        search=DynamoCustomerSearch(conversations, customers),
        erasures=DynamoErasures(conversations, customers),
        tombstones=DynamoTombstones(customers),
        identities=DynamoIdentities(conversations, customers, usage),
        templates=DynamoTemplateCatalogue(resources.tables["TenantsTable"]),
        number_states=DynamoNumberStates(resources.tables["TenantsTable"], conversations),
        usage=DynamoUsage(usage),
        usage_watch=DynamoUsageWatch(usage, conversations),
        overview=DynamoTenantsOverview(resources.tables["TenantsTable"], usage),
        tenants=DynamoTenants(resources.tables["TenantsTable"], cache_seconds=0),
        media=DynamoMediaRecords(conversations),
        library=S3MediaLibrary(resources.buckets["MediaBucket"]),
        inbox=DynamoInbox(conversations),
        threads=DynamoThreadPages(conversations),
        notes=DynamoNotes(conversations),
        book=DynamoCustomerBook(customers),
        canned=DynamoCannedReplies(resources.tables["TenantsTable"]),
        look=AwsLook(resources),
    )
