"""Queues, topics, the clock, what tells how it goes, files, and what nobody declared."""

from __future__ import annotations

import json

from tests.operations.breaks.registry import NAME, Breaker, breaks


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


# ---- what tells ----


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


@breaks("drifted", "Dashboard", "DashboardBody.widgets")
def _rearrange_the_dashboard(at: Breaker) -> None:
    at.aws("cloudwatch").put_dashboard(DashboardName=at.physical["Dashboard"], DashboardBody='{"widgets": []}')


# ---- files ----


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


# ---- what nobody declared ----


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
