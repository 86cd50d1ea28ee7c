"""From which hosts a customer's file may come, and which of them may see the access token.

The setting is a list with commas:

- `lookaside.fbsbx.com`: this very host, over https. It may see the token.
- `.fbcdn.net`: any host below it, over https. It never sees the token.
- `http://127.0.0.1:8080`: this very origin, without TLS, on the loopback interface alone (the local simulator).

A host is known by its name and TLS proves the name, so it does not matter what address the name resolves to just now;
and no address in any notation is a name of this list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import httpx

from domain.errors import MediaRefusedError
from domain.host_names import NAME, VISIBLE_ASCII
from domain.media import MediaRefusal

_LOOPBACK = re.compile(r"http://(?:127\.0\.0\.1|localhost):[0-9]{1,5}")


@dataclass(frozen=True, slots=True)
class Hop:
    """One address that may be asked."""

    url: httpx.URL
    with_token: bool


@dataclass(frozen=True, slots=True)
class MediaHosts:
    names: frozenset[str]
    suffixes: tuple[str, ...]
    loopback: frozenset[str]

    @classmethod
    def of(cls, setting: str) -> MediaHosts:
        """Raises `ValueError` for what is none of the three forms: better no file than one from anywhere."""
        entries = [entry.strip() for entry in setting.split(",")]
        wrong = [
            entry for entry in entries if not NAME.fullmatch(entry.removeprefix(".")) and not _LOOPBACK.fullmatch(entry)
        ]
        if wrong:
            raise ValueError(f"not hosts that media may come from: {', '.join(wrong)}")
        loopback = frozenset(entry for entry in entries if "://" in entry)
        suffixes = tuple(entry for entry in entries if entry.startswith("."))
        return cls(frozenset(entries) - loopback - frozenset(suffixes), suffixes, loopback)

    def permit(self, url: str) -> Hop:
        """Judges the very object that is then asked for, so that no second parser can read another host in it.

        Raises `MediaRefusedError`.
        """
        try:
            parsed = httpx.URL(url) if VISIBLE_ASCII.fullmatch(url) else httpx.URL()
        except httpx.InvalidURL:
            parsed = httpx.URL()
        host = parsed.raw_host.decode("ascii")  # as it is connected to
        if not parsed.userinfo:
            if f"{parsed.scheme}://{host}:{parsed.port}" in self.loopback:
                return Hop(parsed, with_token=True)
            if parsed.scheme == "https" and parsed.port is None:
                if host in self.names:
                    return Hop(parsed, with_token=True)
                if NAME.fullmatch(host) and host.endswith(self.suffixes):
                    return Hop(parsed, with_token=False)
        raise MediaRefusedError(MediaRefusal.FOREIGN_HOST)
