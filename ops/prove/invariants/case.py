"""The evidence of a run, looked up."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from adapters import dynamodb_keys as keys
from ops.outcomes.conversations import StoredConversation, stored_conversation
from ops.prove.cast import phone_number_id, tenant_of
from ops.prove.evidence import Change, Evidence, Row
from ops.prove.graph import Post
from ops.prove.script import MESSAGES, Update

RANKS = {"sent": 0, "failed": 1, "delivered": 2, "read": 3, "played": 4}
"""A status never goes backwards. What was delivered did not fail."""


@dataclass(slots=True)
class Said:
    """One message to one seller, over all of its deliveries."""

    tenant_id: str | None
    update: Update
    attempts: list[float] = field(default_factory=list)
    acknowledged: bool = False

    def __str__(self) -> str:
        return (
            f"{self.update.message_id} ({self.update.what}) to {self.tenant_id or phone_number_id(self.update.number)}"
        )


@dataclass
class Case:
    """The evidence, looked up."""

    evidence: Evidence

    @cached_property
    def said(self) -> dict[tuple[str, str], Said]:
        """By seller (or number, where it is nobody's) and message id."""
        found: dict[tuple[str, str], Said] = {}
        for attempt in self.evidence.attempts:
            for update in attempt.updates:
                if update.what in MESSAGES:
                    tenant_id = tenant_of(update.number)
                    key = (tenant_id or phone_number_id(update.number), update.message_id)
                    said = found.setdefault(key, Said(tenant_id, update))
                    said.attempts.append(attempt.at)
                    said.acknowledged |= attempt.acknowledged
        return found

    @cached_property
    def rows(self) -> dict[str, list[Row]]:
        return self.evidence.conversations()

    @cached_property
    def by_key(self) -> dict[tuple[str, str], Row]:
        return {(row["conversationId"], row["sk"]): row for row in self.evidence.rows["ConversationsTable"]}

    @cached_property
    def stored(self) -> dict[str, StoredConversation]:
        return {
            name: stored_conversation(rows)
            for name, rows in self.rows.items()
            if any(row["sk"] == keys.STATE for row in rows)
        }

    @cached_property
    def messages(self) -> dict[tuple[str, str], list[Row]]:
        """Inbound rows by seller and message id."""
        found: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self.evidence.rows["ConversationsTable"]:
            if row["sk"].startswith("m#") and row.get("direction") == "in":
                found[row["conversationId"].split("#")[0], row["messageId"]].append(row)
        return found

    @cached_property
    def replies(self) -> dict[str, Row]:
        """Rows of the ledger by reply id."""
        return {
            f"{row['customerId']}|{row['position']}|{row['purpose']}": row
            for row in self.evidence.rows["ConversationsTable"]
            if row["sk"].startswith("m#") and row.get("direction") == "out"
        }

    @cached_property
    def posts(self) -> dict[str, list[Post]]:
        found: dict[str, list[Post]] = defaultdict(list)
        for post in self.evidence.posts:
            found[post.reply_id].append(post)
        return found

    @cached_property
    def escalations(self) -> Counter[tuple[str, str]]:
        """Told to the topic, by seller and message id."""
        told = (one.body for one in self.evidence.published if "-escalations" in one.topic)
        return Counter((body["tenantId"], body["messageId"]) for body in told)

    @cached_property
    def dead(self) -> set[str]:
        """Ids that stand in a dead letter."""
        return {str(found) for letter in self.evidence.dead_letters for found in ids_in(letter.body)}


def ids_in(body: str) -> Iterator[str]:
    try:
        parsed = json.loads(body)
    except ValueError:
        return
    if isinstance(parsed, dict):
        message, status = parsed.get("message"), parsed.get("status")
        yield from (part["id"] for part in (message, status) if isinstance(part, dict) and "id" in part)
        yield from (str(parsed[name]) for name in ("message_id", "update_id") if name in parsed)


def rows_of(case: Case, prefix: str) -> Iterator[Row]:
    return (row for row in case.evidence.rows["ConversationsTable"] if row["sk"].startswith(prefix))


def dead_statuses(case: Case) -> int:
    return sum(letter.queue == "statuses-dlq" for letter in case.evidence.dead_letters)


def is_of(row: Row, phone: str | None, user_id: str | None) -> bool:
    return (phone is not None and row.get("phone") == phone) or (user_id is not None and row.get("userId") == user_id)


def writes(history: Sequence[Change]) -> Iterator[list[Change]]:
    """The rows of one transaction together."""
    together: list[Change] = []
    for change in history:
        if together and change.write != together[0].write:
            yield together
            together = []
        together.append(change)
    if together:
        yield together
