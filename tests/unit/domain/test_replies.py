"""Reply ids, which Meta echoes, and what they say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.messages import MessageId, Position
from domain.replies import ParsedReplyId, ReplyPurpose, ReplyState, parse_reply_id, reply_id
from tests import builders

MOST_CALLBACK_DATA = 512


@pytest.mark.parametrize("purpose", list(ReplyPurpose))
def test_a_reply_id_names_customer_place_and_purpose(purpose: ReplyPurpose) -> None:
    job = builders.job()
    assert parse_reply_id(reply_id(job.customer_id, job.position, purpose)) == ParsedReplyId(
        job.customer_id, job.position, job.message_id, purpose
    )


def test_it_fits_metas_callback_data_for_the_longest_message_id() -> None:
    recording = builders.recording(builders.message(message_id="w" * 256))
    named = reply_id(recording.customer_id, recording.position, ReplyPurpose.HANDOVER_NOTE)
    assert len(named) <= MOST_CALLBACK_DATA


@pytest.mark.parametrize(
    "callback_data",
    [
        None,
        "",
        "hello",
        "a|b",
        "a|b|answer",
        "a|2026-11-22T12:00:00Z#1|answer",
        "a|t#1#wamid|shrug",
        "a|t#1#wamid|answer|",
        "a|t#1#wamid|ANSWER",
        '{"campaign": "spring|summer|answer"}',
    ],
)
def test_what_other_software_writes_there_is_not_ours(callback_data: str | None) -> None:
    assert parse_reply_id(callback_data) is None


@given(st.text())
def test_any_callback_data_can_be_read(callback_data: str) -> None:
    parsed = parse_reply_id(callback_data)
    assert parsed is None or reply_id(parsed.customer_id, parsed.position, parsed.purpose) == callback_data


@given(st.text("abc#|:=+/", min_size=1, max_size=20))
def test_hashes_and_bars_in_a_message_id_stay_in_it(message_id: str) -> None:
    position = Position(f"2026-11-22T12:00:00Z#0000000000001#{message_id}")
    parsed = parse_reply_id(reply_id(builders.job().customer_id, position, ReplyPurpose.ANSWER))
    assert parsed is not None
    assert parsed.message_id == MessageId(message_id)


@pytest.mark.parametrize("state", list(ReplyState))
def test_what_was_perhaps_sent_is_taken(state: ReplyState) -> None:
    taken = {ReplyState.SENDING, ReplyState.SENT, ReplyState.UNCERTAIN}
    assert builders.reply(builders.job(), state=state).taken is (state in taken)
