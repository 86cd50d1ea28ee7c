"""`Idempotency-Key`: a request that is sent again does nothing again, and gets the answer that it got.

Powertools remembers it. A key is of one person, one tenant and one route: an answer never comes to anybody who may not
have it. What failed is not remembered, so that it may be tried again under its key.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from domain.access import Principal
from handlers.api.asking import scope
from handlers.api.problems import RefusedRequestError

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.idempotency.persistence.base import BasePersistenceLayer

HEADER = "idempotency-key"
KEPT_SECONDS = 24 * 3600
_PREFIX = "api-request"
_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_KEY = re.compile(r"[!-~]{1,200}")

Answer = dict[str, Any]


class _NotRememberedError(Exception):
    """Carries an answer past Powertools, which forgets the key of what raises."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Once:
    store: Callable[[], BasePersistenceLayer]
    """Built where a key is met."""

    def answer(self, event: Mapping[str, Any], who: Principal, context: Any, ask: Callable[[], Answer]) -> Answer:
        """Raises `RefusedRequestError`."""
        key = _key_of(event)
        if key is None:
            return ask()
        from aws_lambda_powertools.utilities.idempotency import IdempotencyConfig, idempotent_function
        from aws_lambda_powertools.utilities.idempotency import exceptions as refusals

        config = IdempotencyConfig(
            event_key_jmespath="key", payload_validation_jmespath="body", expires_after_seconds=KEPT_SECONDS
        )
        config.register_lambda_context(context)

        def answer_anew(*, request: dict[str, Any]) -> Answer:  # noqa: ARG001 (Powertools reads `request`)
            answer = ask()
            if answer["statusCode"] >= HTTPStatus.BAD_REQUEST:
                raise _NotRememberedError(answer)
            return answer

        remembering: Callable[..., Answer] = idempotent_function(
            answer_anew,
            data_keyword_argument="request",
            persistence_store=self.store(),
            config=config,
            key_prefix=_PREFIX,
        )
        try:
            return remembering(request=_request(event, who, key))
        except _NotRememberedError as error:
            return error.answer
        except refusals.IdempotencyValidationError as error:
            raise RefusedRequestError(
                HTTPStatus.UNPROCESSABLE_ENTITY, "idempotency_key_reused", "this key was used with another body"
            ) from error
        except refusals.IdempotencyAlreadyInProgressError as error:
            raise RefusedRequestError(
                HTTPStatus.CONFLICT, "in_progress", "the request of this key is being answered"
            ) from error


def _key_of(event: Mapping[str, Any]) -> str | None:
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    key = headers.get(HEADER)
    if key is None or event["httpMethod"] not in _METHODS:
        return None
    if not _KEY.fullmatch(key):
        raise RefusedRequestError(
            HTTPStatus.UNPROCESSABLE_ENTITY, "invalid_idempotency_key", "a key has 1 to 200 visible ASCII characters"
        )
    return str(key)


def _request(event: Mapping[str, Any], who: Principal, key: str) -> dict[str, Any]:
    """The body as a digest: it may hold a secret, and only has to be told from another."""
    body = str(event.get("body") or "").encode("utf-8", "surrogatepass")
    return {
        "key": [scope(who), who.subject, event["httpMethod"], event["path"], key],
        "body": hashlib.sha256(body).hexdigest(),
    }
