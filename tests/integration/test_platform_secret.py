from __future__ import annotations

import json
import time
from typing import Any

import pytest

from adapters.aws_clients import client
from adapters.platform_secret import PlatformSecret
from domain.errors import ServiceUnavailableError
from domain.intake import PlatformSecrets
from tests.integration.aws_json_on_moto import ACCESS

NAME = "ai-marketplace-platform/platform"


def store(values: dict[str, Any]) -> None:
    client("secretsmanager").create_secret(Name=NAME, SecretString=json.dumps(values))


def test_the_platforms_secrets_are_read() -> None:
    store({"app_secret": "now", "previous_app_secret": "before", "verify_token": "token"})
    secrets = PlatformSecret(NAME, ACCESS).read()
    assert secrets == PlatformSecrets("now", "before", "token")
    assert secrets.app_secrets == ("now", "before")


@pytest.mark.parametrize("values", [{}, {"app_secret": None}, {"app_secret": "", "unknown": 1}])
def test_what_is_missing_is_empty(values: dict[str, Any]) -> None:
    store(values)
    assert PlatformSecret(NAME, ACCESS).read() == PlatformSecrets("", "", "")


def test_a_worker_reads_once_and_again_after_some_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    store({"app_secret": "now"})
    began, secret = time.monotonic(), PlatformSecret(NAME, ACCESS)
    assert secret.read().app_secret == "now"
    client("secretsmanager").put_secret_value(SecretId=NAME, SecretString='{"app_secret": "rotated"}')
    assert secret.read().app_secret == "now"
    monkeypatch.setattr(time, "monotonic", lambda: began + 3600)
    assert secret.read().app_secret == "rotated"


def test_a_secret_that_is_not_there_is_an_error_of_ours() -> None:
    with pytest.raises(ServiceUnavailableError, match="ResourceNotFoundException"):
        PlatformSecret(NAME, ACCESS).read()


@pytest.mark.parametrize("text", ["not json", "[]", '"text"', "7"])
def test_a_secret_in_another_form_is_an_error_of_ours(text: str) -> None:
    client("secretsmanager").create_secret(Name=NAME, SecretString=text)
    with pytest.raises(ServiceUnavailableError) as raised:
        PlatformSecret(NAME, ACCESS).read()
    assert text not in str(raised.value)
