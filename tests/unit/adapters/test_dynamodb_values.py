"""Between Python values and DynamoDB's attributes."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.dynamodb_values import from_item, pack, storable, time_of, time_text, to_item, unpack

MOST_OF_AN_ITEM = 400 * 1024


def test_none_is_left_out() -> None:
    assert to_item({"a": None, "b": 1, "c": ""}) == {"b": {"N": "1"}, "c": {"S": ""}}


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"text": "مرحبا 🍁", "flag": True, "number": 3, "price": Decimal("34.90")},
        {"bytes": b"\x00\xff", "set": {"a", "b"}},
        {"list": ["a", {"b": [1]}], "map": {"x": {"y": "z"}}},
    ],
    ids=repr,
)
def test_values_come_back_as_they_went(values: dict[str, Any]) -> None:
    assert from_item(to_item(values)) == values


def test_bytes_come_back_as_bytes() -> None:
    assert type(from_item(to_item({"b": b"abc"}))["b"]) is bytes


@given(st.datetimes(datetime(1970, 1, 1), datetime(9999, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 (hypothesis adds the time zone)
def test_times_come_back(at: datetime) -> None:
    assert time_of(time_text(at)) == at


_times = st.datetimes(datetime(1970, 1, 1), datetime(9998, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (as above)


@given(_times, _times)
def test_times_sort_as_text(one: datetime, other: datetime) -> None:
    assert (time_text(one) < time_text(other)) is (one < other)


def test_times_of_another_zone_are_written_in_utc() -> None:
    at = datetime(2026, 11, 22, 1, 0, tzinfo=timezone(timedelta(hours=2)))
    assert time_text(at) == "2026-11-21T23:00:00.000000Z"


_json: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters()),
    lambda children: st.lists(children) | st.dictionaries(st.text(st.characters()), children),
)


@given(_json)
def test_metas_json_comes_back(raw: Any) -> None:
    stored = pack(raw)
    assert unpack(stored) == raw
    if isinstance(stored, str):
        stored.encode("utf-8")


def test_long_json_is_compressed_and_comes_back() -> None:
    raw = {"text": {"body": "\ud800" + "long " * 100_000}}
    stored = pack(raw)
    assert isinstance(stored, bytes)
    assert len(stored) < 10_000
    assert unpack(stored) == raw
    assert unpack(from_item(to_item({"raw": stored}))["raw"]) == raw


def test_what_no_item_can_hold_is_dropped_and_says_so() -> None:
    noise = random.Random(7).randbytes(1_000_000).hex()  # noqa: S311 (what cannot be compressed, not what cannot be guessed)
    stored = pack({"text": noise})
    assert len(stored) < MOST_OF_AN_ITEM
    assert unpack(stored) == {"dropped_bytes": len(json.dumps({"text": noise}, separators=(",", ":")))}


@pytest.mark.parametrize(
    ("text", "most", "stored"),
    [
        ("hello", 10, "hello"),
        ("hello", 3, "hel"),
        ("", 3, ""),
        ("a\x00b", 10, "a\x00b"),
        ("\ud83d!", 10, "?!"),
        ("🍁🍁", 1, "🍁"),
    ],
)
def test_text_is_bounded_and_can_be_written(text: str, most: int, stored: str) -> None:
    assert storable(text, most) == stored


@given(st.text(st.characters()), st.integers(0, 50))
def test_any_text_can_be_stored(text: str, most: int) -> None:
    stored = storable(text, most)
    assert len(stored) <= most
    stored.encode("utf-8")
