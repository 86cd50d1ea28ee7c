"""What the simulator pretends to be: whose numbers it serves and where it sends webhooks."""

from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, Field

from ops.simulator.templates import SimulatedTemplate


class SimulatedNumber(BaseModel):
    """A business phone number of one tenant, with what the phone page needs to show it."""

    tenant_id: str
    tenant_name: str
    phone_number_id: str
    waba_id: str
    display_phone_number: str
    access_token: str
    catalog_id: str | None = None
    # Each has retailer_id, title, price and currency. Empty: any product may be sent.
    products: list[dict[str, Any]] = []
    # Those of its account. Empty: any template may be sent, and counts as a utility template.
    templates: list[SimulatedTemplate] = []
    # Whether the phone shows it among the sellers.
    listed: bool = True


class SimulatorConfig(BaseModel):
    app_secret: str = Field(min_length=1)
    webhook_url: str
    graph_version: str = "v26.0"
    numbers: list[SimulatedNumber]
    # Meta retries "with decreasing frequency for up to 7 days"; nobody waits that long at a desk.
    retry_delays_s: list[float] = [1, 2, 4, 8, 16, 32, 64]
    status_delay_s: float = 0.3

    @classmethod
    def load(cls, path: Path | str) -> Self:
        return cls.model_validate_json(Path(path).read_text(encoding="utf-8"))

    def templates(self) -> dict[str, list[SimulatedTemplate]]:
        """By account; numbers may share one."""
        found: dict[str, list[SimulatedTemplate]] = {}
        for number in self.numbers:
            known = found.setdefault(number.waba_id, [])
            known += [template for template in number.templates if template not in known]
        return found

    def number(self, phone_number_id: str) -> SimulatedNumber | None:
        return next((number for number in self.numbers if number.phone_number_id == phone_number_id), None)
