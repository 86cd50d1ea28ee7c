"""What was to be done to a conversation, and cannot: 409, with what it is now or what can be done instead."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from domain.errors import ConversationChangedError, OutsideWindowError
from handlers.api.conversation_models import told_conversation
from handlers.api.problems import RefusedRequestError


@contextmanager
def told_conflicts() -> Iterator[None]:
    try:
        yield
    except ConversationChangedError as error:
        now = told_conversation(error.line).model_dump(mode="json", by_alias=True)
        members = {"conversation": now}
        raise RefusedRequestError(HTTPStatus.CONFLICT, "conversation_changed", str(error), members) from error
    except OutsideWindowError as error:
        templates = [{"name": name, "language": language} for name, language in error.templates]
        instead = {"templates": templates}
        raise RefusedRequestError(HTTPStatus.CONFLICT, error.code, str(error), instead) from error
