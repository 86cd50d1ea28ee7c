from __future__ import annotations

import io

import pytest

from domain.feed_rows import FeedFileError, FeedRow, read_rows


def rows(content: str | bytes, encoding: str = "utf-8") -> list[FeedRow]:
    return list(read_rows(io.BytesIO(content if isinstance(content, bytes) else content.encode(encoding))))


def fields(content: str | bytes, encoding: str = "utf-8") -> list[dict[str, str]]:
    return [dict(row.fields) for row in rows(content, encoding)]


MUG = {"id": "1", "title": "Taza niño"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_table_is_read_in_whatever_unicode_a_spreadsheet_wrote_it(encoding: str) -> None:
    mark = "\ufeff" if encoding in {"utf-16-le", "utf-16-be"} else ""
    assert fields(f"{mark}id,title\r\n1,Taza niño\r\n", encoding) == [MUG]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_header_tells_the_delimiter(delimiter: str) -> None:
    assert fields(f"id{delimiter}title\n1{delimiter}Taza niño\n") == [MUG]


def test_a_row_is_told_by_the_line_where_it_begins() -> None:
    content = '# Required,# Required\nid,title\n1,"two\nlines"\n\n2,Mug\n'
    assert [(row.line, row.fields["id"]) for row in rows(content)] == [(3, "1"), (6, "2")]


def test_what_is_no_utf_8_costs_its_own_row_alone() -> None:
    first, second = rows(b"id,title\n1,Caf\xe9\n2,Mug\n")
    assert "UTF-8" in first.fault
    assert first.fields["id"] == "1"
    assert (second.fault, second.fields["title"]) == ("", "Mug")


def test_more_values_than_columns_are_a_fault() -> None:
    assert rows("id,title\n1,Mug,blue\n")[0].fault == "3 values for 2 columns"
    assert not rows("id,title\n1,Mug,,\n")[0].fault


def test_an_open_quotation_mark_ends_the_reading_with_its_line() -> None:
    content = 'id,title\n1,Mug\n2,"open\n' + "x,y\n" * 50_000
    reading = read_rows(io.BytesIO(content.encode()))
    assert next(reading).fields["id"] == "1"
    with pytest.raises(FeedFileError, match=r"line 3: .*quotation mark"):
        list(reading)


def test_json_lines_are_read_as_a_table_would_have_them() -> None:
    content = (
        '{"id": 7, "price": {"value": 12.50, "currency": "USD"}, "tags": ["a", "b"], "active": true, "link": null}\n'
        "\n"
        '{"id": "8", "price": "1.10 USD"}\n'
    )
    assert [(row.line, dict(row.fields)) for row in rows(content)] == [
        (1, {"id": "7", "price": "12.50 USD", "tags": "a, b", "active": "true"}),
        (3, {"id": "8", "price": "1.10 USD"}),
    ]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{not json}", "not JSON"),
        ('{"id": NaN}', "NaN"),
        ('["id"]', "not a JSON object"),
        ("[" * 100_000, "not JSON"),
        ('{"id": "' + "x" * (1 << 20) + '"}', "longer than"),
        ('{"id": "\\ud800"}', "UTF-8"),
    ],
    ids=["no JSON", "NaN", "array", "nested", "long", "surrogate"],
)
def test_a_line_that_cannot_be_read_costs_no_other(line: str, fault: str) -> None:
    first, second, third = rows('{"id": "1"}\n' + line + '\n{"id": "3"}\n')
    assert fault in second.fault
    assert second.line == 2
    assert not first.fault
    assert (third.line, dict(third.fields), third.fault) == (3, {"id": "3"}, "")


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"PK\x03\x04\x00\x00spreadsheet", "CSV"),
        ('[{"id": 1}]', "one product per line"),
        ("<?xml version='1.0'?><rss/>", "XML"),
        ("just words\n", "first line"),
        ("", "first line"),
        (b"\xff\xfei\x00d\x00,\x00t\x00\n\x00\x00\xd8a", "damaged"),
    ],
    ids=["xlsx", "JSON array", "XML", "no table", "empty", "cut UTF-16"],
)
def test_a_file_of_another_kind_is_refused_with_what_to_do(content: str | bytes, advice: str) -> None:
    with pytest.raises(FeedFileError, match=advice):
        rows(content)
