"""Where a list goes on: opaque to whoever holds it, and of use in that tenant's list alone.

A position may hold a customer's phone number, and a cursor stands in an address, which proxies log: so it is not only
authenticated but encrypted (AES-GCM). Tenant and route are authenticated with it and come from the request at hand.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from domain.errors import CursorRefusedError

if TYPE_CHECKING:  # made where a cursor is met: most requests have none
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12
LONGEST = 2000

Position = Mapping[str, str]
"""The key behind which the list goes on, without the tenant's part: that is put in by code."""


@dataclass(frozen=True, slots=True)
class Cursors:
    secret: Callable[[], str]
    """Seals. Raises `ServiceUnavailableError`."""
    others: Callable[[], Sequence[str]] = tuple
    """What may have sealed what that one does not open: asked for then alone. Raises `ServiceUnavailableError`."""

    def seal(self, scope: str, route: str, position: Position | None) -> str | None:
        """None where the list has ended. `scope` is the tenant, or who an operator is."""
        if position is None:
            return None
        nonce = os.urandom(_NONCE_BYTES)
        plain = json.dumps(dict(position), separators=(",", ":")).encode()
        sealed = nonce + _cipher(self.secret()).encrypt(nonce, plain, _bound_to(scope, route))
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def open(self, scope: str, route: str, cursor: str | None) -> Position | None:
        """None where the list begins. Raises `CursorRefusedError`."""
        from cryptography.exceptions import InvalidTag

        if cursor is None:
            return None
        try:
            sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            nonce, text = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
            plain = self._opened(nonce, text, _bound_to(scope, route))
        except (ValueError, binascii.Error, InvalidTag) as error:
            raise CursorRefusedError("this cursor is of another list: begin again without one") from error
        position: Position = json.loads(plain)
        return position

    def _opened(self, nonce: bytes, text: bytes, bound_to: bytes) -> bytes:
        from cryptography.exceptions import InvalidTag

        try:
            return _cipher(self.secret()).decrypt(nonce, text, bound_to)
        except InvalidTag:
            for other in self.others():
                with suppress(InvalidTag):
                    return _cipher(other).decrypt(nonce, text, bound_to)
            raise


def _cipher(secret: str) -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(hashlib.sha256(secret.encode()).digest())


def _bound_to(scope: str, route: str) -> bytes:
    return f"{scope}\0{route}".encode()
