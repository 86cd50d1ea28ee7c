"""Verify, parse and split one text message on a warm worker, in CPU time, against pywa's validator and update handler."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec

from bench.figures import Bar, Figure, Measurement, NotMeasuredError, Plot
from handlers import whatsapp_webhook
from handlers.whatsapp_webhook import Queue, queue_messages
from ops.local.places import REPOSITORY

_SECRET = "made-up app secret"  # noqa: S105
_ROUNDS, _CALLS = 30, 300


def measure() -> Measurement:
    if find_spec("pywa") is None:
        raise NotMeasuredError("pywa is what this is measured against: make bench installs it")
    event = json.loads((REPOSITORY / "events" / "lambda" / "webhook_post.json").read_text("utf-8"))
    body = _with_user_id(event["body"])
    signature = "sha256=" + hmac.new(_SECRET.encode(), body, hashlib.sha256).hexdigest()
    ours, theirs = _ours(body, signature), _pywas(body, signature)
    best = _side_by_side(ours, theirs)
    told = f"{best[0]:.1f} µs against {best[1]:.1f} µs"
    return Measurement(
        figures=(Figure("4", "verify, parse, split one text, warm", best[0] / best[1], 0.35, told=told),),
        plots=(
            Plot("warm", "One text message, warm", "µs of CPU", (Bar("ours", best[0]), Bar("pywa", best[1]))),
        ),
        versions={"pywa": version("pywa")},
    )


def _with_user_id(body: str) -> bytes:
    """pywa reads no contact without the BSUID that Meta sends since 2026."""
    envelope = json.loads(body)
    value = envelope["entry"][0]["changes"][0]["value"]
    value["contacts"][0]["user_id"] = value["messages"][0]["from_user_id"] = "MX.13491208655302741918"
    return json.dumps(envelope).encode()


def _ours(body: bytes, signature: str) -> Callable[[], None]:
    def handle() -> None:
        assert whatsapp_webhook.is_signed(body, signature, (_SECRET, ""))
        items = whatsapp_webhook.split(body, 1_780_000_000_000)
        assert len(queue_messages(items, Queue.INBOX)) == 1

    return handle


def _pywas(body: bytes, signature: str) -> Callable[[], None]:
    from pywa import WhatsApp, types

    handled: list[str] = []
    client = WhatsApp(
        phone_id="1", token="made-up", server=None, app_secret=_SECRET, verify_token="made-up", filter_updates=False  # noqa: S106
    )

    @client.on_message
    def on_message(_: WhatsApp, message: types.Message) -> None:
        handled.append(message.id)

    def handle() -> None:
        assert client.webhook_update_validator(body, signature) is None
        _, status = client.webhook_update_handler(body)
        assert status == 200

    handle()
    deadline = time.monotonic() + 5
    while not handled and time.monotonic() < deadline:
        time.sleep(0.01)
    assert handled, "pywa's handler was not called: it would be measured doing nothing"
    return handle


def _side_by_side(*calls: Callable[[], None]) -> list[float]:
    """Microseconds of CPU of each, the best of rounds that take turns: what else the machine does is not measured."""
    best = [float("inf")] * len(calls)
    for _ in range(_ROUNDS):
        for n, call in enumerate(calls):
            began = time.process_time()
            for _ in range(_CALLS):
                call()
            best[n] = min(best[n], (time.process_time() - began) / _CALLS * 1e6)
    return best
