"""A tenant's assistant as its profile row keeps it: the map `assistant`, with what is not as by default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from domain.assistant_settings import USUAL_ASSISTANT, AssistantKind, AssistantSettings
from domain.errors import InvalidSettingsError

if TYPE_CHECKING:
    from pydantic import TypeAdapter


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.title, others))


_NAMES = {field.name: _camel(field.name) for field in fields(AssistantSettings)}
"""By the names of the domain."""

WITHOUT_MODEL = AssistantSettings(kind=AssistantKind.CATALOGUE)


@cache
def _form() -> TypeAdapter[AssistantSettings]:
    """Only who has settings to read pays for pydantic's import."""
    from pydantic import TypeAdapter

    return TypeAdapter(AssistantSettings)


def read_settings(given: Mapping[str, Any]) -> AssistantSettings:
    """By the names of the domain, as JSON brings them. Raises `InvalidSettingsError`."""
    from pydantic import ValidationError

    unknown = tuple(f"{name}: no such setting" for name in sorted(given.keys() - _NAMES.keys()))
    if unknown:
        raise InvalidSettingsError(unknown)
    try:
        return _form().validate_python(dict(given))
    except ValidationError as error:
        problems = ((".".join(map(str, problem["loc"])), problem["msg"]) for problem in error.errors())
        raise InvalidSettingsError([f"{name}: {message}" for name, message in problems]) from error


def given_settings(settings: AssistantSettings) -> dict[str, Any]:
    """As `read_settings` takes it, and as little as possible: a default that changes later changes for who set none."""
    if settings == USUAL_ASSISTANT:
        return {}
    plain = _form().dump_python(settings, mode="json")
    usual = _form().dump_python(USUAL_ASSISTANT, mode="json")
    return {name: value for name, value in plain.items() if value != usual[name]}


def assistant_attributes(settings: AssistantSettings) -> dict[str, Any]:
    return {_NAMES[name]: _storable(value) for name, value in given_settings(settings).items()}


def assistant_of(profile: Mapping[str, Any]) -> AssistantSettings:
    """A row that somebody broke by hand answers without a model, and goes on answering."""
    stored = profile.get("assistant")
    if not stored:
        return USUAL_ASSISTANT
    try:
        return read_settings(
            {name: _plain(stored[stored_as]) for name, stored_as in _NAMES.items() if stored_as in stored}
        )
    except InvalidSettingsError:
        return WITHOUT_MODEL


def _storable(value: Any) -> Any:
    """DynamoDB takes decimal numbers, not binary ones; None stands for "no limit" and is kept as such."""
    return Decimal(str(value)) if isinstance(value, float) else value


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    return value
