from __future__ import annotations

import csv
import io

import pytest

from domain.faulty_rows import FaultyRowsCsv
from domain.feed_rows import FeedRow
from domain.import_catalogue import FaultyRow


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://evil.example")'])
def test_no_cell_becomes_a_formula(cell: str) -> None:
    text = io.StringIO()
    row = FeedRow(2, {"id": cell, "=title": "x", "more": cell}, ("id", "=title"))
    FaultyRowsCsv(text).add(FaultyRow(row, (cell,)))
    header, written = csv.reader(io.StringIO(text.getvalue(), newline=""))
    assert header == ["line", "reasons", "id", "'=title", "more"]
    assert written == ["2", f"'{cell}", f"'{cell}", "x", f"more: {cell}"]
