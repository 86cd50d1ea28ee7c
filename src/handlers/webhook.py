"""Lambda behind the Function URL: Meta calls it, and it must answer at once."""

from __future__ import annotations

import base64
import time
from collections import Counter
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from domain.errors import TransientError
from domain.intake import QueueMessage
from handlers import bootstrap, whatsapp_webhook
from handlers.observability import described, invocation, logger
from handlers.whatsapp_webhook import Queue, QueueItem


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    with invocation(context):
        return handle(event, bootstrap.webhook())


def handle(event: Mapping[str, Any], services: bootstrap.Webhook) -> dict[str, Any]:
    method = event.get("requestContext", {}).get("http", {}).get("method")
    try:
        if method == "GET":
            return _shake_hands(event, services)
        if method == "POST":
            return _accept(event, services)
    except TransientError as error:
        logger().error("unavailable", extra=described(error))
        return _response(HTTPStatus.SERVICE_UNAVAILABLE, "not now; send it again")
    return _response(HTTPStatus.METHOD_NOT_ALLOWED, "Meta calls with GET or POST")


def _shake_hands(event: Mapping[str, Any], services: bootstrap.Webhook) -> dict[str, Any]:
    query = event.get("queryStringParameters") or {}
    challenge = whatsapp_webhook.handshake_challenge(query, services.secrets.read().verify_token)
    if challenge is None:
        return _response(HTTPStatus.FORBIDDEN, "hub.mode or hub.verify_token does not match")
    return _response(HTTPStatus.OK, challenge)


def _accept(event: Mapping[str, Any], services: bootstrap.Webhook) -> dict[str, Any]:
    body = _raw_body(event)
    signatures = [value for name, value in (event.get("headers") or {}).items() if name.lower() == "x-hub-signature-256"]
    signature = signatures[0] if len(signatures) == 1 else None
    if not whatsapp_webhook.is_signed(body, signature, services.secrets.read().app_secrets):
        logger().warning("rejected", extra={"reason": "signature", "bytes": len(body)})
        return _response(HTTPStatus.UNAUTHORIZED, "X-Hub-Signature-256 is missing or does not match the body")
    items = whatsapp_webhook.split(body, int(time.time() * 1000))
    try:
        services.queues.enqueue(_messages(items, Queue.INBOX), _messages(items, Queue.STATUSES))
    except TransientError as error:
        logger().error("not_enqueued", extra={"updates": len(items), **described(error)})
        return _response(HTTPStatus.SERVICE_UNAVAILABLE, "not all updates could be queued; send them again")
    logger().info("accepted", extra={"bytes": len(body), "updates": dict(Counter(item.queue for item in items))})
    return _response(HTTPStatus.OK, "\n".join(_line(item) for item in items))


def _line(item: QueueItem) -> str:
    """What Meta sent, in characters that any client can read."""
    return f"{item.kind} {item.update_id}".encode("unicode_escape").decode("ascii")


def _messages(items: list[QueueItem], queue: Queue) -> list[QueueMessage]:
    return [
        QueueMessage(whatsapp_webhook.encode(item), item.group, item.deduplication_id)
        for item in items
        if item.queue is queue
    ]


def _raw_body(event: Mapping[str, Any]) -> bytes:
    body = event.get("body") or ""
    return base64.b64decode(body) if event.get("isBase64Encoded") else body.encode("utf-8", "surrogatepass")


def _response(status: HTTPStatus, text: str) -> dict[str, Any]:
    headers = {"content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff"}
    return {"statusCode": int(status), "headers": headers, "body": text}
