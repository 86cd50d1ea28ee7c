"""Letters by cause."""

from __future__ import annotations

import json

import pytest

from adapters.dead_letters.causes import NOTHING_LOGGED, Causes, _causes_of
from adapters.dead_letters.groups import fingerprint, grouped, tenant_of
from adapters.dead_letters.letters import Letter
from adapters.dead_letters.queues import QueueName
from tests.builders import ACME, number
from tests.fakes.tenants import FakeTenants
from tests.unit.dlq.dead import WORDS, change_body, job_body, letter, message_body, status_body

INBOX, REPLIES, STATUSES = QueueName.INBOX, QueueName.REPLIES, QueueName.STATUSES


def line(**keys: object) -> str:
    told = {"level": "ERROR", "message": "not_recorded", "correlation_id": "wamid.in.1", "error": "KeyError"}
    return json.dumps(told | {"error_code": None, "error_at": ["receive.py:70"]} | keys)


def logged(*lines: str, queue: QueueName = INBOX) -> Causes:
    return Causes({queue: dict(cause for one in lines for cause in _causes_of(one))})


def test_the_functions_log_tells_why() -> None:
    assert logged(line()).why(letter(message_body())) == "KeyError at receive.py:70"


def test_the_newest_error_counts() -> None:
    causes = logged(line(), line(error="ContentionError", error_at=["receive.py:99"]))
    assert causes.why(letter(message_body())) == "ContentionError at receive.py:99"


def test_an_error_of_metas_has_its_code() -> None:
    assert logged(line(error="SendThrottledError", error_code=130429, error_at=[])).why(letter(message_body())) == (
        "SendThrottledError 130429"
    )


def test_the_line_that_made_the_call_is_told_not_the_one_that_translated_its_error() -> None:
    frames = ["dynamodb_transactions.py:45", "contextlib.py:158", "aws_clients.py:57"]
    causes = logged(line(error="ServiceUnavailableError", error_at=frames))
    assert causes.why(letter(message_body())) == "ServiceUnavailableError at dynamodb_transactions.py:45"


def test_a_record_that_the_function_could_not_read_is_found_by_its_sqs_id() -> None:
    causes = logged(line(correlation_id=None, sqs_message_id="sqs-1", error="MalformedRecordError"))
    assert causes.why(letter(message_body())) == "MalformedRecordError at receive.py:70"
    assert causes.why(letter("[]")) == "MalformedRecordError: is not a JSON object"


def test_what_was_never_logged() -> None:
    assert Causes().why(letter(message_body())) == NOTHING_LOGGED
    assert Causes().why(letter("[]")) == "MalformedRecordError: is not a JSON object"


def test_one_queues_log_says_nothing_of_anothers_letters() -> None:
    assert logged(line(), queue=REPLIES).why(letter(message_body())) == NOTHING_LOGGED


@pytest.mark.parametrize(
    "odd",
    ["START RequestId: 1", "[]", "null", line(error=None), line(error=WORDS), line(correlation_id=[WORDS])],
)
def test_lines_of_another_form_are_passed_over(odd: str) -> None:
    assert logged(odd).why(letter(message_body())) == NOTHING_LOGGED


def test_frames_of_another_form_are_not_repeated() -> None:
    assert logged(line(error_at=[WORDS, {}])).why(letter(message_body())) == "KeyError"
    assert logged(line(error_at=WORDS)).why(letter(message_body())) == "KeyError"


def why(letter: Letter) -> str:
    return letter.unreadable_because or "KeyError"


def test_a_group_is_queue_kind_type_and_error() -> None:
    letters = [
        letter(message_body("wamid.1")),
        letter(message_body("wamid.2")),
        letter(message_body("wamid.3", type="image")),
        letter(status_body(), STATUSES),
        letter(job_body(), REPLIES),
        letter("[]"),
        letter("[]", STATUSES),
    ]
    groups = grouped(letters, why)
    assert len(groups) == 6
    assert [found.update_id for found in groups[0].letters] == ["wamid.1", "wamid.2"], "largest first, in their order"
    assert len({group.fingerprint for group in groups}) == 6


def test_a_fingerprint_stays() -> None:
    assert fingerprint(letter(message_body("wamid.1")), "KeyError") == fingerprint(
        letter(message_body("wamid.2"), message_id="sqs-2"), "KeyError"
    )
    assert fingerprint(letter(message_body()), "KeyError") == "f0b80145"


@pytest.mark.parametrize(
    ("found", "tenant"),
    [
        (letter(message_body()), ACME),
        (letter(change_body(), STATUSES), ACME),
        (letter(job_body(), REPLIES), ACME),
        (letter({**message_body(), "phone_number_id": "9"}), ""),
        (letter("[]"), ""),
    ],
    ids=["by number", "by account", "by job", "a number of nobody's", "unreadable"],
)
def test_whose_it_is(found: Letter, tenant: str) -> None:
    assert tenant_of(found, FakeTenants(number())) == tenant
