"""The Graph API as an ASGI app, to be mounted under /graph."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ops.simulator import graph_errors
from ops.simulator.config import SimulatedNumber
from ops.simulator.graph.access import numbers_of_token, require_number, require_version
from ops.simulator.graph.media import MediaEndpoints
from ops.simulator.graph.messages import MessagesEndpoint
from ops.simulator.graph.templates import TemplatesEndpoint
from ops.simulator.graph_errors import UnknownObjectError
from ops.simulator.world import World


def graph_app(world: World) -> Starlette:
    media = MediaEndpoints(world)

    async def look_up(request: Request) -> Response:
        """Graph ids are of one kind: what an id stands for decides what the answer looks like."""
        if world.config.number(request.path_params["object_id"]):
            return _number(request, world)
        return await media.look_up(request)

    messages, templates = MessagesEndpoint(world), TemplatesEndpoint(world)

    async def send(request: Request) -> Response:
        return await messages(request)

    def own_numbers(request: Request) -> list[SimulatedNumber]:
        """Those of the account in the path that the token was issued for."""
        require_version(request, world.config)
        numbers = numbers_of_token(request, world.config)
        own = [number for number in numbers if number.waba_id == request.path_params["object_id"]]
        if not own:
            raise UnknownObjectError(request.path_params["object_id"])
        return own

    async def numbers_of_account(request: Request) -> Response:
        return JSONResponse({"data": [_shown(number, world) for number in own_numbers(request)]})

    async def apps_of_account(request: Request) -> Response:
        [first, *_] = own_numbers(request)
        return JSONResponse({"data": world.conditions.of(first.phone_number_id).apps})

    return Starlette(
        routes=[
            Route("/whatsapp_business/attachments/{token}", media.download, methods=["GET"]),
            Route("/{version}/{object_id}/messages", send, methods=["POST"]),
            Route("/{version}/{object_id}/message_templates", templates.list, methods=["GET"]),
            Route("/{version}/{object_id}/phone_numbers", numbers_of_account, methods=["GET"]),
            Route("/{version}/{object_id}/subscribed_apps", apps_of_account, methods=["GET"]),
            Route("/{version}/{object_id}/media", media.upload, methods=["POST"]),
            Route("/{version}/{object_id}", look_up, methods=["GET"]),
            Route("/{version}/{object_id}", media.delete, methods=["DELETE"]),
        ],
        exception_handlers={graph_errors.GraphError: graph_errors.answer, HTTPException: _no_such_path},
    )


def _number(request: Request, world: World) -> Response:
    number = require_number(request, world.config)
    shown, on_request = _shown(number, world), world.conditions.of(number.phone_number_id).on_request
    fields = set(filter(None, request.query_params.get("fields", "").split(",")))
    if fields:
        shown = {name: value for name, value in (shown | on_request).items() if name in fields | {"id"}}
    return JSONResponse(shown)


def _shown(number: SimulatedNumber, world: World) -> dict[str, object]:
    condition = world.conditions.of(number.phone_number_id)
    return {
        "verified_name": number.tenant_name,
        "code_verification_status": condition.code_verification_status,
        "display_phone_number": number.display_phone_number,
        "quality_rating": condition.quality_rating,
        "platform_type": "CLOUD_API",
        "throughput": {"level": "STANDARD"},
        "id": number.phone_number_id,
    }


async def _no_such_path(request: Request, _: Exception) -> Response:
    return graph_errors.answer(request, graph_errors.unknown_path(request.url.path))
