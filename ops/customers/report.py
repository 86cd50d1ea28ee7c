"""What the commands tell: for programs as JSON, for people by `view`."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from domain.merging import Party, PastMerge, Split


class MergeLine(BaseModel):
    former_customer_id: str
    at: datetime
    cause: str
    """Id of the message that named the two as one."""
    undone_at: datetime | None
    undone_by: str | None


class CustomerReport(BaseModel):
    tenant: str
    customer_id: str
    phone: str | None
    user_id: str | None
    filed_under: str
    aliases: list[str]
    messages: int
    first_interaction: datetime
    last_interaction: datetime
    owner: str
    awaits_answer: bool
    told_apart_from: list[str]
    merges: list[MergeLine]


class SideReport(BaseModel):
    customer_id: str
    messages: int
    identities: int
    owner: str
    awaits_answer: bool


class UnmergeReport(BaseModel):
    tenant: str
    former_customer_id: str
    merged: bool
    """False: there was nothing to undo."""
    dry_run: bool = True
    survivor: SideReport | None = None
    former: SideReport | None = None
    action_id: str | None = None


def customer_report(party: Party, merges: list[PastMerge]) -> CustomerReport:
    customer = party.customer
    return CustomerReport(
        tenant=customer.tenant_id,
        customer_id=customer.customer_id,
        phone=customer.identity.phone,
        user_id=customer.identity.user_id,
        filed_under=customer.key,
        aliases=sorted(customer.aliases),
        messages=customer.message_count,
        first_interaction=customer.first_interaction,
        last_interaction=customer.last_interaction,
        owner=party.conversation.owner,
        awaits_answer=party.conversation.awaiting is not None,
        told_apart_from=sorted(customer.apart_from),
        merges=[
            MergeLine(
                former_customer_id=merge.former,
                at=merge.at,
                cause=merge.cause,
                undone_at=merge.undone_at,
                undone_by=merge.undone_by,
            )
            for merge in merges
        ],
    )


def unmerge_report(tenant: str, former: str, split: Split | None, action_id: str | None = None) -> UnmergeReport:
    """`action_id`: under which the operators' history has it; None where nothing was done."""
    return UnmergeReport(
        tenant=tenant,
        former_customer_id=former,
        merged=split is not None,
        dry_run=action_id is None,
        survivor=_side(split.survivor) if split else None,
        former=_side(split.former) if split else None,
        action_id=action_id,
    )


def _side(party: Party) -> SideReport:
    return SideReport(
        customer_id=party.customer.customer_id,
        messages=party.customer.message_count,
        identities=len(party.keys),
        owner=party.conversation.owner,
        awaits_answer=party.conversation.awaiting is not None,
    )
