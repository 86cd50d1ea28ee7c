"""What the template says of people: whoever may log in, what they may change, and how long a token holds."""

from __future__ import annotations

from typing import Any

import pytest

from domain.identify import OPERATORS
from handlers.cookies import CHALLENGE_SECONDS, REFRESH_SECONDS
from handlers.page_sessions import ACCESS_SECONDS
from tests.integration.template_resources import template as template_yaml


@pytest.fixture
def template() -> Any:
    return template_yaml()["Resources"]


def test_nobody_signs_up(template: Any) -> None:
    assert template["UserPool"]["Properties"]["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"]


def test_nobody_changes_their_own_tenant(template: Any) -> None:
    [attribute] = template["UserPool"]["Properties"]["Schema"]
    assert (attribute["Name"], attribute["Mutable"]) == ("tenantId", False)
    assert template["UserPoolClient"]["Properties"]["WriteAttributes"] == ["name"]


def test_nobody_behind_the_api_makes_an_operator(template: Any) -> None:
    assert template["OperatorGroup"]["Properties"]["GroupName"] == OPERATORS
    functions = [one for one in template.values() if one["Type"] == "AWS::Serverless::Function"]
    assert functions
    assert "Group" not in str([one["Properties"].get("Policies") for one in functions if "cognito" in str(one)])


def test_the_client_tells_nobody_who_is_known_and_takes_tokens_back(template: Any) -> None:
    client = template["UserPoolClient"]["Properties"]
    assert client["PreventUserExistenceErrors"] == "ENABLED"
    assert client["EnableTokenRevocation"]
    assert client["ExplicitAuthFlows"] == ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]


def test_cookies_live_as_long_as_what_is_in_them(template: Any) -> None:
    client = template["UserPoolClient"]["Properties"]
    assert client["TokenValidityUnits"] == {"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "days"}
    assert client["AccessTokenValidity"] * 60 == ACCESS_SECONDS
    assert client["RefreshTokenValidity"] * 24 * 3600 == REFRESH_SECONDS
    assert client["AuthSessionValidity"] * 60 == CHALLENGE_SECONDS
