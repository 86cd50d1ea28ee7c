"""One customer is handed everything, or erased: over every table, bucket and queue, and nobody else's."""

from __future__ import annotations

import json
import random
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client
from adapters.customer_places import PLACES, SEARCHED
from adapters.dead_letters import queues as queues_module
from adapters.dynamodb_account_events import DynamoAccountEvents
from domain.customer_data import Asked
from domain.customers import CustomerId, CustomerIdentity
from domain.erase_customer import By, Receipt, would_erase
from domain.errors import ContentionError
from domain.export_customer import Export, ExportPorts, export
from domain.media import MediaJob
from domain.merging import split_of
from domain.messages import MessageId, Position
from domain.operator_log import ActionState
from domain.opt_out import Category, may_send
from domain.replies import ReplyState, SendOutcome
from domain.sweep import Swept, sweep
from domain.tombstones import hashed
from handlers.whatsapp_webhook import encode, split
from ops.customers.archive import zip_archive
from tests.builders import ACME, account_event, number
from tests.contracts.sending import a_send, dispatch
from tests.fakes.crashes import Crash
from tests.fakes.tenants import FakeTenants
from tests.fakes.world import Cast
from tests.integration.data_rights_world import (
    BOB,
    ERASED_AT,
    NAME,
    NOW,
    PHONE,
    USER_ID,
    WORDS,
    Rights,
    Rows,
    calls,
    customer_id,
    dies_after,
    echo_of,
    letter,
    live,
    live_briefly,
    make,
    numbers_in,
    preference_of,
    wamid,
)
from tests.integration.template_resources import template

SECRETS = (PHONE, USER_ID, NAME, WORDS)
ALICE = CustomerIdentity(phone=PHONE, user_id=USER_ID)
LATER = NOW + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    """Queues date letters by the clock: here it stands where this story begins, however late the test has its turn."""
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def rights(monkeypatch: pytest.MonkeyPatch) -> Rights:
    made = make(monkeypatch)
    live(made)
    return made


@pytest.fixture
def brief(monkeypatch: pytest.MonkeyPatch) -> Rights:
    made = make(monkeypatch)
    live_briefly(made)
    return made


def somebody_elses(key: str, row: Mapping[str, Any]) -> bool:
    """Of the other seller, of Bob, or the row of a message of nobody's, which goes by itself."""
    bobs = BOB in numbers_in(f"{key} {row}") or CustomerIdentity(phone=BOB).first_customer_id(ACME) in str(row)
    expires = key.endswith("sk=#pointer tenantId=acme") and "expiresAt" in row
    return "globex" in str(row) or "106540352242923" in key or bobs or expires


def left_of_her(rights: Rights) -> list[str]:
    rows = [(key, row) for table in rights.snapshot().values() for key, row in table.items()]
    found = [key for key, row in rows if not somebody_elses(key, row) and _tells(str(row))]
    found += [body for body in rights.letters() if _tells(body) and "106540352242923" not in body and _not_bobs(body)]
    return found


def _tells(text: str) -> bool:
    return any(secret in text for secret in SECRETS) or PHONE in numbers_in(text)


def _not_bobs(body: str) -> bool:
    return BOB not in numbers_in(body) and "globex" not in body


def changed(before: dict[str, Rows], after: dict[str, Rows]) -> tuple[list[str], list[str], list[str]]:
    """Rows that are gone, other, new."""
    gone, other, new = [], [], []
    for table, rows in before.items():
        gone += [f"{key} {row}" for key, row in rows.items() if key not in after[table]]
        other += [key for key, row in rows.items() if key in after[table] and after[table][key] != row]
        new += [key for key in after[table] if key not in rows]
    return gone, other, new


def counts(receipt: Receipt) -> dict[str, tuple[int, int, int]]:
    return {count.place: (count.found, count.deleted, count.left) for count in receipt.places}


# --- erasure ---


def test_everything_of_hers_goes_and_nothing_of_anybody_elses(rights: Rights) -> None:
    hers = customer_id(rights)
    before, letters, objects = rights.snapshot(), rights.letters(), rights.objects()
    assert len(left_of_her(rights)) > 30
    receipt = rights.erase()
    after = rights.snapshot()
    gone, other, new = changed(before, after)

    assert left_of_her(rights) == []
    assert all(_tells(row) or hers in row or "quarantine#m-1" in row for row in gone)
    assert other == ["conversationId=operator-log sk=" + f"{NOW:%Y-%m-%dT%H:%M:%S.%fZ}#act-1"]
    tombstones = {f"phoneNumber=acme#erased#{hashed(ACME, name)}" for name in (PHONE, USER_ID)}
    assert set(new) == {*tombstones, f"conversationId=operator-log sk={ERASED_AT:%Y-%m-%dT%H:%M:%S.%fZ}#receipt-1"}
    assert [body for body in letters if body not in rights.letters()] == [
        body for body in letters if (_tells(body) or hers in body) and "106540352242923" not in body and _not_bobs(body)
    ]
    assert rights.objects() == [one for one in objects if hers not in one]

    told = counts(receipt)
    assert receipt.complete
    assert all(left == 0 for _, _, left in told.values())
    assert told["customers"] == (2, 2, 0)  # her own row, and her user id's
    assert told["conversations"][0] == told["conversations"][1] > 12
    assert told["account-events"] == (3, 3, 0)
    assert told["quarantine"] == (4, 4, 0)
    assert told["operator-log"] == (1, 1, 0)
    assert told["media"] == (4, 4, 0)
    assert told["dead-letters"] == (14, 14, 0)
    assert receipt.on_their_way == 1
    assert receipt.subject == tuple(sorted(hashed(ACME, name) for name in (PHONE, USER_ID)))

    action = next(one for one in rights.log.newest(10) if one.action_id == "receipt-1")
    assert (action.command, action.operator, action.state) == ("customers erase", "ana", ActionState.DONE)
    assert hashed(ACME, PHONE)[:16] in action.subject
    assert not _tells(f"{receipt} {action}")


@pytest.mark.parametrize("asked", ["user id", "our id"])
def test_by_whatever_name_she_is_asked_for(brief: Rights, asked: str) -> None:
    brief.erase(Asked(USER_ID) if asked == "user id" else Asked(customer_id=customer_id(brief)))
    assert left_of_her(brief) == []


def test_a_rehearsal_counts_and_does_nothing(rights: Rights) -> None:
    before, letters = rights.snapshot(), rights.letters()
    rehearsal = would_erase(ACME, Asked(PHONE), by=By("ana"), now=NOW, ports=rights.ports)
    assert (rights.snapshot(), rights.letters()) == (before, letters)
    assert not rehearsal.complete
    assert counts(rehearsal)["media"] == (4, 0, 4)
    found = {name: numbers[0] for name, numbers in counts(rights.erase()).items()}
    assert {name: numbers[0] for name, numbers in counts(rehearsal).items() if name != "dead-letters"} == {
        name: number for name, number in found.items() if name != "dead-letters"
    }


def test_of_somebody_unknown_nothing_is_found_and_all_the_same_refused(brief: Rights) -> None:
    receipt = brief.erase(Asked("447700900123"))
    assert receipt.complete
    assert all(numbers == (0, 0, 0) for numbers in counts(receipt).values())
    assert received(brief, brief.text("hello", "early", phone="447700900123")) == "erased"


def test_again_finds_nothing(brief: Rights) -> None:
    brief.erase()
    again = brief.erase(now=LATER)
    assert again.complete
    assert all(numbers == (0, 0, 0) for numbers in counts(again).values())


# --- nothing comes back ---


def received(rights: Rights, body: bytes, received_at: datetime | None = None) -> str:
    """What became of the one message in it."""
    [item] = split(body, int((received_at or NOW).timestamp() * 1000))
    return rights.handle(encode(item))


def test_nothing_that_meta_sent_comes_back_when_it_is_sent_again(rights: Rights) -> None:
    """For seven days."""
    sent = [body for body in rights.sent if "106540352242923" not in body.decode()]
    rights.erase()
    before = rights.snapshot()
    for body in sent:
        rights.receive(body, NOW + timedelta(days=6))
    _, _, new = changed(before, rights.snapshot())
    assert left_of_her(rights) == []
    assert all("sk=#pointer" in key for key in new)
    assert before["TenantUsageTable"] == rights.snapshot()["TenantUsageTable"]


def test_an_old_letter_that_is_redriven_does_not_resurrect(brief: Rights) -> None:
    old = letter(brief, "acme-1")
    brief.erase()
    before = brief.snapshot()
    brief.dead("inbox", old)
    [body] = brief.drain("inbox")
    assert brief.handle(body) == "erased"
    assert changed(before, brief.snapshot()) == ([], [], [])


def test_nor_one_whose_message_was_never_recorded(brief: Rights) -> None:
    old = letter(brief, "acme-dead-0")
    brief.erase()
    assert brief.handle(json.dumps(old)) == "erased"
    assert left_of_her(brief) == []


def test_nor_of_a_suspended_seller(brief: Rights) -> None:
    from dataclasses import replace

    from domain.tenants import TenantStatus
    from handlers import bootstrap
    from tests.builders import tenant

    brief.erase()
    brief.tenants.put(number(replace(tenant(), status=TenantStatus.SUSPENDED)))
    bootstrap.message_handler.cache_clear()
    assert brief.handle(json.dumps(letter(brief, "acme-dead-0"))) == "erased"
    assert left_of_her(brief) == []


@pytest.mark.parametrize("back", [False, True], ids=["gone", "come back"])
def test_what_is_told_of_before_is_not_kept(brief: Rights, back: bool) -> None:
    brief.erase()
    if back:
        brief.receive(brief.text("hello again", "new-1", at=LATER), LATER)
    before = brief.snapshot()
    early = NOW - timedelta(minutes=1)
    for body in (echo_of(brief, "late-echo", early), preference_of(brief, "resume", early)):
        brief.receive(body, LATER)
    status = {"id": wamid(PHONE, "x"), "status": "hologram", "timestamp": str(int(early.timestamp()))}
    brief.receive(brief.meta({"statuses": [{**status, "recipient_id": PHONE}]}), LATER)
    _, _, new = changed(before, brief.snapshot())
    assert new == []


def test_a_status_of_an_erased_reply_leaves_a_row_that_expires(rights: Rights) -> None:
    told = [body for body in rights.sent if b"biz_opaque" in body and b"106540352242923" not in body]
    rights.erase()
    before = rights.snapshot()
    rights.receive(told[0])
    _, _, [new] = changed(before, rights.snapshot())
    row = rights.snapshot()["ConversationsTable"][new]
    assert timedelta(days=80) < datetime.fromtimestamp(int(row["expiresAt"]), UTC) - NOW < timedelta(days=91)


def test_who_writes_again_is_somebody_new_and_wants_no_offers_still(brief: Rights) -> None:
    hers = customer_id(brief)
    brief.erase()
    assert received(brief, brief.text("hello again", "new-1", at=LATER), LATER) == "reply_due"
    again = customer_id(brief)
    assert again != hers
    customer = brief.look.customer(ACME, ALICE)
    assert customer is not None
    assert customer.message_count == 1
    assert len(brief.world.thread(again).entries) == 1
    assert not may_send(Category.MARKETING, brief.look.opt_out(ACME, ALICE))


def test_the_sweeper_finds_a_row_that_is_gone_and_goes_on(brief: Rights) -> None:
    world = brief.world
    overdue = world.overdue()
    assert overdue
    hers = customer_id(brief)
    brief.erase()
    ports = Cast(world, FakeTenants(number())).sweep_ports
    before = brief.snapshot()
    for item in overdue:
        if item.customer_id == hers and item.tenant_id == ACME:
            assert sweep(item, now=NOW + timedelta(days=1), ports=ports) in {Swept.SETTLED, Swept.PUBLISHED}
    assert brief.snapshot() == before


# --- wherever it stops, it is gone on with ---


def test_wherever_it_is_stopped_it_ends_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues_module, "LOCK_SECONDS", 0)
    healthy = make(monkeypatch, "-healthy")
    live_briefly(healthy)
    with calls(lambda *_: None) as made:
        healthy.erase()
    assert len(made) > 10
    # A call of each kind, and which of them by chance: her rows, files and letters go by the same few calls.
    of_kind = {name: [n for n, call in enumerate(made) if call == name] for name in made}
    chosen = {random.Random(name).choice(calls_of) for name, calls_of in of_kind.items()}  # noqa: S311 (no secret)
    for n in sorted(chosen | {n for n, call in enumerate(made) if call == "TransactWriteItems"}):
        rights = make(monkeypatch, f"-{n}")
        live_briefly(rights)
        before = rights.snapshot()
        with pytest.raises(Crash), calls(dies_after(n)):
            rights.erase()
        receipt = rights.erase(now=LATER)
        where = f"after call {n} of {made}"
        assert receipt.complete, where
        assert left_of_her(rights) == [], where
        assert rights.objects() == [], where
        gone, other, _ = changed(before, rights.snapshot())
        assert all(_tells(row) or customer_id_of_alice() in row for row in gone), where
        assert other == [], where
        assert rights.world.erasures.unfinished(ACME, Asked(PHONE)) is None, where
        assert rights.handle(json.dumps(letter(rights, "acme-1"))) == "erased", where


def customer_id_of_alice() -> str:
    return CustomerIdentity(phone=PHONE).first_customer_id(ACME)


def test_a_message_meanwhile_is_erased_with_the_others_or_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whenever it comes: her row and her conversation are both there, whole, or neither is."""
    healthy = make(monkeypatch, "-healthy")
    live_briefly(healthy)
    with calls(lambda *_: None) as made:
        healthy.erase()
    came_back = 0
    moments = (0, 1, 2, 4, len(made) - 1)
    for n in moments:
        rights = make(monkeypatch, f"-{n}")
        live_briefly(rights)
        busy = False

        def meanwhile(at: int, _: str, rights: Rights = rights, n: int = n) -> None:
            nonlocal busy
            if at >= n and not busy:
                busy = True
                rights.receive(rights.text("hello again", "new-1", at=LATER), LATER)

        with calls(meanwhile):
            receipt = rights.erase()
        assert receipt.complete
        customer = rights.look.customer(ACME, ALICE)
        pointer = rights.look.row("ConversationsTable", keys.pointer(ACME, MessageId(wamid(PHONE, "new-1"))))
        if customer is None:
            assert left_of_her(rights) == []
        else:
            came_back += 1
            [entry] = rights.world.thread(customer.customer_id).entries
            assert getattr(entry, "message_id", "") == wamid(PHONE, "new-1")
            assert pointer["customerId"] == customer.customer_id
            assert customer.message_count == 1
    assert 0 < came_back < len(moments)


def test_letters_in_somebodys_hands_are_waited_for_and_not_denied(brief: Rights) -> None:
    from dataclasses import replace

    from ops.customers.dead_letters import DeadLettersPlace

    place = brief.places[-1]
    assert isinstance(place, DeadLettersPlace)
    subject = brief.world.search.find(ACME, Asked(PHONE))
    held = place.queues[0].take()
    with pytest.raises(ContentionError, match="in hand"):
        replace(place, patience_seconds=4, pause=lambda _: None).erase(ACME, subject)

    def give_back(_: float) -> None:
        place.queues[0].give_back(held)

    replace(place, pause=give_back).erase(ACME, subject)
    assert list(place.records(ACME, subject)) == []


# --- of several identities ---

OTHER = "12025550188"


@pytest.fixture
def merged(brief: Rights) -> Rights:
    """She wrote from another number too, called a person there, and was found to be one with herself."""
    later = NOW - timedelta(minutes=30)
    brief.receive(brief.text(WORDS, "other-1", phone=OTHER, at=later))
    brief.receive(brief.text("I want to talk to a human", "other-2", phone=OTHER, at=later + timedelta(minutes=1)))
    former = customer_id(brief, phone=OTHER)
    brief.receive(brief.text(WORDS, "both", phone=OTHER, from_user_id=USER_ID, at=later + timedelta(minutes=2)))
    assert customer_id(brief, phone=OTHER) != former
    informed = dispatch(by="shop", person=False)
    of, said = a_send(brief.world.conversation(customer_id(brief)), informed)
    assert brief.world.ledger.claim_send(ACME, of, said, informed)
    sent = SendOutcome(ReplyState.SENT, MessageId(wamid(OTHER, "sent")))
    brief.world.ledger.settle(ACME, of, said, sent)
    client("s3").put_object(Bucket=brief.bucket, Key=f"acme/{former}/media-1", Body=b"hers")
    brief.dead("media-dlq", asdict(MediaJob(ACME, former, Position("2026-11-22T12:00:00Z#wamid"))))
    return brief


def former_id() -> CustomerId:
    return CustomerIdentity(phone=OTHER).first_customer_id(ACME)


@pytest.mark.parametrize("asked", [Asked(OTHER), Asked(USER_ID), Asked(customer_id=former_id())])
def test_a_merged_customer_goes_whole_by_whatever_name(merged: Rights, asked: Asked) -> None:
    secrets = (OTHER, former_id(), customer_id_of_alice())
    receipt = merged.erase(asked)
    assert receipt.complete
    assert left_of_her(merged) == []
    rows = [f"{key} {row}" for table in merged.snapshot().values() for key, row in table.items()]
    assert [row for row in rows if any(secret in row for secret in secrets) or OTHER in numbers_in(row)] == []
    assert merged.objects() == []
    assert [body for body in merged.letters() if any(secret in body for secret in secrets)] == []
    for sender in (OTHER, PHONE):
        assert merged.handle(json.dumps(letter(merged, f"late-{sender}", phone=sender))) == "erased"
    assert left_of_her(merged) == []


def test_and_is_handed_all_of_it(merged: Rights, tmp_path: Path) -> None:
    _, file = exported(merged, tmp_path, Asked(OTHER))
    messages = lines(file, "conversations/messages.jsonl")
    assert {"send", "answer", "person"} <= {one["purpose"] for one in messages if one["direction"] == "out"}
    assert {wamid(OTHER, "other-1"), wamid(PHONE, "acme-1")} <= {one.get("messageId") for one in messages}
    assert len(lines(file, "conversations/merges.jsonl")) == 1
    assert len(lines(file, "conversations/send-keys.jsonl")) == 1
    assert len(lines(file, "conversations/waits.jsonl")) > 0
    assert len(lines(file, "customers/aliases.jsonl")) == 2
    assert file.read(f"media/{former_id()}/media-1") == b"hers"
    assert "media-dlq" in {one["queue"] for one in lines(file, "dead-letters/letters.jsonl")}


def test_who_was_split_off_leaves_nothing_with_the_other(merged: Rights) -> None:
    world = merged.world
    merge = world.identities.splittable(ACME, former_id())
    assert merge is not None
    assert world.identities.split(ACME, split_of(merge, frozenset(), "ana", NOW))
    objects = merged.objects()
    assert merged.erase(Asked(OTHER)).complete
    rows = [f"{key} {row}" for table in merged.snapshot().values() for key, row in table.items()]
    assert [row for row in rows if OTHER in row or (former_id() in row and "apartFrom" not in row)] == []
    said = [row for row in rows if "'direction': 'in'" in row]
    assert len(said) > 1
    assert [row for row in said if OTHER in numbers_in(row)] == []
    assert len(world.thread(customer_id(merged)).entries) > 3
    assert merged.objects() == [one for one in objects if former_id() not in one] != objects


# --- export ---


def exported(rights: Rights, folder: Path, asked: Asked | None = None) -> tuple[Export, zipfile.ZipFile]:
    path = folder / "alice.zip"
    ports = ExportPorts(rights.world.search, rights.places, rights.log)
    with zip_archive(path) as archive:
        told = export(
            ACME, asked or Asked(PHONE), export_id="export-1", by=By("ana"), now=NOW, archive=archive, ports=ports
        )
        archive.finish(told)
    return told, zipfile.ZipFile(path)


def lines(file: zipfile.ZipFile, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read(name).decode().splitlines()]


def test_the_export_has_each_message_once_with_metas_own_object(rights: Rights, tmp_path: Path) -> None:
    _, file = exported(rights, tmp_path)
    messages = lines(file, "conversations/messages.jsonl")
    inbound = [one for one in messages if one["direction"] == "in"]
    assert [one["messageId"] for one in inbound] == [wamid(PHONE, f"acme-{n}") for n in (1, 2, 3, 4)]
    assert inbound[0]["words"] == WORDS
    assert inbound[0]["raw"]["text"] == {"body": WORDS}
    outbound = [(one["purpose"], one["state"], one.get("delivery")) for one in messages if one["direction"] == "out"]
    assert outbound == [("answer", "sent", "delivered"), ("answer", "sending", None), ("person", "sent", None)]
    assert len({json.dumps(one) for one in messages}) == len(messages)


def test_and_everything_else_and_nothing_of_anybody_elses(rights: Rights, tmp_path: Path) -> None:
    before, letters = rights.snapshot(), rights.letters()
    told, file = exported(rights, tmp_path)
    gone, other, new = changed(before, rights.snapshot())
    assert (gone, other, len(new)) == ([], [], 1)
    assert rights.letters() == letters
    assert not _tells(str([one for one in rights.log.newest(10) if one.action_id == "export-1"]))
    for name in file.namelist():
        text = file.read(name).decode(errors="replace")
        assert "globex" not in text
        assert "Dodgson" not in text
        assert BOB not in numbers_in(text)
    names = set(file.namelist())
    assert {"manifest.json", "README.txt", "customers/profile.jsonl", "conversations/consent.jsonl"} <= names
    [profile] = lines(file, "customers/profile.jsonl")
    assert (profile["phone"], profile["userId"], profile["profileName"]) == (PHONE, USER_ID, NAME)
    assert [one["optedOut"] for one in lines(file, "conversations/consent.jsonl")] == [True, True]
    assert len(lines(file, "conversations/escalations.jsonl")) == 1
    assert [one["change"] for one in lines(file, "conversations/owner-changes.jsonl")] == ["taken_over"]
    assert len(lines(file, "account-events/updates.jsonl")) == 3
    assert len(lines(file, "quarantine/quarantined.jsonl")) == 4
    hers = customer_id(rights)
    assert file.read(f"media/{hers}/media-1") == b"second"
    assert len([name for name in names if name.startswith(f"media/{hers}/media-1")]) == 2
    manifest = json.loads(file.read("manifest.json"))
    assert manifest["nothing_found_in"] == []
    assert told.records == sum(sum(kinds.values()) for kinds in manifest["found"].values())


def test_where_nothing_is_known_it_says_so(brief: Rights, tmp_path: Path) -> None:
    told, file = exported(brief, tmp_path, Asked("447700900123"))
    assert told.records == 0
    assert json.loads(file.read("manifest.json"))["nothing_found_in"] == [place.name for place in SEARCHED]
    assert set(file.namelist()) == {"manifest.json", "README.txt"}


def test_after_an_erasure_there_is_nothing_to_hand_out(brief: Rights, tmp_path: Path) -> None:
    brief.erase()
    told, _ = exported(brief, tmp_path)
    assert told.records == 0


# --- the list of places ---


def test_every_table_queue_bucket_topic_and_log_of_the_template_is_a_place() -> None:
    kinds = {
        "AWS::DynamoDB::Table",
        "AWS::SQS::Queue",
        "AWS::S3::Bucket",
        "AWS::SNS::Topic",
        "AWS::Logs::LogGroup",
        "AWS::DynamoDB::GlobalTable",
        "AWS::Serverless::SimpleTable",
    }
    stored = {name for name, resource in template()["Resources"].items() if resource["Type"] in kinds}
    assert stored - {name for place in PLACES for name in place.resources} == set()


def test_each_place_that_is_searched_has_its_reader(brief: Rights) -> None:
    assert [place.name for place in brief.places] == [place.name for place in SEARCHED]


def test_what_she_said_of_a_message_that_never_came_goes_as_well(brief: Rights) -> None:
    for target in ("never-1", "acme-1"):
        pointing = {"original_message_id": wamid(PHONE, target), "message": {"type": "text", "text": {"body": WORDS}}}
        brief.receive(brief.text("", f"edit-{target}", type="edit", edit=pointing))
    waiting = brief.look.row("ConversationsTable", keys.pointer(ACME, MessageId(wamid(PHONE, "never-1"))))
    assert WORDS in str(waiting["waiting"])
    assert brief.erase().complete
    assert left_of_her(brief) == []


def test_updates_about_nobody_stay(brief: Rights) -> None:
    DynamoAccountEvents(brief.resources.tables["TenantsTable"]).keep(ACME, account_event("quality-1"))
    brief.erase()
    assert "quality-1" in brief.look.account_events(ACME)
