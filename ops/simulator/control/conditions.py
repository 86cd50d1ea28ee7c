"""Change what Meta says of a number: its quality falls, its account is cut off from our app."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ops.simulator.world import World


class ConditionRequest(BaseModel):
    """What is given changes; Meta sends no webhook here."""

    model_config = ConfigDict(extra="forbid")

    phone_number_id: str
    status: str | None = None
    quality_rating: str | None = None
    code_verification_status: str | None = None
    name_status: str | None = None
    account_mode: str | None = None
    messaging_limit: str | None = None
    subscribed: bool | None = None


@dataclass(frozen=True)
class ConditionEndpoint:
    world: World

    async def change(self, request: Request) -> Response:
        wanted = ConditionRequest.model_validate_json(await request.body())
        if self.world.config.number(wanted.phone_number_id) is None:
            raise HTTPException(404, "no number has this phone_number_id")
        given = wanted.model_dump(exclude={"phone_number_id"}, exclude_none=True)
        return JSONResponse(self.world.conditions.change(wanted.phone_number_id, given).model_dump())
