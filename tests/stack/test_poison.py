"""A message that no handler can take goes to the dead-letter queue alone."""

from __future__ import annotations

from adapters.aws_clients import client
from ops.outcomes.states import FinalState
from tests.stack.deployed import Deployed, states, wait_until
from tests.stack.phone import chat_with

POISON = "this is not an update"


def test_a_poison_message_is_dead_lettered_alone(stack: Deployed) -> None:
    stack.wait_until_idle()
    before, after, beside = chat_with(stack), chat_with(stack), chat_with(stack)
    question = "How much is the Bamboo Cutting Board Large?"

    with stack.visibility("inbox", 1):
        asked = [before.say(question)]
        client("sqs").send_message(
            QueueUrl=stack.file.queues["inbox"],
            MessageBody=POISON,
            MessageGroupId="poisoned",
            MessageDeduplicationId="poison",
        )
        asked += [after.say(question), beside.say(question)]
        assert states(stack.settled(asked)) == [FinalState.ANSWERED] * 3
        wait_until(lambda: bool(_dead(stack)), 40, "the poison to be dead-lettered")

    received = client("sqs").receive_message(QueueUrl=stack.file.queues["inbox-dlq"], MaxNumberOfMessages=10)
    assert [letter["Body"] for letter in received["Messages"]] == [POISON]
    client("sqs").delete_message(
        QueueUrl=stack.file.queues["inbox-dlq"], ReceiptHandle=received["Messages"][0]["ReceiptHandle"]
    )
    assert not _dead(stack)


def _dead(stack: Deployed) -> int:
    return sum(depth.total for depth in stack.queues.depths() if depth.dead_letters)
