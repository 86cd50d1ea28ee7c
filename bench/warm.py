"""Verify, parse and split one text on a warm worker, in CPU time, against pywa's validator and update handler."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Sequence
from http import HTTPStatus
from importlib.metadata import version
from importlib.util import find_spec

from bench.figures import Bar, Figure, Measurement, NotMeasuredError, Plot
from handlers import whatsapp_webhook
from handlers.whatsapp_webhook import Queue, queue_messages
from ops.local.places import REPOSITORY

_SECRET = "made-up app secret"  # noqa: S105
_ROUNDS, _CALLS = 30, 300

Signed = tuple[bytes, str]
"""A body and its signature."""
Handle = Callable[[bytes, str], None]


def measure() -> Measurement:
    if find_spec("pywa") is None:
        raise NotMeasuredError("pywa is what this is measured against: make bench installs it")
    event = json.loads((REPOSITORY / "events" / "lambda" / "webhook_post.json").read_text("utf-8"))
    bodies = [_signed(event["body"], n) for n in range(_ROUNDS * _CALLS + 1)]
    best = _side_by_side(_ours, _pywas(bodies.pop()), bodies=bodies)
    told = f"{best[0]:.1f} µs against {best[1]:.1f} µs"
    return Measurement(
        figures=(Figure("4", "verify, parse, split one text, warm", best[0] / best[1], 0.35, told=told),),
        plots=(Plot("warm", "One text message, warm", "µs of CPU", (Bar("ours", best[0]), Bar("pywa", best[1]))),),
        versions={"pywa": version("pywa")},
    )


def _signed(text: str, n: int) -> Signed:
    """The same message under another id: pywa does not look again at what it has seen.

    It reads no contact without the BSUID that Meta sends since 2026.
    """
    envelope = json.loads(text)
    value = envelope["entry"][0]["changes"][0]["value"]
    value["contacts"][0]["user_id"] = value["messages"][0]["from_user_id"] = "MX.13491208655302741918"
    value["messages"][0]["id"] = f"{value['messages'][0]['id'][:-8]}{n:08d}"
    body = json.dumps(envelope).encode()
    return body, "sha256=" + hmac.new(_SECRET.encode(), body, hashlib.sha256).hexdigest()


def _ours(body: bytes, signature: str) -> None:
    assert whatsapp_webhook.is_signed(body, signature, (_SECRET, ""))
    items = whatsapp_webhook.split(body, 1_780_000_000_000)
    assert len(queue_messages(items, Queue.INBOX)) == 1


def _pywas(first: Signed) -> Handle:
    from pywa.client import WhatsApp
    from pywa.handlers import MessageHandler

    handled: list[str] = []
    client = WhatsApp(phone_id="1", token=_SECRET, server=None, app_secret=_SECRET, filter_updates=False)
    client.add_handlers(MessageHandler(lambda _, message: handled.append(message.id)))

    def handle(body: bytes, signature: str) -> None:
        assert client.webhook_update_validator(body, signature) is None
        _, status = client.webhook_update_handler(body)
        assert status == HTTPStatus.OK

    handle(*first)
    assert handled, "pywa's handler was not called: it would be measured doing nothing"
    return handle


def _side_by_side(*handles: Handle, bodies: Sequence[Signed]) -> list[float]:
    """Microseconds of CPU of each, the best of rounds that take turns: what else the machine does is not measured."""
    best = [float("inf")] * len(handles)
    for part in range(0, len(bodies), _CALLS):
        for n, handle in enumerate(handles):
            began = time.process_time()
            for body, signature in bodies[part : part + _CALLS]:
                handle(body, signature)
            best[n] = min(best[n], (time.process_time() - began) / _CALLS * 1e6)
    return best
