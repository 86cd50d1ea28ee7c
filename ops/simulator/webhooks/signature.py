"""`X-Hub-Signature-256`: HMAC-SHA256 of the exact bytes of the body, keyed by the app secret."""

import hashlib
import hmac

SIGNATURE_HEADER = "X-Hub-Signature-256"


def signature(body: bytes, app_secret: str) -> str:
    return "sha256=" + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()
