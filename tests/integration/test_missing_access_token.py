"""A seller whose access token nobody has stored: the customer is not left in silence."""

from __future__ import annotations

import httpx
import pytest

from adapters.secrets_manager import SecretsManagerAccessTokens
from adapters.whatsapp_messenger import WhatsAppMessenger
from domain.answer import Answered
from domain.errors import AccessTokenUnreadableError
from domain.messages import MessageId
from domain.outbound import Text
from domain.pacing import MOST_OFFERS
from domain.replies import ReplyId
from tests.builders import ALICE, message, number
from tests.fakes.deployment import Deployment


@pytest.fixture
def posts() -> list[httpx.Request]:
    return []


@pytest.fixture
def messenger(posts: list[httpx.Request]) -> WhatsAppMessenger:
    def answer(request: httpx.Request) -> httpx.Response:
        posts.append(request)
        return httpx.Response(200, json={"messages": [{"id": "wamid.out.1"}]})

    return WhatsAppMessenger(
        "https://graph.example", "v26.0", SecretsManagerAccessTokens(), httpx.MockTransport(answer)
    )


def test_nothing_is_sent_and_that_is_certain(messenger: WhatsAppMessenger, posts: list[httpx.Request]) -> None:
    with pytest.raises(AccessTokenUnreadableError):
        messenger.mark_read(number(), MessageId("wamid.in.1"))
    with pytest.raises(AccessTokenUnreadableError):
        messenger.send(number(), ALICE, Text("hello"), ReplyId("id"))
    assert posts == []


def test_in_the_end_a_person_is_called(messenger: WhatsAppMessenger, monkeypatch: pytest.MonkeyPatch) -> None:
    deployment = Deployment()
    fake = deployment.cast.messenger
    monkeypatch.setattr(fake, "mark_read", messenger.mark_read)
    monkeypatch.setattr(fake, "send", messenger.send)
    deployment.deliver(message())
    assert deployment.drain() == [Answered.HANDED_OVER]
    assert deployment.replies()[0].attempts == MOST_OFFERS
    assert deployment.reasons == ["send_failed"]
