"""`.local/stack.json`: where everything of the running local stack is."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from domain.access import Role
from ops.errors import NoStackError, OpsError
from ops.local.places import DEFAULT_HOME

_NAME = "stack.json"


class StackTenant(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: str
    phone_number_id: str
    waba_id: str
    display_phone_number: str


class StackUser(BaseModel):
    """A person who can log in to the web interfaces."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    email: str
    password: str
    name: str
    role: Role
    tenant_id: str | None = None
    """None of an operator."""


class StackFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    webhook_url: str
    verify_token: str
    app_secret: str
    front_url: str
    graph_url: str
    pages_url: str
    operator_url: str
    api_url: str
    aws_endpoint_url: str
    stack_name: str
    region: str
    tables: dict[str, str]
    queues: dict[str, str]
    """Logical name to queue URL."""
    topics: dict[str, str]
    """Logical name to ARN."""
    functions: dict[str, str]
    buckets: dict[str, str]
    tenants: list[StackTenant]
    user_pool_id: str
    user_pool_client_id: str
    users: list[StackUser]


def load(home: Path = DEFAULT_HOME) -> StackFile:
    path = home / _NAME
    try:
        return StackFile.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise NoStackError("no local stack is running: run `ai-marketplace local up`", f"looked for {path}") from error
    except ValidationError as error:
        raise OpsError(
            f"{path} is not a stack file of this version", "run `ai-marketplace local up`, which writes it anew"
        ) from error


def save(stack: StackFile, home: Path = DEFAULT_HOME) -> None:
    """Whole or not at all, and for its owner's eyes only: it holds the app secret."""
    write_private(home / _NAME, stack.model_dump_json(indent=2) + "\n")


def remove(home: Path = DEFAULT_HOME) -> None:
    (home / _NAME).unlink(missing_ok=True)


def write_private(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # mkstemp makes the file 0600 from the start, so that there is no moment at which others can read it.
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(temporary).unlink()
        raise
