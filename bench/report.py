"""Every measurement side by side: a table on the screen, docs/performance.md and its plots where they are asked for."""

from __future__ import annotations

import argparse
import platform
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import calls, cold, cost, hot_tenant, scale, search, tokens, warm
from bench.figures import Figure, Measurement, NotMeasuredError, Plot
from ops.local.places import REPOSITORY

_PARTS: dict[str, Callable[[], Measurement]] = {
    "cold starts, in instructions": cold.measure,
    "one message, warm": warm.measure,
    "calls, bytes and answers, counted": calls.measure,
    "a model's input, in tokens": tokens.measure,
    "catalogue search": search.measure,
    "a hot tenant, in a model": hot_tenant.measure,
    "ten million customers, in a model": scale.measure,
    "a million answered messages, in dollars": cost.measure,
}
_LIBRARIES = ("boto3", "aws-lambda-powertools", "pydantic", "msgspec", "httpx")
_DOCUMENT = REPOSITORY / "docs" / "performance.md"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench report", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/performance.md and its plots anew")
    options = parser.parse_args(arguments)
    console = Console()
    measured: list[Measurement] = []
    missing: list[str] = []
    for name, measure in _PARTS.items():
        console.print(f"measuring: {name} …")
        try:
            measured.append(measure())
        except NotMeasuredError as error:
            missing.append(f"{name}: not measured. {error}")
    console.print(_table([figure for one in measured for figure in one.figures]))
    for words in missing:
        console.print(words)
    if options.write:
        _write(measured, missing)
        console.print(f"written: {_DOCUMENT.relative_to(REPOSITORY)}")
    return 0


def _table(figures: Sequence[Figure]) -> Table:
    table = Table(title="Aims and figures")
    for heading in ("#", "what", "figure", "aim", "", "from"):
        table.add_column(heading, overflow="fold", justify="right" if heading in {"figure", "aim"} else "left")
    for figure in figures:
        table.add_row(figure.number, figure.what, _said(figure.value, figure), _aim(figure), _mark(figure), figure.told)
    return table


def _said(value: float, figure: Figure) -> str:
    number = (
        f"{value:,.0f}"
        if value == int(value)
        else f"{value:.2f}"
        if value < 1 or figure.unit == "×"
        else f"{value:,.1f}"
    )
    return f"{number}{'' if figure.unit == '×' else ' '}{figure.unit}".strip()


def _aim(figure: Figure) -> str:
    return f"{'≥' if figure.at_least else '≤'} {_said(figure.aim, figure)}"


def _mark(figure: Figure) -> str:
    return "met" if figure.met else "missed"


def _write(measured: Sequence[Measurement], missing: Sequence[str]) -> None:
    head, _, _ = _DOCUMENT.read_text("utf-8").partition("<!-- measured -->")
    versions = {name: version(name) for name in _LIBRARIES} | {
        name: number for one in measured for name, number in one.versions.items()
    }
    libraries = ", ".join(f"{name} {number}" for name, number in versions.items())
    when, where = f"{datetime.now(UTC):%Y-%m-%d}", f"{platform.machine()}, Python {platform.python_version()}"
    lines = [
        f"Measured {when} by `python -m bench report --write`, on {where}; {libraries}.",
        "",
        "| # | what | figure | aim | | from |",
        "|---|---|---|---|---|---|",
        *(
            f"| {one.number} | {one.what} | {_said(one.value, one)} | {_aim(one)} | {_mark(one)} | {one.told} |"
            for measurement in measured
            for one in measurement.figures
        ),
        *(f"\n{words}" for words in missing),
    ]
    for plot in (plot for one in measured for plot in one.plots):
        image = Path("images") / f"bench-{plot.name}.svg"
        _draw(plot, _DOCUMENT.parent / image)
        lines += ["", f"![{plot.title}, {plot.unit}]({image})"]
    _DOCUMENT.write_text(f"{head}<!-- measured -->\n\n" + "\n".join(lines) + "\n", "utf-8")


def _draw(plot: Plot, target: Path) -> None:
    from matplotlib.figure import Figure as Drawing

    labels, values = [bar.label for bar in plot.bars], [bar.value for bar in plot.bars]
    drawing = Drawing(figsize=(8, 0.9 + 0.42 * len(labels)), layout="constrained")
    axes = drawing.subplots()
    bars = axes.barh(labels, values, color=["#2f6f6a", *["#b9b4a8"] * (len(labels) - 1)])
    axes.bar_label(bars, fmt="%.4g", padding=4)
    axes.invert_yaxis()
    axes.set_xlabel(plot.unit)
    axes.set_title(plot.title, loc="left")
    axes.margins(x=0.15)
    axes.spines[["top", "right"]].set_visible(False)
    drawing.savefig(target, format="svg", metadata={"Date": None})
