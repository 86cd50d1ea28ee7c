"""What an operator reads, and puts into a ticket."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.erase_customer import By, PlaceCount, Receipt
from ops.customers import rights_view as view
from ops.customers.rights_report import receipt_report
from tests.builders import ACME, NOON, after

DONE = Receipt("r-1", ACME, ("00ff",), By("ana"), NOON, NOON, False, (PlaceCount("media", 2, 2, 0),), 1)


def printed(capsys: pytest.CaptureFixture[str], receipt: Receipt) -> str:
    view.show_receipt(receipt_report(receipt, after(minutes=1)))
    return " ".join(capsys.readouterr().out.split())


def test_what_is_kept_is_told_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    told = printed(capsys, DONE)
    assert "0 left. Receipt r-1." in told
    assert "1 replies were being sent" in told
    assert "sums name nobody" in told
    assert "expire" in told


def test_what_is_left_is_no_success(capsys: pytest.CaptureFixture[str]) -> None:
    told = printed(capsys, replace(DONE, places=(PlaceCount("media", 2, 1, 1),)))
    assert "Something is left" in told
    assert "Receipt" not in told


def test_a_rehearsal_says_that_nothing_was_done(capsys: pytest.CaptureFixture[str]) -> None:
    rehearsal = replace(DONE, erased_at=None)
    assert "Nothing was done." in printed(capsys, rehearsal)
    assert view.question(receipt_report(rehearsal, NOON)) == ("Erase one customer of acme for good: 2 in media. Go on?")
