from __future__ import annotations

import pytest

from adapters.aws_clients import client
from adapters.secrets_manager import SecretsManagerAccessTokens
from domain.errors import ServiceUnavailableError


def test_an_access_token_is_read_by_its_name() -> None:
    client("secretsmanager").create_secret(Name="ai-marketplace-platform/tenants/acme/1", SecretString="EAAG-token")
    assert SecretsManagerAccessTokens().token("ai-marketplace-platform/tenants/acme/1") == "EAAG-token"


def test_a_secret_that_is_not_there_is_an_error_of_ours_that_does_not_quote_it() -> None:
    with pytest.raises(ServiceUnavailableError):
        SecretsManagerAccessTokens().token("ai-marketplace-platform/tenants/nobody/1")
