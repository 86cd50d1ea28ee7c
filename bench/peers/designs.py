"""What the peers' designs do for one text that is answered, with the three statuses of the answer: read, not run.

Each is a public repository; beside a number stands where it was counted, at the commit that is named. What is in doubt
is counted in the peer's favour: no media, no model, rows up to a kilobyte, logs as short as their samples are.
"""

from __future__ import annotations

from dataclasses import dataclass

_EVENT_BYTES = 2_000
"""Of SNS, with a message or a status in it: sns_message.json of connect-chat is 1,069, in SNS's own envelope."""


@dataclass(frozen=True)
class Work:
    """Of one function, for one message."""

    gb: float
    invocations: int
    calls: float
    """Of AWS."""
    sends: int = 0
    """Calls that reach Meta, a model's apart."""
    built_clients: int = 0
    """Of boto3, made anew with each message."""
    arm64: bool = False


@dataclass(frozen=True)
class Design:
    name: str
    source: str
    work: tuple[Work, ...]
    written: float
    """Units of DynamoDB, as the next."""
    read: float
    sns: int
    """Publishes: AWS End User Messaging publishes each message and each status."""
    log_bytes: int
    social_messages: int = 2
    """That AWS End User Messaging takes a fee for: the text and its answer."""
    connect_messages: int = 0


BUILD_ON_AWS = Design(
    "build-on-aws v2",
    "build-on-aws/building-gen-ai-whatsapp-assistant-with-amazon-bedrock-and-python@5db685a, private-assistant-v2",
    (
        # lambdas/code/whatsapp_in/lambda_function.py:49 Invoke, :82 PutItem, :83 mark as read, :84 reaction; a client
        # for each message (whatsapp.py:33). 256 MB: lambdas/project_lambdas.py:18. Statuses come too: sns_topic.
        Work(0.25, 4, calls=2, sends=2, built_clients=1),
        # lambdas/code/bedrock_agent/lambda_function.py:136 Query, :314 the answer; five clients for
        # each message: :42-46, by :246
        Work(0.25, 1, calls=1, sends=1, built_clients=5),
    ),
    written=1,
    read=0.5,
    sns=4,
    log_bytes=6_000,  # the event, what it hands on and every answer of boto3 whole: lambda_function.py:61-165, :257
)

CONNECT_CHAT = Design(
    "aws-samples connect-chat",
    "aws-samples/sample-whatsapp-end-user-messaging-connect-chat@5fb54e8, whatsapp-eum-connect-chat/lambdas/code",
    (
        Work(0.5, 4, calls=1, arm64=True),  # on_raw_messages/lambda_function.py:38 PutItem; 512 MB, arm64
        Work(0.5, 1, calls=1, arm64=True),  # message_aggregator/lambda_function.py:32 Invoke
        # whatsapp_event_handler/lambda_function.py:151 GetParameter, :95 Query, :89 mark as read, :90 and :139
        # reactions; connect_chat_service.py:105 SendMessage
        Work(0.5, 1, calls=3, sends=3, arm64=True),
        # connect_event_handler/lambda_function.py:17 Query, :21 the answer; the customer's own words come back to it
        Work(0.5, 2, calls=1, sends=1, arm64=True),
    ),
    written=1,
    read=1,
    sns=6,
    log_bytes=20_000,  # four events whole (on_raw_messages:11), then each form of it (message_aggregator:13-28), …
    connect_messages=2,
)

WECARE_DIGITAL = Design(
    "wecaredigital",
    "wecaredigital/base.wecare.digital-whatsapp@a398218, app.py; 512 MB: deploy/lambda-config.json",
    (
        # app.py:6942 PutItem, :6946 mark as read and UpdateItem, :6951 reaction and UpdateItem, :6966 UpdateItem, :6970
        # the answer, :6988 Publish; with each of three statuses :7092 UpdateItem
        Work(0.5, 4, calls=8, sends=3),
    ),
    written=7,
    read=0,
    sns=5,
    log_bytes=4 * _EVENT_BYTES,  # app.py:6525, each event whole
)

PEERS = (BUILD_ON_AWS, CONNECT_CHAT, WECARE_DIGITAL)
