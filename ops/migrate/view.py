"""The reports for people."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.table import Table

from ops.migrate.cleaning import Deleted
from ops.migrate.report import Plan, RunReport
from ops.migrate.verifying import TableVerdict, Verdict
from ops.migrate.wiring import Outputs

_WIDE = 160
_SHOWN = 12
"""Characters of a checksum; `--output json` has all of it."""


def _print(table: Table) -> None:
    Console(highlight=False, width=None if sys.stdout.isatty() else _WIDE).print(table)


def show_plan(plan: Plan) -> None:
    table = Table("legacy table", "into", "rows", "bytes", "stream", "copied")
    for source in plan.sources:
        copied = "yes" if source.table in plan.copied else "no"
        stream = "on" if source.stream else "off"
        table.add_row(source.table, source.into, f"{source.items:,}", f"{source.bytes:,}", stream, copied)
    _print(table)
    for left in plan.not_copied:
        print(f"Not copied: {left}.")
    if plan.cut_over_at:
        print(f"Cut over at {plan.cut_over_at:%Y-%m-%d %H:%M} UTC.")
    for number, step in enumerate(plan.steps, 1):
        print(f"{number}. {step}")


def show_run(report: RunReport) -> None:
    table = Table(
        "legacy table", "read", "rows", "written", "replaced", "there already", "newer", "not ours", "refused", "unfit"
    )
    for one in report.tables:
        told = (one.written, one.replaced, one.there_already, one.newer_there, one.left_to_the_new_system)
        counts = (one.read, sum(told), *told, one.refused, one.unfit)
        table.add_row(one.table, *(f"{count:,}" for count in counts))
    _print(table)
    if report.throttled:
        print(f"The tables had no room {report.throttled:,} times, and it went on more slowly.")
    if report.unfit_file:
        print(f"What is unfit, and why: {report.unfit_file}")
    end = "Nothing was written." if report.dry_run else "Next: `ai-marketplace migrate verify`."
    print(f"{report.seconds:.1f} s. {end}")


def show_verdict(verdict: Verdict) -> None:
    table = Table("table", "expected", "standing", "checksum", "written by the new system", "changed by it", "agrees")
    for one in verdict.tables:
        table.add_row(
            one.table,
            f"{one.expected:,}",
            f"{one.standing:,}",
            _checksum(one),
            f"{one.written_by_the_new_system:,}",
            f"{one.changed_by_the_new_system:,}",
            "yes" if one.agrees else "NO",
        )
    _print(table)
    for name in verdict.not_arrived:
        print(f"not arrived: {name}")
    for name in verdict.without_a_legacy_row:
        print(f"its legacy row is gone: {name}")
    rows = sum(verdict.legacy_rows.values())
    print(f"{rows:,} legacy rows; {verdict.unfit:,} rows or messages are unfit. Passed: {_yes(verdict.passed)}.")


def _checksum(one: TableVerdict) -> str:
    expected, standing = one.expected_checksum[:_SHOWN], one.standing_checksum[:_SHOWN]
    return expected if one.expected_checksum == one.standing_checksum else f"{expected} / {standing}"


def _yes(flag: bool) -> str:
    return "yes" if flag else "NO"


def show_what_to_do_at_meta(told: Outputs) -> None:
    print("At Meta, app dashboard, WhatsApp, Configuration, Webhook:", file=sys.stderr)
    print(f"  callback URL  {told.webhook_url}", file=sys.stderr)
    print(f"  verify token  `verify_token` in the secret {told.platform_secret}", file=sys.stderr)


def show_step(words: str) -> None:
    print(f"{words} …", file=sys.stderr)


def show_cut_over(verdict: Verdict) -> None:
    show_verdict(verdict)
    if verdict.passed:
        print("Cut over. The legacy tables stand as they were; `ai-marketplace migrate cleanup` deletes them.")
    else:
        print("Not cut over: `ai-marketplace migrate run`, `verify`, then this again. `--undo` opens the tables.")


def show_undone() -> None:
    print("The legacy tables take writes again. Switch the callback URL back at Meta.")


def show_kept(table: str) -> None:
    print(f"{table} is kept.")


def show_deleted(deleted: Deleted) -> None:
    backup = f" Its backup: {deleted.backup_arn}" if deleted.backup_arn else ""
    print(f"{deleted.table} is deleted.{backup}")
