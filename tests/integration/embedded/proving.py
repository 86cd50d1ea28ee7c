"""Code that is broken on purpose, and runs that must show it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from adapters import (
    dynamodb_customers,
    dynamodb_deliveries,
    dynamodb_due_items,
    dynamodb_keys,
    dynamodb_recording,
    dynamodb_send_ledger,
    sqs_update_queues,
)
from domain import answer, deliveries, track
from domain.deliveries import DeliveryStatus
from domain.due import DueKind
from domain.errors import SendError
from domain.replies import ReplyState, SendOutcome
from domain.tombstones import Erased
from handlers import reply_handler

Break = Callable[[pytest.MonkeyPatch], None]


def unconditional(action: dict[str, Any]) -> dict[str, Any]:
    """An action of a transaction, without its condition."""
    kind, inner = next(iter(action.items()))
    left = {name: value for name, value in inner.items() if name != "ConditionExpression"}
    for given in ("ExpressionAttributeNames", "ExpressionAttributeValues"):
        if given in left:
            used = set(re.findall(r"[#:]\w+", left.get("UpdateExpression", "")))
            left[given] = {name: value for name, value in left[given].items() if name in used}
    return {kind: {name: value for name, value in left.items() if value}}


def _without_condition(monkeypatch: pytest.MonkeyPatch, owner: type, name: str) -> None:
    real = getattr(owner, name)
    monkeypatch.setattr(owner, name, lambda *args, **kwargs: unconditional(real(*args, **kwargs)))


def pointer_without_condition(monkeypatch: pytest.MonkeyPatch) -> None:
    _without_condition(monkeypatch, dynamodb_recording.RecordingTransaction, "_pointer")


def sent_before_sending_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def send(case: Any, reply: Any) -> Any:
        try:
            message_id = case._offer(reply)
        except SendError as error:
            case.ports.ledger.claim(case.job.tenant_id, case.job, reply, "en")
            return case._not_sent(reply, error)
        if not case.ports.ledger.claim(case.job.tenant_id, case.job, reply, "en"):
            return answer.Answered.SUPERSEDED
        case.ports.ledger.settle(case.job.tenant_id, case.job, reply, SendOutcome(ReplyState.SENT, message_id))
        return answer.Answered.ANSWERED

    monkeypatch.setattr(answer._Case, "_send", send)


def settled_without_condition(monkeypatch: pytest.MonkeyPatch) -> None:
    _without_condition(monkeypatch, dynamodb_send_ledger.DynamoSendLedger, "_outcome")


def statuses_go_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def advance(known: Any, update: Any) -> Any:
        progress = deliveries.advance(known, update)
        if update.status not in set(DeliveryStatus):
            return progress
        return replace(progress, moved=True, delivery=replace(progress.delivery, status=DeliveryStatus(update.status)))

    monkeypatch.setattr(track, "advance", advance)


def deliveries_saved_without_condition(monkeypatch: pytest.MonkeyPatch) -> None:
    _without_condition(monkeypatch, dynamodb_deliveries.DynamoDeliveries, "_pointer")


def accepted_though_not_queued(monkeypatch: pytest.MonkeyPatch) -> None:
    def send_lane(queues: Any, lane: Any) -> None:
        for url, batch in lane:
            fifo = url.endswith(".fifo")
            entries: Any = [sqs_update_queues._entry(index, one, fifo=fifo) for index, one in enumerate(batch)]
            queues._sqs.call("SendMessageBatch", {"QueueUrl": url, "Entries": entries})

    monkeypatch.setattr(sqs_update_queues.SqsUpdateQueues, "_send_lane", send_lane)


def customers_without_tenant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dynamodb_keys, "filed", lambda _, key: {"phoneNumber": key})
    monkeypatch.setattr(dynamodb_keys, "filed_under", str)


def last_interaction_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    real = dynamodb_customers.KnownCustomer._conditions

    def conditions(known: Any, recording: Any, at: str) -> Any:
        texts, values = real(known, recording, at)
        kept = [text for text in texts if not text.startswith("lastInteraction")]
        used = set(re.findall(r":\w+", " ".join(kept)))
        return kept, {name: value for name, value in values.items() if name in used}

    learnt = dynamodb_customers.KnownCustomer.learnt

    def as_if_newest(known: Any, recording: Any, row: Any) -> Any:
        found = learnt(known, recording, row)
        return found if isinstance(found, Erased) else replace(found, newest=True)

    monkeypatch.setattr(dynamodb_customers.KnownCustomer, "_conditions", conditions)
    monkeypatch.setattr(dynamodb_customers.KnownCustomer, "learnt", as_if_newest)


def claimed_whoever_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    real = dynamodb_send_ledger.DynamoSendLedger._state

    def state(*args: Any, **kwargs: Any) -> Any:
        update = real(*args, **kwargs)["Update"]
        text = update["ConditionExpression"].replace("#owner = :assistant", "attribute_exists(#owner)")
        values = {name: value for name, value in update["ExpressionAttributeValues"].items() if name != ":assistant"}
        return {"Update": {**update, "ConditionExpression": text, "ExpressionAttributeValues": values}}

    monkeypatch.setattr(dynamodb_send_ledger.DynamoSendLedger, "_state", state)


def bursts_not_awaited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reply_handler, "await_burst", lambda *_, **__: None)


def blind_to_unanswered(monkeypatch: pytest.MonkeyPatch) -> None:
    real = dynamodb_due_items._due_item

    def seen(row: Any) -> Any:
        item = real(row)
        return None if item is None or item.kind is DueKind.CONVERSATION else item

    monkeypatch.setattr(dynamodb_due_items, "_due_item", seen)
