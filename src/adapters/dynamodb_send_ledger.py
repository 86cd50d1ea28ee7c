"""The send ledger in DynamoDB: a reply's row is its lock, its history, and its place in the conversation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_amended import amendment_attributes, known_pointer, with_what_waits
from adapters.dynamodb_inbox_lines import ANSWERED, said
from adapters.dynamodb_orders import priced_attributes
from adapters.dynamodb_rows import NO_LONGER_AWAITING, failure_attributes, reply_of, stale_failure
from adapters.dynamodb_transactions import Refusal, check, put, transact, transact_spilling, update
from adapters.dynamodb_usage import add_usages
from adapters.dynamodb_values import from_item, pack, storable, time_text, to_item
from adapters.model_use_rows import model_use_attributes
from adapters.whatsapp_outbound import rendered
from domain.amendments import Waiting
from domain.conversations import Owner, ReplyJob
from domain.customers import CustomerId
from domain.dispatches import Dispatch, Sent
from domain.inbox import Speaker
from domain.messages import Echo, Position, month_of_position
from domain.replies import Reply, ReplyPurpose, ReplyState, SendOutcome, parse_reply_id, reply_id
from domain.tenants import TenantId
from domain.usage import UsageDelta, failed


class DynamoSendLedger:
    def __init__(self, conversations_table: str, usage_table: str) -> None:
        self._table = conversations_table
        self._usage_table = usage_table

    def claim(self, tenant_id: TenantId, job: ReplyJob, reply: Reply, language: str) -> bool:
        again = reply.attempts > 0
        row = self._offer_again(tenant_id, job, reply) if again else self._put(tenant_id, job, reply)
        return not transact([row, self._state(tenant_id, job, reply, language, again=again)])

    def _put(self, tenant_id: TenantId, job: ReplyJob, reply: Reply) -> dict[str, Any]:
        item = {
            **_row(tenant_id, job.customer_id, job.position, reply.purpose, reply.text, reply.created_at),
            "state": ReplyState.SENDING,
            "replyTo": reply.reply_to,
            "answers": list(reply.answers),
            "productIds": list(reply.product_ids),
            **priced_attributes(reply.order),
            "attempts": 1,
            **model_use_attributes(reply.use),
            "due": keys.due(job.customer_id),
            "dueAt": time_text(reply.created_at),
        }
        return put(self._table, item, "attribute_not_exists(conversationId)")

    def _offer_again(self, tenant_id: TenantId, job: ReplyJob, reply: Reply) -> dict[str, Any]:
        return update(
            self._table,
            _key(tenant_id, job, reply),
            {"state": ReplyState.SENDING},
            adds={"attempts": 1},
            condition="#state = :ready",
            values={":ready": ReplyState.READY},
        )

    def _state(self, tenant_id: TenantId, job: ReplyJob, reply: Reply, language: str, *, again: bool) -> dict[str, Any]:
        """What must hold of the conversation in the moment of the claim: its owner, and that nothing newer came."""
        sets: dict[str, Any] = {"language": language, **said(Speaker.ASSISTANT, "text", reply.text, reply.created_at)}
        removes: tuple[str, ...] = ()
        values: dict[str, Any]
        match reply.purpose:
            case ReplyPurpose.OPT_OUT_NOTE:
                condition, values = "attribute_exists(#owner) AND #owner <> :person", {":person": Owner.PERSON}
            case ReplyPurpose.HANDOVER_NOTE:
                sets["handoverTold"] = True
                condition = "#owner = :waiting AND #handoverMessageId = :message AND #handoverTold = :told"
                values = {":waiting": Owner.WAITING, ":message": job.message_id, ":told": again}
            case ReplyPurpose.WAITING_NOTE:
                sets["handoverNoted"] = True
                condition = "#owner = :waiting AND #handoverMessageId = :message"
                values = {":waiting": Owner.WAITING, ":message": job.message_id}
            case _:
                removes = (*NO_LONGER_AWAITING, *ANSWERED)
                unanswered = "attribute_not_exists(#awaiting)" if again else "#awaiting = :message"
                condition = f"#owner = :assistant AND {unanswered}"
                values = {":assistant": Owner.ASSISTANT} | ({} if again else {":message": job.message_id})
        key = keys.state(tenant_id, job.customer_id)
        return update(self._table, key, sets, removes=removes, condition=condition, values=values)

    def note_person(self, tenant_id: TenantId, customer_id: CustomerId, echo: Echo) -> None:
        purpose = ReplyPurpose.PERSON
        item = {
            **_row(tenant_id, customer_id, echo.position, purpose, echo.words, echo.at),
            "state": ReplyState.SENT,
            "replyTo": echo.message_id,
            "answers": [],
            "productIds": [],
            "attempts": 0,
            "messageId": echo.message_id,
        }
        reply = reply_id(customer_id, echo.position, purpose)
        pointer = {"tenantId": tenant_id, "customerId": customer_id, "replyId": reply}
        key = keys.pointer(tenant_id, echo.message_id)
        with_what_waits(
            lambda waiting: transact(
                [
                    put(
                        self._table,
                        {**item, **amendment_attributes(waiting.of(None))},
                        "attribute_not_exists(conversationId)",
                    ),
                    known_pointer(self._table, key, pointer, waiting),
                    self._said_by_person(tenant_id, customer_id, "text", echo.words, echo.at),
                ]
            ),
            pointer=1,
        )

    def _said_by_person(  # noqa: PLR0913, PLR0917 (whom to, what, when, and what must hold)
        self,
        tenant_id: TenantId,
        customer_id: CustomerId,
        message_type: str,
        words: str,
        at: datetime,
        condition: str = "attribute_exists(conversationId)",
        values: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """On the state row. A customer who has been erased since they were found gets no new rows."""
        key, told = keys.state(tenant_id, customer_id), said(Speaker.PERSON, message_type, words, at)
        return update(self._table, key, told, removes=ANSWERED, condition=condition, values=values)

    def claim_send(self, tenant_id: TenantId, job: ReplyJob, reply: Reply, dispatch: Dispatch) -> bool:
        item = {
            **_row(tenant_id, job.customer_id, job.position, reply.purpose, reply.text, reply.created_at),
            "state": ReplyState.SENDING,
            "replyTo": reply.reply_to,
            "answers": [],
            "productIds": [],
            "attempts": 1,
            "by": dispatch.by,
            "byName": dispatch.by_name,
            "raw": pack(rendered(dispatch.content)),
            "due": keys.due(job.customer_id),
            "dueAt": time_text(reply.created_at),
        }
        claim = {
            **keys.send_key(tenant_id, job.customer_id, dispatch.key),
            "tenantId": tenant_id,
            "customerId": job.customer_id,
            "position": job.position,
            "fingerprint": dispatch.fingerprint,
        }
        new = "attribute_not_exists(conversationId)"
        return not transact(
            [put(self._table, claim, new), put(self._table, item, new), self._may_send(tenant_id, job, reply, dispatch)]
        )

    def _may_send(self, tenant_id: TenantId, job: ReplyJob, reply: Reply, dispatch: Dispatch) -> dict[str, Any]:
        """What the seller's system sends answers nobody."""
        if not dispatch.person:
            return check(self._table, keys.state(tenant_id, job.customer_id), "attribute_exists(conversationId)")
        values = {":person": Owner.PERSON, ":by": dispatch.by}
        return self._said_by_person(
            tenant_id,
            job.customer_id,
            dispatch.content.type,
            reply.text,
            reply.created_at,
            "#owner = :person AND #person = :by",
            values,
        )

    def sent_under(self, tenant_id: TenantId, customer_id: CustomerId, key: str) -> Sent | None:
        claim = self._read(keys.send_key(tenant_id, customer_id, key))
        if not claim:
            return None
        row = self._read(keys.reply(tenant_id, customer_id, Position(claim["position"]), ReplyPurpose.SEND))
        return Sent(reply_of(row), claim["fingerprint"]) if row else None

    def _read(self, key: keys.Key) -> dict[str, Any]:
        wire: Any = to_item(key)
        with translated("read what was sent"):
            found = client("dynamodb").get_item(TableName=self._table, Key=wire, ConsistentRead=True)
        return from_item(found.get("Item", {}))

    def settle(self, tenant_id: TenantId, job: ReplyJob, reply: Reply, outcome: SendOutcome) -> None:
        # Refused where a status has settled it first: then that is what holds.
        def attempt(waiting: Waiting) -> list[Refusal]:
            row = self._outcome(tenant_id, job, reply, outcome, waiting)
            return transact_spilling(
                lambda conflicts: [row, *self._sent(tenant_id, job, reply, outcome, waiting, conflicts)]
            )

        with_what_waits(attempt, pointer=1)

    def _outcome(
        self, tenant_id: TenantId, job: ReplyJob, reply: Reply, outcome: SendOutcome, waiting: Waiting
    ) -> dict[str, Any]:
        attributes = {
            "state": outcome.state,
            "messageId": outcome.message_id,
            **failure_attributes(outcome.failure),
            **amendment_attributes(waiting.of(None)),
        }
        if outcome.not_before is not None:
            # Due from then on: until its pause ends, nobody else has to see to it.
            attributes |= {"notBefore": time_text(outcome.not_before), "dueAt": time_text(outcome.not_before)}
        # Still due: what is uncertain, or waits to be offered again; an answer that failed, until a person is called.
        still_due = outcome.state in {ReplyState.UNCERTAIN, ReplyState.READY} or (
            outcome.state is ReplyState.FAILED and reply.purpose is ReplyPurpose.ANSWER
        )
        return update(
            self._table,
            _key(tenant_id, job, reply),
            attributes,
            removes=(*stale_failure(outcome.failure), *(() if still_due else ("due", "dueAt"))),
            condition="#state = :sending",
            values={":sending": ReplyState.SENDING},
        )

    def _sent(  # noqa: PLR0913, PLR0917 (what was sent, what waits for it, and the try)
        self,
        tenant_id: TenantId,
        job: ReplyJob,
        reply: Reply,
        outcome: SendOutcome,
        waiting: Waiting,
        conflicts: int,
    ) -> list[dict[str, Any]]:
        if outcome.state is ReplyState.FAILED and outcome.failure is not None:
            refused = UsageDelta(month_of_position(job.position), {failed(outcome.failure.code): 1})
            return add_usages(self._usage_table, tenant_id, [refused], conflicts)
        if outcome.message_id is None:
            return []
        pointer = {"tenantId": tenant_id, "customerId": job.customer_id, "replyId": reply.reply_id}
        counted = UsageDelta(month_of_position(job.position), reply.purpose.counters)
        return [
            known_pointer(self._table, keys.pointer(tenant_id, outcome.message_id), pointer, waiting),
            *add_usages(self._usage_table, tenant_id, [counted], conflicts),
        ]


def _key(tenant_id: TenantId, job: ReplyJob, reply: Reply) -> keys.Key:
    """Where it was written, even if that conversation has since been merged into the job's."""
    parsed = parse_reply_id(reply.reply_id)
    return keys.reply(tenant_id, parsed.customer_id if parsed else job.customer_id, job.position, reply.purpose)


def _row(  # noqa: PLR0913, PLR0917 (what every row of the ledger says)
    tenant_id: TenantId, customer_id: CustomerId, position: Position, purpose: ReplyPurpose, words: str, at: datetime
) -> dict[str, Any]:
    return {
        **keys.reply(tenant_id, customer_id, position, purpose),
        "tenantId": tenant_id,
        "customerId": customer_id,
        "direction": "out",
        "position": position,
        "purpose": purpose,
        "words": storable(words, 4096),
        "at": time_text(at),
    }
