"""The tests' own reading of template.yaml, and that the functions' settings and its variables agree."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import botocore.session
import pytest

from adapters.aws_clients import client
from handlers import settings
from tests.integration.template_resources import TemplateResources, template

RECEIVER = "http://127.0.0.1:8080/local/webhooks"
SETTINGS: dict[str, tuple[Any, ...]] = {
    "WebhookFunction": (settings.WebhookSettings,),
    "MessageHandlerFunction": (settings.MessageHandlerSettings,),
    "ReplyHandlerFunction": (settings.ReplyHandlerSettings, settings.AssistantSettings),
    "StatusHandlerFunction": (settings.StatusHandlerSettings,),
    "SweeperFunction": (settings.SweeperSettings,),
    "MediaHandlerFunction": (settings.MediaHandlerSettings,),
    "EmbedderFunction": (settings.EmbedderSettings,),
    "IndexerFunction": (settings.IndexerSettings,),
    "CatalogueImporterFunction": (settings.CatalogueImporterSettings,),
    "TenantAdminApiFunction": (settings.TenantAdminApiSettings, settings.DeskSettings, settings.UsageSettings),
    "TenantNotifierFunction": (settings.TenantNotifierSettings,),
    "AdminDashboardFunction": (settings.AdminDashboardSettings, settings.UsageSettings),
    "AdminGuiFunction": (
        settings.AdminGuiSettings,
        settings.DeskSettings,
        settings.TenantAdminApiSettings,
        settings.AssistantSettings,
    ),
}


def test_names_follow_the_one_rule(resources: TemplateResources) -> None:
    assert resources.tables["TenantUsageTable"] == "ai-marketplace-tenant-usage-platform"
    assert resources.queues["InboxQueue"].endswith("/ai-marketplace-inbox-platform.fifo")
    assert resources.topics["EscalationsTopic"].endswith(":ai-marketplace-escalations-platform")


def test_parameters_change_them() -> None:
    other = TemplateResources({"Prefix": "shop", "Suffix": ""}).create()
    assert other.tables["TenantsTable"] == "shop-tenants"


@pytest.mark.parametrize("function", SETTINGS)
def test_each_function_is_given_exactly_its_settings(
    resources: TemplateResources, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    environment = resources.environment(function)
    forms = SETTINGS[function]
    assert {field.name.upper() for form in forms for field in fields(form)} == set(environment)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for form in forms:
        assert settings.read(form)


@pytest.mark.parametrize(
    ("stage", "given"), [("local", RECEIVER), ("dev", "none"), ("staging", "none"), ("prod", "none")]
)
def test_the_local_stage_alone_has_a_receiver_of_webhooks(stage: str, given: str) -> None:
    """Whatever the parameter says."""
    asked = TemplateResources({"Stage": stage, "LocalWebhooks": RECEIVER})
    functions = [one["Properties"] for one in template()["Resources"].values() if "Events" in one["Properties"]]
    variables = [one["Environment"]["Variables"] for one in functions]
    assert [asked.resolve(one["LOCAL_WEBHOOKS"]) for one in variables if "LOCAL_WEBHOOKS" in one] == [given] * 3


def test_the_levels_of_logs_are_lambdas_own() -> None:
    """It refuses a function that names another."""
    known: Any = botocore.session.get_session().get_service_model("lambda").shape_for("ApplicationLogLevel")
    assert set(template()["Parameters"]["LogLevel"]["AllowedValues"]) <= set(known.enum)


def test_no_level_of_logs_leaves_the_metrics_out() -> None:
    """Lambda takes a line without a level for INFO, and writes none below the level that is set."""
    assert set(template()["Parameters"]["LogLevel"]["AllowedValues"]) <= {"TRACE", "DEBUG", "INFO"}


def test_every_queue_that_is_worked_off_has_a_dead_letter_queue_that_keeps_for_14_days(
    resources: TemplateResources,
) -> None:
    for logical_id, url in resources.queues.items():
        attributes = client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        if logical_id.endswith("DeadLetterQueue"):
            assert attributes["MessageRetentionPeriod"] == str(14 * 24 * 3600)
        else:
            assert "maxReceiveCount" in attributes["RedrivePolicy"]
