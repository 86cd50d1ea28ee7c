"""The desk as the functions are wired to it: with the template's own settings, on its tables, from hand to hand."""

from __future__ import annotations

import httpx
import pytest

from adapters.aws_clients import client
from adapters.dynamodb_audit_trail import DynamoAuditTrail
from domain import messages as m
from domain.access import Principal, Role
from domain.canned_replies import CannedReply, add_canned, list_canned
from domain.customer_book import find_customers, note_wish
from domain.desk import Seen, change_hands, write_note
from domain.desk_rights import erase_customer, export_customer
from domain.desk_sends import send_as
from domain.errors import ConversationChangedError, NotFoundError
from domain.inbox import Folder, list_inbox, mark_read
from domain.outbound import Image, MediaFile, Text
from domain.ownership import Change
from domain.replies import ReplyState
from domain.thread_views import MessageView, ReplyView, read_thread
from handlers import bootstrap_desk
from tests.builders import ACME, ALICE, PERSON_REQUESTED, after, message, number, recording, tenant
from tests.contracts.world import World
from tests.integration.aws_world import AwsLook
from tests.integration.template_resources import TemplateResources

ANA = Principal("sub-ana", "Ana Reyes", Role.TENANT_ADMIN, ACME)
BEN = Principal("sub-ben", "Ben", Role.TENANT_AGENT, ACME)
HERS = ALICE.first_customer_id(ACME)


@pytest.fixture
def _wired(resources: TemplateResources, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Meta takes every message. Alice has asked for a person."""
    for name, value in resources.environment("TenantAdminApiFunction").items():
        monkeypatch.setenv(name, value)
    client("sns").create_topic(Name="ai-marketplace-handoff-notifications-platform")
    built = (bootstrap_desk.desk, bootstrap_desk.desk_sends, bootstrap_desk.canned_replies)
    for builder in (*built, bootstrap_desk.customer_book, bootstrap_desk.customer_rights, bootstrap_desk._env):
        builder.cache_clear()
    sellers = number(tenant())
    world.tenants.put(sellers)
    client("secretsmanager").create_secret(Name=sellers.access_token_secret, SecretString="EAAG-token")
    world.record(recording(message(at=after(minutes=-1)), PERSON_REQUESTED))
    taken = httpx.Response(200, json={"messages": [{"id": "wamid.out.1"}]})
    monkeypatch.setattr(httpx.Client, "request", lambda *_, **__: taken)
    monkeypatch.setattr(httpx.Client, "post", lambda *_, **__: taken)


@pytest.mark.usefixtures("_wired")
def test_a_day_at_the_desk(look: AwsLook) -> None:
    desk = bootstrap_desk.desk()
    [line] = list_inbox(ACME, Folder.WAITING, ports=desk).lines
    seen = Seen(line.conversation.version, line.inbound)
    change_hands(ANA, HERS, Change.TAKEN_OVER, seen=seen, now=after(minutes=1), ports=desk)
    with pytest.raises(ConversationChangedError) as late:
        change_hands(BEN, HERS, Change.TAKEN_OVER, seen=seen, now=after(minutes=1), ports=desk)
    assert late.value.line.conversation.person_name == "Ana Reyes"

    for _ in range(2):
        sent = send_as(ANA, HERS, Text("We have it"), key="1", now=after(minutes=2), ports=bootstrap_desk.desk_sends())
        assert sent.state is ReplyState.SENT
        write_note(ANA, HERS, "gift-wrapped", key="1", now=after(minutes=3), ports=desk)
    mark_read(ACME, HERS, line.inbound, ports=desk)
    shown = read_thread(ACME, HERS, ports=desk)
    assert shown is not None
    kinds = [type(item).__name__ for item in shown.items]
    assert kinds == ["MessageView", "EscalationView", "ChangeView", "ReplyView", "NoteView"]
    assert shown.line is not None
    assert (shown.line.unread, shown.line.unanswered_since) == (0, None)

    now_seen = Seen(shown.line.conversation.version, shown.line.inbound)
    back = change_hands(ANA, HERS, Change.HANDED_BACK, seen=now_seen, now=after(minutes=4), ports=desk)
    assert back.folder is Folder.ASSISTANT
    trail = DynamoAuditTrail(look.resources.tables["ConversationsTable"]).page(ACME, 10)
    assert {entry.action for entry in trail.entries} == {
        "conversation.taken_over", "conversation.handed_back", "message.sent",
    }  # fmt: skip
    assert len(trail.entries) == 3


@pytest.mark.usefixtures("_wired")
def test_a_customer_is_found_noted_handed_out_and_erased(look: AwsLook) -> None:
    book, rights, desk = bootstrap_desk.customer_book(), bootstrap_desk.customer_rights(), bootstrap_desk.desk()
    [found] = find_customers(ACME, "alice", ports=book)
    assert found.kept.customer.customer_id == HERS
    noted = note_wish(BEN, HERS, opted_out=True, now=after(minutes=1), ports=book)
    assert noted.kept.opt_out is not None
    assert noted.kept.opt_out.cause == "sub-ben"
    write_note(ANA, HERS, "gift-wrapped", key="1", now=after(minutes=3), ports=desk)

    exported, collected = export_customer(ANA, HERS, ports=rights)
    assert exported.places["conversations"]["notes"] == 1
    assert "gift-wrapped" in "".join(record.line for _, record in collected.records)

    receipt = erase_customer(ANA, HERS, ports=rights)
    assert receipt is not None
    left = [row for row in look.rows("ConversationsTable") if row["conversationId"] == f"{ACME}#{HERS}"]
    assert left == []
    for again in (export_customer, erase_customer):
        with pytest.raises(NotFoundError):
            again(ANA, HERS, ports=rights)


@pytest.mark.usefixtures("_wired")
def test_a_place_and_what_was_sent_are_read_from_metas_own_form(world: World) -> None:
    raw = {"type": "location", "location": {"latitude": 38.7, "longitude": -9.1, "name": "The shop"}}
    world.record(recording(message(m.Location(38.7, -9.1), "wamid.place", raw=raw), takes_over=False))
    picture = Image(MediaFile(link="https://example.com/mug.jpg"), "this one")
    send_as(ANA, HERS, picture, key="2", now=after(minutes=2), ports=bootstrap_desk.desk_sends())
    shown = read_thread(ACME, HERS, ports=bootstrap_desk.desk())
    assert shown is not None
    [place] = [item.place for item in shown.items if isinstance(item, MessageView) and item.place]
    assert (place.latitude, place.longitude, place.name) == (38.7, -9.1, "The shop")
    [sent] = [item for item in shown.items if isinstance(item, ReplyView)]
    assert (sent.type, sent.media_link, sent.text) == ("image", "https://example.com/mug.jpg", "this one")


@pytest.mark.usefixtures("_wired")
def test_canned_replies_are_kept_in_the_sellers_own_rows() -> None:
    ports = bootstrap_desk.canned_replies()
    made = add_canned(ACME, CannedReply("", "hi", "Greeting", "Hello!"), ports=ports)
    assert list_canned(ACME, ports=ports) == [made]
