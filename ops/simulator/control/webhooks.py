"""The webhook side: post a recorded body, shake hands, list the attempts."""

from dataclasses import dataclass

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ops.simulator.world import World


class VerificationRequest(BaseModel):
    verify_token: str


@dataclass(frozen=True)
class WebhookEndpoints:
    world: World

    async def post_body(self, request: Request) -> Response:
        """Sign the bytes as they are, post them once, and tell the answer."""
        body = await request.body()
        self.world.take_in(body)
        answer = await self.world.endpoint.post(body)
        return JSONResponse({"status_code": answer.status_code, "text": answer.text})

    async def verify(self, request: Request) -> Response:
        wanted = VerificationRequest.model_validate_json(await request.body())
        verified, answer = await self.world.endpoint.verify(wanted.verify_token)
        return JSONResponse({"verified": verified, "status_code": answer.status_code, "text": answer.text})

    async def attempts(self, _: Request) -> Response:
        attempts = [attempt.model_dump(mode="json") for attempt in self.world.webhooks.attempts.all()]
        return JSONResponse({"webhooks": attempts})
