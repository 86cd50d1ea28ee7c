"""What people do to a deployment by hand, and what an audit must say of each."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

from ops.audit.clients import Clients

Expected = tuple[str, str, str]
"""Kind, resource, where."""
Break = Callable[["Breaker"], None]

NAME = "ai-marketplace-{}-platform"
BREAKS: dict[Expected, Break] = {}
"""In the order in which they are made."""


def breaks(kind: str, resource: str, where: str = "") -> Callable[[Break], Break]:
    def remember(one: Break) -> Break:
        BREAKS[kind, resource, where] = one
        return one

    return remember


class Breaker:
    def __init__(self, aws: Clients, stack_name: str) -> None:
        self.aws = aws
        resources = aws("cloudformation").describe_stack_resources(StackName=stack_name)["StackResources"]
        self.physical = {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in resources}

    def queue(self, logical_id: str, **attributes: str) -> None:
        self.aws("sqs").set_queue_attributes(QueueUrl=self.physical[logical_id], Attributes=attributes)

    def alarm(self, logical_id: str, **changes: Any) -> None:
        cloudwatch = self.aws("cloudwatch")
        [alarm] = cloudwatch.describe_alarms(AlarmNames=[self.physical[logical_id]])["MetricAlarms"]
        given = cloudwatch.meta.service_model.operation_model("PutMetricAlarm").input_shape.members
        cloudwatch.put_metric_alarm(**{name: value for name, value in alarm.items() if name in given} | changes)

    def function(self, name: str, **changes: Any) -> None:
        self.aws("lambda").update_function_configuration(FunctionName=NAME.format(name), **changes)


# ---- tables ------------------------------------------------------------------------------------------------------


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


# ---- functions ---------------------------------------------------------------------------------------------------
# Of those that nothing has called: the local AWS first ends the workers of the others, which takes it seconds.


@breaks("drifted", "AdminGuiFunction", "Timeout")
def _lower_a_time_out(at: Breaker) -> None:
    at.function("admin-gui", Timeout=3)


@breaks("drifted", "TenantAdminApiFunction", "Runtime")
def _another_runtime(at: Breaker) -> None:
    at.function("tenant-admin-api", Runtime="python3.11")


@breaks("drifted", "MediaHandlerFunction", "MemorySize")
def _less_memory(at: Breaker) -> None:
    at.function("media-handler", MemorySize=256)


@breaks("drifted", "AdminDashboardFunction", "Layers")
def _take_a_layer_away(at: Breaker) -> None:
    at.function("admin-dashboard", Layers=[])


@breaks("drifted", "AdminGuiFunction", "Environment.Variables.TENANTS_TABLE")
def _another_environment(at: Breaker) -> None:
    told = at.aws("lambda").get_function_configuration(FunctionName=NAME.format("admin-gui"))
    variables = {**told["Environment"]["Variables"], "TENANTS_TABLE": "ai-marketplace-tenants"}
    at.function("admin-gui", Environment={"Variables": variables})


@breaks("drifted", "MediaHandlerFunction", "Environment.Variables.DEBUG")
def _one_variable_more(at: Breaker) -> None:
    told = at.aws("lambda").get_function_configuration(FunctionName=NAME.format("media-handler"))
    at.function("media-handler", Environment={"Variables": {**told["Environment"]["Variables"], "DEBUG": "1"}})


@breaks("drifted", "MessageHandlerFunction", "ReservedConcurrentExecutions")
def _reserve_concurrency(at: Breaker) -> None:
    at.aws("lambda").put_function_concurrency(
        FunctionName=NAME.format("message-handler"), ReservedConcurrentExecutions=1
    )


@breaks("drifted", "TenantAdminApiFunction", "Code")
def _other_code(at: Breaker) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("handlers/tenant_admin_api.py", "def handler(event, context): ...\n")
    at.aws("lambda").update_function_code(FunctionName=NAME.format("tenant-admin-api"), ZipFile=buffer.getvalue())


@breaks("drifted", "WebhookFunctionUrl", "AuthType")
def _close_the_function_url(at: Breaker) -> None:
    at.aws("lambda").update_function_url_config(FunctionName=NAME.format("webhook"), AuthType="AWS_IAM")


@breaks("missing", "WebhookFunctionUrlPublicPermissions")
def _take_a_permission_back(at: Breaker) -> None:
    at.aws("lambda").remove_permission(
        FunctionName=NAME.format("webhook"), StatementId=at.physical["WebhookFunctionUrlPublicPermissions"]
    )


@breaks("drifted", "ReplyHandlerFunctionReplies", "Enabled")
def _stop_an_event_source(at: Breaker) -> None:
    at.aws("lambda").update_event_source_mapping(UUID=at.physical["ReplyHandlerFunctionReplies"], Enabled=False)


@breaks("drifted", "MediaHandlerFunctionMedia", "BatchSize")
def _larger_batches(at: Breaker) -> None:
    at.aws("lambda").update_event_source_mapping(UUID=at.physical["MediaHandlerFunctionMedia"], BatchSize=10)


@breaks("drifted", "StatusHandlerFunctionStatuses", "FunctionResponseTypes")
def _no_partial_failures(at: Breaker) -> None:
    at.aws("lambda").update_event_source_mapping(
        UUID=at.physical["StatusHandlerFunctionStatuses"], FunctionResponseTypes=[]
    )


@breaks("drifted", "MessageHandlerFunctionInbox", "FilterCriteria")
def _filter_an_event_source(at: Breaker) -> None:
    filters = {"Filters": [{"Pattern": json.dumps({"body": {"never": ["sent"]}})}]}
    at.aws("lambda").update_event_source_mapping(
        UUID=at.physical["MessageHandlerFunctionInbox"], FilterCriteria=filters
    )


@breaks("extra", "StatusHandlerFunction", "event source")
def _another_event_source(at: Breaker) -> None:
    at.aws("lambda").create_event_source_mapping(
        FunctionName=NAME.format("status-handler"),
        EventSourceArn=f"arn:aws:sqs:us-east-1:000000000000:{NAME.format('statuses-dlq')}",
        Enabled=False,
    )


# ---- who may do what ---------------------------------------------------------------------------------------------


@breaks("drifted", "EmbedderFunctionRole", "Policies.EmbedderFunctionRolePolicy0.ReadProducts.Resource")
def _widen_a_policy(at: Breaker) -> None:
    where = {"RoleName": at.physical["EmbedderFunctionRole"], "PolicyName": "EmbedderFunctionRolePolicy0"}
    document = at.aws("iam").get_role_policy(**where)["PolicyDocument"]
    document["Statement"] = [
        {**one, "Resource": "*"} if one["Sid"] == "ReadProducts" else one for one in document["Statement"]
    ]
    at.aws("iam").put_role_policy(**where, PolicyDocument=json.dumps(document))


@breaks("drifted", "SweeperFunctionRole", "ManagedPolicyArns")
def _attach_a_policy(at: Breaker) -> None:
    everything = "arn:aws:iam::aws:policy/AdministratorAccess"
    at.aws("iam").attach_role_policy(RoleName=at.physical["SweeperFunctionRole"], PolicyArn=everything)


@breaks("missing", "PlatformSecret")
def _delete_a_secret(at: Breaker) -> None:
    at.aws("secretsmanager").delete_secret(SecretId=at.physical["PlatformSecret"], ForceDeleteWithoutRecovery=True)


@breaks("missing", "OperatorGroup")
def _delete_the_operators_group(at: Breaker) -> None:
    at.aws("cognito-idp").delete_group(UserPoolId=at.physical["UserPool"], GroupName="operator")


@breaks("drifted", "UserPoolClient", "ExplicitAuthFlows")
def _let_passwords_pass_in_other_ways(at: Breaker) -> None:
    pool, client = at.physical["UserPool"], at.physical["UserPoolClient"]
    told = at.aws("cognito-idp").describe_user_pool_client(UserPoolId=pool, ClientId=client)["UserPoolClient"]
    given = at.aws("cognito-idp").meta.service_model.operation_model("UpdateUserPoolClient").input_shape.members
    kept = {name: value for name, value in told.items() if name in given and value}
    kept["ExplicitAuthFlows"] = [*told["ExplicitAuthFlows"], "ALLOW_ADMIN_USER_PASSWORD_AUTH"]
    at.aws("cognito-idp").update_user_pool_client(**kept)


# ---- queues, topics, the clock -----------------------------------------------------------------------------------


@breaks("drifted", "InboxQueue", "VisibilityTimeout")
def _lower_a_visibility_time_out(at: Breaker) -> None:
    at.queue("InboxQueue", VisibilityTimeout="15")


@breaks("drifted", "RepliesDeadLetterQueue", "MessageRetentionPeriod")
def _keep_dead_letters_for_a_day(at: Breaker) -> None:
    at.queue("RepliesDeadLetterQueue", MessageRetentionPeriod="86400")


@breaks("drifted", "StatusesQueue", "RedrivePolicy.maxReceiveCount")
def _give_up_at_once(at: Breaker) -> None:
    target = f"arn:aws:sqs:us-east-1:000000000000:{NAME.format('statuses-dlq')}"
    at.queue("StatusesQueue", RedrivePolicy=json.dumps({"deadLetterTargetArn": target, "maxReceiveCount": 1}))


@breaks("drifted", "AlarmsTopic", "Subscription.email operator@example.com")
def _drop_a_subscription(at: Breaker) -> None:
    topic = at.physical["AlarmsTopic"]
    for one in at.aws("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]:
        at.aws("sns").unsubscribe(SubscriptionArn=one["SubscriptionArn"])


@breaks("drifted", "EscalationsTopic", "KmsMasterKeyId")
def _publish_in_the_clear(at: Breaker) -> None:
    at.aws("sns").set_topic_attributes(
        TopicArn=at.physical["EscalationsTopic"], AttributeName="KmsMasterKeyId", AttributeValue=""
    )


@breaks("drifted", "SweeperFunctionSchedule", "State")
def _stop_the_clock(at: Breaker) -> None:
    schedule = at.aws("scheduler").get_schedule(Name=at.physical["SweeperFunctionSchedule"])
    kept = ("Name", "ScheduleExpression", "Target", "FlexibleTimeWindow")
    at.aws("scheduler").update_schedule(**{name: schedule[name] for name in kept}, State="DISABLED")


# ---- what tells --------------------------------------------------------------------------------------------------


@breaks("drifted", "InboxDeadLetterAlarm", "AlarmActions")
def _an_alarm_without_action(at: Breaker) -> None:
    at.alarm("InboxDeadLetterAlarm", AlarmActions=[])


@breaks("drifted", "MediaDeadLetterAlarm", "Threshold")
def _an_alarm_that_rings_late(at: Breaker) -> None:
    at.alarm("MediaDeadLetterAlarm", Threshold=1000.0)


@breaks("missing", "StatusesDeadLetterAlarm")
def _delete_an_alarm(at: Breaker) -> None:
    at.aws("cloudwatch").delete_alarms(AlarmNames=[at.physical["StatusesDeadLetterAlarm"]])


@breaks("drifted", "WebhookLogGroup", "RetentionInDays")
def _keep_logs_for_ever(at: Breaker) -> None:
    at.aws("logs").delete_retention_policy(logGroupName=at.physical["WebhookLogGroup"])


# ---- files -------------------------------------------------------------------------------------------------------


@breaks("drifted", "ProductIndexBucket", "PublicAccessBlockConfiguration.BlockPublicPolicy")
def _let_the_public_in(at: Breaker) -> None:
    blocks = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "RestrictPublicBuckets"), True)
    at.aws("s3").put_public_access_block(
        Bucket=at.physical["ProductIndexBucket"],
        PublicAccessBlockConfiguration={**blocks, "BlockPublicPolicy": False},
    )


@breaks("drifted", "MediaBucket", "LifecycleConfiguration.Expire.ExpirationInDays")
def _keep_files_longer(at: Breaker) -> None:
    rule = {"ID": "Expire", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 3650}}
    at.aws("s3").put_bucket_lifecycle_configuration(
        Bucket=at.physical["MediaBucket"], LifecycleConfiguration={"Rules": [rule]}
    )


# ---- what nobody declared ----------------------------------------------------------------------------------------


def _table(at: Breaker, name: str) -> None:
    at.aws("dynamodb").create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )


@breaks("extra", "ai-marketplace-scratch-platform")
def _another_table(at: Breaker) -> None:
    _table(at, "ai-marketplace-scratch-platform")


@breaks("extra", "ai-marketplace-retries")
def _another_queue(at: Breaker) -> None:
    at.aws("sqs").create_queue(QueueName="ai-marketplace-retries")


@breaks("legacy", "ai-marketplace-conversations")
def _a_table_of_the_earlier_system(at: Breaker) -> None:
    _table(at, "ai-marketplace-conversations")


@breaks("legacy", "ai-marketplace-escalations")
def _a_topic_of_the_earlier_system(at: Breaker) -> None:
    at.aws("sns").create_topic(Name="ai-marketplace-escalations")
