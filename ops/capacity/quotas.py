"""Quotas and list prices, as their owners' pages said in November 2026 for us-east-1; other Regions have lower ones."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Quota:
    name: str
    unit: str
    limit: float
    remedy: str
    source: str
    parameters: tuple[str, ...] = ()
    """Of template.yaml: where the deployment sets a bound of its own below the quota."""


_AWS = "docs.aws.amazon.com"
_DYNAMODB = f"{_AWS}/amazondynamodb/latest/developerguide"
_PARTITION = f"{_DYNAMODB}/bp-partition-key-design.html"
_PARTITION_UNITS = 1_000
_META = "developers.facebook.com/documentation/business-messaging/whatsapp/throughput"

LAMBDA = Quota(
    "Lambda concurrency of the account",
    "at once",
    1_000,
    "Service Quotas, Lambda, Concurrent executions (new accounts may have fewer)",
    f"{_AWS}/lambda/latest/dg/gettingstarted-limits.html",
    ("WebhookReservedConcurrency", "MessagesReservedConcurrency", "MessagesMaximumConcurrency"),
)
SQS_FIFO = Quota(
    "SQS FIFO queue, high throughput: calls of SendMessage",
    "calls/s",
    70_000,
    "Service Quotas, SQS; one partition has 300, customers are spread over partitions by message group",
    f"{_AWS}/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html",
    ("MessagesMaximumConcurrency", "MessagesMinimumPollers"),
)
TABLE_WRITES = Quota(
    "DynamoDB on-demand table {}",
    "write units/s",
    40_000,
    "Service Quotas, DynamoDB, Table-level write throughput limit; before a known peak, warm throughput",
    f"{_DYNAMODB}/ServiceQuotas.html",
    ("TableMaxWriteRequestUnits",),
)
USAGE_PARTITION = Quota(
    "DynamoDB partition: usage of the busiest tenant",
    "write units/s",
    _PARTITION_UNITS,
    "not by request: conflicts already spread over 96 spill items, which DynamoDB may part in time; or two tenants",
    _PARTITION,
)
CUSTOMERS_INDEX = Quota(
    "DynamoDB partition: TenantCustomersIndex of the busiest tenant",
    "write units/s",
    _PARTITION_UNITS,
    "not by request, and time as sort key is not parted: two tenants in place of one",
    _PARTITION,
)
INBOX_INDEX = Quota(
    "DynamoDB partition: InboxIndex of the busiest tenant",
    "write units/s",
    _PARTITION_UNITS,
    "not by request, and time as sort key is not parted: two tenants in place of one",
    _PARTITION,
)
DUE_INDEX = Quota(
    "DynamoDB partitions: DueIndex, all tenants on 16",
    "write units/s",
    16 * _PARTITION_UNITS,
    "not by request: DUE_PARTITIONS in adapters/dynamodb_keys.py",
    _PARTITION,
)
SNS = Quota(
    "SNS Publish",
    "messages/s",
    30_000,
    "Service Quotas, SNS, messages published per second",
    f"{_AWS}/general/latest/gr/sns.html",
)
SECRETS = Quota(
    "Secrets Manager GetSecretValue",
    "calls/s",
    10_000,
    "not adjustable: workers remember a token for five minutes",
    f"{_AWS}/secretsmanager/latest/userguide/reference_limits.html",
)
WHATSAPP = Quota(
    "WhatsApp number of the busiest tenant, in and out",
    "messages/s",
    80,
    "Meta raises an eligible number to 1,000 by itself (--number-limit 1000); beyond, further numbers",
    _META,
)
BEDROCK = Quota(
    "Bedrock tokens of the account, for one model in one Region",
    "tokens/min",
    0,
    "Service Quotas, Bedrock, InvokeModel tokens per minute of the model",
    f"{_AWS}/bedrock/latest/userguide/quotas-runtime.html",
)

PAIR_SECONDS = 6
"""Meta takes one message in so many seconds from a number to one customer (error 131056)."""

TOKENS_IN, TOKENS_OUT = 1_000, 100
"""Of an answer by a model."""

MILLION = 1_000_000
PRICES_OF = "us-east-1, list, November 2026"
LAMBDA_GB_SECOND = 0.0000166667
"""x86_64, the template's default; Architecture=arm64 costs a fifth less."""
LAMBDA_REQUESTS = 0.20
"""A million, as all below that name no other measure."""
DYNAMODB_WRITES, DYNAMODB_READS = 0.625, 0.125
SQS_FIFO_REQUESTS, SQS_REQUESTS = 0.50, 0.40
SNS_PUBLISHES = 0.50
LOGS_GB = 0.50
SECRET_MONTH = 0.40
