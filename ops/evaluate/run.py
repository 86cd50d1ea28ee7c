"""The whole set of questions, asked one by one."""

from __future__ import annotations

from dataclasses import dataclass, field

from adapters.catalogue_assistant import CatalogueAssistant
from domain.ports import Assistant, CatalogueSearch
from domain.tenants import Tenant, TenantId
from ops.evaluate import questions, report
from ops.evaluate.asking import DemoCatalogue, ask
from ops.evaluate.judging import faults
from ops.evaluate.names import AssistantName
from ops.evaluate.report import Asked, Evaluation, TenantReport
from ops.local import demo_data
from ops.models.asked import Uses, asking, report_of, require_reachable, with_model


@dataclass(frozen=True, slots=True)
class Candidate:
    """Whom to ask."""

    name: AssistantName = AssistantName.CATALOGUE
    model_id: str = ""
    persona: str | None = None
    uses: Uses = field(default_factory=Uses)


def evaluate(candidate: Candidate, tenant: str | None) -> Evaluation:
    """`tenant`: None asks the questions of every demo seller. Raises `OpsError` where the model cannot be asked."""
    asked = questions.tenants() if tenant is None else [TenantId(tenant)]
    if candidate.name is AssistantName.BEDROCK:
        seller, catalogue = _seller(asked[0]), DemoCatalogue(asked[0], demo_data.catalogue(asked[0]))
        require_reachable(catalogue, with_model(seller, candidate.model_id, candidate.persona), candidate.model_id)
    reports = tuple(_of_tenant(candidate, tenant_id) for tenant_id in asked)
    model = report_of(candidate.model_id, candidate.uses.uses) if candidate.model_id else None
    return Evaluation(tenants=reports, model=model)


def _seller(tenant_id: TenantId) -> Tenant:
    return next(one for one in demo_data.tenants() if one.id == tenant_id).whatsapp_number("").tenant


def _of_tenant(candidate: Candidate, tenant_id: TenantId) -> TenantReport:
    wanted = questions.of_tenant(tenant_id)
    seller = _seller(tenant_id)
    if candidate.name is AssistantName.BEDROCK:
        seller = with_model(seller, candidate.model_id, candidate.persona)
    products = demo_data.catalogue(tenant_id)
    catalogue = DemoCatalogue(tenant_id, products)
    by_id = {str(product.product_id): product for product in products if product.active}
    assistant = _assistant(candidate, catalogue)
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
    scores = report.scored(tuple(asked), report.thresholds(candidate.name))
    return TenantReport(tenant=tenant_id, assistant=candidate.name, scores=scores, asked=tuple(asked))


def _assistant(candidate: Candidate, catalogue: CatalogueSearch) -> Assistant:
    match candidate.name:
        case AssistantName.CATALOGUE:
            return CatalogueAssistant(catalogue)
        case AssistantName.BEDROCK:
            return asking(catalogue, candidate.model_id, candidate.uses)
