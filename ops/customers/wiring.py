"""The places that can hold something of a customer, on one deployment."""

from __future__ import annotations

from collections.abc import Sequence

from adapters import dynamodb_keys as keys
from adapters.dead_letters.queues import dead_letter_queues
from adapters.dynamodb_customer_places import (
    AccountEventsPlace,
    ConversationsPlace,
    CustomersPlace,
    OperatorLogPlace,
    QuarantinePlace,
)
from adapters.dynamodb_customer_search import DynamoCustomerSearch
from adapters.dynamodb_erasures import DynamoErasures, read_row
from adapters.dynamodb_operator_log import DynamoOperatorLog
from adapters.dynamodb_tenants import DynamoTenants
from adapters.s3_customer_media import MediaPlace
from domain.customer_data import CustomerPlace
from domain.erase_customer import By, ErasePorts
from domain.export_customer import ExportPorts
from domain.tenants import TenantId
from ops import operator
from ops.customers.dead_letters import DeadLettersPlace
from ops.errors import OpsError
from ops.target import Target

_TENANT_CACHE_SECONDS = 600


def erase_ports(found: Target) -> ErasePorts:
    conversations, customers = found.tables["conversations"], found.tables["customers"]
    return ErasePorts(
        search=DynamoCustomerSearch(conversations, customers),
        erasures=DynamoErasures(conversations, customers),
        places=places(found),
        log=DynamoOperatorLog(conversations),
    )


def export_ports(found: Target) -> ExportPorts:
    conversations, customers = found.tables["conversations"], found.tables["customers"]
    return ExportPorts(
        search=DynamoCustomerSearch(conversations, customers),
        places=places(found),
        log=DynamoOperatorLog(conversations),
    )


def places(found: Target) -> Sequence[CustomerPlace]:
    """The customers first: what the beginning of an erasure deletes is theirs."""
    conversations, tenants_table = found.tables["conversations"], found.tables["tenants"]
    tenants = DynamoTenants(tenants_table, _TENANT_CACHE_SECONDS)
    queues = dead_letter_queues(found.queues, wait_seconds=0 if found.local else 1)
    return (
        CustomersPlace(found.tables["customers"]),
        ConversationsPlace(conversations),
        AccountEventsPlace(tenants_table),
        QuarantinePlace(conversations, tenants),
        OperatorLogPlace(conversations),
        MediaPlace(found.buckets["media"]),
        DeadLettersPlace(queues, tenants),
    )


def seller(found: Target, tenant_id: str) -> TenantId:
    """Raises `OpsError` for a name that is nobody's: an erasure under it would be kept, and mean nothing."""
    if not read_row(found.tables["tenants"], keys.tenant_profile(TenantId(tenant_id))):
        raise OpsError(f"there is no seller {tenant_id}", "name a seller by the id under which they were set up")
    return TenantId(tenant_id)


def by(found: Target) -> By:
    return By(operator.name(), "" if found.local else operator.aws_identity())
