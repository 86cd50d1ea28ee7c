"""Customers' files, from Meta: looked up by id, then downloaded from the address that Meta gives for five minutes.

A file is read into a temporary one and checked there, whole, before anybody sees a byte of it.
"""

from __future__ import annotations

import hashlib
import re
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

import httpx

from adapters.media_hosts import Hop, MediaHosts
from adapters.whatsapp_errors import problem_of
from adapters.whatsapp_messenger import AccessTokens
from domain.errors import MediaRefusedError, MediaUnavailableError, ServiceUnavailableError
from domain.media import AwaitedMedia, MediaFile, MediaRefusal
from domain.media_rules import HEAD, accepted_type, require_digest, require_size, require_type
from domain.tenants import WhatsAppNumber

# Of each phase of a call; DEADLINE_SECONDS bounds them all together, however slowly a host drips.
_TIMEOUT = httpx.Timeout(10.0, connect=3.0, pool=1.0)
DEADLINE_SECONDS = 60.0
"""For one file, below the function's own time-out (template.yaml)."""
_MOST_REDIRECTS = 3
_IN_MEMORY = 4_000_000  # of one file; what is larger goes to the worker's /tmp, which holds 512 MB
_GONE = frozenset({33, 100, 131052})
"""Meta's codes for an id that it does not know, or not for this token, and for a file that it could not get itself."""
_MEDIA_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")


@dataclass(frozen=True, slots=True)
class _Described:
    """Meta's answer to the look-up."""

    url: str
    mime_type: str
    sha256: str
    size: int


class WhatsAppMediaSource:
    def __init__(  # noqa: PLR0913, PLR0917 (what is where, and for tests: how, and what time it is)
        self,
        base_url: str,
        version: str,
        tokens: AccessTokens,
        hosts: MediaHosts,
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self._base_url = f"{base_url}/{version}"
        self._tokens = tokens
        self._hosts = hosts
        self._transport = transport
        self._clock = clock or time.monotonic

    @contextmanager
    def fetch(self, number: WhatsAppNumber, media: AwaitedMedia) -> Iterator[MediaFile]:
        ends_at = self._clock() + DEADLINE_SECONDS
        with SpooledTemporaryFile(max_size=_IN_MEMORY) as spool, self._client() as http:
            try:
                file = self._fetched(_Fetch(http, self._token(number), media, ends_at), spool)
            except httpx.HTTPError as error:
                raise MediaUnavailableError(f"Meta gave no answer ({type(error).__name__})") from error
            yield file

    def _token(self, number: WhatsAppNumber) -> str:
        try:
            return self._tokens.token(number.access_token_secret)
        except ServiceUnavailableError as error:
            raise MediaUnavailableError("the access token cannot be read") from error

    def _client(self) -> httpx.Client:
        """One for each file: no cookie of one tenant's call goes with another's. No proxy and no .netrc either."""
        return httpx.Client(
            timeout=_TIMEOUT, transport=self._transport, verify=self._tls, follow_redirects=False, trust_env=False
        )

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return httpx.create_ssl_context()

    def _fetched(self, fetch: _Fetch, spool: Any) -> MediaFile:
        described = self._look_up(fetch)
        kind = fetch.media.kind
        mime_type = accepted_type(kind, described.mime_type)
        require_size(kind, described.size)
        sha256, size = self._download(fetch, described.url, spool)
        spool.seek(0)
        require_digest(described.sha256, sha256)
        require_type(kind, mime_type, spool.read(HEAD))
        spool.seek(0)
        return MediaFile(mime_type, size, sha256, cast("Any", spool))

    def _look_up(self, fetch: _Fetch) -> _Described:
        if not _MEDIA_ID.fullmatch(fetch.media.media_id):
            raise MediaRefusedError(MediaRefusal.GONE)
        url = f"{self._base_url}/{fetch.media.media_id}"
        parameters = {"phone_number_id": fetch.media.phone_number_id}
        response = fetch.http.get(url, params=parameters, headers=fetch.authorization)
        body = _json(response)
        if not response.is_success:
            raise _look_up_error(response, body)
        match body:
            case {"url": str(url), "mime_type": str(mime_type), "sha256": str(sha256)}:
                return _Described(url, mime_type, sha256, _whole_number(body.get("file_size")))
        raise MediaUnavailableError("Meta's answer is not in the form of a look-up")

    def _download(self, fetch: _Fetch, url: str, spool: IO[bytes]) -> tuple[bytes, int]:
        hop = self._hosts.permit(url)
        for _ in range(_MOST_REDIRECTS + 1):
            headers = {"accept-encoding": "identity", **(fetch.authorization if hop.with_token else {})}
            with _asked(fetch.http, hop, headers) as response:
                if response.next_request is None:
                    return self._read(fetch, response, spool)
                hop = self._hosts.permit(str(response.next_request.url))  # by the same rule as the first
        raise MediaRefusedError(MediaRefusal.FOREIGN_HOST)

    def _read(self, fetch: _Fetch, response: httpx.Response, spool: IO[bytes]) -> tuple[bytes, int]:
        """Counts what comes, whatever was announced; as it comes, so that nothing unfolds to more than was counted."""
        kind = fetch.media.kind
        if response.status_code != httpx.codes.OK or "content-encoding" in response.headers:
            raise MediaUnavailableError(f"a download ended with HTTP {response.status_code}")
        require_size(kind, _whole_number(response.headers.get("content-length")))
        digest, size = hashlib.sha256(), 0
        for chunk in response.iter_raw():  # as it comes: a chunk of a certain size may be hours in coming
            size += len(chunk)
            require_size(kind, size)
            if self._clock() > fetch.ends_at:
                raise MediaUnavailableError("a download took too long")
            digest.update(chunk)
            spool.write(chunk)
        return digest.digest(), size


@dataclass(frozen=True, slots=True)
class _Fetch:
    """One file, and everything that bears on it."""

    http: httpx.Client
    token: str
    media: AwaitedMedia
    ends_at: float

    @property
    def authorization(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}


@contextmanager
def _asked(http: httpx.Client, hop: Hop, headers: Mapping[str, str]) -> Iterator[httpx.Response]:
    """httpx reads the address of a redirect before it is told not to follow it."""
    try:
        response = http.send(http.build_request("GET", hop.url, headers=headers), stream=True)
    except UnicodeError as error:  # a name that IDNA does not allow
        raise MediaRefusedError(MediaRefusal.FOREIGN_HOST) from error
    with closing(response):
        yield response


def _json(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return None


def _look_up_error(response: httpx.Response, body: Any) -> Exception:
    code = problem_of(response, body).code
    if code in _GONE or (code is None and response.status_code == httpx.codes.NOT_FOUND):
        return MediaRefusedError(MediaRefusal.GONE)
    return MediaUnavailableError(f"a look-up ended with HTTP {response.status_code}, code {code}")


def _whole_number(value: Any) -> int:
    """Meta writes sizes as numbers, and elsewhere as strings; 0 for what is neither: the bytes are counted anyway."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() else 0
