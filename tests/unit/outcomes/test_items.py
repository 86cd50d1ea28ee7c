"""The webhook's answer, line by line."""

from __future__ import annotations

from ops.outcomes.items import accepted


def test_each_line_is_a_kind_and_an_id() -> None:
    assert accepted("message wamid.A\nstatus wamid.B:read\naccount_update 0c1f") == [
        ("message", "wamid.A"),
        ("status", "wamid.B:read"),
        ("account_update", "0c1f"),
    ]


def test_nothing_accepted() -> None:
    assert accepted("") == []


def test_what_the_webhook_escapes_is_read_back() -> None:
    assert accepted(r"message wamid.\nA" + "\n" + r"un campo \xe9 0c1f") == [
        ("message", "wamid.\nA"),
        ("un campo é", "0c1f"),
    ]
