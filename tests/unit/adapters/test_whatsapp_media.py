"""Files from Meta: what is asked, of whom, with what; and what is never accepted."""

from __future__ import annotations

import base64
import hashlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import pytest

from adapters.media_hosts import MediaHosts
from adapters.whatsapp_media import DEADLINE_SECONDS, WhatsAppMediaSource
from domain.errors import MediaRefusedError, MediaUnavailableError, ServiceUnavailableError
from domain.media import AwaitedMedia, MediaFile, MediaId, MediaKind, MediaRefusal
from domain.media_rules import REFUSED_FROM
from tests import builders

NUMBER = builders.number()
TOKEN = "EAAG-access-token"
BEARER = f"Bearer {TOKEN}"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(200)
URL = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=133&ext=1&hash=x"
IMAGE = AwaitedMedia(MediaKind.IMAGE, MediaId("1003383421387256"), NUMBER.phone_number_id)
DOCUMENT = replace(IMAGE, kind=MediaKind.DOCUMENT)


@dataclass
class FakeTokens:
    error: Exception | None = None

    def token(self, secret_name: str, *, fresh: bool = False) -> str:
        assert not fresh
        if self.error:
            raise self.error
        assert secret_name == NUMBER.access_token_secret
        return TOKEN


def described(**changes: Any) -> dict[str, Any]:
    return {
        "messaging_product": "whatsapp",
        "url": URL,
        "mime_type": "image/png",
        "sha256": hashlib.sha256(PICTURE).hexdigest(),
        "file_size": str(len(PICTURE)),
        "id": IMAGE.media_id,
    } | changes


def whole(content: bytes, headers: dict[str, str] | None = None) -> httpx.Response:
    return httpx.Response(200, stream=httpx.ByteStream(content), headers=headers)


@dataclass
class FakeMeta:
    """The look-up at graph.example, the download wherever it is asked for."""

    look_up: httpx.Response = field(default_factory=lambda: httpx.Response(200, json=described()))
    downloads: list[httpx.Response | Exception] = field(default_factory=lambda: [whole(PICTURE)])
    requests: list[httpx.Request] = field(default_factory=list)
    tokens: FakeTokens = field(default_factory=FakeTokens)
    clock: Callable[[], float] = lambda: 0.0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.url.host == "graph.example":
            return self.look_up
        answer = self.downloads.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def describes(self, **changes: Any) -> None:
        self.look_up = httpx.Response(200, json=described(**changes))

    def fetch(self, media: AwaitedMedia = IMAGE) -> bytes:
        hosts = MediaHosts.of("lookaside.fbsbx.com,.fbcdn.net")
        source = WhatsAppMediaSource(
            "https://graph.example", "v26.0", self.tokens, hosts, httpx.MockTransport(self), self.clock
        )
        with source.fetch(NUMBER, media) as file:
            return read(file)

    def refused(self, media: AwaitedMedia = IMAGE) -> MediaRefusal:
        with pytest.raises(MediaRefusedError) as refused:
            self.fetch(media)
        return refused.value.reason

    @property
    def asked(self) -> list[tuple[str, str | None]]:
        """Host and authorization of each request."""
        return [(request.url.host, request.headers.get("authorization")) for request in self.requests]


def read(file: MediaFile) -> bytes:
    content = file.content.read()
    assert (len(content), hashlib.sha256(content).digest()) == (file.size, file.sha256)
    return content


@pytest.fixture
def meta() -> FakeMeta:
    return FakeMeta()


# --- what is asked ----------------------------------------------------------------------------------------------------


def test_a_file_is_looked_up_by_its_id_and_downloaded_with_the_token(meta: FakeMeta) -> None:
    assert meta.fetch() == PICTURE
    look_up, download = meta.requests
    assert str(look_up.url) == f"https://graph.example/v26.0/{IMAGE.media_id}?phone_number_id={NUMBER.phone_number_id}"
    assert str(download.url) == URL
    assert meta.asked == [("graph.example", BEARER), ("lookaside.fbsbx.com", BEARER)]
    assert download.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("size", [None, len(PICTURE), "many", -1])
def test_whatever_size_is_told_what_comes_is_counted(meta: FakeMeta, size: object) -> None:
    meta.describes(file_size=size)
    assert meta.fetch() == PICTURE


def test_a_digest_in_base64_is_read_too(meta: FakeMeta) -> None:
    meta.describes(sha256=base64.b64encode(hashlib.sha256(PICTURE).digest()).decode())
    assert meta.fetch() == PICTURE


def test_a_large_file_is_not_held_in_memory(meta: FakeMeta) -> None:
    film = b"%PDF-1.7\n" + bytes(6_000_000)
    meta.describes(mime_type="application/pdf", sha256=hashlib.sha256(film).hexdigest(), file_size=len(film))
    meta.downloads = [whole(film)]
    assert meta.fetch(DOCUMENT) == film


def test_no_cookie_of_one_call_goes_with_another(meta: FakeMeta) -> None:
    meta.downloads = [whole(PICTURE, {"set-cookie": "who=acme"}) for _ in range(2)]
    meta.fetch()
    meta.fetch()
    assert not any("cookie" in request.headers for request in meta.requests)


def test_no_proxy_of_the_environment_sees_the_token(meta: FakeMeta, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:1")
    assert meta.fetch() == PICTURE


# --- whom nobody asks (attack 25) -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/iam/",
        "https://[::ffff:169.254.169.254]/",
        "https://2852039166/",
        "https://0xa9fea9fe/",
        "file:///etc/passwd",
        "https://evil.example/x",
        "http://lookaside.fbsbx.com/x",
        "https://lookaside.fbsbx.com@evil.example/x",
        "",
    ],
)
def test_an_address_that_is_not_metas_is_never_called(meta: FakeMeta, url: str) -> None:
    meta.describes(url=url)
    assert meta.refused() is MediaRefusal.FOREIGN_HOST
    assert len(meta.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/",
        "https://[::ffff:a9fe:a9fe]/",
        "https://2852039166/",
        "file:///etc/passwd",
        "https://evil.example/x",
        "//evil.example/x",
        "http://lookaside.fbsbx.com/x",
        "https://lookaside.fbsbx.com:1/x",
        "https://xn--lkaside-55fa/x",
        "https://[",
        "\\\\evil.example\\x",
    ],
)
def test_a_redirect_away_from_meta_is_not_followed(meta: FakeMeta, status: int, location: str) -> None:
    meta.downloads = [httpx.Response(status, headers={"location": location})]
    assert meta.refused() is MediaRefusal.FOREIGN_HOST
    assert len(meta.requests) == 2


def test_a_redirect_into_metas_delivery_network_is_followed_without_the_token(meta: FakeMeta) -> None:
    cdn = "https://scontent.xx.fbcdn.net/v/t1?oh=1"
    meta.downloads = [httpx.Response(302, headers={"location": cdn}), whole(PICTURE)]
    assert meta.fetch() == PICTURE
    assert meta.asked[1:] == [("lookaside.fbsbx.com", BEARER), ("scontent.xx.fbcdn.net", None)]


def test_a_relative_redirect_stays_where_it_is(meta: FakeMeta) -> None:
    meta.downloads = [httpx.Response(302, headers={"location": "/again"}), whole(PICTURE)]
    assert meta.fetch() == PICTURE
    assert str(meta.requests[-1].url) == "https://lookaside.fbsbx.com/again"


def test_redirects_end(meta: FakeMeta) -> None:
    meta.downloads = [httpx.Response(302, headers={"location": f"/{n}"}) for n in range(9)]
    assert meta.refused() is MediaRefusal.FOREIGN_HOST
    assert len(meta.requests) == 1 + 4


@pytest.mark.parametrize("media_id", ["", "..", "1/../../me", "1?fields=x", "1#", "1 2", "x" * 129, "é"])
def test_an_id_that_is_none_of_metas_is_not_asked_for(meta: FakeMeta, media_id: str) -> None:
    assert meta.refused(replace(IMAGE, media_id=MediaId(media_id))) is MediaRefusal.GONE
    assert meta.requests == []


# --- what is never accepted (attack 26) -------------------------------------------------------------------------------


@pytest.mark.parametrize("mime_type", ["image/svg+xml", "text/html", "image/gif", "video/mp4", "application/pdf", ""])
def test_a_type_that_is_not_accepted_is_not_even_downloaded(meta: FakeMeta, mime_type: str) -> None:
    meta.describes(mime_type=mime_type)
    assert meta.refused() is MediaRefusal.TYPE_NOT_ACCEPTED
    assert len(meta.requests) == 1


@pytest.mark.parametrize(
    "content",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\x01tEXt<svg onload=alert(1)>",
        b"\xff\xd8\xff\xe0 a JPEG that is called PNG",
        b"",
    ],
)
def test_bytes_of_another_type_are_refused(meta: FakeMeta, content: bytes) -> None:
    meta.describes(sha256=hashlib.sha256(content).hexdigest())
    meta.downloads = [whole(content, {"content-type": "image/png"})]
    assert meta.refused() is MediaRefusal.TYPE_MISMATCH


def test_other_bytes_than_meta_tells_of_are_refused(meta: FakeMeta) -> None:
    meta.downloads = [whole(PICTURE + b"\x00")]
    assert meta.refused() is MediaRefusal.DAMAGED


@pytest.mark.parametrize("size", [100_000_000, "104857600", 16_000_000])
def test_a_hundred_megabytes_are_not_even_downloaded(meta: FakeMeta, size: object) -> None:
    meta.describes(file_size=size)
    assert meta.refused() is MediaRefusal.TOO_LARGE
    assert len(meta.requests) == 1


def test_nor_where_the_download_itself_announces_them(meta: FakeMeta) -> None:
    read_of_it = 0

    def endless() -> Iterator[bytes]:
        nonlocal read_of_it
        while True:
            read_of_it += 1
            yield bytes(65_536)

    meta.downloads = [httpx.Response(200, content=endless(), headers={"content-length": str(REFUSED_FROM[IMAGE.kind])})]
    assert meta.refused() is MediaRefusal.TOO_LARGE
    assert read_of_it <= 1


def test_nor_read_to_their_end_where_nothing_does(meta: FakeMeta) -> None:
    read_of_it = 0

    def endless() -> Iterator[bytes]:
        nonlocal read_of_it
        while True:
            read_of_it += 65_536
            yield bytes(65_536)

    meta.downloads = [httpx.Response(200, content=endless())]
    assert meta.refused() is MediaRefusal.TOO_LARGE
    assert read_of_it <= REFUSED_FROM[IMAGE.kind] + 2 * 65_536


def test_what_would_unfold_is_not_unfolded(meta: FakeMeta) -> None:
    meta.downloads = [httpx.Response(200, stream=httpx.ByteStream(b"\x1f\x8b"), headers={"content-encoding": "gzip"})]
    with pytest.raises(MediaUnavailableError):
        meta.fetch()


# --- what may be had later --------------------------------------------------------------------------------------------


def failure(status: int, code: int | None) -> httpx.Response:
    return httpx.Response(status, json={"error": {"code": code, "message": "no"}} if code is not None else {})


@pytest.mark.parametrize(("status", "code"), [(400, 100), (404, None), (400, 131052), (400, 33)])
def test_what_meta_does_not_have_is_refused_for_good(meta: FakeMeta, status: int, code: int | None) -> None:
    meta.look_up = failure(status, code)
    assert meta.refused() is MediaRefusal.GONE


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (500, None),
        (503, 2),
        (400, 4),
        (429, None),
        (400, 80007),
        (401, 190),
        (403, 10),
        (400, 368),
        (400, 1),
        (302, None),
        (401, None),
    ],
)
def test_what_meta_does_not_give_out_just_now_may_be_had_later(meta: FakeMeta, status: int, code: int | None) -> None:
    meta.look_up = failure(status, code)
    with pytest.raises(MediaUnavailableError):
        meta.fetch()


@pytest.mark.parametrize("answer", ["no JSON", "[]", "{}", '{"url": 1, "mime_type": "image/png", "sha256": ""}'])
def test_an_answer_in_another_form_may_be_better_later(meta: FakeMeta, answer: str) -> None:
    meta.look_up = httpx.Response(200, text=answer)
    with pytest.raises(MediaUnavailableError):
        meta.fetch()


@pytest.mark.parametrize("status", [204, 206, 302, 401, 404, 410, 500])
def test_an_address_that_has_run_out_is_had_anew_later(meta: FakeMeta, status: int) -> None:
    meta.downloads = [httpx.Response(status)]
    with pytest.raises(MediaUnavailableError):
        meta.fetch()


@pytest.mark.parametrize("error", [httpx.ConnectError("x"), httpx.ReadTimeout("x"), httpx.RemoteProtocolError("x")])
def test_a_connection_that_breaks_may_hold_later(meta: FakeMeta, error: Exception) -> None:
    meta.downloads = [error]
    with pytest.raises(MediaUnavailableError):
        meta.fetch()


def test_a_token_that_cannot_be_read_may_be_there_later(meta: FakeMeta) -> None:
    meta.tokens.error = ServiceUnavailableError("the secret is missing")
    with pytest.raises(MediaUnavailableError):
        meta.fetch()
    assert meta.requests == []


def test_nothing_of_the_token_stands_in_an_error(meta: FakeMeta) -> None:
    meta.downloads = [httpx.Response(500, text=TOKEN)]
    with pytest.raises(MediaUnavailableError) as raised:
        meta.fetch()
    assert TOKEN not in str(raised.value)


# --- over a socket ----------------------------------------------------------------------------------------------------


@contextmanager
def host(*parts: bytes, pause: float = 0.0) -> Iterator[str]:
    """Answers one request with these pieces, a pause before each; then closes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65_536)
                try:
                    for part in parts:
                        time.sleep(pause)
                        connection.sendall(part)
                except OSError:
                    return  # who asked has hung up: that is what is looked for

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join(timeout=60)


@dataclass
class RealDownload(httpx.BaseTransport):
    """The look-up as before; the download over a real connection."""

    answer: dict[str, Any]
    real: httpx.HTTPTransport = field(default_factory=httpx.HTTPTransport)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "graph.example":
            return httpx.Response(200, json=self.answer)
        return self.real.handle_request(request)


def fetch_from(origin: str, clock: Callable[[], float] = lambda: 0.0) -> bytes:
    transport = RealDownload(described(url=f"{origin}/file"))
    source = WhatsAppMediaSource(
        "https://graph.example", "v26.0", FakeTokens(), MediaHosts.of(origin), transport, clock
    )
    with source.fetch(NUMBER, IMAGE) as file:
        return read(file)


OK = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"


@pytest.mark.usefixtures("socket_enabled")
class TestOverASocket:
    def test_a_file_arrives(self) -> None:
        with host(OK % len(PICTURE), PICTURE) as origin:
            assert fetch_from(origin) == PICTURE

    def test_one_that_ends_early_may_be_whole_later(self) -> None:
        with host(OK % len(PICTURE), PICTURE[:50]) as origin, pytest.raises(MediaUnavailableError):
            fetch_from(origin)

    def test_one_that_drips_is_given_up_when_its_time_is_over(self) -> None:
        """Each byte comes in time, all of them never would."""
        ticks = iter(range(10_000))
        with (
            host(OK % len(PICTURE), *(bytes([byte]) for byte in PICTURE), pause=0.002) as origin,
            pytest.raises(MediaUnavailableError, match="too long"),
        ):
            fetch_from(origin, lambda: next(ticks) * DEADLINE_SECONDS / 20)

    def test_a_length_that_lies_is_counted(self) -> None:
        chunks = [b"10000\r\n" + bytes(65_536) + b"\r\n"] * 300
        with (
            host(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", *chunks) as origin,
            pytest.raises(MediaRefusedError) as refused,
        ):
            fetch_from(origin)
        assert refused.value.reason is MediaRefusal.TOO_LARGE
