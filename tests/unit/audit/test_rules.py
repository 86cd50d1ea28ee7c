from __future__ import annotations

from typing import Any

from ops.audit.findings import Finding, Kind
from ops.audit.reading import Reading
from ops.audit.rules import Rules
from ops.audit.survey import _with_consequences
from ops.declared.attributes import Place
from ops.declared.model import DeclaredResource

PLACE = Place("aws", "eu-west-1", "123456789012")
QUEUE_ARN, DEAD_ARN = (PLACE.arn("sqs", name) for name in ("inbox", "inbox-dlq"))


def reading(kind: str, name: str, found: dict[str, Any], **metadata: Any) -> Reading:
    named = {"FunctionName": name} if kind == "Lambda::Function" else {"QueueName": name}
    resource = DeclaredResource(name, f"AWS::{kind}", named, name, in_stack=True, metadata=metadata)
    return Reading(resource, there=True, found=found)


def deployment(visibility: int = 90, dead_letters: int = 1_209_600, **metadata: Any) -> list[Reading]:
    redrive = {"deadLetterTargetArn": DEAD_ARN, "maxReceiveCount": 5}
    queue = {"VisibilityTimeout": str(visibility), "MessageRetentionPeriod": "604800", "RedrivePolicy": redrive}
    return [
        reading("SQS::Queue", "inbox", queue, **metadata),
        reading("SQS::Queue", "inbox-dlq", {"VisibilityTimeout": "30", "MessageRetentionPeriod": str(dead_letters)}),
        reading("Lambda::Function", "handler", {"Timeout": 15}),
        reading("Lambda::EventSourceMapping", "m", {"EventSourceArn": QUEUE_ARN, "FunctionName": "handler"}),
    ]


def unsafe(readings: list[Reading], stage: str = "prod") -> list[tuple[str, str]]:
    return [(one.resource, one.where) for one in Rules(readings, PLACE, stage).findings()]


def test_a_message_stays_hidden_for_six_time_outs() -> None:
    assert unsafe(deployment(visibility=90)) == []
    assert unsafe(deployment(visibility=89)) == [("inbox", "VisibilityTimeout")]


def test_of_an_alias_it_is_the_functions_time_out() -> None:
    *others, _ = deployment(visibility=89)
    mapping = {"EventSourceArn": QUEUE_ARN, "FunctionName": "handler:live"}

    assert unsafe([*others, reading("Lambda::EventSourceMapping", "m", mapping)]) == [("inbox", "VisibilityTimeout")]


def test_a_queue_may_say_that_fewer_will_do() -> None:
    assert unsafe(deployment(visibility=45, VisibilityTimeouts=3)) == []
    assert unsafe(deployment(visibility=44, VisibilityTimeouts=3)) == [("inbox", "VisibilityTimeout")]


def test_dead_letters_are_kept_as_long_as_they_could_have_waited_before() -> None:
    assert unsafe(deployment(dead_letters=604_799)) == [("inbox-dlq", "MessageRetentionPeriod")]


def test_alarms_that_wake_nobody_are_unsafe_where_sellers_rely_on_them() -> None:
    alarm = reading("CloudWatch::Alarm", "inbox-dlq", {"AlarmActions": [], "Period": 60})

    assert unsafe([alarm], "prod") == [("inbox-dlq", "AlarmActions")]
    assert unsafe([alarm], "dev") == []
    assert Rules([alarm], PLACE, "dev").notes() == ["No alarm wakes anybody: the parameter AlarmEmail is empty."]


def test_what_a_drift_leads_to_is_told_with_the_drift() -> None:
    drift = Finding(Kind.DRIFTED, "AWS::SQS::Queue", "inbox", "inbox", "VisibilityTimeout", "90", "15", "put it back")

    [told] = _with_consequences([drift], Rules(deployment(visibility=15), PLACE, "prod").findings())

    assert told.kind is Kind.DRIFTED
    assert "90 or more, for handler" in told.remedy
