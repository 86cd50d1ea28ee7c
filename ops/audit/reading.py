"""Asks the services for what they hold of each declared resource."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from ops.audit.clients import Clients
from ops.audit.findings import Unread
from ops.audit.readers import READERS
from ops.audit.readers.reading import GoneError, Part, is_gone
from ops.declared.model import DeclaredResource

_AT_ONCE = 8


@dataclass
class Reading:
    resource: DeclaredResource
    there: bool | None = None
    """None where that could not be found out."""
    found: dict[str, Any] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)


def read_all(resources: Sequence[DeclaredResource], aws: Clients, done: Callable[[], None]) -> list[Reading]:
    def one(resource: DeclaredResource) -> Reading:
        reading = read(resource, aws)
        done()
        return reading

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(one, resources))


def read(resource: DeclaredResource, aws: Clients) -> Reading:
    reading = Reading(resource)
    reader = READERS.get(resource.type)
    if reader is None:
        reading.unread.append(Unread(resource.logical_id, resource.type, "this audit knows no way to read its kind"))
        return reading
    if resource.physical_id is None:
        reading.there = False  # AWS gives the name, and the stack has none
        return reading
    for part in reader.parts:
        if not _read_part(part, resource, aws, reading):
            break
    return reading


def _read_part(part: Part, resource: DeclaredResource, aws: Clients, reading: Reading) -> bool:
    """Whether there is more to be read."""
    try:
        reading.found |= part(aws, resource.physical_id or "", resource.properties)
    except GoneError:
        reading.there = False
        return False
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if is_gone(code):
            reading.there = False
            return False
        reading.unread.append(Unread(resource.logical_id, _what(part), code))
        return True
    except BotoCoreError as error:
        reading.unread.append(Unread(resource.logical_id, _what(part), type(error).__name__))
        return True
    reading.there = True
    return True


def _what(part: Part) -> str:
    return getattr(part, "__name__", "").strip("_").replace("_", " ")
