"""The bytes that are signed are the bytes that are sent."""

from __future__ import annotations

import hashlib
import hmac

import httpx

from ops.replay.bodies import Body
from ops.replay.posting import Posted, SignedPosts

BODIES = [Body("a", b'{"spaces":   1}'), Body("b", b"no JSON \xff")]


def test_signed_over_the_very_bytes_and_answered_in_order() -> None:
    def webhook(request: httpx.Request) -> httpx.Response:
        expected = hmac.new(b"secret", request.content, hashlib.sha256).hexdigest()
        assert request.headers["x-hub-signature-256"] == f"sha256={expected}"
        return httpx.Response(200, text=f"got {len(request.content)}")

    done: list[int] = []
    posts = SignedPosts("http://127.0.0.1/webhook", "secret", httpx.MockTransport(webhook))
    posted = posts.post_all(BODIES, 2, lambda: done.append(1))
    assert posted == [Posted(200, "got 15"), Posted(200, "got 9")]
    assert len(done) == 2


def test_no_answer() -> None:
    def webhook(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("too slow", request=request)

    posts = SignedPosts("http://127.0.0.1/webhook", "secret", httpx.MockTransport(webhook))
    assert posts.post_all(BODIES[:1], 1, lambda: None) == [Posted(None, "ReadTimeout")]
