"""Access tokens of a Cognito user pool, checked against its public keys."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from typing import Any

import httpx
import jwt

from domain.errors import ServiceUnavailableError, UnauthenticatedError
from domain.ports_identity import VerifiedToken

_SECONDS = 3
_LEAST_BETWEEN_READS = 30.0
"""Seconds: made-up key ids cannot make us ask Cognito once for each of them."""
_ACCESS = "access"
_REFUSED = "the token does not hold: log in again"


def _read(url: str) -> Mapping[str, Any]:
    document: Mapping[str, Any] = httpx.get(url, timeout=_SECONDS, trust_env=False).raise_for_status().json()
    return document


@dataclass
class CognitoTokens:
    """`TokenVerifier`. Keys live as long as the worker, and are read anew when a token names another one."""

    issuer: str
    client_id: str
    keys_url: str
    read: Callable[[str], Mapping[str, Any]] = _read
    clock: Callable[[], float] = monotonic
    _keys: dict[str, jwt.PyJWK] = field(default_factory=dict, init=False)
    _read_at: float | None = field(default=None, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def verify(self, token: str) -> VerifiedToken:
        try:
            key = self._key(jwt.get_unverified_header(token))
            claims = jwt.decode(
                token,
                key,
                algorithms=["RS256"],  # ours, never the token's own word
                issuer=self.issuer,
                options={"require": ["exp", "iat", "iss", "sub", "client_id", "token_use"], "verify_aud": False},
            )
        except jwt.PyJWTError as error:
            raise UnauthenticatedError(_REFUSED) from error
        # Access tokens have no audience: Cognito names the client in a claim of its own.
        if claims["client_id"] != self.client_id or claims["token_use"] != _ACCESS:
            raise UnauthenticatedError(_REFUSED)
        return VerifiedToken(
            subject=claims["sub"],
            groups=tuple(claims.get("cognito:groups", ())),
            expires_at=datetime.fromtimestamp(claims["exp"], UTC),
        )

    def _key(self, header: Mapping[str, Any]) -> jwt.PyJWK:
        key_id = header.get("kid")
        if not isinstance(key_id, str) or header.get("alg") != "RS256":
            raise UnauthenticatedError(_REFUSED)
        with self._lock:
            if key_id not in self._keys and self._may_read():
                self._keys = self._read_keys()
                self._read_at = self.clock()
        if key_id not in self._keys:
            raise UnauthenticatedError(_REFUSED)
        return self._keys[key_id]

    def _may_read(self) -> bool:
        return self._read_at is None or self.clock() - self._read_at >= _LEAST_BETWEEN_READS

    def _read_keys(self) -> dict[str, jwt.PyJWK]:
        try:
            keys = jwt.PyJWKSet.from_dict(dict(self.read(self.keys_url))).keys
        except (httpx.HTTPError, ValueError, jwt.PyJWTError) as error:
            raise ServiceUnavailableError(f"read the user pool's keys: {type(error).__name__}") from error
        return {key.key_id: key for key in keys if key.key_id and key.key_type == "RSA"}
