"""The control API as an ASGI app, to be mounted under /simulator."""

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ops.simulator.control.conditions import ConditionEndpoint
from ops.simulator.control.faults import FaultEndpoints
from ops.simulator.control.live import LiveEndpoints
from ops.simulator.control.messages import MessageEndpoints
from ops.simulator.control.state import StateEndpoints
from ops.simulator.control.templates import TemplateEndpoints
from ops.simulator.control.webhooks import WebhookEndpoints
from ops.simulator.world import World


def control_app(world: World) -> Starlette:
    messages, webhooks, faults = MessageEndpoints(world), WebhookEndpoints(world), FaultEndpoints(world)
    templates = TemplateEndpoints(world)
    conditions = ConditionEndpoint(world)
    state, live = StateEndpoints(world), LiveEndpoints(world)
    return Starlette(
        routes=[
            Route("/messages", messages.write, methods=["POST"]),
            Route("/messages", messages.transcript, methods=["GET"]),
            Route("/chats", messages.chats, methods=["GET"]),
            Route("/changes", messages.change, methods=["POST"]),
            Route("/statuses", messages.set_status, methods=["POST"]),
            Route("/bodies", webhooks.post_body, methods=["POST"]),
            Route("/verifications", webhooks.verify, methods=["POST"]),
            Route("/webhooks", webhooks.attempts, methods=["GET"]),
            Route("/faults", faults.order, methods=["POST"]),
            Route("/faults", faults.list, methods=["GET"]),
            Route("/faults", faults.clear, methods=["DELETE"]),
            Route("/templates", templates.list, methods=["GET"]),
            Route("/templates", templates.change, methods=["POST"]),
            Route("/templates", templates.remove, methods=["DELETE"]),
            Route("/conditions", conditions.change, methods=["POST"]),
            Route("/sends", state.sends, methods=["GET"]),
            Route("/numbers", state.numbers, methods=["GET"]),
            Route("/customers", state.customers, methods=["GET"]),
            Route("/customers", state.add_customer, methods=["POST"]),
            Route("/media", state.upload, methods=["POST"]),
            Route("/media/{media_id}", state.media, methods=["GET"]),
            Route("/state", state.reset, methods=["DELETE"]),
            Route("/presence", live.look, methods=["POST"]),
            Route("/events", live.events, methods=["GET"]),
        ],
        exception_handlers={ValidationError: _invalid, HTTPException: _refused},
    )


async def _invalid(_: Request, error: Exception) -> Response:
    if not isinstance(error, ValidationError):
        raise error
    problems = [{"where": list(problem["loc"]), "problem": problem["msg"]} for problem in error.errors()]
    return JSONResponse({"error": "the body is not valid", "problems": problems}, status_code=422)


async def _refused(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return JSONResponse({"error": error.detail}, status_code=error.status_code)
