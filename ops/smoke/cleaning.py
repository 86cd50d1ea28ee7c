"""Takes away whatever a run has written or caused: this one, and any before it that was killed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.dynamodb_batches import delete_items
from domain.messages import MessageId
from domain.ports import quarantine_id
from ops.declared.attributes import last_part
from ops.errors import OpsError
from ops.outcomes.rows import query
from ops.smoke import marks
from ops.smoke.bench import Bench
from ops.smoke.marks import RUN, SECONDS, TENANT, Run
from ops.smoke.message import thread
from ops.smoke.tables import key_of
from ops.smoke.topics import queue_prefix

Key = dict[str, str]
_QUIET_SECONDS, _POLL_SECONDS = 90, 0.5
_QUIET_LOOKS = 6  # what a table's stream tells reaches a queue a second later
_COUNTS = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"]


def begin(bench: Bench) -> int:
    """Cleans up after runs that were killed, then says that this one has begun. How many there were."""
    rows = _of_tenant(bench, "tenants")
    if any(row.get("name", marks.NAME) != marks.NAME for row in rows):
        raise OpsError(f"a seller bears the reserved id {TENANT}: nothing was tried, nothing taken away")
    runs = [row["sk"].removeprefix(RUN) for row in rows if row["sk"].startswith(RUN)]
    for run_id in runs:
        clean(replace(bench, run=Run(run_id), steps=[]))
    row = {
        "tenantId": {"S": TENANT},
        "sk": {"S": f"{RUN}{bench.run.run_id}"},
        "expiresAt": {"N": str(int(time.time()) + SECONDS)},
    }
    bench.aws("dynamodb").put_item(TableName=bench.tables["tenants"], Item=row)
    return len(runs)


def clean(bench: Bench) -> None:
    """What the functions still have to say is awaited, or it would be written after us. The run's own row goes last."""
    _delete_queues(bench)
    _wait_for_queues(bench)
    _delete_files(bench)
    _delete_secret(bench)
    for table, gone in _keys(bench):
        delete_items(bench.tables[table], gone)
    delete_items(bench.tables["tenants"], [{"tenantId": TENANT, "sk": f"{RUN}{bench.run.run_id}"}])


def left(bench: Bench) -> list[str]:
    """Tables in which something of the run, or of the reserved tenant, is still to be found."""
    dynamodb = bench.aws("dynamodb")
    found = []
    for table, some in _keys(bench):
        name = bench.tables[table]
        there = (
            dynamodb.get_item(
                TableName=name, Key={part: {"S": value} for part, value in key.items()}, ConsistentRead=True
            ).get("Item")
            for key in some
        )
        if any(there):
            found.append(table)
    return found


def _keys(bench: Bench) -> Iterator[tuple[str, list[Key]]]:
    """By table; the reserved tenant's rows wherever a table is by tenants, the others by what their keys must be."""
    dynamodb = bench.aws("dynamodb")
    for table, name in bench.tables.items():
        try:
            described = dynamodb.describe_table(TableName=name)["Table"]
        except dynamodb.exceptions.ResourceNotFoundException:
            continue  # a table that is gone holds nothing of ours
        parts = [one["AttributeName"] for one in described["KeySchema"]]
        own = [{part: value["S"] for part, value in key_of(bench, described).items()}]
        if "tenantId" in parts:
            own = [{part: row[part] for part in parts} for row in _of_tenant(bench, table) if not _is_run(row)]
        yield table, [*own, *_MORE.get(table, lambda _: [])(bench)]


def _of_tenant(bench: Bench, table: str) -> list[Any]:
    return list(query(bench.tables[table], "tenantId", TENANT))


def _is_run(row: Any) -> bool:
    return str(row.get("sk", "")).startswith(RUN)


def _customers(bench: Bench) -> list[Key]:  # noqa: ARG001 (as the others)
    return [keys.filed(TENANT, marks.CUSTOMER)]


def _conversations(bench: Bench) -> list[Key]:
    rows = thread(bench)
    said = {MessageId(row["messageId"]) for row in rows if "messageId" in row} | {bench.run.message_id}
    return [
        *({"conversationId": row["conversationId"], "sk": row["sk"]} for row in rows),
        *(keys.pointer(TENANT, message_id) for message_id in said),
        keys.quarantined(quarantine_id(marks.PHONE_NUMBER_ID, bench.run.message_id)),
    ]


_MORE: dict[str, Any] = {"customers": _customers, "conversations": _conversations}


def _wait_for_queues(bench: Bench) -> None:
    """As long as something is under way on the queues; a queue that is never empty is not waited for for ever."""
    deadline = time.monotonic() + _QUIET_SECONDS
    quiet = 0
    while quiet < _QUIET_LOOKS and time.monotonic() < deadline:
        quiet = 0 if any(_waiting(bench, url) for url in _live(bench)) else quiet + 1
        time.sleep(_POLL_SECONDS)


def _live(bench: Bench) -> list[str]:
    return [url for name, url in bench.queues.items() if not name.endswith("-dlq")]


def _waiting(bench: Bench, url: str) -> bool:
    told = bench.aws("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=_COUNTS)["Attributes"]
    return any(int(told[name]) for name in _COUNTS)


def _delete_queues(bench: Bench) -> None:
    """And who listened to them: a subscription outlives its queue."""
    sns, sqs = bench.aws("sns"), bench.aws("sqs")
    mine = f"{queue_prefix(bench)}{bench.run.run_id}-"
    for topic in bench.topics.values():
        for page in sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic):
            for one in page["Subscriptions"]:
                if last_part(one["Endpoint"]).startswith(mine):
                    sns.unsubscribe(SubscriptionArn=one["SubscriptionArn"])
    for url in sqs.list_queues(QueueNamePrefix=mine).get("QueueUrls", []):
        sqs.delete_queue(QueueUrl=url)


def _delete_files(bench: Bench) -> None:
    """The index that the indexer made of the reserved tenant's products."""
    bucket = bench.buckets.get("index")
    if bucket is None:
        return
    s3 = bench.aws("s3")
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=keys.product_index_objects(TENANT)):
        for one in page.get("Contents", []):
            s3.delete_object(Bucket=bucket, Key=one["Key"])


def _delete_secret(bench: Bench) -> None:
    secrets = bench.aws("secretsmanager")
    name = marks.number(bench.stack.outputs["TenantSecretsPrefix"]).access_token_secret
    try:
        secrets.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
    except secrets.exceptions.ResourceNotFoundException:
        return
