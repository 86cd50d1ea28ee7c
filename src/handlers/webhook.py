"""Lambda behind the Function URL: Meta calls it, and it must answer at once."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from domain.errors import TransientError
from handlers import bootstrap, whatsapp_webhook
from handlers.function_url import Request, request_of, text_response
from handlers.observability import described, invocation, logger
from handlers.whatsapp_webhook import Queue, queue_messages


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    with invocation(context):
        return handle(request_of(event), bootstrap.webhook())


def handle(request: Request, services: bootstrap.Webhook) -> dict[str, Any]:
    try:
        match request.method:
            case "GET":
                return _shake_hands(request, services)
            case "POST":
                return _accept(request, services)
    except TransientError as error:
        logger().error("not_accepted", extra=described(error))
        return text_response(HTTPStatus.SERVICE_UNAVAILABLE, "not all updates could be queued; send them again")
    return text_response(HTTPStatus.METHOD_NOT_ALLOWED, "Meta calls with GET or POST")


def _shake_hands(request: Request, services: bootstrap.Webhook) -> dict[str, Any]:
    challenge = whatsapp_webhook.handshake_challenge(request.query, services.secrets.read().verify_token)
    if challenge is None:
        return text_response(HTTPStatus.FORBIDDEN, "hub.mode or hub.verify_token does not match")
    return text_response(HTTPStatus.OK, challenge)


def _accept(request: Request, services: bootstrap.Webhook) -> dict[str, Any]:
    """200 only where every update is on its queue: after anything else Meta sends the body again, for seven days."""
    signature = request.headers.get("x-hub-signature-256")
    if not whatsapp_webhook.is_signed(request.body, signature, services.secrets.read().app_secrets):
        logger().warning("rejected", extra={"reason": "signature", "bytes": len(request.body)})
        return text_response(HTTPStatus.UNAUTHORIZED, "X-Hub-Signature-256 is missing or does not match the body")
    items = whatsapp_webhook.split(request.body, int(time.time() * 1000))
    services.queues.enqueue(queue_messages(items, Queue.INBOX), queue_messages(items, Queue.STATUSES))
    counts = dict(Counter(item.queue for item in items))
    logger().debug("accepted", extra={"bytes": len(request.body), "updates": counts})
    return text_response(HTTPStatus.OK, "\n".join(item.label for item in items))
