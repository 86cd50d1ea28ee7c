"""`ai-marketplace capacity`"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated

import typer

from ops.local.commands import Output, OutputOption

if TYPE_CHECKING:
    from domain.language_models import Prices


def capacity(  # noqa: PLR0913, PLR0917 (the options of a command)
    messages: Annotated[float, typer.Option("--messages-per-second", help="From customers, of all tenants.")],
    tenants: Annotated[int, typer.Option(min=1)],
    answered_share: Annotated[float, typer.Option(min=0, max=1, help="Of the messages.")] = 0.6,
    busiest_share: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="Of the messages, the busiest tenant's. Default: all have as many."),
    ] = None,
    seconds: Annotated[
        list[str] | None, typer.Option(help="Of an invocation: reply-handler=2.5. May be given several times.")
    ] = None,
    number_limit: Annotated[float, typer.Option(help="Messages/s of a WhatsApp number; 1000 of an upgraded one.")] = 80,
    model: Annotated[str | None, typer.Option(help="Bedrock's model that answers. Default: none.")] = None,
    model_tokens_per_minute: Annotated[float | None, typer.Option(help="The account's quota for that model.")] = None,
    meta_fee: Annotated[float | None, typer.Option(min=0, help="Dollars that Meta takes for an answer.")] = None,
    output: OutputOption = Output.TABLE,
) -> None:
    """Which quota breaks first, what to raise, and what it costs a month.

    Reckoned from the calls that a message takes, as counted; nothing is asked of AWS.
    Exit codes: 0 every quota holds, 1 one does not.
    """
    from ops.capacity import view
    from ops.capacity.model import Load, uses

    _require_positive("--messages-per-second", messages)
    _require_positive("--number-limit", number_limit)
    if model_tokens_per_minute is not None:
        _require_positive("--model-tokens-per-minute", model_tokens_per_minute)
    if meta_fee is not None and not math.isfinite(meta_fee):
        raise typer.BadParameter("must be a number", param_hint="--meta-fee")
    if busiest_share is not None and busiest_share * tenants < 1:
        raise typer.BadParameter(f"one of {tenants} tenants has at least 1/{tenants}", param_hint="--busiest-share")
    load = Load(
        messages,
        tenants,
        answered_share,
        busiest_share,
        seconds=_seconds(seconds or []),
        number_limit=number_limit,
        model_prices=_prices(model),
        model_tokens_per_minute=model_tokens_per_minute,
        meta_fee=meta_fee,
    )
    if output is Output.JSON:
        print(view.as_json(load))
    else:
        view.show(load)
    raise typer.Exit(1 if uses(load)[0].share > 1 else 0)


def _require_positive(option: str, value: float) -> None:
    if not (math.isfinite(value) and value > 0):
        raise typer.BadParameter("must be more than 0", param_hint=option)


def _seconds(given: list[str]) -> dict[str, float]:
    from ops.capacity.model import SECONDS

    changed = dict(SECONDS)
    for text in given:
        name, _, value = text.partition("=")
        function = name.replace("-", "_")
        if function not in changed:
            names = ", ".join(known.replace("_", "-") for known in changed)
            raise typer.BadParameter(f"{text!r}: one of {names}, then =SECONDS", param_hint="--seconds")
        try:
            changed[function] = float(value)
        except ValueError as error:
            raise typer.BadParameter(f"{text!r} has no number of seconds", param_hint="--seconds") from error
        _require_positive("--seconds", changed[function])
    return changed


def _prices(model: str | None) -> Prices | None:
    from domain.language_models import known_model

    if model is None:
        return None
    known = known_model(model)
    if known is None:
        raise typer.BadParameter(f"no price is known of {model!r}", param_hint="--model")
    return known.prices
