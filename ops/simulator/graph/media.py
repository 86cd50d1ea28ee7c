"""Media: upload, look-up, download, deletion. MIME types and sizes: "Supported media types" in Meta's reference."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from ops.simulator.config import SimulatedNumber
from ops.simulator.graph.access import numbers_of_token, require_number, require_own, require_version
from ops.simulator.graph.multipart import parts_of
from ops.simulator.graph_errors import GraphError, UnknownObjectError
from ops.simulator.media import Media
from ops.simulator.media_faults import DOWNLOAD, LOOK_UP, MediaFault, MediaFaultKind
from ops.simulator.world import World

_MIB = 1024 * 1024
# By the first part of the MIME type; whatever else is allowed is a document.
_MOST_BYTES = {"image": 5 * _MIB, "audio": 16 * _MIB, "video": 16 * _MIB}
_MOST_BYTES_OF_A_DOCUMENT = 100 * _MIB
_MOST_BYTES_OF_A_STICKER = 500 * 1024

_MIME_TYPES = {
    *("audio/aac", "audio/mp4", "audio/mpeg", "audio/amr", "audio/ogg", "audio/opus"),
    *("application/vnd.ms-powerpoint", "application/msword", "application/vnd.ms-excel"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    *("application/pdf", "text/plain"),
    *("image/jpeg", "image/png", "image/webp"),
    *("video/mp4", "video/3gp"),
}


@dataclass(frozen=True)
class MediaEndpoints:
    world: World

    async def upload(self, request: Request) -> Response:
        number = require_number(request, self.world.config)
        form = parts_of(await request.body(), request.headers.get("content-type", ""))
        if "messaging_product" not in form:
            raise GraphError(100, message="(#100) The parameter messaging_product is required.")
        if "file" not in form:
            raise GraphError(100, message="(#100) The parameter file is required.")
        declared = form["type"].data.decode() if "type" in form else form["file"].content_type
        media = Media(number.phone_number_id, declared, form["file"].data)
        _check(media)
        return JSONResponse({"id": self.world.media.add(media).id})

    async def look_up(self, request: Request) -> Response:
        media = self._require_media(request)
        fault = self.world.media_faults.take(LOOK_UP, media.id)
        if fault and fault.kind is MediaFaultKind.UNAVAILABLE:
            raise GraphError(2, http_status=503)
        token = self.world.media.new_download(media)
        graph = request.url.replace(path=request.scope["root_path"], query="")
        answer = {
            "messaging_product": "whatsapp",
            "url": f"{graph}/whatsapp_business/attachments/{token}",
            "mime_type": media.mime_type,
            "sha256": media.sha256,
            "file_size": len(media.data),
            "id": media.id,
        }
        return JSONResponse(answer | (_as_ordered(fault) if fault else {}))

    async def delete(self, request: Request) -> Response:
        self.world.media.delete(self._require_media(request).id)
        return JSONResponse({"success": True})

    async def download(self, request: Request) -> Response:
        """Meta serves this address from another host; it needs the bearer token all the same."""
        numbers = numbers_of_token(request, self.world.config)
        media = self.world.media.downloaded(request.path_params["token"])
        if media is None or not _is_of(media, numbers):
            return Response(status_code=404)
        fault = self.world.media_faults.take(DOWNLOAD, media.id)
        return _faulty(media, fault) if fault else Response(media.data, media_type=media.mime_type)

    def _require_media(self, request: Request) -> Media:
        require_version(request, self.world.config)
        numbers = numbers_of_token(request, self.world.config)
        object_id = request.path_params["object_id"]
        media = self.world.media.find(object_id)
        if media is None:
            raise UnknownObjectError(object_id)
        require_own(numbers, media.phone_number_id)
        return media


def _as_ordered(fault: MediaFault) -> dict[str, str]:
    """What the answer of a look-up says in place of the truth."""
    return {
        MediaFaultKind.WRONG_SHA256: {"sha256": "0" * 64},
        MediaFaultKind.WRONG_MIME_TYPE: {"mime_type": fault.mime_type},
        MediaFaultKind.FOREIGN_URL: {"url": fault.url},
    }[fault.kind]


def _faulty(media: Media, fault: MediaFault) -> Response:
    if fault.kind is MediaFaultKind.REDIRECT:
        return Response(status_code=302, headers={"location": fault.url})
    return StreamingResponse(_delayed(media, fault), media_type=media.mime_type)


async def _delayed(media: Media, fault: MediaFault) -> AsyncIterator[bytes]:
    """No length is announced: what comes has to be counted."""
    match fault.kind:
        case MediaFaultKind.TOO_LARGE:
            for _ in range(0, fault.size, _MIB):
                yield bytes(_MIB)
        case MediaFaultKind.HANG:
            await asyncio.sleep(fault.seconds)
            yield media.data
        case _:
            for byte in media.data:
                yield bytes([byte])
                await asyncio.sleep(fault.seconds / len(media.data))


def _is_of(media: Media, numbers: list[SimulatedNumber]) -> bool:
    return media.phone_number_id in {number.phone_number_id for number in numbers}


def _check(media: Media) -> None:
    mime_type = media.mime_type.partition(";")[0].strip()
    if mime_type not in _MIME_TYPES:
        allowed = ", ".join(sorted(_MIME_TYPES))
        raise GraphError(100, message=f"(#100) Param file must be a file with one of the following types: {allowed}.")
    if len(media.data) > _most_bytes(mime_type):
        raise GraphError(131053, f"The file is larger than {_most_bytes(mime_type)} bytes.")


def _most_bytes(mime_type: str) -> int:
    if mime_type == "image/webp":
        return _MOST_BYTES_OF_A_STICKER
    return _MOST_BYTES.get(mime_type.partition("/")[0], _MOST_BYTES_OF_A_DOCUMENT)
