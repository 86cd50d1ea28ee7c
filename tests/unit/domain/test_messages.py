"""Order of messages, the customer's words, and who waits for an answer."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import messages as m
from tests import builders
from tests.builders import NOON


def position(message_id: str, sent: float, received: float) -> m.Position:
    at = NOON + timedelta(seconds=sent)
    message = builders.message(message_id=message_id, at=at, received_at=NOON + timedelta(seconds=received))
    return m.position_of(message, at)


def test_positions_sort_by_metas_time_then_by_receipt_then_by_id() -> None:
    in_order = [
        position("wamid.z", 0, 9),
        position("wamid.y", 1, 2),
        position("wamid.x", 1, 3),
        position("wamid.a", 2, 2.5),
        position("wamid.b", 2, 2.5),
        position("wamid.0", 60, 60),
        position("wamid.0", 86_400 * 30, 86_400 * 30),
    ]
    assert all(before < then for before, then in pairwise(in_order))


times = st.tuples(st.integers(0, 10**8), st.integers(0, 10**8))


@given(times, times)
def test_positions_compare_as_times_do(one: tuple[int, int], other: tuple[int, int]) -> None:
    assert (position("w", *one) < position("w", *other)) is (one < other)


@pytest.mark.parametrize("content", builders.every_content(), ids=lambda content: type(content).__name__)
def test_who_waits_for_an_answer(content: m.Content) -> None:
    silent = {m.Sticker, m.Reaction, m.System, m.Edit, m.Revoke, m.Unsupported, m.Unknown, m.CallPermissionReply}
    assert m.expects_answer(builders.message(content)) is (type(content) not in silent)
    assert not m.expects_answer(builders.message(content, group_id="group-1"))


def test_a_picture_that_whatsapp_could_not_hand_over_was_sent_to_be_seen() -> None:
    assert m.expects_answer(builders.message(m.Unknown("image"), type="image"))
    assert not m.expects_answer(builders.message(m.Unknown("sticker"), type="sticker"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (m.Text("hello"), "hello"),
        (m.Image("1", "image/png", caption="this?"), "this?"),
        (m.Document("1", "application/pdf", caption="list", filename="secret.pdf"), "list"),
        (m.ButtonReply("1", "Yes"), "Yes"),
        (m.ListReply("1", "Mug", "blue"), "Mug"),
        (m.TemplateButton("More", "payload"), "More"),
        (m.Order("1", (), text="soon please"), "soon please"),
        (m.Reaction("wamid.1", "👍"), ""),
        (m.FlowReply('{"a": 1}'), ""),
        (m.Unknown("hologram"), ""),
    ],
)
def test_the_customers_own_words(content: m.Content, words: str) -> None:
    assert m.words_of(content) == words


def test_types_are_counted_under_a_closed_set_of_names() -> None:
    counted = {builders.message(content).counted_type for content in builders.every_content()}
    assert counted == m.InboundMessage.KNOWN_TYPES | {"unknown"}
