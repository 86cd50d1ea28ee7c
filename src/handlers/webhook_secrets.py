"""Meta's calls against the platform's secrets, while these are rotated: what is remembered may be older than a secret.

Before a call is refused, the secrets are read again, as often as their store allows: so a new one holds at once, and
not only when each worker has forgotten the one before. What has no token or signature at all is not worth a look.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, TypeVar

from domain.intake import PlatformSecrets, PlatformSecretStore
from handlers.whatsapp_webhook import SIGNATURE, handshake_challenge, is_signed

Signer = Literal["app_secret", "previous_app_secret"]
_Found = TypeVar("_Found")


def challenge(query: Mapping[str, str], store: PlatformSecretStore) -> str | None:
    """What to answer to Meta's GET, or None where it is not for us. Raises `ServiceUnavailableError`."""
    if "hub.verify_token" not in query:
        return None
    return _found(store, lambda secrets: handshake_challenge(query, secrets.verify_token))


def signer(body: bytes, signature: str | None, store: PlatformSecretStore) -> Signer | None:
    """Which of the app secrets signed the body, or None. Raises `ServiceUnavailableError`."""
    if signature is None or not SIGNATURE.fullmatch(signature):
        return None
    return _found(store, lambda secrets: _signer(body, signature, secrets))


def _signer(body: bytes, signature: str | None, secrets: PlatformSecrets) -> Signer | None:
    if not is_signed(body, signature, secrets.app_secrets):
        return None
    rotating = secrets.previous_app_secret and is_signed(body, signature, [secrets.previous_app_secret])
    return "previous_app_secret" if rotating else "app_secret"


def _found(store: PlatformSecretStore, look: Callable[[PlatformSecrets], _Found | None]) -> _Found | None:
    remembered = store.read()
    found = look(remembered)
    if found is not None:
        return found
    now = store.read(doubted=True)
    return None if now == remembered else look(now)
