"""One question, through the rules, the assistant and the guard, as a customer's message goes.

Nothing is stored, and nothing sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from domain.assistants import Answer, CallPerson, NoReply, Turn
from domain.catalogue import EVERYTHING, Hit, Product, ProductId, SearchFilter
from domain.conversations import Disposition, Owner
from domain.escalations import EscalationReason
from domain.findings import Finding
from domain.ground import grounded_draft
from domain.languages import detect_language
from domain.ports import Assistant, CatalogueSearch
from domain.product_search import rank
from domain.receive import decide
from domain.rehearsals import kept, message_of
from domain.tenants import Tenant, TenantId
from ops.evaluate.questions import Outcome

_ASKED_AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Said:
    """What a question came to."""

    outcome: Outcome
    text: str = ""
    product_ids: tuple[str, ...] = ()
    reason: EscalationReason | None = None
    findings: tuple[Finding, ...] = ()
    """Of drafts that were not said."""


class DemoCatalogue:
    """`CatalogueSearch` over one demo seller's products, in memory."""

    def __init__(self, tenant_id: TenantId, products: Sequence[Product]) -> None:
        self._tenant_id = tenant_id
        self._products = [product for product in products if product.active]

    def search(self, tenant_id: TenantId, question: str, limit: int, only: SearchFilter = EVERYTHING) -> list[Hit]:
        return rank([product for product in self._of(tenant_id) if only.admits(product)], question, limit)

    def product(self, tenant_id: TenantId, product_id: ProductId) -> Product | None:
        return next((product for product in self._of(tenant_id) if product.product_id == product_id), None)

    def whole(self, tenant_id: TenantId) -> list[Product]:
        return self._of(tenant_id)

    def _of(self, tenant_id: TenantId) -> list[Product]:
        return self._products if tenant_id == self._tenant_id else []


@dataclass(frozen=True, slots=True)
class Findings:
    """`GroundingLog`: keeps them."""

    noted: list[Finding] = field(default_factory=list)

    def note(self, tenant_id: TenantId, findings: Sequence[Finding], remedy: str) -> None:  # noqa: ARG002 (the port's signature)
        self.noted.extend(findings)


@dataclass(frozen=True, slots=True)
class Asking:
    """The ports of the guard."""

    assistant: Assistant
    catalogue: CatalogueSearch
    grounding: Findings = field(default_factory=Findings)


def ask(words: Sequence[str], tenant: Tenant, assistant: Assistant, catalogue: CatalogueSearch) -> Said:
    """As a burst of messages in a new conversation."""
    messages = [message_of(text, number, _ASKED_AT) for number, text in enumerate(words)]
    decisions = [decide(message, tenant, Owner.ASSISTANT) for message in messages]
    for decision in decisions:
        if decision.disposition is Disposition.ESCALATE:
            return Said(Outcome.PERSON, reason=EscalationReason(decision.reason or ""))
    burst = tuple(
        kept(message, text, decision)
        for message, text, decision in zip(messages, words, decisions, strict=True)
        if decision.disposition is Disposition.ANSWER
    )
    if not burst:
        return Said(Outcome.NO_REPLY)
    language = detect_language("\n".join(words), tenant.language)
    asking = Asking(assistant, catalogue)
    draft = grounded_draft(Turn(tenant, language, burst, burst), ports=asking)
    findings = tuple(asking.grounding.noted)
    match draft:
        case Answer(text=text, product_ids=product_ids):
            return Said(Outcome.ANSWER, text, product_ids, findings=findings)
        case CallPerson(reason=reason):
            return Said(Outcome.PERSON, reason=reason, findings=findings)
        case NoReply():
            return Said(Outcome.NO_REPLY, findings=findings)
