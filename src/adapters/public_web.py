"""Requests to addresses that sellers name: to public hosts alone, over TLS, following no redirect.

The address that a name leads to is judged where the connection is made, and that very address is connected to: between
a check and its use there is nothing in which a name could come to lead elsewhere. TLS proves the name.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from time import monotonic
from typing import Any

import httpcore

from domain.errors import InvalidInputError, NotDeliveredError
from domain.tenant_webhooks import check_url

_TIMEOUTS = {"connect": 4.0, "read": 8.0, "write": 4.0, "pool": 4.0}
_WHOLE = 12.0
"""Seconds that one request may take, though each of its parts were in time: no endpoint holds a worker by drops."""
_SUCCESS = range(200, 300)
_NAT64 = ipaddress.ip_network("64:ff9b::/32")  # both prefixes: an IPv4 address stands in their last bits

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]


def is_public(text: str) -> bool:
    """Whether anybody on the internet could ask this address; what stands in it of another is judged with it."""
    address = ipaddress.ip_address(text)
    return all(
        one.is_global and not one.is_multicast and not one.is_reserved and one not in _NAT64
        for one in (address, *_within(address))
    )


def _within(address: Address) -> list[Address]:
    if isinstance(address, ipaddress.IPv4Address):
        return []
    teredo = address.teredo[1] if address.teredo else None
    return [one for one in (address.ipv4_mapped, address.sixtofour, teredo) if one is not None]


def resolved(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class PublicBackend(httpcore.NetworkBackend):
    """Raises `httpcore.ConnectError` for a name that leads to any address that is not public."""

    def __init__(self, resolve: Resolve = resolved, inner: httpcore.NetworkBackend | None = None) -> None:
        self._resolve = resolve
        self._inner = inner or httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError("the name leads nowhere") from error
        if not addresses or not all(map(is_public, addresses)):
            raise NotPublicError("the name leads to an address that is not public")
        ends_at = monotonic() + _WHOLE
        return _InTime(self._inner.connect_tcp(addresses[0], port, timeout, local_address, socket_options), ends_at)


class _InTime(httpcore.NetworkStream):
    """A connection that ends for us at a given moment, whatever it is doing."""

    def __init__(self, inner: httpcore.NetworkStream, ends_at: float) -> None:
        self._inner = inner
        self._ends_at = ends_at

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._left(timeout))

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _InTime(self._inner.start_tls(ssl_context, server_hostname, self._left(timeout)), self._ends_at)

    def close(self) -> None:
        self._inner.close()

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)

    def _left(self, timeout: float | None) -> float:
        left = self._ends_at - monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("all of it took too long")
        return left if timeout is None else min(timeout, left)


class NotPublicError(httpcore.ConnectError):
    pass


class PublicWebhookSender:
    def __init__(self, backend: httpcore.NetworkBackend | None = None) -> None:
        self._backend = backend or PublicBackend()

    @cached_property
    def _pool(self) -> httpcore.ConnectionPool:
        """Without any proxy: httpcore asks for none unless it is told to."""
        return httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(),
            network_backend=self._backend,
            max_keepalive_connections=0,  # so that each request looks anew where its name leads
        )

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> None:
        try:
            check_url(url)
            with self._pool.stream(
                "POST", url, headers=list(headers.items()), content=body, extensions={"timeout": _TIMEOUTS}
            ) as answer:
                status = answer.status
        except InvalidInputError as error:
            raise NotDeliveredError("not_public") from error
        except NotPublicError as error:
            raise NotDeliveredError("not_public") from error
        except httpcore.TimeoutException as error:
            raise NotDeliveredError("timeout") from error
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            raise NotDeliveredError("no_connection") from error
        if status not in _SUCCESS:
            raise NotDeliveredError(f"http_{status}")
