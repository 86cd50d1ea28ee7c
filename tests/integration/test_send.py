"""A person's send on real rows: what stays of it, for whoever opens the conversation."""

from __future__ import annotations

import pytest

from adapters.dynamodb_values import unpack
from adapters.whatsapp_outbound import rendered
from domain.conversations import conversation_id
from domain.dispatches import Dispatch
from domain.errors import NotAllowedError, NotFoundError, SendUncertainError
from domain.outbound import Button, Content, ReplyButtons
from domain.own_files import content_of
from domain.replies import Reply, ReplyState
from domain.send import send
from domain.thread_views import reply_view
from domain.threads import Outbound
from domain.track import track_status
from tests.builders import ACME, ACME_NUMBER, ALICE, GLOBEX, after, number, recording, status
from tests.contracts.world import World
from tests.fakes.tenants import FakeTenants
from tests.fakes.world import Cast
from tests.integration.aws_world import AwsLook

WHO = ALICE.first_customer_id(ACME)
CONTENT = ReplyButtons("Which one?", (Button("blue", "Blue"), Button("red", "Red")))


@pytest.fixture
def cast(world: World) -> Cast:
    world.record(recording())
    return Cast(world, FakeTenants(number()))


def say(cast: Cast, key: str = "key-00000001", by: str = "ana", content: Content = CONTENT) -> Reply:
    return send(ACME, WHO, Dispatch(key, by, content), now=after(minutes=1), ports=cast.send_ports)


def test_the_row_keeps_what_was_sent_as_meta_got_it(cast: Cast, look: AwsLook) -> None:
    sent = say(cast)
    [row] = [row for row in look.rows("ConversationsTable") if row["sk"].endswith("#send")]
    assert unpack(row["raw"]) == rendered(CONTENT)
    assert (row["by"], row["words"], row["state"], row["messageId"]) == ("ana", "Which one?", "sent", sent.message_id)
    [claim] = [row for row in look.rows("ConversationsTable") if row["sk"].startswith("k#")]
    assert (claim["conversationId"], claim["position"]) == (conversation_id(ACME, WHO), row["position"])
    assert (claim["tenantId"], claim["customerId"]) == (ACME, WHO)


def test_it_stands_in_the_conversation_and_is_hers(cast: Cast) -> None:
    sent = say(cast)
    thread = cast.world.thread(WHO)
    assert thread.entries[-1] == sent
    assert thread.conversation.person == "ana"
    assert say(cast) == sent
    assert len(cast.messenger.posts) == 1
    with pytest.raises(NotAllowedError):
        say(cast, "key-00000002", by="ben")


def test_a_status_settles_what_was_unclear(cast: Cast) -> None:
    cast.messenger.fail(SendUncertainError(None, "Meta gave no answer"))
    unclear = say(cast)
    assert unclear.state is ReplyState.UNCERTAIN
    update = status("delivered", reply_id=unclear.reply_id)
    track_status(update, ACME_NUMBER, {}, now=after(minutes=2), ports=cast.track_ports)
    assert say(cast).state is ReplyState.SENT
    assert len(cast.messenger.posts) == 1


def test_another_tenant_finds_nothing(cast: Cast) -> None:
    say(cast)
    assert cast.world.ledger.sent_under(GLOBEX, WHO, "key-00000001") is None
    with pytest.raises(NotFoundError, match="no conversation"):
        send(GLOBEX, WHO, Dispatch("key-00000001", "ana", CONTENT), now=after(minutes=1), ports=cast.send_ports)


def test_a_file_is_kept_by_name_and_digest_and_none_of_its_bytes(cast: Cast, look: AwsLook) -> None:
    said = say(cast, content=content_of(b"%PDF-1.7 made up", "application/pdf", "bill 7.pdf", "Here it is"))
    page = cast.world.threads.page(ACME, WHO, None, 10)
    assert page is not None
    entry = page.entries[-1]
    assert isinstance(entry, Outbound)
    view = reply_view(entry.reply, entry.raw)
    assert (view.type, view.filename, view.text, view.reply_id) == (
        "document",
        "bill 7.pdf",
        "Here it is",
        said.reply_id,
    )
    assert "made up" not in str(look.everything())
