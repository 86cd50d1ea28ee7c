"""The rows of a product feed: CSV, TSV or JSON lines, as spreadsheets and shop systems write them. Pure functions.

One row at a time, so that a feed of any length needs no more memory than a short one. A row that cannot be read is
told with its line; the rows after it are read all the same.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from domain.errors import PermanentError

_LONGEST_LINE = 1 << 20
_FIRST_BYTES = 4096
_ENCODINGS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_DELIMITERS = (",", ";", "\t", "|")
_NOT_UTF8 = "not UTF-8: save the file as UTF-8 (spreadsheets: “CSV UTF-8”)"


class FeedFileError(PermanentError):
    """The file cannot be read from here on; the message says what to do about it."""


@dataclass(frozen=True, slots=True)
class FeedRow:
    line: int
    """Of the file, from 1, where the row begins."""
    fields: Mapping[str, str] = field(hash=False)
    """By the file's own names of its columns; empty ones are left out."""
    columns: tuple[str, ...] = ()
    """Every column that the row could have filled."""
    fault: str = ""
    """Why it cannot be read, if so."""


def read_rows(file: BinaryIO) -> Iterator[FeedRow]:
    """The rows of a feed, whose format and encoding its first bytes tell. Raises `FeedFileError`."""
    first = file.read(_FIRST_BYTES)
    file.seek(-len(first), io.SEEK_CUR)
    encoding = next((name for mark, name in _ENCODINGS.items() if first.startswith(mark)), "utf-8")
    if encoding == "utf-8" and b"\0" in first:
        raise FeedFileError("this is no text file: export the products as CSV or JSON lines, in UTF-8")
    # What is no UTF-8 becomes lone surrogates, so that one such row costs none of the others.
    errors = "strict" if encoding == "utf-16" else "surrogateescape"
    text = io.TextIOWrapper(file, encoding=encoding, errors=errors, newline="")
    beginning = first.decode(encoding, "ignore").lstrip("\ufeff \r\n\t")
    if beginning.startswith("["):
        raise FeedFileError("this is one JSON array: write one product per line (JSON lines), without the brackets")
    if beginning.startswith("<"):
        raise FeedFileError("XML feeds are not read: export the products as CSV, TSV or JSON lines")
    try:
        yield from _json_lines(text) if beginning.startswith("{") else _table(text)
    except UnicodeDecodeError as error:
        raise FeedFileError(f"the file is damaged: {error.reason}") from error
    finally:
        if not file.closed:
            text.detach()  # the file is the caller's


def _table(text: io.TextIOWrapper) -> Iterator[FeedRow]:
    header_line, header = 0, ""
    for header_line, header in enumerate(text, 1):  # noqa: B007 (what the loop ends with is what is meant)
        if header.strip() and not header.lstrip('"\ufeff').startswith("#"):  # Meta's templates begin with comments
            break
    delimiter = max(_DELIMITERS, key=header.count)
    names = next(csv.reader([header], delimiter=delimiter), [])
    if len(names) < 2:  # noqa: PLR2004 (an id alone is no product)
        raise FeedFileError("no columns: the first line must name them, for example: id,title,price,availability")
    reader = csv.reader(text, delimiter=delimiter)
    begins = header_line + 1
    while True:
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise FeedFileError(f"line {begins}: {error} (is a quotation mark not closed?)") from error
        if any(value.strip() for value in values):
            yield _row(begins, tuple(names), values)
        begins = header_line + 1 + reader.line_num


def _row(line: int, names: tuple[str, ...], values: list[str]) -> FeedRow:
    fields = {name: value.strip() for name, value in zip(names, values, strict=False) if value.strip()}
    surplus = [value for value in values[len(names) :] if value.strip()]
    return _checked(line, fields, names, f"{len(values)} values for {len(names)} columns" if surplus else "")


def _json_lines(text: io.TextIOWrapper) -> Iterator[FeedRow]:
    line = 0
    while read := text.readline(_LONGEST_LINE):
        line += 1
        if len(read) == _LONGEST_LINE and not read.endswith("\n"):
            while (rest := text.readline(_LONGEST_LINE)) and not rest.endswith("\n"):
                pass
            yield FeedRow(line, {}, fault=f"longer than {_LONGEST_LINE:,} characters")
        elif read.strip():
            yield _json_row(line, read)


def _json_row(line: int, text: str) -> FeedRow:
    try:
        found = json.loads(text, parse_float=str, parse_int=str, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        return FeedRow(line, {}, fault=f"not JSON: {error}")
    if not isinstance(found, dict):
        return FeedRow(line, {}, fault="not a JSON object")
    fields = {name: value for name, told in found.items() if (value := _told(told).strip())}
    return _checked(line, fields, tuple(fields))


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no value")


def _told(value: Any) -> str:
    """As a table would have it: a price of two parts in one, a list with commas."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list():
            return ", ".join(_told(one) for one in value)
        case {"currency": str(currency), **rest} if "value" in rest or "amount" in rest:
            return f"{_told(rest.get('value', rest.get('amount')))} {currency}"
        case dict():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)


def _checked(line: int, fields: dict[str, str], columns: tuple[str, ...], fault: str = "") -> FeedRow:
    try:
        "".join(fields.values()).encode()
    except UnicodeEncodeError:
        readable = {name: value.encode("utf-8", "replace").decode() for name, value in fields.items()}
        return FeedRow(line, readable, columns, _NOT_UTF8)
    return FeedRow(line, fields, columns, fault)
