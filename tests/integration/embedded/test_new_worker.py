"""A worker that has died leaves nothing behind for the next: else a run would depend on those before it."""

from __future__ import annotations

from handlers import bootstrap, bootstrap_assistant
from ops.prove.deployment import Deployment


def test_no_builder_remembers_what_it_built(made: Deployment) -> None:
    services, asking = bootstrap.reply_handler(), bootstrap_assistant.asking()
    made.forget_worker()
    assert bootstrap_assistant.asking() is not asking
    assert bootstrap.reply_handler() is not services
