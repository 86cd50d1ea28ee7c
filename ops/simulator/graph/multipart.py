"""multipart/form-data (RFC 7578), as far as the media upload needs it."""

from dataclasses import dataclass
from email.message import Message

from ops.simulator.graph_errors import GraphError


@dataclass(frozen=True)
class Part:
    name: str
    content_type: str
    data: bytes


def parts_of(body: bytes, content_type: str) -> dict[str, Part]:
    """The parts of a form by name. The bytes of a file are kept as they are."""
    boundary = _header(content_type).get_param("boundary")
    if not isinstance(boundary, str):
        raise GraphError(100, "The body must be multipart/form-data with a boundary.")
    # Between two delimiters stand: CRLF, headers, empty line, data, CRLF.
    sections = (b"\r\n" + body).split(b"\r\n--" + boundary.encode())[1:-1]
    parts = [_part(section) for section in sections]
    return {part.name: part for part in parts}


def _part(section: bytes) -> Part:
    head, _, data = section.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    headers = {
        name.strip().lower(): value.strip()
        for name, _, value in (line.partition(":") for line in head.decode("utf-8", "replace").split("\r\n"))
    }
    name = _header(headers.get("content-disposition", "")).get_param("name")
    return Part(str(name), headers.get("content-type", "text/plain"), data)


def _header(value: str) -> Message:
    """The standard library parses parameters of a header, but only inside a message."""
    message = Message()
    message["Content-Type"] = value
    return message
