"""An envelope taken apart: nothing is lost, nothing raises, nothing comes twice."""

from __future__ import annotations

import base64
import json
import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.messages import Content, Context, Document, Image, TemplateButton, Text, Unknown, position_of
from handlers import whatsapp_messages, whatsapp_updates
from handlers.whatsapp_fields import decode
from handlers.whatsapp_keys import clean
from handlers.whatsapp_webhook import Queue, QueueItem, encode, split
from tests.unit.handlers.envelopes import (
    NUMBER,
    PHONE,
    RECEIVED_AT_MS,
    Recorded,
    bodies,
    body_with,
    canonical,
    change,
    entry,
    envelope,
    json_values,
    pieces,
    recorded,
    status,
    text_message,
    value,
)


def taken_apart(body: bytes) -> list[QueueItem]:
    return split(body, RECEIVED_AT_MS)


def carried(items: list[QueueItem]) -> Counter[str]:
    """Every piece of Meta's that stands in an item of its own."""
    return Counter(
        canonical(item.body[key]) for item in items for key in ("message", "status", "raw") if key in item.body
    )


def assert_nothing_lost(body: bytes) -> None:
    items = taken_apart(body)
    expected = Counter(pieces(body))
    found = carried(items)
    assert {piece: found[piece] for piece in expected if piece in found} == dict(expected)
    assert sum(item.queue is Queue.INBOX for item in items) <= sum(expected.values())


@pytest.mark.parametrize("body", recorded())
def test_recorded_bodies_lose_nothing(body: Recorded) -> None:
    assert_nothing_lost(body.body)


@pytest.mark.parametrize("body", recorded())
def test_recorded_bodies_can_be_read_from_the_queues(body: Recorded) -> None:
    for item in taken_apart(body.body):
        text = encode(item)
        if item.queue is Queue.INBOX:
            parsed = whatsapp_messages.parse_inbox_item(text)
            assert parsed.message.message_id == item.update_id == item.body["message"]["id"]
            assert parsed.message.raw == item.body["message"]
        else:
            update = whatsapp_updates.parse_update(text)
            if isinstance(update, whatsapp_updates.StatusItem):
                assert update.update.message_id == item.body["status"]["id"]


@given(bodies)
def test_generated_envelopes_lose_nothing(body: bytes) -> None:
    assert_nothing_lost(body)


@given(json_values)
def test_any_json_is_kept(root: Any) -> None:
    body = json.dumps(root).encode()
    items = taken_apart(body)
    if not (isinstance(root, dict) and isinstance(root.get("entry"), list)):
        assert [canonical(item.body["raw"]) for item in items] == [canonical(root)]


@given(st.binary())
def test_any_bytes_are_kept(body: bytes) -> None:
    try:
        json.loads(body)
    except ValueError:
        [item] = taken_apart(body)
        assert base64.b64decode(item.body["raw"]) == body


@given(bodies)
def test_items_survive_the_queue(body: bytes) -> None:
    for item in taken_apart(body):
        assert canonical(decode(encode(item))) == canonical(item.body)


@given(bodies)
def test_group_and_deduplication_ids_fit_sqs_and_name_nobody(body: bytes) -> None:
    for item in taken_apart(body):
        for name in (item.group, item.deduplication_id):
            assert len(name) == 40
            assert set(name) <= set("0123456789abcdef")
            assert PHONE not in name


def test_every_entry_change_and_item_counts() -> None:
    body = envelope(
        entry(
            change(value(messages=[text_message("wamid.1"), text_message("wamid.2")])),
            change(value(statuses=[status("wamid.3"), status("wamid.4")])),
        ),
        entry(change(value(messages=[text_message("wamid.5")], statuses=[status("wamid.6")], errors=[{"code": 1}]))),
        entry(change({"event": "ACCOUNT_RESTRICTION"}, field="account_update")),
    )
    items = taken_apart(body)
    assert [item.update_id for item in items if item.queue is Queue.INBOX] == ["wamid.1", "wamid.2", "wamid.5"]
    assert [item.body["status"]["id"] for item in items if item.kind == "status"] == ["wamid.3", "wamid.4", "wamid.6"]
    assert [(item.kind, item.body["value"]) for item in items if "value" in item.body] == [
        ("messages", {"errors": [{"code": 1}]}),
        ("account_update", {"event": "ACCOUNT_RESTRICTION"}),
    ]


def test_two_tenants_in_one_body_each_keep_their_number() -> None:
    theirs = "518834902267140"
    body = envelope(
        entry(change(value(messages=[text_message("wamid.1")])), waba_id="1"),
        entry(change(value(theirs, messages=[text_message("wamid.1")])), waba_id="2"),
    )
    ours, other = taken_apart(body)
    assert [(item.body["waba_id"], item.body["phone_number_id"]) for item in (ours, other)] == [
        ("1", NUMBER),
        ("2", theirs),
    ]
    assert ours.group != other.group
    assert ours.deduplication_id != other.deduplication_id


def test_a_customers_messages_share_a_group_and_a_duplicate_its_deduplication_id() -> None:
    first, second, again, other = taken_apart(
        body_with(
            messages=[
                text_message("wamid.1"),
                text_message("wamid.2"),
                text_message("wamid.1"),
                text_message("wamid.3", sender="447700900123"),
            ]
        )
    )
    assert first.group == second.group == again.group != other.group
    assert first.deduplication_id == again.deduplication_id != second.deduplication_id


@pytest.mark.parametrize(
    ("body", "group", "deduplication_id"),
    [
        pytest.param(
            body_with(messages=[text_message("wamid.1")]),
            "ccc0a62b57e2f518888855bb61b8095022ed2a35",
            "f070947db3300255d5b2af8bc3a17a2615ddd1e7",
            id="message",
        ),
        pytest.param(
            body_with(messages=[text_message('wamid.é"', sender="ñ1")]),
            "0868ad547f97948036b577e285aa5889ea5513e4",
            "a5d01059ea84c6a17de0d4e325e63b2a6952415f",
            id="not ASCII",
        ),
        pytest.param(
            envelope(entry(change({"event": "é", "at": 1e22, "of": None}, field="account_update"))),
            "b60732cde38e9a860ef64710d9aeb3a0b5d9d807",
            "b60732cde38e9a860ef64710d9aeb3a0b5d9d807",
            id="change",
        ),
    ],
)
def test_ids_are_those_of_the_version_before(body: bytes, group: str, deduplication_id: str) -> None:
    """While a deployment is under way both versions put updates on the queues."""
    [item] = taken_apart(body)
    assert (item.group, item.deduplication_id) == (group, deduplication_id)


@pytest.mark.parametrize(
    ("message", "contact"),
    [
        ({"from": PHONE}, {"wa_id": PHONE}),
        ({"from_user_id": "US.1"}, {"user_id": "US.1"}),
        ({"from": "US.1"}, {"user_id": "US.1"}),
        ({"from": "", "from_user_id": "US.1"}, {"wa_id": "", "user_id": "US.1"}),
        ({"from": PHONE, "from_user_id": "US.1"}, {"wa_id": PHONE, "user_id": "US.1"}),
    ],
)
def test_a_message_finds_its_contact_among_several(message: dict[str, Any], contact: dict[str, Any]) -> None:
    others = [{"wa_id": "447700900123"}, {"user_id": "US.2"}, 5, {"wa_id": ["x"]}]
    [item] = taken_apart(body_with(messages=[{"id": "wamid.1", **message}], contacts=[*others, contact]))
    assert item.body["contact"] == contact


def test_no_contact_is_better_than_anothers() -> None:
    strangers = [{"wa_id": "447700900123"}, {"wa_id": "447700900124"}]
    [item] = taken_apart(body_with(messages=[text_message()], contacts=strangers))
    assert item.body["contact"] is None


def contacts_of(messages: list[Any], *contacts: Any) -> list[Any]:
    items = taken_apart(body_with(messages=messages, contacts=list(contacts)))
    return [item.body["contact"] for item in items if item.kind == "message"]


def test_the_only_contact_is_the_only_senders_though_its_number_differs() -> None:
    brazilian = {"wa_id": "551187654321", "profile": {"name": "Ana"}}
    messages = [text_message(f"wamid.{n}", sender="5511987654321") for n in range(2)]
    assert contacts_of(messages, brazilian) == [brazilian, brazilian]


@pytest.mark.parametrize(
    "other",
    [
        text_message("wamid.2", sender="447700900123"),
        {"id": "wamid.2", "from_user_id": "US.2"},
        {"id": "wamid.2", "from": 5},
        {"id": "wamid.2"},
    ],
    ids=repr,
)
def test_the_only_contact_is_nobodys_where_several_write(other: dict[str, Any]) -> None:
    assert None in contacts_of([text_message("wamid.1"), other], {"wa_id": "447700900123", "user_id": "US.2"})
    assert contacts_of([text_message("wamid.1"), other], {"wa_id": PHONE})[0] == {"wa_id": PHONE}


def test_messages_are_received_in_the_order_of_their_envelope() -> None:
    bodies = [text_message(f"wamid.{n}") for n in (3, 1, 2)]
    body = envelope(entry(change(value(messages=bodies[:2]))), entry(change(value(messages=bodies[2:]))))
    positions = []
    for item in taken_apart(body):
        message = whatsapp_messages.parse_inbox_item(encode(item)).message
        positions.append(position_of(message, message.timestamp))
    assert positions == sorted(positions)
    assert [item.body["received_at_ms"] - RECEIVED_AT_MS for item in taken_apart(body)] == [0, 1, 2]


@pytest.mark.parametrize(
    "piece",
    [
        None,
        5,
        "text",
        [],
        {},
        {"id": "wamid.1"},
        {"from": PHONE},
        {"id": 5, "from": PHONE},
        {"id": "", "from": PHONE},
        {"id": "wamid.1", "from": 5},
        {"id": "wamid.\ud800", "from": PHONE},
        {"id": "wamid.\x00", "from": PHONE},
        {"id": "wamid." + "x" * 70_000, "from": PHONE},
        {"id": "wamid.1", "from": "1" * 70_000},
    ],
    ids=lambda piece: repr(piece)[:40],
)
def test_a_malformed_message_is_kept_and_its_neighbour_goes_on(piece: Any) -> None:
    broken, sound = sorted(
        taken_apart(body_with(messages=[piece, text_message("wamid.9")])), key=lambda item: item.queue
    )[::-1]
    assert broken.kind == "malformed"
    assert broken.queue is Queue.STATUSES
    assert broken.body["raw"] == piece
    assert sound.update_id == "wamid.9"


@pytest.mark.parametrize("piece", [None, 5, [], {}, {"id": None}, {"id": ""}, {"status": "sent"}], ids=repr)
def test_a_malformed_status_is_kept(piece: Any) -> None:
    broken, sound = taken_apart(body_with(statuses=[piece, status("wamid.9")]))
    assert (broken.kind, broken.body["raw"], sound.kind) == ("malformed", piece, "status")


def test_a_list_of_the_wrong_type_is_kept_beside_sound_ones() -> None:
    sound, rest = taken_apart(body_with(messages={"id": "wamid.1"}, statuses=[status()]))
    assert sound.kind == "status"
    assert rest.body["value"] == {"messages": {"id": "wamid.1"}}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"<html>", id="not JSON"),
        pytest.param(b"\xff\xfe\xfa", id="not UTF-8"),
        pytest.param(b"[" * 10_000, id="10k open brackets"),
        pytest.param(b"[" * 10_000 + b"]" * 10_000, id="10k lists"),
        pytest.param(b'{"entry":' * 10_000 + b"0" + b"}" * 10_000, id="10k objects"),
        pytest.param(b"null", id="null"),
        pytest.param(b"5", id="number"),
        pytest.param(b"NaN", id="NaN"),
        pytest.param(b"[]", id="list"),
        pytest.param(b"{}", id="no entry"),
        pytest.param(b'{"entry": {}}', id="entry is an object"),
        pytest.param(b'{"entry": [5]}', id="entry of numbers"),
        pytest.param(b'{"entry": [{"changes": 5}]}', id="changes is a number"),
        pytest.param(b'{"entry": [{"changes": [5]}]}', id="change is a number"),
        pytest.param(b'{"entry": [{"changes": [{"field": "messages"}]}]}', id="no value"),
        pytest.param(b'{"entry": [{"changes": [{"value": {}}]}]}', id="no field"),
        pytest.param(b'{"entry": [{"changes": [{"field": 5, "value": {}}]}]}', id="field is a number"),
    ],
)
def test_what_is_not_in_metas_form_is_one_malformed_item(body: bytes) -> None:
    [item] = taken_apart(body)
    assert item.kind == "malformed"
    assert isinstance(whatsapp_updates.parse_update(encode(item)), whatsapp_updates.MalformedItem)


@pytest.mark.parametrize("depth", range(850, 1010, 5))
@pytest.mark.parametrize("field", ["messages", "security", None])
def test_nesting_up_to_what_json_can_read_never_raises(depth: int, field: str | None) -> None:
    deep = "[" * depth + "]" * depth
    inner = f'{{"messages":[{{"id":"wamid.1","from":"{PHONE}","type":"text","text":{deep}}}]}}'
    body = f'{{"entry":[{{"changes":[{{"field":"{field}","value":{inner}}}]}}]}}' if field else deep
    items = taken_apart(body.encode())
    assert len(items) == 1
    assert encode(items[0])


def test_duplicate_keys_take_the_last_as_json_does() -> None:
    body = body_with(messages=[text_message("wamid.1")]).replace(
        b'"id": "wamid.1"', b'"id": "wamid.0", "id": "wamid.1"'
    )
    [item] = taken_apart(body)
    assert item.update_id == "wamid.1"


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("a\x00b", id="NUL"),
        pytest.param("\ud83d", id="lone surrogate"),
        pytest.param("\u202egnp.exe", id="RTL override"),
        pytest.param("x" * 65_536, id="65k"),
        pytest.param("<img onerror=alert(1)>", id="markup"),
    ],
)
def test_odd_text_survives_the_way(words: str) -> None:
    [item] = taken_apart(body_with(messages=[text_message(body=words)]))
    text = encode(item)
    assert text.isascii()
    assert whatsapp_messages.parse_inbox_item(text).message.raw["text"] == {"body": words}


def test_nan_survives_the_way() -> None:
    body = body_with(messages=[text_message(timestamp=float("nan"))])
    [item] = taken_apart(body)
    message = whatsapp_messages.parse_inbox_item(encode(item)).message
    assert message.timestamp == message.received_at


def test_nothing_stands_in_an_empty_list() -> None:
    assert taken_apart(envelope()) == []
    assert taken_apart(envelope(entry())) == []


def test_three_megabytes_with_a_thousand_updates() -> None:
    messages = [text_message(f"wamid.{n}", "x" * 2_700, sender=f"1202555{n % 100:04}") for n in range(1_000)]
    body = body_with(messages=messages)
    assert 2_800_000 < len(body) <= 3 * 1024 * 1024
    items = taken_apart(body)
    assert [item.update_id for item in items] == [message["id"] for message in messages]
    assert len({item.deduplication_id for item in items}) == 1_000
    assert len({item.group for item in items}) == 100


def test_history_goes_thread_by_thread() -> None:
    threads = [{"id": f"1202555{n:04}", "messages": [text_message(f"wamid.{n}")]} for n in range(3)]
    chunks = [
        {"metadata": {"chunk_order": 1}, "threads": threads[:2]},
        {"metadata": {"chunk_order": 2}, "threads": threads[2:]},
    ]
    items = taken_apart(envelope(entry(change(value(history=chunks), field="history"))))
    kept = [
        (item.body["value"]["history"][0]["metadata"], item.body["value"]["history"][0]["threads"]) for item in items
    ]
    assert kept == [
        ({"chunk_order": 1}, [threads[0]]),
        ({"chunk_order": 1}, [threads[1]]),
        ({"chunk_order": 2}, [threads[2]]),
    ]
    assert len({item.update_id for item in items}) == 3


@pytest.mark.parametrize("chunks", [[], [{}], [{"errors": [{"code": 2593109}]}], [5], {"threads": []}], ids=repr)
def test_history_in_any_form_is_kept(chunks: Any) -> None:
    [item] = taken_apart(envelope(entry(change(value(history=chunks), field="history"))))
    assert item.body["value"]["history"] == chunks


def test_listed_updates_go_one_by_one() -> None:
    echoes = [text_message(f"wamid.{n}") for n in range(2)]
    items = taken_apart(envelope(entry(change(value(message_echoes=echoes), field="smb_message_echoes"))))
    assert [item.body["value"]["message_echoes"] for item in items] == [[echo] for echo in echoes]
    assert {item.queue for item in items} == {Queue.STATUSES}


def parts(field: str, **lists: Any) -> list[Any]:
    return [item.body["value"] for item in taken_apart(envelope(entry(change(value(**lists), field=field))))]


def test_each_of_several_updates_takes_its_own_contacts_along() -> None:
    ann, bob = {"wa_id": PHONE, "user_id": "US.1"}, {"user_id": "US.2"}
    preferences: list[Any] = [{"wa_id": PHONE}, {"user_id": "US.2"}, {"wa_id": "447700900123"}, 5]
    found = parts("user_preferences", user_preferences=preferences, contacts=[ann, bob])
    assert found == [
        value(contacts=[ann], user_preferences=[{"wa_id": PHONE}]),
        value(contacts=[bob], user_preferences=[{"user_id": "US.2"}]),
        value(user_preferences=[{"wa_id": "447700900123"}]),
        value(user_preferences=[5]),
    ]


def test_threads_and_echoes_take_the_customers_contact_along() -> None:
    ann, bob = {"wa_id": PHONE}, {"wa_id": "447700900123"}
    threads = [{"id": PHONE, "messages": []}, {"id": "447700900123", "messages": []}]
    found = parts("history", history=[{"metadata": {"phase": 0}, "threads": threads}], contacts=[ann, bob])
    assert [part["contacts"] for part in found] == [[ann], [bob]]
    echoes = [{"from": NUMBER, "to": PHONE}, {"from": NUMBER, "to": "447700900123"}]
    found = parts("smb_message_echoes", message_echoes=echoes, contacts=[ann, bob])
    assert [part["contacts"] for part in found] == [[ann], [bob]]


def test_what_stands_beside_several_updates_is_a_part_of_its_own() -> None:
    stranger = {"wa_id": "447700900123"}
    found = parts("calls", calls=[{"id": "1"}, {"id": "2"}], contacts=[stranger, 5], errors=[{"code": 1}], statuses=[])
    assert found[2:] == [value(contacts=[stranger, 5], errors=[{"code": 1}])]
    assert parts("calls", calls=[{"id": "1"}, {"id": "2"}], contacts="odd")[2:] == [value(contacts="odd")]
    chunk = {"metadata": {"phase": 0}, "threads": [{"id": "1"}, {"id": "2"}], "errors": [{"code": 1}]}
    assert parts("history", history=[chunk])[2:] == [value(history=[{"errors": [{"code": 1}]}])]


BULK = "x" * 50_000
MANY = [f"1202555{n:04}" for n in range(1_000)]
PREFERENCES = [{"wa_id": phone, "category": "marketing_messages", "value": "stop"} for phone in MANY]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(change(of, field=field), id=name)
        for name, field, of in [
            (
                "contacts",
                "user_preferences",
                value(user_preferences=PREFERENCES, contacts=[{"wa_id": phone} for phone in MANY]),
            ),
            (
                "one long contact",
                "user_preferences",
                value(
                    user_preferences=[{"wa_id": PHONE}] * 100, contacts=[{"wa_id": PHONE, "profile": {"name": BULK}}]
                ),
            ),
            ("long metadata", "calls", {"metadata": {"bulk": BULK}, "calls": [{}] * 100}),
            ("something new", "calls", value(calls=[{}] * 100, hologram=BULK)),
            (
                "chunk",
                "history",
                value(
                    history=[{"metadata": {"bulk": BULK}, "bulk": BULK, "threads": [{"id": phone} for phone in MANY]}]
                ),
            ),
            (
                "echoes",
                "smb_message_echoes",
                value(
                    message_echoes=[text_message(to=phone) for phone in MANY],
                    contacts=[{"wa_id": phone} for phone in MANY],
                ),
            ),
            (
                "messages of one",
                "messages",
                value(
                    messages=[text_message(f"wamid.{n}") for n in range(100)],
                    contacts=[{"wa_id": PHONE, "profile": {"name": BULK}}],
                ),
            ),
            (
                "messages of many",
                "messages",
                value(
                    messages=[text_message(f"wamid.{phone}", sender=phone) for phone in MANY],
                    contacts=[{"wa_id": phone} for phone in MANY],
                ),
            ),
        ]
    ],
)
def test_a_body_does_not_multiply(body: Any) -> None:
    whole = envelope(entry(body))
    assert sum(len(encode(item)) for item in taken_apart(whole)) < 8 * len(whole)


def test_a_long_contact_keeps_what_is_read_of_it() -> None:
    profile = {"name": "Ruth" + BULK, "username": "ruth", "bulk": BULK}
    [contact] = contacts_of([text_message()], {"wa_id": PHONE, "user_id": "US.1", "profile": profile})
    assert contact == {"wa_id": PHONE, "user_id": "US.1", "profile": {"name": "Ruth" + "x" * 196, "username": "ruth"}}
    assert contacts_of([text_message()], {"wa_id": PHONE, "user_id": BULK, "profile": BULK}) == [
        {"wa_id": PHONE, "profile": {}}
    ]


@pytest.mark.parametrize(
    ("given_value", "expected"),
    [
        ("wamid.1", "wamid.1"),
        (123, "123"),
        ("a\x00b\ud800c\n", "a\ufffdb\ufffdc\ufffd"),
        ("ü" * 300, "ü" * 32),
        ("x" + "ü" * 300, "x" + "ü" * 31),
        ("x" * 500_000, "x" * 64),
        (None, ""),
        (True, ""),
        (1.5, ""),
        ({}, ""),
    ],
    ids=lambda case: repr(case)[:20],
)
def test_a_part_of_a_key_is_printable_and_short(given_value: Any, expected: str) -> None:
    assert clean(given_value, 64) == expected


def test_the_same_update_has_the_same_id_and_another_has_not() -> None:
    def of(event: str) -> str:
        return taken_apart(envelope(entry(change({"event": event}, field="account_update"))))[0].update_id

    assert of("A") == of("A") != of("B")


LIMIT = 1024 * 1024


def incompressible(characters: int) -> str:
    noise = random.Random(7)  # noqa: S311 (what cannot be compressed, not what cannot be guessed)
    return base64.b64encode(noise.randbytes(characters * 3 // 4)).decode()


def test_a_long_item_is_compressed() -> None:
    [item] = taken_apart(body_with(messages=[text_message(body="long " * 400_000)]))
    text = encode(item)
    assert len(text) < 50_000
    assert decode(text) == item.body


def test_an_item_that_cannot_be_compressed_keeps_id_and_sender() -> None:
    message = text_message("wamid.big", incompressible(2_000_000), from_user_id="US.1")
    [item] = taken_apart(body_with(messages=[message], contacts=[{"wa_id": PHONE, "profile": {"name": "Ruth"}}]))
    text = encode(item)
    parsed = whatsapp_messages.parse_inbox_item(text)
    assert len(text) < LIMIT
    assert (parsed.message.message_id, parsed.message.sender.phone) == ("wamid.big", PHONE)
    assert parsed.message.sender.user_id == "US.1"
    assert parsed.message.sender.profile_name == "Ruth"
    assert parsed.phone_number_id == NUMBER
    assert parsed.message.type == "text"
    assert decode(text)["content_dropped_bytes"] > 1_900_000


NOISE = incompressible(2_000_000)


@pytest.mark.parametrize(
    ("message_type", "content", "expected"),
    [
        ("text", {"body": NOISE}, Text(NOISE[:4_096])),
        (
            "image",
            {"id": "7", "mime_type": "image/png", "caption": NOISE},
            Image("7", "image/png", caption=NOISE[:4_096]),
        ),
        (
            "document",
            {"id": "7", "mime_type": "text/csv", "filename": "a.csv", "caption": "mine", "url": NOISE},
            Document("7", "text/csv", caption="mine", filename="a.csv"),
        ),
        ("button", {"text": NOISE, "payload": "p"}, TemplateButton(NOISE[:4_096], "p")),
        ("image", {"id": NOISE, "mime_type": "image/png"}, Unknown("image")),
        ("text", NOISE, Unknown("text")),
        ("order", {"text": NOISE}, Unknown("order")),
        ("timestamp", NOISE, Unknown("timestamp")),
    ],
    ids=lambda case: repr(case)[:30],
)
def test_a_message_that_is_too_big_keeps_its_first_words(message_type: str, content: Any, expected: Content) -> None:
    head = {"id": "wamid.1", "from": PHONE, "group_id": "g" * 300, "context": {"id": "wamid.0"}}
    [item] = taken_apart(body_with(messages=[{**head, "type": message_type, message_type: content}]))
    message = whatsapp_messages.parse_inbox_item(encode(item)).message
    assert message.content == expected
    assert message.group_id == "g" * 256
    assert message.context == Context("wamid.0")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(body_with(messages=[text_message(type=NOISE)]), id="type"),
        pytest.param(body_with(messages=[text_message(timestamp=NOISE)]), id="timestamp"),
        pytest.param(body_with(messages=[text_message(NOISE)]), id="message id"),
        pytest.param(body_with(messages=[text_message(sender=NOISE)]), id="sender"),
        pytest.param(body_with(messages=[text_message()], contacts=[{"profile": {"name": NOISE}}]), id="profile name"),
        pytest.param(envelope(entry(change(value(NOISE, messages=[text_message()])))), id="number"),
        pytest.param(envelope(entry(change(value(messages=[text_message()])), waba_id=NOISE)), id="account"),
        pytest.param(body_with(statuses=[status(NOISE)]), id="status id"),
        pytest.param(body_with(statuses=[status(name=NOISE)]), id="status"),
        pytest.param(body_with(statuses=[status(errors=NOISE)]), id="status errors"),
        pytest.param(envelope(entry(change({}, field=NOISE))), id="field"),
        pytest.param(envelope(entry(change({"message": NOISE}, field="message"))), id="field named message"),
        pytest.param(envelope(NOISE), id="entry"),
        pytest.param(NOISE.encode(), id="not JSON"),
    ],
)
def test_whatever_is_big_fits_the_queue_and_can_be_read(body: bytes) -> None:
    for item in taken_apart(body):
        text = encode(item)
        assert len(text) < LIMIT
        read = whatsapp_messages.parse_inbox_item if item.queue is Queue.INBOX else whatsapp_updates.parse_update
        assert read(text)


def test_a_big_status_still_says_what_became_of_which_message() -> None:
    [item] = taken_apart(
        body_with(statuses=[status("wamid.1", "failed", errors=[{"title": NOISE}], biz_opaque_callback_data="reply")])
    )
    parsed = whatsapp_updates.parse_update(encode(item))
    assert isinstance(parsed, whatsapp_updates.StatusItem)
    assert (parsed.update.message_id, parsed.update.status, parsed.update.reply_id) == ("wamid.1", "failed", "reply")


@pytest.mark.parametrize(
    "text", ["", "x", "[]", "5", '{"zlib": "x"}', '{"zlib": "eA=="}', '{"zlib": "é"}', '{"zlib":"eJyLBgAAXwBe"}']
)
def test_decode_refuses_what_encode_did_not_write(text: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        decode(text)
