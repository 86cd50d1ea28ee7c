"""What the phone page follows: Server-Sent Events, and which chat it has open."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from ops.simulator.chats import ChatKey
from ops.simulator.events import encoded
from ops.simulator.world import World

# A comment now and then shows the server a page that is gone.
_HEARTBEAT_S = 10
# A server that shuts down waits for its connections: none may be endless. The browser reconnects by itself.
_LIFE_OF_A_STREAM_S = 60


class PresenceRequest(BaseModel):
    # As told by the event `hello` of the page's stream.
    viewer: str
    phone_number_id: str | None = None
    customer: str | None = None


@dataclass(frozen=True)
class LiveEndpoints:
    world: World

    async def events(self, _: Request) -> Response:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._stream(), media_type="text/event-stream", headers=headers)

    async def look(self, request: Request) -> Response:
        """The page opened a chat, or closed the one it had open."""
        wanted = PresenceRequest.model_validate_json(await request.body())
        if wanted.phone_number_id and wanted.customer:
            chat = ChatKey(wanted.phone_number_id, wanted.customer)
            self.world.presence.look_at(wanted.viewer, chat)
            self.world.reports.read_all(chat)
        else:
            self.world.presence.look_away(wanted.viewer)
        return JSONResponse({})

    async def _stream(self) -> AsyncIterator[str]:
        viewer = secrets.token_hex(8)
        loop = asyncio.get_running_loop()
        ends_at = loop.time() + _LIFE_OF_A_STREAM_S
        with self.world.events.listen() as events:
            try:
                yield "retry: 300\n\n" + encoded({"kind": "hello", "viewer": viewer})
                while loop.time() < ends_at:
                    try:
                        yield encoded(await asyncio.wait_for(events.get(), _HEARTBEAT_S))
                    except TimeoutError:
                        yield ": still here\n\n"
            finally:
                self.world.presence.look_away(viewer)
