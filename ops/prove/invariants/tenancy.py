"""I6: nothing crosses tenants."""

from __future__ import annotations

from collections.abc import Iterator

from adapters import dynamodb_keys as keys
from domain.replies import parse_reply_id
from ops.prove.cast import CUSTOMERS, NUMBERS, WARES, products
from ops.prove.invariants.case import Case, is_of


def rows_stay_with_their_tenant(case: Case) -> Iterator[str]:
    numbers = {str(number.phone_number_id): str(number.tenant.tenant_id) for number in NUMBERS}
    for table, rows in case.evidence.rows.items():
        for row in rows:
            owner = row.get("tenantId")
            name = row.get("conversationId") or row.get("phoneNumber") or owner or ""
            if owner is not None and "#" in name and name.split("#")[0] != owner:
                yield f"{table} {name}: the row is {owner}'s, its key is not"
            number = row.get("phoneNumberId")
            if owner is not None and number in numbers and numbers[number] != owner:
                yield f"{table} {name}: the row is {owner}'s, its number {numbers[number]}'s"
    for (tenant_id, message_id), rows in case.messages.items():
        said = case.said.get((tenant_id, message_id))
        writer = CUSTOMERS[said.update.customer] if said else None
        for row in rows:
            state = case.by_key.get((row["conversationId"], keys.STATE), {})
            if writer is not None and not is_of(state, writer.phone, writer.user_id):
                yield f"{message_id} of {tenant_id} stands in somebody else's conversation"


def sends_stay_with_their_tenant(case: Case) -> Iterator[str]:
    numbers = {str(number.phone_number_id): str(number.tenant.tenant_id) for number in NUMBERS}
    for post in case.evidence.posts:
        tenant_id = numbers[post.phone_number_id]
        if not post.authorized:
            yield f"{post.reply_id} was sent from {tenant_id}'s number with another's token"
        foreign = [
            ware
            for owner in WARES
            if owner != tenant_id
            for product in products(owner)
            for ware in (product.title, product.product_id)
            if ware in f"{post.text} {post.products}"
        ]
        if foreign:
            yield f"{post.reply_id} was sent by {tenant_id}, and speaks of {foreign}"
        parsed = parse_reply_id(post.reply_id)
        row = case.replies.get(post.reply_id)
        if row is not None and row["tenantId"] != tenant_id:
            yield f"{post.reply_id} is {row['tenantId']}'s, and was sent from {tenant_id}'s number"
        state = case.by_key.get((f"{tenant_id}#{parsed.customer_id}", keys.STATE)) if parsed else None
        if state is None or post.to not in {state.get("phone"), state.get("userId")}:
            yield f"{post.reply_id} was sent to somebody else than its customer"
    for one in case.evidence.published:
        owner, number = one.body["tenantId"], one.body.get("phoneNumberId")
        conversation = one.body.get("conversationId", f"{owner}#")  # what is told of an account names none
        if (number is not None and numbers.get(number) != owner) or not conversation.startswith(f"{owner}#"):
            yield f"an event of {owner} names the number {number}, or another's conversation"
