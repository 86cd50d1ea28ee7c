"""Change the account's templates, as its manager or Meta itself does, and have the webhooks sent that tell of it."""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ops.simulator.config import SimulatedNumber
from ops.simulator.templates import SimulatedTemplate
from ops.simulator.webhooks import envelope
from ops.simulator.webhooks.sender import Delivery
from ops.simulator.world import World


class TemplateRequest(BaseModel):
    """What is given changes; what is not known yet is made. `webhooks`: whether Meta tells of it, as it does."""

    model_config = ConfigDict(extra="forbid")

    phone_number_id: str
    name: str
    language: str = "en"
    status: str | None = None
    quality: str | None = None
    category: str | None = None
    rejected_reason: str | None = None
    parameter_format: str | None = None
    body: str | None = None
    components: list[dict[str, Any]] | None = None
    webhooks: bool = True
    wait: bool = False


@dataclass(frozen=True)
class TemplateEndpoints:
    world: World

    async def list(self, request: Request) -> Response:
        number = self._require_number(request.query_params.get("phone_number_id", ""))
        return JSONResponse({"templates": [one.as_meta_tells() for one in self.world.templates.of(number.waba_id)]})

    async def change(self, request: Request) -> Response:
        wanted = TemplateRequest.model_validate_json(await request.body())
        number = self._require_number(wanted.phone_number_id)
        before = self.world.templates.find(number.waba_id, wanted.name, wanted.language)
        known = before.model_dump() if before else {"name": wanted.name, "language": wanted.language}
        given = wanted.model_dump(exclude={"phone_number_id", "webhooks", "wait"}, exclude_none=True)
        after = SimulatedTemplate.model_validate(known | given)
        self.world.templates.put(number.waba_id, after)
        told = [*_webhooks(before, after)] if wanted.webhooks else []
        answers = [await self._tell(number, field, value, wait=wanted.wait) for field, value in told]
        return JSONResponse({"template": after.as_meta_tells(), "webhooks": answers})

    async def remove(self, request: Request) -> Response:
        """Meta tells nobody."""
        query = request.query_params
        number = self._require_number(query.get("phone_number_id", ""))
        if not self.world.templates.remove(number.waba_id, query.get("name", ""), query.get("language", "en")):
            raise HTTPException(404, "no template has this name in this language")
        return Response(status_code=204)

    async def _tell(self, number: SimulatedNumber, field: str, value: dict[str, Any], *, wait: bool) -> dict[str, Any]:
        delivery = Delivery(field, number.waba_id, envelope.of_change(number, field, value))
        self.world.webhooks.submit(delivery)
        answered = {"http_status": (await delivery.first_answer).status_code} if wait else {}
        return {"field": field, **answered}

    def _require_number(self, phone_number_id: str) -> SimulatedNumber:
        number = self.world.config.number(phone_number_id)
        if number is None:
            raise HTTPException(404, "no number has this phone_number_id")
        return number


def _webhooks(before: SimulatedTemplate | None, after: SimulatedTemplate) -> "list[tuple[str, dict[str, Any]]]":
    """One for each aspect that changed. Languages are written with a hyphen, as Meta writes them here."""
    named = {
        "message_template_id": int(after.id),
        "message_template_name": after.name,
        "message_template_language": after.language.replace("_", "-"),
    }
    told: list[tuple[str, dict[str, Any]]] = []
    if before is None or before.status != after.status:
        status = {
            "event": after.status,
            "reason": after.rejected_reason,
            "message_template_category": after.category.upper(),
        }
        told.append(("message_template_status_update", named | status))
    if before and before.quality != after.quality:
        quality = {"previous_quality_score": before.quality, "new_quality_score": after.quality}
        told.append(("message_template_quality_update", named | quality))
    if before and before.category != after.category:
        category = {"previous_category": before.category.upper(), "new_category": after.category.upper()}
        told.append(("template_category_update", named | category))
    if before and before.all_components != after.all_components:
        told.append(("message_template_components_update", named | _texts(after)))
    return told


def _texts(template: SimulatedTemplate) -> dict[str, Any]:
    header, footer = template.component("HEADER"), template.component("FOOTER")
    buttons = template.component("BUTTONS").get("buttons", [])
    texts = {
        "message_template_element": template.component("BODY").get("text"),
        "message_template_title": header.get("text"),
        "message_template_footer": footer.get("text"),
        "message_template_buttons": [
            {f"message_template_button_{name}": value for name, value in button.items()} for button in buttons
        ],
    }
    return {name: value for name, value in texts.items() if value}
