"""The simulator as a whole."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from ops.simulator.config import SimulatorConfig
from ops.simulator.control.routes import control_app
from ops.simulator.graph.routes import graph_app
from ops.simulator.phone import phone_app
from ops.simulator.webhooks.endpoint import WebhookEndpoint
from ops.simulator.world import World


class Simulator:
    """Routes to mount, and the background work to run beside them.

    simulator = Simulator(config)
    async with simulator.running():
        … serve `simulator.routes` …
    """

    def __init__(
        self, config: SimulatorConfig, endpoint: WebhookEndpoint | None = None, state_path: Path | None = None
    ) -> None:
        """`endpoint` replaces the webhook in tests; chats are kept in `state_path` if one is given."""
        self._world = World(config, endpoint, state_path)

    @property
    def routes(self) -> list[BaseRoute]:
        return [
            Mount("/graph", graph_app(self._world)),
            Mount("/simulator", control_app(self._world)),
            Route("/phone", _with_slash),
            Mount("/phone", phone_app()),
        ]

    def take_in(self, body: bytes) -> None:
        """Learn of the customers of a webhook body that somebody else posted."""
        self._world.take_in(body)

    def running(self) -> AbstractAsyncContextManager[None]:
        return self._world.running()


def standalone(config: SimulatorConfig, state_path: Path | None = None) -> Starlette:
    """The simulator on a port of its own."""
    simulator = Simulator(config, state_path=state_path)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with simulator.running():
            yield

    return Starlette(routes=simulator.routes, lifespan=lifespan)


async def _with_slash(_: Request) -> Response:
    return RedirectResponse("phone/")
