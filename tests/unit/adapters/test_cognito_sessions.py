"""What Cognito answers, and what it means to who logs in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.stub import ANY, Stubber

from adapters import aws_clients
from adapters.cognito_sessions import CognitoSessions
from domain.errors import LogInRefusedError, ServiceUnavailableError
from domain.log_in import Challenge, ChallengeKind, LogInRefusal, Tokens

SESSION = "AYABe" * 10
RESULT = {"AuthenticationResult": {"AccessToken": "a", "RefreshToken": "r", "IdToken": "i"}}
NEW_PASSWORD = Challenge(ChallengeKind.NEW_PASSWORD, "sub-1", SESSION)
TOTP = Challenge(ChallengeKind.TOTP, "sub-1", SESSION)


@pytest.fixture
def cognito(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    for name in ("AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "us-east-1")
    aws_clients._client.cache_clear()
    with Stubber(aws_clients.client("cognito-idp")) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()
    aws_clients._client.cache_clear()


@pytest.fixture
def sessions() -> CognitoSessions:
    return CognitoSessions("client-1", "pool-1")


def test_the_right_password_gives_tokens(cognito: Stubber, sessions: CognitoSessions) -> None:
    parameters = {"USERNAME": "ada@example.com", "PASSWORD": "right"}
    expected = {"ClientId": "client-1", "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters}
    cognito.add_response("initiate_auth", RESULT, expected)
    assert sessions.begin("ada@example.com", "right") == Tokens("a", "r")


@pytest.mark.parametrize(
    ("name", "kind"),
    [("NEW_PASSWORD_REQUIRED", ChallengeKind.NEW_PASSWORD), ("SOFTWARE_TOKEN_MFA", ChallengeKind.TOTP)],
)
def test_what_is_asked_besides_names_the_user_as_cognito_does(
    cognito: Stubber, sessions: CognitoSessions, name: str, kind: ChallengeKind
) -> None:
    parameters = {"USER_ID_FOR_SRP": "sub-1", "userAttributes": "{}"}
    asked = {"ChallengeName": name, "Session": SESSION, "ChallengeParameters": parameters}
    cognito.add_response("initiate_auth", asked)
    assert sessions.begin("ada@example.com", "first") == Challenge(kind, "sub-1", SESSION)


@pytest.mark.parametrize(
    ("challenge", "answer"),
    [(NEW_PASSWORD, {"NEW_PASSWORD": "given"}), (TOTP, {"SOFTWARE_TOKEN_MFA_CODE": "given"})],
)
def test_an_answer_goes_back_with_its_session(
    cognito: Stubber, sessions: CognitoSessions, challenge: Challenge, answer: dict[str, str]
) -> None:
    expected = {
        "ClientId": "client-1",
        "ChallengeName": ANY,
        "Session": SESSION,
        "ChallengeResponses": {"USERNAME": "sub-1", **answer},
    }
    cognito.add_response("respond_to_auth_challenge", RESULT, expected)
    assert sessions.answer(challenge, "given") == Tokens("a", "r")


@pytest.mark.parametrize(
    ("code", "words", "reason"),
    [
        ("NotAuthorizedException", "Incorrect username or password.", LogInRefusal.CREDENTIALS),
        ("UserNotFoundException", "User does not exist.", LogInRefusal.CREDENTIALS),
        ("NotAuthorizedException", "Password attempts exceeded", LogInRefusal.TOO_OFTEN),
        ("TooManyRequestsException", "Rate exceeded", LogInRefusal.TOO_OFTEN),
        ("PasswordResetRequiredException", "Password reset required", LogInRefusal.CREDENTIALS),
        ("InvalidParameterException", "1 validation error detected", LogInRefusal.CREDENTIALS),
    ],
)
def test_why_a_log_in_ends(
    cognito: Stubber, sessions: CognitoSessions, code: str, words: str, reason: LogInRefusal
) -> None:
    cognito.add_client_error("initiate_auth", code, words, http_status_code=400)
    with pytest.raises(LogInRefusedError) as raised:
        sessions.begin("ada@example.com", "wrong")
    assert raised.value.reason is reason


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("CodeMismatchException", LogInRefusal.CODE),
        ("InvalidPasswordException", LogInRefusal.PASSWORD_POLICY),
        ("NotAuthorizedException", LogInRefusal.EXPIRED),
        ("LimitExceededException", LogInRefusal.TOO_OFTEN),
    ],
)
def test_why_an_answer_is_not_taken(
    cognito: Stubber, sessions: CognitoSessions, code: str, reason: LogInRefusal
) -> None:
    cognito.add_client_error("respond_to_auth_challenge", code, "words", http_status_code=400)
    with pytest.raises(LogInRefusedError) as raised:
        sessions.answer(TOTP, "123456")
    assert raised.value.reason is reason


def test_a_session_that_is_none_has_expired(sessions: CognitoSessions) -> None:
    with pytest.raises(LogInRefusedError) as raised:
        sessions.answer(Challenge(ChallengeKind.TOTP, "sub-1", "short"), "123456")
    assert raised.value.reason is LogInRefusal.EXPIRED


def test_a_broken_cognito_is_nobodys_fault(cognito: Stubber, sessions: CognitoSessions) -> None:
    cognito.add_client_error("initiate_auth", "InternalErrorException", http_status_code=500)
    with pytest.raises(ServiceUnavailableError):
        sessions.begin("ada@example.com", "right")


def test_a_refresh_gives_an_access_token(cognito: Stubber, sessions: CognitoSessions) -> None:
    renewed: dict[str, Any] = {"AuthenticationResult": {"AccessToken": "b"}}
    parameters = {"REFRESH_TOKEN": "r"}
    expected = {"ClientId": "client-1", "AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": parameters}
    cognito.add_response("initiate_auth", renewed, expected)
    assert sessions.refresh("r") == "b"


def test_a_log_out_revokes_the_refresh_token(cognito: Stubber, sessions: CognitoSessions) -> None:
    cognito.add_response("revoke_token", {}, {"ClientId": "client-1", "Token": "r"})
    sessions.end("r")


def test_an_app_is_asked_for_from_the_moment_it_is_confirmed(cognito: Stubber, sessions: CognitoSessions) -> None:
    cognito.add_response("associate_software_token", {"SecretCode": "JBSWY3DPEHPK3PXP"}, {"AccessToken": "a"})
    cognito.add_response("verify_software_token", {"Status": "SUCCESS"}, {"AccessToken": "a", "UserCode": "123456"})
    preferred = {"Enabled": True, "PreferredMfa": True}
    expected = {"AccessToken": "a", "SoftwareTokenMfaSettings": preferred}
    cognito.add_response("set_user_mfa_preference", {}, expected)
    assert sessions.secret("a") == "JBSWY3DPEHPK3PXP"
    sessions.confirm("a", "123456")


def test_a_wrong_code_confirms_nothing(cognito: Stubber, sessions: CognitoSessions) -> None:
    cognito.add_client_error("verify_software_token", "EnableSoftwareTokenMFAException", http_status_code=400)
    with pytest.raises(LogInRefusedError) as raised:
        sessions.confirm("a", "000000")
    assert raised.value.reason is LogInRefusal.CODE


@pytest.mark.parametrize("code", ["UserNotFoundException", "NotAuthorizedException", "InvalidParameterException"])
def test_who_is_not_known_is_not_told_so(cognito: Stubber, sessions: CognitoSessions, code: str) -> None:
    cognito.add_client_error("forgot_password", code, http_status_code=400)
    sessions.ask("nobody@example.com")


def test_who_asks_too_often_is(cognito: Stubber, sessions: CognitoSessions) -> None:
    cognito.add_client_error("forgot_password", "LimitExceededException", http_status_code=400)
    with pytest.raises(LogInRefusedError) as raised:
        sessions.ask("ada@example.com")
    assert raised.value.reason is LogInRefusal.TOO_OFTEN


CONFIRMED = {
    "ClientId": "client-1",
    "Username": "ada@example.com",
    "ConfirmationCode": "123456",
    "Password": "another",
}
SIGNED_OUT = {"UserPoolId": "pool-1", "Username": "ada@example.com"}


def test_where_nothing_was_typed_nobody_is_asked_and_nothing_is_broken(
    cognito: Stubber, sessions: CognitoSessions
) -> None:
    cognito.deactivate()  # it would answer before botocore looks at what is asked
    sessions.ask("")
    with pytest.raises(LogInRefusedError) as raised:
        sessions.reset("", "123456", "another")
    assert raised.value.reason is LogInRefusal.CODE


def test_a_reset_brings_code_and_password_and_ends_all_sessions(cognito: Stubber, sessions: CognitoSessions) -> None:
    cognito.add_response("confirm_forgot_password", {}, CONFIRMED)
    cognito.add_response("admin_user_global_sign_out", {}, SIGNED_OUT)
    sessions.reset("ada@example.com", "123456", "another")


def test_a_reset_that_could_not_end_them_is_not_told_as_done(cognito: Stubber, sessions: CognitoSessions) -> None:
    cognito.add_response("confirm_forgot_password", {}, CONFIRMED)
    cognito.add_client_error("admin_user_global_sign_out", "InternalErrorException", http_status_code=500)
    with pytest.raises(ServiceUnavailableError):
        sessions.reset("ada@example.com", "123456", "another")


@pytest.mark.parametrize("code", ["CodeMismatchException", "ExpiredCodeException", "UserNotFoundException"])
def test_a_reset_with_a_code_that_is_none(cognito: Stubber, sessions: CognitoSessions, code: str) -> None:
    cognito.add_client_error("confirm_forgot_password", code, http_status_code=400)
    with pytest.raises(LogInRefusedError) as raised:
        sessions.reset("ada@example.com", "123456", "another")
    assert raised.value.reason is LogInRefusal.CODE
