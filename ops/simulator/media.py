"""Media that businesses uploaded and customers sent, and the short-lived addresses to download them from."""

import base64
import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from ops.simulator.identifiers import new_media_id

_MIB = 1024 * 1024
_MOST_BYTES = 256 * _MIB
_DOWNLOAD_LIFE_S = 5 * 60
_MOST_DOWNLOADS = 1_000


@dataclass(frozen=True)
class Media:
    phone_number_id: str
    mime_type: str
    data: bytes
    id: str = field(default_factory=new_media_id)

    @property
    def sha256(self) -> str:
        """As the look-up writes it."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def webhook_sha256(self) -> str:
        """As webhooks write it."""
        return base64.b64encode(hashlib.sha256(self.data).digest()).decode()


@dataclass(frozen=True)
class _Download:
    media_id: str
    expires_at: float


class MediaStore:
    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._media: OrderedDict[str, Media] = OrderedDict()
        self._downloads: OrderedDict[str, _Download] = OrderedDict()

    def add(self, media: Media) -> Media:
        self._media[media.id] = media
        while sum(len(kept.data) for kept in self._media.values()) > _MOST_BYTES:
            self._media.popitem(last=False)
        return media

    def find(self, media_id: str) -> Media | None:
        return self._media.get(media_id)

    def delete(self, media_id: str) -> None:
        self._media.pop(media_id, None)

    def clear(self) -> None:
        self._media.clear()
        self._downloads.clear()

    def new_download(self, media: Media) -> str:
        """A token for the download address, good for five minutes."""
        token = secrets.token_urlsafe(24)
        self._downloads[token] = _Download(media.id, self._now() + _DOWNLOAD_LIFE_S)
        while len(self._downloads) > _MOST_DOWNLOADS:
            self._downloads.popitem(last=False)
        return token

    def downloaded(self, token: str) -> Media | None:
        download = self._downloads.get(token)
        if download is None or download.expires_at <= self._now():
            return None
        return self.find(download.media_id)
