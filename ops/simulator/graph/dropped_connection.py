"""A response that is none: the TCP connection is reset.

ASGI offers no way to close a connection without an answer: a server that gets none makes an HTTP 500 of it. So the
socket is found by its peer among the open files of this process, and reset below the server. uvicorn then reports the
disconnect as if the caller had hung up.
"""

import os
import socket
import stat
import struct
from http import HTTPStatus
from pathlib import Path

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

# On, with no time to linger: closing sends RST instead of FIN.
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class DroppedConnection(Response):
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if _reset_connection_to(scope.get("client")):
            while (await receive())["type"] != "http.disconnect":
                pass
        else:
            # No socket behind it (a test's in-process transport, another platform): the nearest thing to silence.
            await Response(status_code=HTTPStatus.GATEWAY_TIMEOUT)(scope, receive, send)


def _reset_connection_to(peer: tuple[str, int] | None) -> bool:
    for descriptor in _open_sockets():
        with socket.socket(fileno=os.dup(descriptor)) as connection:
            if peer and _peer_of(connection) == tuple(peer):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
                connection.shutdown(socket.SHUT_RDWR)
                return True
    return False


def _open_sockets() -> list[int]:
    return [int(entry.name) for entry in Path("/dev/fd").iterdir() if _is_socket(int(entry.name))]


def _is_socket(descriptor: int) -> bool:
    try:
        return stat.S_ISSOCK(os.fstat(descriptor).st_mode)
    except OSError:
        # The descriptor by which the directory itself was read is closed by now.
        return False


def _peer_of(connection: socket.socket) -> tuple[str, int] | None:
    try:
        peer = connection.getpeername()
    except OSError:
        return None
    return tuple(peer[:2]) if isinstance(peer, tuple) else None
