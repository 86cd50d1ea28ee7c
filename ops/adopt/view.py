"""The plan for people."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from ops.adopt.report import AdoptReport


def show(report: AdoptReport) -> None:
    console = Console(highlight=False, soft_wrap=True)
    if not report.adopted and not report.refused:
        console.print(f"Nothing of what {report.stack} should hold was made by hand.")
        return
    verb = "Adopted" if report.done else "To be adopted"
    stack = f"the new stack {report.stack}" if report.new_stack else report.stack
    for one in report.adopted:
        console.print(f"{verb} by {stack}: {one.resource}, {one.type.removeprefix('AWS::')} {escape(one.name)}")
        for change in one.to_change:
            console.print(
                escape(f"  the next deployment changes {change.where} from {change.found!r} to {change.declared!r}")
            )
    for refused in report.refused:
        console.print(
            f"[yellow]Not adopted:[/yellow] {refused.resource} ({escape(refused.name)}): {escape(refused.why)}"
        )
    if report.done:
        console.print("Now deploy, then run `ai-marketplace audit`.")


def question(report: AdoptReport) -> str:
    return f"Take {len(report.adopted)} into {report.stack}, as they are?"
