"""The headers that every page is sent with."""

from __future__ import annotations

from collections.abc import Mapping

IMMUTABLE = "public, max-age=31536000, immutable"
"""Of static files: their names change with their bytes."""


def content_security_policy(media: str = "") -> str:
    """Nothing inline, nothing evaluated, nothing from elsewhere but `media`: the origin of customers' files."""
    own_and_media = f"'self' {media}".strip()
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src {own_and_media}",
            f"media-src {own_and_media}",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def page_headers(media: str = "") -> Mapping[str, str]:
    """Of whatever is not a static file: it holds customers' words, and no cache may keep it."""
    return {
        "Cache-Control": "no-store",
        "Content-Security-Policy": content_security_policy(media),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Referrer-Policy": "same-origin",
        "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
        "X-Content-Type-Options": "nosniff",
    }


def static_headers() -> Mapping[str, str]:
    return {
        "Cache-Control": IMMUTABLE,
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
