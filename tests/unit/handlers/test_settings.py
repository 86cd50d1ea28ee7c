"""The environment: one reader, everything required."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from handlers import settings

SRC = Path(settings.__file__).parents[1]
ALL: list[Any] = [
    settings.WebhookSettings,
    settings.MessageHandlerSettings,
    settings.AssistantSettings,
    settings.ReplyHandlerSettings,
    settings.StatusHandlerSettings,
    settings.SweeperSettings,
    settings.MediaHandlerSettings,
    settings.EmbedderSettings,
    settings.IndexerSettings,
    settings.TenantAdminApiSettings,
    settings.CatalogueImporterSettings,
    settings.TenantNotifierSettings,
    settings.AdminDashboardSettings,
    settings.AdminGuiSettings,
    settings.DeskSettings,
    settings.UsageSettings,
]


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in {field.name.upper() for form in ALL for field in fields(form)}:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("form", ALL)
def test_every_setting_is_read_from_its_variable(monkeypatch: pytest.MonkeyPatch, form: Any) -> None:
    for field in fields(form):
        monkeypatch.setenv(field.name.upper(), f"the {field.name}")
    read = settings.read(form)
    assert {field.name: getattr(read, field.name) for field in fields(form)} == {
        field.name: f"the {field.name}" for field in fields(form)
    }


@pytest.mark.parametrize("form", ALL)
def test_every_missing_variable_is_named(form: Any) -> None:
    with pytest.raises(LookupError) as raised:
        settings.read(form)
    for field in fields(form):
        assert field.name.upper() in str(raised.value)


def test_an_empty_variable_is_missing_and_the_others_values_are_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLATFORM_SECRET_NAME", "a name")
    monkeypatch.setenv("INBOX_QUEUE_URL", "")
    with pytest.raises(LookupError, match="INBOX_QUEUE_URL, STATUSES_QUEUE_URL") as raised:
        settings.read(settings.WebhookSettings)
    assert "a name" not in str(raised.value)


def test_settings_alone_reads_the_environment() -> None:
    readers = [
        path.relative_to(SRC).as_posix()
        for path in sorted(SRC.rglob("*.py"))
        if re.search(r"\benviron\b|getenv", path.read_text(encoding="utf-8"))
    ]
    assert readers == ["handlers/settings.py"]
