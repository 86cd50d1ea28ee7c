"""To public hosts alone: judged where the connection is made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpcore
import pytest

from adapters import public_web
from adapters.public_web import PublicBackend, PublicWebhookSender, is_public
from domain.errors import InvalidInputError, NotDeliveredError
from domain.tenant_webhooks import check_url

URL = "https://shop.example/events?source=us"
PUBLIC = "93.184.215.14"
PRIVATE = [
    "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.1.2.3", "224.0.0.1",
    "255.255.255.255", "198.18.0.1", "::1", "::", "fe80::1", "fd00:ec2::254", "::ffff:169.254.169.254",
    "::ffff:93.184.215.14", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:a9fe:a9fe::", "ff02::1", "2001:db8::1",
]  # fmt: skip


class Wire(httpcore.NetworkBackend):
    """Remembers to which address it connected, and answers."""

    def __init__(self, answer: bytes = b"HTTP/1.1 204 No Content\r\n\r\n", error: Exception | None = None) -> None:
        self.asked: list[tuple[str, int]] = []
        self.written = b""
        self.tls_name = ""
        self._answer = answer
        self._error = error

    def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> httpcore.NetworkStream:
        self.asked.append((host, port))
        if self._error is not None:
            raise self._error
        return _Stream(self, self._answer)


class _Stream(httpcore.NetworkStream):
    def __init__(self, wire: Wire, answer: bytes) -> None:
        self._wire, self._left = wire, answer

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 (httpcore's signature)
        read, self._left = self._left[:max_bytes], self._left[max_bytes:]
        return read

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._wire.written += buffer

    def start_tls(
        self,
        ssl_context: Any,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        assert ssl_context.check_hostname
        self._wire.tls_name = server_hostname or ""
        return self

    def close(self) -> None: ...

    def get_extra_info(self, info: str) -> Any: ...


def sender(wire: Wire, *addresses: str) -> PublicWebhookSender:
    def resolve(_host: str, _port: int) -> Sequence[str]:
        if not addresses:
            raise OSError("no such name")
        return addresses

    return PublicWebhookSender(PublicBackend(resolve, wire))


def post(wire: Wire, *addresses: str, url: str = URL) -> str:
    """The reason for which it was not delivered; empty if it was."""
    try:
        sender(wire, *addresses).post(url, {"webhook-id": "evt_1"}, b"{}")
    except NotDeliveredError as error:
        return error.reason
    return ""


def test_it_goes_to_the_very_address_that_was_judged_and_tls_proves_the_name() -> None:
    wire = Wire()
    assert post(wire, PUBLIC) == ""
    assert (wire.asked, wire.tls_name) == ([(PUBLIC, 443)], "shop.example")
    assert wire.written.startswith(b"POST /events?source=us HTTP/1.1\r\nHost: shop.example\r\n")
    assert wire.written.endswith(b"\r\n\r\n{}")


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public_is_never_connected_to(address: str) -> None:
    wire = Wire()
    assert post(wire, address) == post(wire, PUBLIC, address) == "not_public"
    assert wire.asked == []


@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_others_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 404, 410, 429, 500, 503])
def test_a_redirect_is_not_followed_and_no_refusal_is_a_delivery(status: int) -> None:
    wire = Wire(f"HTTP/1.1 {status} X\r\nLocation: https://169.254.169.254/\r\nContent-Length: 0\r\n\r\n".encode())
    assert post(wire, PUBLIC) == f"http_{status}"
    assert len(wire.asked) == 1


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (httpcore.ConnectTimeout("slow"), "timeout"),
        (httpcore.ReadTimeout("slow"), "timeout"),
        (httpcore.ConnectError("refused"), "no_connection"),
        (OSError("no route"), "no_connection"),
    ],
)
def test_what_is_not_reached_is_not_delivered(error: Exception, reason: str) -> None:
    assert post(Wire(error=error), PUBLIC) == reason


def test_an_endpoint_that_answers_by_drops_holds_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    class Drops(_Stream):
        def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
            timeouts.append(timeout)
            now[0] += 3.0
            return b"H"[:max_bytes] if not self._left.startswith(b"HTTP") else super().read(1)

    class Slow(Wire):
        def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> httpcore.NetworkStream:
            self.asked.append((host, port))
            return Drops(self, self._answer)

    now, timeouts = [100.0], list[float | None]()
    monkeypatch.setattr(public_web, "monotonic", lambda: now[0])
    assert post(Slow(), PUBLIC) == "timeout"
    assert timeouts == [8.0, 8.0, 6.0, 3.0]


def test_a_name_that_leads_nowhere_and_an_answer_that_is_none_are_not_delivered() -> None:
    assert post(Wire()) == "no_connection"
    assert post(Wire(b"not http\r\n\r\n"), PUBLIC) == "no_connection"


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example/", "ftp://shop.example/", "file:///etc/passwd", "https://127.0.0.1/", "https://[::1]/",
        "https://2130706433/", "https://0x7f.1/", "https://localhost/", "https://shop.example:8443/",
        "https://shop.example:80/", "https://user@shop.example/", "https://shop.example\\@169.254.169.254/",
        "https://shop.example/#x", "https://shop.example/ x", "https://shöp.example/", "https://shop.example:x/",
        "https:///x", "//shop.example", "", "https://" + "a" * 500 + ".example", "https://169.254.169.254.",
    ],
)  # fmt: skip
def test_an_address_that_is_not_of_a_public_name_is_refused_before_anybody_is_asked(url: str) -> None:
    with pytest.raises(InvalidInputError):
        check_url(url)
    wire = Wire()
    assert post(wire, PUBLIC, url=url) == "not_public"
    assert wire.asked == []


@pytest.mark.parametrize(
    "url", [URL, "https://Shop.Example/", "https://shop.example:443/a?b=c", "https://a-b.shop.example"]
)
def test_others_are_accepted(url: str) -> None:
    check_url(url)
