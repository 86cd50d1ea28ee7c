"""The `ai-marketplace` command."""

from __future__ import annotations

import sys

import typer

from domain.errors import MarketplaceError
from ops.adopt.commands import adopt
from ops.assistant import app as assistant_commands
from ops.audit.commands import audit
from ops.capacity.commands import capacity
from ops.catalogue.commands import app as catalogue_commands
from ops.customers.commands import app as customers_commands
from ops.demo.commands import demo
from ops.dlq.commands import app as dlq_commands
from ops.doctor.commands import doctor
from ops.errors import OpsError
from ops.evaluate.commands import evaluate
from ops.local.commands import app as local_commands
from ops.logs.commands import logs
from ops.media import app as media_commands
from ops.migrate.commands import app as migrate_commands
from ops.numbers.commands import app as number_commands
from ops.operators.commands import app as operator_commands
from ops.prove.commands import prove
from ops.quarantine import quarantine
from ops.reconcile.commands import reconcile
from ops.rehearse.commands import rehearse
from ops.replay.commands import replay
from ops.secrets.commands import app as secrets_commands
from ops.templates.commands import app as template_commands
from ops.tenants.commands import app as tenant_commands
from ops.timeline.commands import timeline

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Run and look after the AI Marketplace Assistant.")
# One line for each group of commands. Their modules import what they need when they run, so that `--help` stays quick.
app.add_typer(local_commands, name="local")
app.add_typer(catalogue_commands, name="catalogue")
app.add_typer(dlq_commands, name="dlq")
app.add_typer(media_commands, name="media")
app.add_typer(customers_commands, name="customers")
app.add_typer(template_commands, name="templates")
app.add_typer(number_commands, name="numbers")
app.add_typer(assistant_commands, name="assistant")
app.add_typer(operator_commands, name="operators")
app.add_typer(migrate_commands, name="migrate")
app.add_typer(tenant_commands, name="tenant")
app.add_typer(secrets_commands, name="secrets")
app.command()(demo)
app.command()(replay)
app.command()(quarantine)
app.command()(evaluate)
app.command()(rehearse)
app.command()(prove)
app.command()(audit)
app.command()(adopt)
app.command()(timeline)
app.command()(reconcile)
app.command()(logs)
app.command()(capacity)
app.command()(doctor)


def main() -> None:
    try:
        app()
    except OpsError as error:
        print(f"error: {error.message}", file=sys.stderr)
        if error.hint:
            print(f"  {error.hint}", file=sys.stderr)
        sys.exit(1)
    except MarketplaceError as error:  # of an adapter: AWS did not answer, or refused
        print(f"error: {error}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
