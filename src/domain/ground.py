"""Use case: no draft goes out that says what the catalogue does not. Whatever assistant made it, it passes here.

A draft with findings is handed back once, with them. If the second is no better, either the catalogue's own lines are
said instead, where figures of products that were named are all that is wrong, or a person is called.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Protocol

from domain import wording
from domain.assistants import Answer, CallPerson, Draft, NoReply, Rejected, Turn
from domain.catalogue import Product, ProductId
from domain.escalations import EscalationReason
from domain.findings import Finding, FindingKind
from domain.grounding import Evidence, ungrounded
from domain.model_use import ModelUse
from domain.ports import Assistant, CatalogueSearch, GroundingLog

_MOST_LOOKED_UP = 50
_MOST_READ_BACK = 3
_FIGURES = frozenset({FindingKind.PRICE, FindingKind.STOCK})


class Remedy(StrEnum):
    """What became of a draft that was not grounded."""

    REPAIRED = "repaired"
    """The second draft was, or the assistant called a person itself."""
    READ_BACK = "read_back"
    """The catalogue's own lines were said instead."""
    WITHHELD = "withheld"
    """A person was called."""


class GroundPorts(Protocol):
    """What it takes to check a draft: part of the ports of whoever asks an assistant."""

    @property
    def assistant(self) -> Assistant: ...
    @property
    def catalogue(self) -> CatalogueSearch: ...
    @property
    def grounding(self) -> GroundingLog: ...


def grounded_draft(turn: Turn, *, ports: GroundPorts) -> Draft:
    """What the assistant drafts, or what is said in place of what nothing proves."""
    draft = ports.assistant.answer(turn)
    if not isinstance(draft, Answer):
        return draft
    checked, findings = _checked(turn, draft, ports)
    if not findings:
        return checked
    repaired, remedy = _repaired(turn, Rejected(draft.text, findings), ports)
    ports.grounding.note(turn.tenant.tenant_id, findings, remedy)
    return _after(draft.use, repaired)


def _after(first: ModelUse | None, repaired: Answer | CallPerson) -> Draft:
    """With what the model took for both drafts: the seller pays for the first as well."""
    if first is None:
        return repaired
    return replace(repaired, use=first.and_then(repaired.use) if repaired.use else first)


def _repaired(turn: Turn, rejected: Rejected, ports: GroundPorts) -> tuple[Answer | CallPerson, Remedy]:
    draft = ports.assistant.answer(replace(turn, rejected=rejected))
    match draft:
        case CallPerson():
            return draft, Remedy.REPAIRED
        case NoReply():
            # There was an answer to give a moment ago: that it was wrong makes no silence of it.
            return CallPerson(EscalationReason.NOT_GROUNDED), Remedy.WITHHELD
        case Answer(use=use):
            checked, findings = _checked(turn, draft, ports)
            if not findings:
                return checked, Remedy.REPAIRED
            named = checked.cited[:_MOST_READ_BACK]
            if named and {finding.kind for finding in findings} <= _FIGURES:
                return _read_back(named, turn, draft), Remedy.READ_BACK
            return CallPerson(EscalationReason.NOT_GROUNDED, use), Remedy.WITHHELD


def _read_back(products: tuple[Product, ...], turn: Turn, draft: Answer) -> Answer:
    text = "\n".join(wording.product_line(product, turn.language) for product in products)
    return replace(draft, text=text, product_ids=tuple(one.product_id for one in products), cited=products)


def _checked(turn: Turn, draft: Answer, ports: GroundPorts) -> tuple[Answer, tuple[Finding, ...]]:
    """With the products that it speaks of, and what it says that nothing proves."""
    cited = _now(turn, draft.product_ids, ports)
    found = {product.product_id for product in cited}
    unknown = [Finding(FindingKind.PRODUCT, one) for one in draft.product_ids if one not in found]
    looked_up = [product.product_id for product in draft.evidence if product.product_id not in found]
    evidence = Evidence(
        products=[*cited, *_now(turn, looked_up, ports)],
        links=turn.tenant.links,
        facts=draft.facts,
        own_names=(turn.tenant.name,),
    )
    return replace(draft, cited=tuple(cited)), (*unknown, *ungrounded(draft.text, evidence))


def _now(turn: Turn, product_ids: tuple[str, ...] | list[ProductId], ports: GroundPorts) -> list[Product]:
    """As the catalogue has had them in this turn, whatever the assistant makes of them: of this tenant alone."""
    ids = dict.fromkeys(map(ProductId, product_ids[:_MOST_LOOKED_UP]))
    found = [ports.catalogue.product(turn.tenant.tenant_id, product_id) for product_id in ids]
    return [product for product in found if product is not None]
