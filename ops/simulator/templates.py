"""Message templates as Meta holds them, by WhatsApp Business Account; a test or a desk may change them."""

import hashlib

from pydantic import BaseModel, Field

from ops.simulator.template_examples import Json, with_example

_SCORED_AT = 1794830400  # in seconds, as Meta tells it


class SimulatedTemplate(BaseModel):
    """One template in one language. Placeholders are written {{1}}, {{2}} …, or {{name}} where they are named."""

    name: str = Field(pattern=r"^[a-z0-9_]{1,512}$")
    language: str = "en"
    category: str = "utility"
    # Short for components of which the body is the only one.
    body: str = ""
    components: list[Json] = []
    status: str = "APPROVED"
    quality: str = "GREEN"
    parameter_format: str = "POSITIONAL"
    rejected_reason: str = "NONE"

    @property
    def id(self) -> str:
        return str(int(hashlib.sha256(f"{self.name}#{self.language}".encode()).hexdigest()[:12], 16))

    def component(self, kind: str) -> Json:
        return next((one for one in self.all_components if one["type"].upper() == kind), {})

    @property
    def all_components(self) -> list[Json]:
        return self.components or [{"type": "BODY", "text": self.body}]

    def as_meta_tells(self) -> Json:
        return {
            "name": self.name,
            "parameter_format": self.parameter_format,
            "components": [with_example(one, self.parameter_format) for one in self.all_components],
            "language": self.language,
            "status": self.status,
            "category": self.category.upper(),
            "quality_score": {"score": self.quality, "date": _SCORED_AT},
            "rejected_reason": self.rejected_reason,
            "id": self.id,
        }


class Templates:
    """Those of an account without any in the configuration are not known: there any template may be sent."""

    def __init__(self, configured: dict[str, list[SimulatedTemplate]]) -> None:
        self._configured = configured
        self._accounts: dict[str, list[SimulatedTemplate]] = {}
        self.reset()

    def reset(self) -> None:
        self._accounts = {waba_id: list(templates) for waba_id, templates in self._configured.items()}

    def of(self, waba_id: str) -> list[SimulatedTemplate]:
        return list(self._accounts.get(waba_id, []))

    def find(self, waba_id: str, name: str, language: str) -> SimulatedTemplate | None:
        return next((one for one in self.of(waba_id) if (one.name, one.language) == (name, language)), None)

    def put(self, waba_id: str, template: SimulatedTemplate) -> None:
        known = self._accounts.setdefault(waba_id, [])
        places = [
            place for place, one in enumerate(known) if (one.name, one.language) == (template.name, template.language)
        ]
        if places:
            known[places[0]] = template
        else:
            known.append(template)

    def remove(self, waba_id: str, name: str, language: str) -> bool:
        kept = [one for one in self.of(waba_id) if (one.name, one.language) != (name, language)]
        removed = len(kept) < len(self.of(waba_id))
        self._accounts[waba_id] = kept
        return removed
