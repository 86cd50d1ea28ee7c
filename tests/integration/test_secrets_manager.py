from __future__ import annotations

import json
from typing import Any

import pytest

from adapters import secrets_manager
from adapters.aws_clients import client
from adapters.secrets_manager import SecretsManagerAccessTokens, SecretsManagerPlatformSecret
from domain.errors import ServiceUnavailableError
from domain.intake import PlatformSecrets

NAME = "ai-marketplace-platform/platform"


def store(values: dict[str, Any]) -> None:
    client("secretsmanager").create_secret(Name=NAME, SecretString=json.dumps(values))


def test_the_platforms_secrets_are_read() -> None:
    store({"app_secret": "now", "previous_app_secret": "before", "verify_token": "token"})
    secrets = SecretsManagerPlatformSecret(NAME).read()
    assert secrets == PlatformSecrets("now", "before", "token")
    assert secrets.app_secrets == ("now", "before")


@pytest.mark.parametrize("values", [{}, {"app_secret": None}, {"app_secret": "", "unknown": 1}])
def test_what_is_missing_is_empty(values: dict[str, Any]) -> None:
    store(values)
    assert SecretsManagerPlatformSecret(NAME).read() == PlatformSecrets("", "", "")


def test_a_worker_reads_once_and_a_new_one_again() -> None:
    store({"app_secret": "now"})
    assert SecretsManagerPlatformSecret(NAME).read().app_secret == "now"
    client("secretsmanager").put_secret_value(SecretId=NAME, SecretString='{"app_secret": "rotated"}')
    assert SecretsManagerPlatformSecret(NAME).read().app_secret == "now"
    secrets_manager._provider.cache_clear()  # a new worker
    assert SecretsManagerPlatformSecret(NAME).read().app_secret == "rotated"


def test_an_access_token_is_read_by_its_name() -> None:
    client("secretsmanager").create_secret(Name="ai-marketplace-platform/tenants/acme/1", SecretString="EAAG-token")
    assert SecretsManagerAccessTokens().token("ai-marketplace-platform/tenants/acme/1") == "EAAG-token"


def test_a_secret_that_is_not_there_is_an_error_of_ours_that_does_not_quote_it() -> None:
    with pytest.raises(ServiceUnavailableError):
        SecretsManagerPlatformSecret(NAME).read()
    with pytest.raises(ServiceUnavailableError):
        SecretsManagerAccessTokens().token("ai-marketplace-platform/tenants/nobody/1")


@pytest.mark.parametrize("text", ["not json", "[]", '"text"', "7"])
def test_a_secret_in_another_form_is_an_error_of_ours(text: str) -> None:
    client("secretsmanager").create_secret(Name=NAME, SecretString=text)
    with pytest.raises(ServiceUnavailableError):
        SecretsManagerPlatformSecret(NAME).read()
