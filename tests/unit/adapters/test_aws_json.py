from __future__ import annotations

import http.client
import json
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from unittest import mock

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from adapters import aws_json
from adapters.aws_json import AwsAccess, AwsAnswer, AwsJson, AwsRequest, Connections, signed
from domain.errors import ServiceUnavailableError

ACCESS = AwsAccess("eu-west-1", "AKIDEXAMPLE", "made-up-key", session_token="made-up-token")
AT = datetime(2026, 11, 22, 20, 15, 9, tzinfo=UTC)
OK = AwsAnswer(200, b'{"Successful": []}')


class Host:
    """Gives one answer after the other, or raises it, and keeps what it was asked."""

    def __init__(self, *answers: AwsAnswer | Exception) -> None:
        self.answers = list(answers)
        self.requests: list[AwsRequest] = []

    def exchange(self, request: AwsRequest) -> AwsAnswer:
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    return slept


def call(monkeypatch: pytest.MonkeyPatch, host: Host, access: AwsAccess = ACCESS) -> dict[str, Any]:
    monkeypatch.setattr(Connections, "exchange", host.exchange)
    return AwsJson("sqs", "AmazonSQS", "1.0", access).call("SendMessageBatch", {"QueueUrl": "q", "Entries": ["é"]})


@pytest.mark.parametrize("token", ["made-up-token", None])
@pytest.mark.parametrize("body", [b"{}", '{"text": "¿Cuánto?"}'.encode(), b""])
@pytest.mark.parametrize("service", ["sqs", "secretsmanager"])
def test_a_request_is_signed_as_botocore_signs_it(service: str, body: bytes, token: str | None) -> None:
    headers = {"Host": f"{service}.eu-west-1.amazonaws.com", "Content-Type": "application/x-amz-json-1.0"}
    url = f"https://{headers['Host']}"
    ours = signed(AwsRequest(url, headers, body), service, replace(ACCESS, session_token=token), AT)

    theirs = AWSRequest("POST", f"{url}/", headers=dict(headers), data=body)
    theirs.context["timestamp"] = AT.strftime("%Y%m%dT%H%M%SZ")
    credentials = Credentials(ACCESS.access_key_id, ACCESS.secret_access_key, token)
    with mock.patch("botocore.auth.get_current_datetime", return_value=AT.replace(tzinfo=None)):
        SigV4Auth(credentials, service, "eu-west-1").add_auth(theirs)

    assert ours.headers["Authorization"] == theirs.headers["Authorization"]
    assert ours.headers.get("X-Amz-Security-Token") == token


def test_the_service_is_asked_in_its_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    host = Host(OK)
    assert call(monkeypatch, host) == {"Successful": []}
    [request] = host.requests
    assert request.url == "https://sqs.eu-west-1.amazonaws.com"
    assert request.headers["X-Amz-Target"] == "AmazonSQS.SendMessageBatch"
    assert request.headers["Content-Type"] == "application/x-amz-json-1.0"
    assert json.loads(request.body) == {"QueueUrl": "q", "Entries": ["é"]}


@pytest.mark.parametrize(
    ("access", "url"),
    [
        (replace(ACCESS, region="cn-north-1"), "https://sqs.cn-north-1.amazonaws.com.cn"),
        (replace(ACCESS, endpoint_url="http://127.0.0.1:4566"), "http://127.0.0.1:4566"),
    ],
)
def test_other_places_of_aws(monkeypatch: pytest.MonkeyPatch, access: AwsAccess, url: str) -> None:
    host = Host(OK)
    call(monkeypatch, host, access)
    assert host.requests[0].url == url


@pytest.mark.parametrize(
    "answer",
    [
        ConnectionResetError(),
        TimeoutError(),
        http.client.RemoteDisconnected("made up"),
        AwsAnswer(500, b""),
        AwsAnswer(503, b'{"__type": "com.amazonaws.sqs#ServiceUnavailable"}'),
        AwsAnswer(400, b'{"__type": "com.amazonaws.sqs#RequestThrottled"}'),
    ],
)
def test_what_may_be_repeated_is_at_once_then_after_a_pause(
    monkeypatch: pytest.MonkeyPatch, pauses: list[float], answer: AwsAnswer | Exception
) -> None:
    assert call(monkeypatch, Host(answer, answer, OK)) == {"Successful": []}
    assert len(pauses) == 1
    assert 0 < pauses[0] < 1


def test_three_attempts_are_all(monkeypatch: pytest.MonkeyPatch, pauses: list[float]) -> None:
    host = Host(*[TimeoutError()] * 4)
    with pytest.raises(ServiceUnavailableError, match="SendMessageBatch: TimeoutError"):
        call(monkeypatch, host)
    assert len(host.requests) == 3
    assert len(pauses) == 1


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (AwsAnswer(400, b'{"__type": "com.amazonaws.sqs#QueueDoesNotExist", "message": "words"}'), "QueueDoesNotExist"),
        (AwsAnswer(403, b'{"__type": "AccessDeniedException"}'), "AccessDeniedException"),
        (AwsAnswer(413, b"<html>"), "HTTP 413"),
        (AwsAnswer(400, b"[]"), "HTTP 400"),
    ],
)
def test_what_was_refused_is_not_repeated_and_told_by_its_code(
    monkeypatch: pytest.MonkeyPatch, answer: AwsAnswer, told: str
) -> None:
    host = Host(answer)
    with pytest.raises(ServiceUnavailableError) as raised:
        call(monkeypatch, host)
    assert str(raised.value) == f"SendMessageBatch: {told}"
    assert len(host.requests) == 1


@pytest.mark.parametrize("body", [b"<html>", b"[]"])
def test_an_answer_in_another_form_is_an_error_of_ours(monkeypatch: pytest.MonkeyPatch, body: bytes) -> None:
    with pytest.raises(ServiceUnavailableError, match="not a JSON object"):
        call(monkeypatch, Host(AwsAnswer(200, body)))


def test_a_connection_is_kept_until_it_fails() -> None:
    made: list[mock.Mock] = []

    def new(connections: Connections) -> Any:
        assert connections.host == "127.0.0.1:4566"
        connection = mock.Mock()
        connection.getresponse.return_value = mock.Mock(status=200, read=lambda: b"{}")
        made.append(connection)
        return connection

    request = AwsRequest("http://127.0.0.1:4566", {"Host": "127.0.0.1:4566"}, b"{}")
    with mock.patch.object(Connections, "_new", new):
        connections = Connections("http", "127.0.0.1:4566")
        for _ in range(3):
            connections.exchange(request)
        assert len(made) == 1
        made[0].request.side_effect = BrokenPipeError
        with pytest.raises(BrokenPipeError):
            connections.exchange(request)
        made[0].close.assert_called_once()
        connections.exchange(request)
        assert len(made) == 2


def test_where_tls_is_spoken_the_host_is_checked() -> None:
    connection = Connections("https", "sqs.eu-west-1.amazonaws.com")._new()
    assert isinstance(connection, http.client.HTTPSConnection)
    context = aws_json._trusted()
    assert context.check_hostname
    assert context.verify_mode.name == "CERT_REQUIRED"
