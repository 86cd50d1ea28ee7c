"""Tokens that hold, and every way in which one does not."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm

from adapters.cognito_tokens import CognitoTokens
from domain.errors import ServiceUnavailableError, UnauthenticatedError

ISSUER = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_pool"
CLIENT = "client-1"


@pytest.fixture(scope="module")
def key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


def document(**keys: RSAPrivateKey) -> dict[str, Any]:
    """A JWKS, as Cognito answers."""
    return {
        "keys": [
            {**json.loads(RSAAlgorithm.to_jwk(key.public_key())), "kid": name, "alg": "RS256", "use": "sig"}
            for name, key in keys.items()
        ]
    }


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    plain = {
        "sub": "sub-1",
        "iss": ISSUER,
        "client_id": CLIENT,
        "token_use": "access",
        "iat": now,
        "exp": now + 900,
        "cognito:groups": ["operator"],
    }
    return {name: value for name, value in {**plain, **changes}.items() if value is not None}


def signed(key: RSAPrivateKey, kid: str = "k1", **changes: Any) -> str:
    return jwt.encode(claims(**changes), key, algorithm="RS256", headers={"kid": kid})


class Pool:
    """Answers with its keys, and counts how often."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.reads = 0
        self.now = 0.0

    def read(self, url: str) -> Mapping[str, Any]:
        assert url == f"{ISSUER}/.well-known/jwks.json"
        self.reads += 1
        return self.document


@pytest.fixture
def pool(key: RSAPrivateKey) -> Pool:
    return Pool(document(k1=key))


@pytest.fixture
def tokens(pool: Pool) -> CognitoTokens:
    url = f"{ISSUER}/.well-known/jwks.json"
    return CognitoTokens(ISSUER, CLIENT, url, read=pool.read, clock=lambda: pool.now)


def test_an_access_token_says_who_it_is(tokens: CognitoTokens, key: RSAPrivateKey) -> None:
    expires_at = int(time.time()) + 900
    verified = tokens.verify(signed(key, exp=expires_at))
    assert (verified.subject, verified.groups) == ("sub-1", ("operator",))
    assert verified.expires_at.timestamp() == expires_at


def test_a_token_without_groups_has_none(tokens: CognitoTokens, key: RSAPrivateKey) -> None:
    changes: dict[str, Any] = {"cognito:groups": None}
    assert tokens.verify(signed(key, **changes)).groups == ()


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"iss": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_other"}, id="another pool"),
        pytest.param({"iss": None}, id="no issuer"),
        pytest.param({"client_id": "client-2"}, id="another client"),
        pytest.param({"client_id": None, "aud": CLIENT, "token_use": "id"}, id="an id token"),
        pytest.param({"token_use": "id"}, id="an id token that names the client"),
        pytest.param({"token_use": None}, id="no use"),
        pytest.param({"exp": int(time.time()) - 1}, id="expired"),
        pytest.param({"exp": None}, id="for ever"),
        pytest.param({"iat": int(time.time()) + 86_400}, id="from the future"),
        pytest.param({"sub": None}, id="nobody"),
        pytest.param({"sub": ["a"]}, id="no text for a subject"),
    ],
)
def test_a_token_that_says_otherwise_does_not_hold(
    tokens: CognitoTokens, key: RSAPrivateKey, changes: dict[str, Any]
) -> None:
    with pytest.raises(UnauthenticatedError):
        tokens.verify(signed(key, **changes))


def by_hand(header: Mapping[str, Any], payload: Mapping[str, Any], sign: Callable[[bytes], bytes]) -> str:
    """What no library makes."""
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, payload)]
    text = b".".join(parts)
    return (text + b"." + base64.urlsafe_b64encode(sign(text)).rstrip(b"=")).decode()


def test_none_is_no_algorithm(tokens: CognitoTokens) -> None:
    for none in ("none", "None", "NONE", ""):
        with pytest.raises(UnauthenticatedError):
            tokens.verify(by_hand({"alg": none, "kid": "k1"}, claims(), lambda _: b""))


def test_the_public_key_is_no_shared_secret(tokens: CognitoTokens, key: RSAPrivateKey) -> None:
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    forged = by_hand(
        {"alg": "HS256", "kid": "k1", "typ": "JWT"},
        claims(),
        lambda text: hmac.new(public, text, hashlib.sha256).digest(),
    )
    with pytest.raises(UnauthenticatedError):
        tokens.verify(forged)


def test_a_key_that_comes_with_the_token_is_not_asked(tokens: CognitoTokens, pool: Pool) -> None:
    own = generate_private_key(public_exponent=65537, key_size=2048)
    brought = json.loads(RSAAlgorithm.to_jwk(own.public_key()))
    headers = {"kid": "k1", "jwk": brought, "jku": "https://evil.example/keys"}
    with pytest.raises(UnauthenticatedError):
        tokens.verify(jwt.encode(claims(), own, algorithm="RS256", headers=headers))
    assert pool.reads == 1


@pytest.mark.parametrize("changed", [0, 1, 2])
def test_a_changed_part_does_not_hold(tokens: CognitoTokens, key: RSAPrivateKey, changed: int) -> None:
    parts = signed(key).split(".")
    parts[changed] = parts[changed][:10] + ("A" if parts[changed][10] != "A" else "B") + parts[changed][11:]
    with pytest.raises(UnauthenticatedError):
        tokens.verify(".".join(parts))


@pytest.mark.parametrize("text", ["", "a", "a.b.c", "..", "é.ü.ß", "a" * 10_000])
def test_what_is_no_token_does_not_hold(tokens: CognitoTokens, pool: Pool, text: str) -> None:
    with pytest.raises(UnauthenticatedError):
        tokens.verify(text)
    assert pool.reads == 0


def test_keys_are_read_once(tokens: CognitoTokens, pool: Pool, key: RSAPrivateKey) -> None:
    for _ in range(3):
        tokens.verify(signed(key))
    assert pool.reads == 1


def test_a_new_key_is_fetched_but_made_up_ones_not_again_and_again(
    tokens: CognitoTokens, pool: Pool, key: RSAPrivateKey
) -> None:
    tokens.verify(signed(key))
    other = generate_private_key(public_exponent=65537, key_size=2048)
    pool.document = document(k1=key, k2=other)
    for kid in ("k2", "k3", "k4"):
        with pytest.raises(UnauthenticatedError):
            tokens.verify(signed(other, kid))
    assert pool.reads == 1
    pool.now = 31
    assert tokens.verify(signed(other, "k2")).subject == "sub-1"
    assert pool.reads == 2


@pytest.mark.parametrize("error", [httpx.ConnectTimeout("slow"), ValueError("no JSON")])
def test_a_pool_that_does_not_answer_is_nobodys_fault(key: RSAPrivateKey, error: Exception) -> None:
    def read(_: str) -> Mapping[str, Any]:
        raise error

    with pytest.raises(ServiceUnavailableError):
        CognitoTokens(ISSUER, CLIENT, ISSUER, read=read).verify(signed(key))


def test_a_pool_without_keys_too(key: RSAPrivateKey) -> None:
    with pytest.raises(ServiceUnavailableError):
        CognitoTokens(ISSUER, CLIENT, ISSUER, read=lambda _: {"keys": []}).verify(signed(key))
