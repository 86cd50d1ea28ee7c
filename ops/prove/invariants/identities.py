"""I5: one customer per identity; last interaction, owner's version and delivery never go back; wishes hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from adapters import dynamodb_keys as keys
from ops.prove import bodies
from ops.prove.cast import CUSTOMERS, NUMBERS, tenant_of
from ops.prove.evidence import Row
from ops.prove.invariants.case import RANKS, Case, dead_statuses, is_of, rows_of
from ops.prove.script import What


def customers_are_one(case: Case) -> Iterator[str]:
    for customer in CUSTOMERS:
        for tenant_id in {number.tenant.tenant_id for number in NUMBERS}:
            own = [
                row
                for row in case.evidence.rows["CustomersTable"]
                if row["phoneNumber"].startswith(f"{tenant_id}#")
                and "customerId" in row
                and "aliasOf" not in row
                and is_of(row, customer.phone, customer.user_id)
            ]
            if len(own) > 1:
                yield f"{len(own)} customers of {tenant_id} have the identity {customer.key[-4:]}"
            yield from (told for row in own for told in _misremembered(case, row))


def _misremembered(case: Case, row: Row) -> Iterator[str]:
    """The row against the customer's own messages."""
    name = f"{row['tenantId']}#{row['customerId']}"
    messages = [one for one in case.rows.get(name, ()) if one["sk"].startswith("m#") and one.get("direction") == "in"]
    if not messages:
        yield f"{name} is a customer who never wrote"
        return
    times = [one["at"] for one in messages]
    for attribute, expected in (("lastInteraction", max(times)), ("firstInteraction", min(times))):
        if row[attribute] != expected:
            yield f"{name}: {attribute} is {row[attribute]}, the messages say {expected}"
    if int(row["messageCount"]) != len(messages):
        yield f"{name}: messageCount is {row['messageCount']}, {len(messages)} are stored"
    state = case.by_key.get((name, keys.STATE), {})
    if state.get("lastInboundAt") != max(times):
        yield f"{name}: lastInboundAt is {state.get('lastInboundAt')}, the newest message is of {max(times)}"


def nothing_goes_back(case: Case) -> Iterator[str]:
    for change in case.evidence.history:
        old, new = change.old or {}, change.new or {}
        for name in ("lastInteraction", "lastInboundAt", "version", "messageCount"):
            if name in old and (name not in new or new[name] < old[name]):
                yield f"{change.key}: {name} went from {old[name]} back to {new.get(name)}"
        before, after = old.get("delivery"), new.get("delivery")
        if before is not None and RANKS.get(after or "", -1) < RANKS[before]:
            yield f"{change.key}: delivery went from {before} back to {after}"
        if "firstInteraction" in old and new.get("firstInteraction", "~") > old["firstInteraction"]:
            yield f"{change.key}: firstInteraction went forward"


def owners_change_as_allowed(case: Case) -> Iterator[str]:
    """Who has a person is not made to wait for one; who wrote, is not closed."""
    for change in case.evidence.history:
        if change.key[-1] == keys.STATE and change.old and change.new:
            before, after = change.old.get("owner"), change.new.get("owner")
            if before == "person" and after == "waiting_for_person":
                yield f"{change.key[0]} had a person, and was made to wait for one"
            if change.new.get("resolved") and "awaiting" in change.new:
                yield f"{change.key[0]} is resolved while {change.new['awaiting']} waits for its answer"


def wishes_hold(case: Case) -> Iterator[str]:
    """The newest word on offers is what holds."""
    for row in case.evidence.rows["CustomersTable"]:
        if "customerId" in row and "aliasOf" not in row:
            yield from _misheld(case, row)


def _misheld(case: Case, row: Row) -> Iterator[str]:
    name = f"{row['tenantId']}#{row['customerId']}"
    told = sorted(one["sk"] for one in case.rows.get(name, ()) if one["sk"].startswith("consent#"))
    newest, holds = told[-1] if told else None, row.get("optOutChange")
    if newest != holds:
        yield f"{name}: the newest word on offers is {newest}, what holds is {holds}"
    elif newest is not None and case.by_key[name, newest]["optedOut"] != row["optedOut"]:
        yield f"{name}: optedOut is {row['optedOut']}, the newest word says otherwise"


def wishes_are_kept(case: Case) -> Iterator[str]:
    """Each word once in a customer's history. Who is known by a further identity brings theirs along."""
    words = Counter((row["conversationId"], row["optOutCause"]) for row in rows_of(case, "consent#"))
    yield from (f"the word {cause} of {name} is kept {n} times" for (name, cause), n in words.items() if n > 1)
    kept = {(row["tenantId"], row["optOutCause"]) for row in rows_of(case, "consent#")}
    for (tenant_id, message_id), said in case.said.items():
        recorded = (tenant_id, message_id) in case.messages
        if recorded and said.update.what in {What.STOP, What.START} and (tenant_id, message_id) not in kept:
            yield f"{said}: the word on offers is not kept"


def preferences_are_kept(case: Case) -> Iterator[str]:
    customers = {row["phoneNumber"]: row for row in case.evidence.rows["CustomersTable"]}
    for attempt in case.evidence.acknowledged():
        for update in attempt.updates:
            tenant_id = tenant_of(update.number)
            key = f"{tenant_id}#{CUSTOMERS[update.customer].key}"
            row = customers.get(key, {})
            row = customers.get(row.get("aliasOf", ""), row)
            wish = update.what in {What.NO_OFFERS, What.OFFERS} and tenant_id is not None
            if wish and "optOutChange" not in row and not dead_statuses(case):
                yield f"{update.what} of customer {update.customer} to {tenant_id} is not kept"


def echoes_are_kept(case: Case) -> Iterator[str]:
    """Of a customer who had written before: the message stands in the conversation, and a person has it, or had."""
    known_since = {
        change.key[0]: change.at
        for change in reversed(case.evidence.history)
        if change.table == "CustomersTable" and change.new and "customerId" in change.new
    }
    for attempt in case.evidence.acknowledged():
        for update in attempt.updates:
            tenant_id = tenant_of(update.number)
            key = f"{tenant_id}#{CUSTOMERS[update.customer].key}"
            if update.what is not What.ECHO or tenant_id is None or known_since.get(key, attempt.at) >= attempt.at:
                continue
            echo_id = bodies.echo_id(update)
            kept = any(
                row.get("messageId") == echo_id and row["tenantId"] == tenant_id and row.get("purpose") == "person"
                for row in rows_of(case, "m#")
            )
            if not kept and not dead_statuses(case):
                yield f"{echo_id} of {tenant_id}: what a person wrote is not in the conversation"
