"""What stands in a body, held against what the webhook says that it accepted."""

from __future__ import annotations

import pytest

from ops.outcomes.items import Address, Item
from ops.replay.contents import Content, contents, match
from tests.unit.replay.envelopes import body, change

HERE = Address("1", "waba")
ONE_OF_EACH = body(
    "waba",
    change("1", messages=[{"id": "wamid.1"}], statuses=[{"id": "wamid.2", "status": "read"}]),
    change("1", field="account_update"),
)


def test_messages_statuses_and_fields() -> None:
    assert contents(ONE_OF_EACH) == [
        Content("message", "wamid.1", HERE),
        Content("status", "wamid.2:read", HERE),
        Content("account_update", None, HERE),
    ]


@pytest.mark.parametrize(
    "content", [b"", b"no JSON", b"[]", b"3", b'{"entry": 5}', b'{"entry": [null, {"changes": 1}]}']
)
def test_no_envelope(content: bytes) -> None:
    assert contents(content) == []


def test_all_accepted() -> None:
    matched = match(contents(ONE_OF_EACH), "message wamid.1\nstatus wamid.2:read\naccount_update 0c1f")
    assert matched.missing == ()
    assert matched.items == (
        Item("message", "wamid.1", (HERE,)),
        Item("status", "wamid.2:read", (HERE,)),
        Item("account_update", "0c1f", (HERE,)),
    )


@pytest.mark.parametrize("dropped", ["message wamid.1", "status wamid.2:read", "account_update 0c1f"])
def test_what_was_not_accepted_is_missing(dropped: str) -> None:
    lines = ["message wamid.1", "status wamid.2:read", "account_update 0c1f"]
    lines.remove(dropped)
    [missing] = match(contents(ONE_OF_EACH), "\n".join(lines)).missing
    assert missing.kind == dropped.split(maxsplit=1)[0]


def test_a_message_that_stands_there_twice_is_accepted_twice() -> None:
    twice = contents(body("waba", change("1", messages=[{"id": "wamid.1"}, {"id": "wamid.1"}])))
    assert match(twice, "message wamid.1\nmessage wamid.1").missing == ()
    assert len(match(twice, "message wamid.1").missing) == 1


def test_the_same_id_under_two_numbers_is_two_items() -> None:
    found = contents(body("waba", change("1", messages=[{"id": "wamid.1"}]), change("2", messages=[{"id": "wamid.1"}])))
    items = match(found, "message wamid.1\nmessage wamid.1").items
    assert [item.addresses[0].phone_number_id for item in items] == ["1", "2"]


def test_a_change_may_be_several_updates() -> None:
    found = contents(body("waba", change("1", field="history")))
    matched = match(found, "history 0c1f\nhistory 1d2e")
    assert matched.missing == ()
    assert [item.addresses for item in matched.items] == [(HERE,), (HERE,)]


@pytest.mark.parametrize("broken", [{}, {"id": 5}, None, "text"])
def test_broken_messages_are_accounted_for_as_malformed(broken: object) -> None:
    found = contents(body("waba", change("1", messages=[broken, {"id": "wamid.1"}])))
    assert match(found, "malformed 0c1f\nmessage wamid.1").missing == ()
    assert len(match(found, "message wamid.1").missing) == 1
