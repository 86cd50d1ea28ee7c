"""Order faults: sends that fail, webhooks that misbehave."""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ops.simulator.faults import Fault
from ops.simulator.media_faults import MediaFault
from ops.simulator.webhooks.options import WebhookOptions
from ops.simulator.world import World


class FaultsRequest(BaseModel):
    """Faults are added to those that stand; webhook options replace the earlier ones. A bare list is one of faults."""

    model_config = ConfigDict(extra="forbid")

    faults: list[Fault] = []
    media: list[MediaFault] = []
    webhooks: WebhookOptions | None = None

    @model_validator(mode="before")
    @classmethod
    def _may_be_a_list(cls, body: Any) -> Any:
        return {"faults": body} if isinstance(body, list) else body


@dataclass(frozen=True)
class FaultEndpoints:
    world: World

    async def order(self, request: Request) -> Response:
        wanted = FaultsRequest.model_validate_json(await request.body())
        for fault in wanted.faults:
            self.world.faults.add(fault)
        for media_fault in wanted.media:
            self.world.media_faults.add(media_fault)
        if wanted.webhooks:
            self.world.webhooks.options = wanted.webhooks
        return await self.list(request)

    async def list(self, _: Request) -> Response:
        faults = [fault.model_dump(mode="json") for fault in self.world.faults.all()]
        media = [fault.model_dump(mode="json") for fault in self.world.media_faults.all()]
        return JSONResponse({"faults": faults, "media": media, "webhooks": self.world.webhooks.options.model_dump()})

    async def clear(self, request: Request) -> Response:
        self.world.faults.clear()
        self.world.media_faults.clear()
        self.world.webhooks.options = WebhookOptions()
        return await self.list(request)
