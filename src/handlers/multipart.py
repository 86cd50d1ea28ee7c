"""Forms with files (RFC 7578), by the parser of the standard library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP

from handlers.rest_api import WebRequest


@dataclass(frozen=True, slots=True)
class Upload:
    """One field of the form."""

    filename: str
    """As the browser says it; empty of a field that is no file."""
    content: bytes
    content_type: str = ""
    """As the browser says it."""


def parts_of(request: WebRequest) -> Mapping[str, Upload]:
    """By name; of what is named twice, the last. Empty where it is no such form."""
    head = f"content-type: {request.headers.get('content-type', '')}\r\n\r\n".encode("latin-1", "replace")
    form = BytesParser(EmailMessage, policy=HTTP).parsebytes(head + request.body)
    parts = form.iter_parts() if form.get_content_type() == "multipart/form-data" else ()
    found: dict[str, Upload] = {}
    for part in parts:
        name = part.get_param("name", "", header="content-disposition")
        content = part.get_payload(decode=True)
        data = content if isinstance(content, bytes) else b""
        found[str(name)] = Upload(part.get_filename() or "", data, part.get_content_type())
    return found
