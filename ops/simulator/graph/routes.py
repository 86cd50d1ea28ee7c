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

_APP = {
    "id": "670843887433847",
    "name": "AI Marketplace Assistant",
    "link": "https://www.facebook.com/games/?app_id=670843887433847",
}
# Without `fields` Meta leaves these out.
_ON_REQUEST = {
    "status": "CONNECTED",
    "name_status": "APPROVED",
    "account_mode": "LIVE",
    "whatsapp_business_manager_messaging_limit": "TIER_2K",
}


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

    async def numbers_of_account(request: Request) -> Response:
        require_version(request, world.config)
        numbers = numbers_of_token(request, world.config)
        own = [number for number in numbers if number.waba_id == request.path_params["object_id"]]
        if not own:
            raise UnknownObjectError(request.path_params["object_id"])
        return JSONResponse({"data": [_shown(number) for number in own]})

    async def apps_of_account(request: Request) -> Response:
        await numbers_of_account(request)  # the same account, for the same token
        return JSONResponse({"data": [{"whatsapp_business_api_data": _APP}]})

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
    shown = _shown(require_number(request, world.config))
    fields = set(filter(None, request.query_params.get("fields", "").split(",")))
    if fields:
        shown = {name: value for name, value in (shown | _ON_REQUEST).items() if name in fields | {"id"}}
    return JSONResponse(shown)


def _shown(number: SimulatedNumber) -> dict[str, object]:
    return {
        "verified_name": number.tenant_name,
        "code_verification_status": "VERIFIED",
        "display_phone_number": number.display_phone_number,
        "quality_rating": "GREEN",
        "platform_type": "CLOUD_API",
        "throughput": {"level": "STANDARD"},
        "id": number.phone_number_id,
    }


async def _no_such_path(request: Request, _: Exception) -> Response:
    return graph_errors.answer(request, graph_errors.unknown_path(request.url.path))
