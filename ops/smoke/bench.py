"""What the steps work with, and how each is told."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from domain.errors import MarketplaceError
from ops.audit.clients import Clients
from ops.declared.stack import Stack
from ops.smoke.marks import Run

_POLL_SECONDS = 0.3


class State(StrEnum):
    WORKS = "works"
    FAILS = "fails"
    NOT_TRIED = "not tried"


@dataclass(frozen=True, slots=True)
class Step:
    what: str
    name: str
    state: State
    detail: str = ""


class StepError(Exception):
    """A step that does not work, in a few words."""


class StoppedError(Exception):
    """Somebody wants it to end; what was written is taken away first."""


@dataclass
class Bench:
    aws: Clients
    stack: Stack
    run: Run
    tables: Mapping[str, str]
    """Logical name to deployed name, as for the queues, topics and buckets."""
    queues: Mapping[str, str]
    topics: Mapping[str, str]
    buckets: Mapping[str, str]
    stopped: Callable[[], bool] = lambda: False
    webhook_url: str = ""
    steps: list[Step] = field(default_factory=list)

    @contextmanager
    def step(self, what: str, name: str) -> Iterator[None]:
        """A step that fails does not keep the others from being tried."""
        if self.stopped():
            raise StoppedError
        try:
            yield
        except (StepError, MarketplaceError) as error:
            self.steps.append(Step(what, name, State.FAILS, str(error)))
        except ClientError as error:
            self.steps.append(Step(what, name, State.FAILS, error.response["Error"]["Code"]))
        except BotoCoreError as error:
            self.steps.append(Step(what, name, State.FAILS, type(error).__name__))
        else:
            self.steps.append(Step(what, name, State.WORKS))

    def not_tried(self, what: str, name: str, why: str) -> None:
        self.steps.append(Step(what, name, State.NOT_TRIED, why))

    def wait(self, reached: Callable[[], Any], seconds: float, what: str) -> Any:
        """What `reached` answers as soon as that is something."""
        deadline = time.monotonic() + seconds
        while not (answer := reached()):
            if self.stopped():
                raise StoppedError
            if time.monotonic() > deadline:
                raise StepError(f"{what}: not within {seconds:.0f} s")
            time.sleep(_POLL_SECONDS)
        return answer
