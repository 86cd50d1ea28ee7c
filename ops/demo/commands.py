"""`ai-marketplace demo`"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ops.local.commands import HomeOption, Output, OutputOption
from ops.local.places import DEFAULT_HOME

if TYPE_CHECKING:
    from ops.demo.account import Account
    from ops.local.home import Home
    from ops.stack_file import StackFile


def demo(  # noqa: PLR0913, PLR0917 (the options of a command)
    keep: Annotated[bool, typer.Option("--keep", help="Leave the stack running, even if the demo started it.")] = False,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds that a part of the day may need to settle.")] = 60,
    port: Annotated[
        int | None, typer.Option(envvar="AI_MARKETPLACE_PORT", help="As `local up`: default as before, or 8080.")
    ] = None,
    aws_port: Annotated[
        int | None, typer.Option(envvar="AI_MARKETPLACE_AWS_PORT", help="As `local up`: default as before, or 4566.")
    ] = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """Play a recorded day of WhatsApp traffic through the real functions, and tell what it left behind."""
    from ops.local import emulator, front_process
    from ops.local.home import Home, Settings
    from ops.local.progress import Progress
    from ops.local.project import Project
    from ops.local.stack import Stack

    place = Home(home.resolve())
    asked = {name: value for name, value in (("front_port", port), ("aws_port", aws_port)) if value is not None}
    settings = (place.settings() or Settings()).model_copy(update=asked)
    processes = [emulator.daemon(place), front_process.daemon(place)]
    ran_before = all(process.running() for process in processes)
    stack = Stack(place, Project(), Progress())
    try:
        account = _play(stack.up(settings), place, timeout, output)
    finally:
        if not (keep or ran_before) and any(process.running() for process in processes):
            stack.down()
    _say_where(place, running=keep or ran_before, output=output)
    if not account.ok:
        raise typer.Exit(1)


def _play(stack: StackFile, home: Home, timeout: float, output: Output) -> Account:
    from ops.demo import view
    from ops.demo.run import Demo
    from ops.local.aws import LocalAws
    from ops.local.progress import Progress
    from ops.outcomes.log_search import LogSearch
    from ops.stack_file import write_private

    LocalAws(stack.aws_endpoint_url, stack.region).be_the_environments()
    logs = LogSearch(tuple(stack.functions.values()), home.logs)
    account = Demo(stack, logs, Progress(), timeout).run()
    text = account.model_dump_json(indent=2)
    write_private(home.root / "demo" / "account.json", text + "\n")
    write_private(home.root / "demo" / "account.txt", view.show(account, quiet=output is Output.JSON))
    if output is Output.JSON:
        print(text)
    return account


def _say_where(home: Home, *, running: bool, output: Output) -> None:
    if output is Output.JSON:
        return
    print(f"\nThe account is kept in {home.root / 'demo'}.")
    if running:
        print("The stack is still running; `ai-marketplace local down` stops it.")
    else:
        print("The stack was started by the demo and is stopped; its state is kept. `make local` brings it back.")
