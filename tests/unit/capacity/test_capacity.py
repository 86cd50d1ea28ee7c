"""What is used, what breaks first, and what it costs: from the calls that a message takes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from domain.language_models import known_model
from ops.capacity.model import GB, MONTH_SECONDS, SECONDS, Load, Use, monthly_dollars, uses
from ops.cli import app
from ops.prove.template import template

NUMBER = "WhatsApp number of the busiest tenant, in and out"
CONVERSATIONS = "DynamoDB on-demand table conversations"


def use(load: Load, name: str) -> Use:
    return next(found for found in uses(load) if found.quota.name == name)


def run(*options: str) -> Result:
    return CliRunner().invoke(app, ["capacity", *options])


def reckoned(*options: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(run("--output", "json", *options).stdout)
    return told


def test_one_tenants_number_breaks_before_anything_of_aws() -> None:
    first = uses(Load(messages=40, tenants=1, answered_share=0.5))[0]
    assert first.quota.name == NUMBER
    assert first.use == 60
    assert first.breaks_at == pytest.approx(80 / 1.5)


def test_with_many_tenants_it_is_the_concurrency() -> None:
    load = Load(messages=100, tenants=1000, answered_share=0.5)
    first = uses(load)[0]
    assert first.quota.name == "Lambda concurrency of the account"
    webhook, message, reply, status = (SECONDS[name] for name in SECONDS)
    assert first.use == pytest.approx(100 * (webhook + message) + 50 * (reply + 0.05) + 150 * (webhook + status))


def test_a_row_in_a_transaction_is_two_write_units() -> None:
    assert use(Load(messages=10, tenants=1, answered_share=0), CONVERSATIONS).use == 60
    assert use(Load(messages=10, tenants=1, answered_share=1), CONVERSATIONS).use == 10 * (6 + 8 + 2 + 1 + 1)


def test_the_busiest_tenant_has_its_share() -> None:
    assert use(Load(messages=100, tenants=10, answered_share=0), NUMBER).use == pytest.approx(10)
    assert use(Load(messages=100, tenants=10, answered_share=0, busiest_share=0.5), NUMBER).use == pytest.approx(50)


def test_each_quota_is_reached_where_it_is_said_to_break() -> None:
    load = Load(messages=3, tenants=7, busiest_share=0.4, model_tokens_per_minute=9000)
    for found in uses(load):
        assert found.breaks_at is not None
        there = use(
            Load(messages=found.breaks_at, tenants=7, busiest_share=0.4, model_tokens_per_minute=9000),
            found.quota.name,
        )
        assert there.share == pytest.approx(1)


def test_what_is_not_used_does_not_break() -> None:
    assert use(Load(messages=1, tenants=1, answered_share=0), "Secrets Manager GetSecretValue").breaks_at is None


def test_costs_by_service() -> None:
    dollars = monthly_dollars(Load(messages=1, tenants=4, answered_share=0, handed_over_share=1))
    assert dollars["SQS"] == pytest.approx(MONTH_SECONDS * 2 * 3 * 0.5e-6)
    assert dollars["SNS"] == pytest.approx(MONTH_SECONDS * 0.5e-6)
    assert dollars["DynamoDB"] == pytest.approx(MONTH_SECONDS * (14 * 0.625e-6 + 4 * 0.125e-6))
    assert dollars["Secrets Manager"] == pytest.approx(5 * 0.40)
    assert "Meta" not in dollars


def test_answers_cost_what_meta_and_the_model_take() -> None:
    nova = known_model("amazon.nova-micro")
    assert nova is not None
    load = Load(messages=2, tenants=1, answered_share=0.5, model_prices=nova.prices, meta_fee=0.01)
    dollars = monthly_dollars(load)
    assert dollars["Meta"] == pytest.approx(MONTH_SECONDS * 0.01)
    assert dollars["Bedrock"] == pytest.approx(MONTH_SECONDS * 49e-6)


def test_memory_is_the_templates() -> None:
    document = template()
    usual = document["Globals"]["Function"]["MemorySize"]
    functions = [one["Properties"] for one in document["Resources"].values() if one["Type"].endswith("::Function")]
    memory = {one["Handler"].split(".")[1]: one.get("MemorySize", usual) / 1024 for one in functions}
    assert {name: memory[name] for name in GB} == GB


def test_the_command_tells_what_breaks_first() -> None:
    result = run("--messages-per-second", "40", "--tenants", "1", "--answered-share", "0.5")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1].startswith(f"{NUMBER} breaks first: at 53.3 messages/s.")
    assert "--meta-fee" in result.stdout


def test_too_much_is_an_exit_code() -> None:
    result = run("--messages-per-second", "100", "--tenants", "1")
    assert result.exit_code == 1
    assert "is more than allowed already" in result.stdout


def test_for_programs_with_seconds_and_a_fee_of_ones_own() -> None:
    few, many = ("--messages-per-second", "40", "--tenants", "100"), ("--seconds", "reply-handler=30")
    assert reckoned(*few, *many, "--meta-fee", "0.01")["monthly_dollars"]["Meta"] == pytest.approx(
        24 * 0.01 * MONTH_SECONDS
    )
    quotas = {entry["quota"]: entry["use"] for entry in reckoned(*few, *many)["quotas"]}
    before = {entry["quota"]: entry["use"] for entry in reckoned(*few)["quotas"]}
    concurrency = "Lambda concurrency of the account"
    assert quotas[concurrency] - before[concurrency] == pytest.approx(24 * 29)


@pytest.mark.parametrize(
    "options",
    [
        ("--messages-per-second", "0", "--tenants", "1"),
        ("--messages-per-second=-1", "--tenants", "1"),
        ("--messages-per-second", "nan", "--tenants", "1"),
        ("--messages-per-second", "1", "--tenants", "0"),
        ("--messages-per-second", "1", "--tenants", "1", "--answered-share", "1.1"),
        ("--messages-per-second", "1", "--tenants", "2", "--busiest-share", "0.1"),
        ("--messages-per-second", "1", "--tenants", "1", "--number-limit", "0"),
        ("--messages-per-second", "1", "--tenants", "1", "--meta-fee=-1"),
        ("--messages-per-second", "1", "--tenants", "1", "--meta-fee", "inf"),
        ("--messages-per-second", "1", "--tenants", "1", "--seconds", "sweeper=1"),
        ("--messages-per-second", "1", "--tenants", "1", "--seconds", "webhook=soon"),
        ("--messages-per-second", "1", "--tenants", "1", "--seconds", "webhook=0"),
        ("--messages-per-second", "1", "--tenants", "1", "--model", "nobody.knows"),
        ("--messages-per-second", "1", "--tenants", "1", "--model-tokens-per-minute", "0"),
    ],
)
def test_what_makes_no_sense_is_refused(options: tuple[str, ...]) -> None:
    result = run(*options)
    assert result.exit_code == 2
    assert "Invalid value" in result.output


def test_where_the_deployment_has_a_bound_of_its_own_its_parameter_is_named() -> None:
    told = {
        one["quota"]: one["parameters"] for one in reckoned("--messages-per-second", "50", "--tenants", "5")["quotas"]
    }

    assert told[CONVERSATIONS] == ["TableMaxWriteRequestUnits"]
    assert told[NUMBER] == []
    assert "WebhookReservedConcurrency" in run("--messages-per-second", "50", "--tenants", "5").stdout
    named = {name for parameters in told.values() for name in parameters}
    assert named <= set(template()["Parameters"])
