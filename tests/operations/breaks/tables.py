"""Tables."""

from __future__ import annotations

from tests.operations.breaks.registry import NAME, Breaker, breaks


@breaks("missing", "IdempotencyTable")
def _delete_a_table(at: Breaker) -> None:
    at.aws("dynamodb").delete_table(TableName=NAME.format("idempotency"))


@breaks("drifted", "ConversationsTable", "GlobalSecondaryIndexes.DueIndex")
def _make_an_index_anew_with_another_projection(at: Breaker) -> None:
    table = {"TableName": NAME.format("conversations")}
    at.aws("dynamodb").update_table(**table, GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "DueIndex"}}])
    keys = [{"AttributeName": "due", "KeyType": "HASH"}, {"AttributeName": "dueAt", "KeyType": "RANGE"}]
    index = {"IndexName": "DueIndex", "KeySchema": keys, "Projection": {"ProjectionType": "ALL"}}
    attributes = [{"AttributeName": name, "AttributeType": "S"} for name in ("due", "dueAt")]
    at.aws("dynamodb").update_table(
        **table, AttributeDefinitions=attributes, GlobalSecondaryIndexUpdates=[{"Create": index}]
    )


@breaks("drifted", "TenantsTable", "GlobalSecondaryIndexes.WabaIdIndex")
def _drop_an_index(at: Breaker) -> None:
    at.aws("dynamodb").update_table(
        TableName=NAME.format("tenants"), GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "WabaIdIndex"}}]
    )


@breaks("drifted", "TenantsTable", "TimeToLiveSpecification")
def _stop_time_to_live(at: Breaker) -> None:
    at.aws("dynamodb").update_time_to_live(
        TableName=NAME.format("tenants"), TimeToLiveSpecification={"AttributeName": "expiresAt", "Enabled": False}
    )


@breaks("drifted", "CustomersTable", "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled")
def _stop_point_in_time_recovery(at: Breaker) -> None:
    at.aws("dynamodb").update_continuous_backups(
        TableName=NAME.format("customers"), PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False}
    )


@breaks("drifted", "EmbeddingsTable", "BillingMode")
def _pay_for_capacity(at: Breaker) -> None:
    at.aws("dynamodb").update_table(
        TableName=NAME.format("embeddings"),
        BillingMode="PROVISIONED",
        ProvisionedThroughput={"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
    )


@breaks("drifted", "TenantUsageTable", "StreamSpecification")
def _add_a_stream(at: Breaker) -> None:
    stream = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    at.aws("dynamodb").update_table(TableName=NAME.format("tenant-usage"), StreamSpecification=stream)
