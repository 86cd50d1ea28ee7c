"""Lambda behind the Function URL: Meta calls it, and it must answer at once."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from domain.errors import TransientError
from handlers import bootstrap, webhook_secrets, whatsapp_webhook
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
    challenge = webhook_secrets.challenge(request.query, services.secrets)
    if challenge is None:
        return text_response(HTTPStatus.FORBIDDEN, "hub.mode or hub.verify_token does not match")
    return text_response(HTTPStatus.OK, challenge)


def _accept(request: Request, services: bootstrap.Webhook) -> dict[str, Any]:
    """200 only where every update is on its queue: after anything else Meta sends the body again, for seven days."""
    signer = webhook_secrets.signer(request.body, request.headers.get("x-hub-signature-256"), services.secrets)
    if signer is None:
        logger().warning("rejected", extra={"reason": "signature", "bytes": len(request.body)})
        return text_response(HTTPStatus.UNAUTHORIZED, "X-Hub-Signature-256 is missing or does not match the body")
    items = whatsapp_webhook.split(request.body, int(time.time() * 1000))
    services.queues.enqueue(queue_messages(items, Queue.INBOX), queue_messages(items, Queue.STATUSES))
    counts = dict(Counter(item.queue for item in items))
    told = logger().info if signer == "previous_app_secret" else logger().debug  # the next function tells of the rest
    told("accepted", extra={"bytes": len(request.body), "updates": counts, "signed_by": signer})
    return text_response(HTTPStatus.OK, "\n".join(item.label for item in items))
