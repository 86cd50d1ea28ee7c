"""Where an order stands, asked of the seller's own system: the one host that the seller configured, and in bounds.

The address is resolved here and must be public, and the connection goes to that very address: a name that leads into
our own network, now or a moment later, leads nowhere.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from ipaddress import ip_address
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

import httpx

from domain.assistant_settings import ORDER_ID
from domain.errors import ServiceUnavailableError
from domain.tenants import Tenant

_TIMEOUT = httpx.Timeout(3.0, connect=2.0, pool=1.0)
_MOST_BYTES = 4096
_FIELDS = ("status", "updated_at", "estimated_delivery", "carrier", "tracking_number")
"""All that is read of the answer: whoever guesses a number learns no name and no address."""
_MOST_CHARACTERS = 100


class Secrets(Protocol):
    def token(self, secret_name: str) -> str: ...


def _addresses(host: str) -> Sequence[str]:
    return [str(found[4][0]) for found in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)]


class HttpOrderStatus:
    def __init__(
        self,
        secrets: Secrets,
        secrets_prefix: str,
        transport: httpx.BaseTransport | None = None,
        addresses: Callable[[str], Sequence[str]] = _addresses,
    ) -> None:
        self._secrets = secrets
        self._secrets_prefix = secrets_prefix
        self._transport = transport
        self._addresses = addresses

    @cached_property
    def _http(self) -> httpx.Client:
        return httpx.Client(timeout=_TIMEOUT, transport=self._transport, follow_redirects=False, trust_env=False)

    def status(self, tenant: Tenant, order_id: str) -> Mapping[str, str]:
        url = urlsplit(tenant.assistant.order_status_url.replace(ORDER_ID, order_id))
        try:
            token = self._secrets.token(f"{self._secrets_prefix}{tenant.tenant_id}/order-status")
            body = self._get(url.hostname or "", urlunsplit(("", "", url.path or "/", url.query, "")), token)
        except (ServiceUnavailableError, httpx.HTTPError, OSError):
            return {}
        return _fields(body)

    def _get(self, host: str, path: str, token: str) -> bytes:
        address = self._public_address(host)
        if address is None:
            return b""
        netloc = f"[{address}]" if ":" in address else address
        request = self._http.build_request(
            "GET",
            f"https://{netloc}{path}",
            headers={"host": host, "authorization": f"Bearer {token}", "accept": "application/json"},
            extensions={"sni_hostname": host},
        )
        response = self._http.send(request, stream=True)
        try:
            return _bounded(response)
        finally:
            response.close()

    def _public_address(self, host: str) -> str | None:
        found = self._addresses(host)
        return found[0] if found and all(ip_address(address).is_global for address in found) else None


def _bounded(response: httpx.Response) -> bytes:
    """Empty where it is not what was asked for, or longer than any answer is."""
    if response.status_code != httpx.codes.OK:
        return b""
    body = b""
    for part in response.iter_bytes():
        body += part
        if len(body) > _MOST_BYTES:
            return b""
    return body


def _fields(body: bytes) -> Mapping[str, str]:
    try:
        answer: Any = json.loads(body) if body else {}
    except (ValueError, RecursionError):
        return {}
    if not isinstance(answer, dict):
        return {}
    given = ((name, answer.get(name)) for name in _FIELDS)
    return {name: str(value)[:_MOST_CHARACTERS] for name, value in given if isinstance(value, str | int) and value}
