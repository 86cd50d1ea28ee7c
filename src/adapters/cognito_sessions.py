"""Log-in, refresh and log-out at a Cognito user pool, and its authenticator apps.

Each call is vouched for by what it brings - password, session or token - and needs no permission of the function's, but
for the one that ends all sessions of whoever has chosen another password.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import ClientError, ParamValidationError

from adapters.aws_clients import client, translated
from domain.errors import LogInRefusedError, UnauthenticatedError
from domain.log_in import Challenge, ChallengeKind, LogInRefusal, Tokens

_NAMES = {ChallengeKind.NEW_PASSWORD: "NEW_PASSWORD_REQUIRED", ChallengeKind.TOTP: "SOFTWARE_TOKEN_MFA"}
_KINDS = {name: kind for kind, name in _NAMES.items()}
_ANSWERS = {ChallengeKind.NEW_PASSWORD: "NEW_PASSWORD", ChallengeKind.TOTP: "SOFTWARE_TOKEN_MFA_CODE"}

_NOT_AUTHORISED = {
    "NotAuthorizedException",
    "UserNotFoundException",
    "UserNotConfirmedException",
    "CodeDeliveryFailureException",
    "PasswordResetRequiredException",
    "InvalidParameterException",
}
_REFUSALS = {
    "InvalidPasswordException": LogInRefusal.PASSWORD_POLICY,
    "PasswordHistoryPolicyViolationException": LogInRefusal.PASSWORD_POLICY,
    "CodeMismatchException": LogInRefusal.CODE,
    "ExpiredCodeException": LogInRefusal.CODE,
    "EnableSoftwareTokenMFAException": LogInRefusal.CODE,
    "TooManyRequestsException": LogInRefusal.TOO_OFTEN,
    "TooManyFailedAttemptsException": LogInRefusal.TOO_OFTEN,
    "LimitExceededException": LogInRefusal.TOO_OFTEN,
}
_SHORTEST_SESSION = 20
"""Characters, as the API defines it: a shorter one does not even leave this machine."""
_LOCKED_OUT = "attempts exceeded"
"""In the words of a `NotAuthorizedException`, of an account that Cognito has locked for a while."""


class CognitoSessions:
    """`Sessions`, `PasswordResets` and `AuthenticatorApps`."""

    def __init__(self, client_id: str, user_pool_id: str) -> None:
        self._client_id = client_id
        self._pool = user_pool_id

    def begin(self, email: str, password: str) -> Tokens | Challenge:
        with _told("log in"):
            answer = client("cognito-idp").initiate_auth(
                ClientId=self._client_id,
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": email, "PASSWORD": password},
            )
        return _outcome(answer, email)

    def answer(self, challenge: Challenge, given: str) -> Tokens | Challenge:
        if len(challenge.session) < _SHORTEST_SESSION:
            raise LogInRefusedError(LogInRefusal.EXPIRED)
        with _told("answer a challenge", refused=LogInRefusal.EXPIRED):
            answer = client("cognito-idp").respond_to_auth_challenge(
                ClientId=self._client_id,
                ChallengeName=_NAMES[challenge.kind],
                Session=challenge.session,
                ChallengeResponses={"USERNAME": challenge.username, _ANSWERS[challenge.kind]: given},
            )
        return _outcome(answer, challenge.username)

    def refresh(self, refresh_token: str) -> str:
        with _told("refresh a session"):
            answer = client("cognito-idp").initiate_auth(
                ClientId=self._client_id,
                AuthFlow="REFRESH_TOKEN_AUTH",
                AuthParameters={"REFRESH_TOKEN": refresh_token},
            )
        return str(answer["AuthenticationResult"]["AccessToken"])

    def end(self, refresh_token: str) -> None:
        with _told("log out"):
            client("cognito-idp").revoke_token(ClientId=self._client_id, Token=refresh_token)

    def ask(self, email: str) -> None:
        try:
            with _told("ask for a new password"):
                client("cognito-idp").forgot_password(ClientId=self._client_id, Username=email)
        except LogInRefusedError as error:
            if error.reason is LogInRefusal.TOO_OFTEN:
                raise
            # Nobody we know, or who never came: told to nobody.

    def reset(self, email: str, code: str, password: str) -> None:
        with _told("choose a new password", refused=LogInRefusal.CODE):
            client("cognito-idp").confirm_forgot_password(
                ClientId=self._client_id, Username=email, ConfirmationCode=code, Password=password
            )
        # Cognito leaves them be. A worker that dies here has told nobody that it is done: they ask for another code.
        with _told("end all sessions"):
            client("cognito-idp").admin_user_global_sign_out(UserPoolId=self._pool, Username=email)

    def secret(self, access_token: str) -> str:
        with _told("begin with an authenticator app"):
            return str(client("cognito-idp").associate_software_token(AccessToken=access_token)["SecretCode"])

    def confirm(self, access_token: str, code: str) -> None:
        with _told("confirm an authenticator app"):
            client("cognito-idp").verify_software_token(AccessToken=access_token, UserCode=code)
        self._prefer(access_token, wanted=True)

    def forget(self, access_token: str) -> None:
        self._prefer(access_token, wanted=False)

    def _prefer(self, access_token: str, *, wanted: bool) -> None:
        with _told("set the second factor"):
            client("cognito-idp").set_user_mfa_preference(
                AccessToken=access_token, SoftwareTokenMfaSettings={"Enabled": wanted, "PreferredMfa": wanted}
            )


def _outcome(answer: Mapping[str, Any], username: str) -> Tokens | Challenge:
    if "AuthenticationResult" in answer:
        result = answer["AuthenticationResult"]
        return Tokens(access=result["AccessToken"], refresh=result["RefreshToken"])
    kind = _KINDS.get(answer.get("ChallengeName", ""))
    if kind is None:
        raise UnauthenticatedError(f"this way to log in is not known here: {answer.get('ChallengeName')}")
    # In place of an e-mail address, which may change, Cognito wants its own name of the user back.
    own_name = answer.get("ChallengeParameters", {}).get("USER_ID_FOR_SRP", username)
    return Challenge(kind, own_name, answer["Session"])


@contextmanager
def _told(what: str, refused: LogInRefusal = LogInRefusal.CREDENTIALS) -> Iterator[None]:
    """`refused`: what it means that Cognito does not authorise this call, or cannot read what it was given."""
    with translated(what):
        try:
            yield
        except ParamValidationError as error:  # nothing was typed: botocore does not even send it
            raise LogInRefusedError(refused) from error
        except ClientError as error:
            code, words = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
            if _LOCKED_OUT in words:
                raise LogInRefusedError(LogInRefusal.TOO_OFTEN) from error
            if code in _NOT_AUTHORISED:
                raise LogInRefusedError(refused) from error
            if code in _REFUSALS:
                raise LogInRefusedError(_REFUSALS[code], words) from error
            raise
