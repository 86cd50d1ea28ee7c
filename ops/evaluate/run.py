"""The whole set of questions, asked one by one."""

from __future__ import annotations

from enum import StrEnum

from domain.ports import Assistant, CatalogueSearch
from domain.tenants import TenantId
from ops.evaluate import questions, report
from ops.evaluate.asking import DemoCatalogue, ask
from ops.evaluate.judging import faults
from ops.evaluate.report import Asked, Evaluation, TenantReport
from ops.local import demo_data


class AssistantName(StrEnum):
    CATALOGUE = "catalogue"


def evaluate(name: AssistantName, tenant: str | None) -> Evaluation:
    """`tenant`: None asks the questions of every demo seller."""
    asked = questions.tenants() if tenant is None else [TenantId(tenant)]
    return Evaluation(tenants=tuple(_of_tenant(name, tenant_id) for tenant_id in asked))


def _of_tenant(name: AssistantName, tenant_id: TenantId) -> TenantReport:
    wanted = questions.of_tenant(tenant_id)
    seller = next(one for one in demo_data.tenants() if one.id == tenant_id).whatsapp_number("").tenant
    products = demo_data.catalogue(tenant_id)
    catalogue = DemoCatalogue(tenant_id, products)
    by_id = {str(product.product_id): product for product in products if product.active}
    assistant = _assistant(name, catalogue)
    asked = []
    for question in wanted:
        said = ask(question.ask, seller, assistant, catalogue)
        asked.append(
            Asked(
                id=question.id,
                category=question.category,
                language=question.language,
                question=" / ".join(question.ask),
                outcome=said.outcome,
                text=said.text,
                faults=tuple(faults(question, said, by_id, seller.name)),
                findings=tuple(f"{finding.kind}: {finding.said}" for finding in said.findings),
            )
        )
    scores = report.scored(tuple(asked), report.thresholds(name))
    return TenantReport(tenant=tenant_id, assistant=name, scores=scores, asked=tuple(asked))


def _assistant(name: AssistantName, catalogue: CatalogueSearch) -> Assistant:
    from adapters.catalogue_assistant import CatalogueAssistant

    match name:
        case AssistantName.CATALOGUE:
            return CatalogueAssistant(catalogue)
