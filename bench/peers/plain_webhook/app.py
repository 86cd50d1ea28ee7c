"""A webhook as the libraries' own pages show one: resolver, parser, boto3. What ours is measured against."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.event_handler import LambdaFunctionUrlResolver, Response
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.parser import BaseModel, parse

logger = Logger()
metrics = Metrics(namespace="Plain", service="plain")
app = LambdaFunctionUrlResolver()
sqs = boto3.client("sqs")


class Value(BaseModel):
    messaging_product: str
    metadata: dict[str, str]
    contacts: list[dict[str, Any]] | None = None
    messages: list[dict[str, Any]] | None = None
    statuses: list[dict[str, Any]] | None = None


class Change(BaseModel):
    field: str
    value: Value


class Entry(BaseModel):
    id: str
    changes: list[Change]


class Webhook(BaseModel):
    object: str
    entry: list[Entry]


@app.post("/")
def receive() -> Response[str]:
    body = app.current_event.decoded_body or ""
    signature = app.current_event.headers.get("x-hub-signature-256", "")
    expected = hmac.new(os.environ["APP_SECRET"].encode(), body.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(signature, f"sha256={expected}"):
        return Response(status_code=401, content_type="text/plain", body="signature")
    webhook = parse(event=json.loads(body), model=Webhook)
    for entry in webhook.entry:
        for change in entry.changes:
            for message in change.value.messages or ():
                sqs.send_message(
                    QueueUrl=os.environ["QUEUE_URL"],
                    MessageBody=json.dumps(message),
                    MessageGroupId=message["from"],
                    MessageDeduplicationId=message["id"],
                )
                metrics.add_metric(name="messages", unit=MetricUnit.Count, value=1)
    logger.info("received")
    return Response(status_code=200, content_type="text/plain", body="ok")


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return app.resolve(event, context)
