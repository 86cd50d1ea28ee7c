"""`ai-marketplace secrets …`"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from ops.local.commands import HomeOption, Output, OutputOption
from ops.local.places import DEFAULT_HOME
from ops.secrets.report import SecretName
from ops.target import StackNameOption

if TYPE_CHECKING:
    from ops.secrets.report import SecretReport
    from ops.target import Target

app = typer.Typer(
    no_args_is_help=True,
    help="The platform's own secrets: rotated while webhooks come in. "
    "Exit codes: 0 done, 1 it could not be done, 2 wrong use.",
)


@app.command()
def status(
    stack_name: StackNameOption = None, home: HomeOption = DEFAULT_HOME, output: OutputOption = Output.TABLE
) -> None:
    """Each secret: since when it is what it is, whether the one before is accepted too, and what to do next."""
    from ops import target
    from ops.secrets import steps, wiring

    found = target.find(home, stack_name)
    kept = wiring.platform(found).versions.current()
    _show([steps.app_secret(kept), steps.verify_token(kept), wiring.cursor_key(found)], output)


@app.command()
def rotate(  # noqa: PLR0913, PLR0917 (the options of a command)
    secret: Annotated[SecretName, typer.Argument(help="Which one. A seller's token: `tenant rotate-token`.")],
    finish: Annotated[
        bool,
        typer.Option("--finish", help="The app secret before is no longer accepted. An hour after at the soonest."),
    ] = False,
    at_once: Annotated[
        bool, typer.Option("--at-once", help="With --finish: without that hour; others know the one before.")
    ] = False,
    put_back: Annotated[
        bool, typer.Option("--put-back", help="The app secret before is the only one again: another was mistyped.")
    ] = False,
    stack_name: StackNameOption = None,
    home: HomeOption = DEFAULT_HOME,
    output: OutputOption = Output.TABLE,
) -> None:
    """Put a new value in, typed or on standard input; a cursor key is made here. None is ever shown."""
    from ops import target

    if (
        (finish and put_back)
        or (at_once and not finish)
        or ((finish or put_back) and secret is not SecretName.APP_SECRET)
    ):
        raise typer.BadParameter("--finish [--at-once] or --put-back, and of the app secret alone")
    found = target.find(home, stack_name)
    if secret is SecretName.CURSOR_KEY:
        report = _rotate_cursor_key(found)
    elif secret is SecretName.VERIFY_TOKEN:
        report = _change_verify_token(found)
    else:
        report = _rotate_app_secret(found, finish=finish, at_once=at_once, put_back=put_back)
    _show([report], output)


def _rotate_app_secret(found: Target, *, finish: bool, at_once: bool, put_back: bool) -> SecretReport:
    from domain import rotate_platform_secret as rotating
    from ops.secrets import steps, wiring
    from ops.tenants.wiring import who

    ports, now = wiring.platform(found), datetime.now(UTC)
    if finish:
        rotating.finish(who(found), at_once=at_once, now=now, ports=ports)
    elif put_back:
        rotating.put_back(who(found), now=now, ports=ports)
    else:
        rotating.begin(who(found), _typed("App secret"), now=now, ports=ports)
    return steps.app_secret(ports.versions.current())


def _change_verify_token(found: Target) -> SecretReport:
    from domain.rotate_platform_secret import change_verify_token
    from ops.secrets import steps, wiring
    from ops.tenants.wiring import who

    ports = wiring.platform(found)
    change_verify_token(who(found), _typed("Verify token"), now=datetime.now(UTC), ports=ports)
    return steps.verify_token(ports.versions.current(), changed=True)


def _rotate_cursor_key(found: Target) -> SecretReport:
    from ops.secrets import wiring
    from ops.tenants.wiring import who

    wiring.rotate_cursor_key(who(found), found, datetime.now(UTC))
    return wiring.cursor_key(found)


def _typed(what: str) -> str:
    """Never an argument: those stand in the shell's history and in the list of processes."""
    if sys.stdin.isatty():
        return str(typer.prompt(what, hide_input=True, err=True)).strip()
    return sys.stdin.readline().strip()


def _show(reports: list[SecretReport], output: Output) -> None:
    from ops.secrets.report import SecretsReport

    if output is Output.JSON:
        print(SecretsReport(secrets=reports).model_dump_json(indent=2))
        return
    for one in reports:
        state = "empty" if one.empty else "the one before is accepted, too" if one.rotating else "in use"
        print(f"{one.secret}: {state}, since {one.since.astimezone(UTC):%Y-%m-%d %H:%M} UTC")
        for number, step in enumerate(one.next, 1):
            print(f"  {number}. {step}")
