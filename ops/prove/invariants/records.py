"""I2: each message is recorded once, counted once, and answered once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from adapters import dynamodb_keys as keys
from domain.replies import ReplyPurpose
from ops.prove.invariants.case import Case


def messages_are_recorded_once(case: Case) -> Iterator[str]:
    for (tenant_id, message_id), rows in case.messages.items():
        if len(rows) > 1:
            yield f"{message_id} of {tenant_id} is stored {len(rows)} times"
        if (tenant_id, message_id) not in case.said:
            yield f"{message_id} of {tenant_id} is stored, and nobody ever sent it"
        pointer = case.by_key.get((f"{tenant_id}#{message_id}", keys.POINTER), {})
        if pointer.get("position") != rows[0]["position"]:
            yield f"{message_id} of {tenant_id} is stored, and its pointer does not lead to it"
    for (name, sort_key), row in case.by_key.items():
        if (
            sort_key == keys.POINTER
            and "position" in row
            and (row["tenantId"], name.split("#", 1)[1]) not in case.messages
        ):
            yield f"the pointer {name} leads to no message"


def messages_are_answered_once(case: Case) -> Iterator[str]:
    for conversation in case.stored.values():
        for message in conversation.messages:
            answers = conversation.answers_to(message.message_id)
            if len(answers) > 1:
                yield f"{message.message_id} is answered by {len(answers)} replies"
        told = Counter(row.reply_to for row in conversation.replies if row.purpose is ReplyPurpose.HANDOVER_NOTE)
        yield from (f"{message_id} was told {n} times that a person comes" for message_id, n in told.items() if n > 1)
