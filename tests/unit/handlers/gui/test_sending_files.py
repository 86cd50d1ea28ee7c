"""A file from the reply box: with scripts or without, the same form."""

from __future__ import annotations

import pytest

from domain.outbound import Document, Image, Text
from domain.own_files import MOST_BYTES, NewFile
from handlers.rest_api import WebRequest
from tests.builders import ACME, ALICE, PERSON_REQUESTED, after, message, recording
from tests.fakes.api_shop import Shop
from tests.unit.handlers.gui.conftest import ORIGIN, Answered, Seller

AT = f"/conversations/{ALICE.first_customer_id(ACME)}"
EVERY_BYTE = b"%PDF-1.7\r\n" + bytes(range(256)) * 3 + b"\r\n--not the boundary\n\r"
_BOUNDARY = "----WebKitFormBoundaryMadeUp"


@pytest.fixture(autouse=True)
def _alice_asks_for_a_person(shop: Shop) -> None:
    shop.desk.world.record(recording(message(at=after(minutes=-1)), PERSON_REQUESTED))


def post(
    seller: Seller, data: bytes = b"", mime_type: str = "application/octet-stream", name: str = "", **fields: str
) -> Answered:
    """As browsers do: also where no file was chosen."""
    words = {"words": "", "mode": "reply", "key": "k" * 32, "tab": "waiting", **fields}
    parts = [f'Content-Disposition: form-data; name="{key}"\r\n\r\n{value}'.encode() for key, value in words.items()]
    head = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: {mime_type}\r\n\r\n'
    marked = b"".join(f"--{_BOUNDARY}\r\n".encode() + part + b"\r\n" for part in [*parts, head.encode() + data])
    headers = {"origin": ORIGIN, "content-type": f"multipart/form-data; boundary={_BOUNDARY}"}
    body = marked + f"--{_BOUNDARY}--\r\n".encode()
    return seller.ask(WebRequest("POST", f"{AT}/messages", {}, headers, body, f"{ORIGIN}/prod"))


def sent(shop: Shop) -> list[object]:
    return [post.content for post in shop.desk.cast.messenger.posts]


def test_the_reply_box_takes_a_file(agent: Seller) -> None:
    html = agent.get(AT).html
    assert 'enctype="multipart/form-data"' in html
    assert '<input type="file" id="file" name="file"' in html
    assert f'data-most="{MOST_BYTES}"' in html
    assert "Up to 4 MB" in html


def test_a_document_goes_as_it_is_with_its_caption(agent: Seller, shop: Shop) -> None:
    answer = post(agent, EVERY_BYTE, "application/pdf", "bill 7.pdf", words="Here it is")
    assert (answer.status, answer.location) == (303, f"/prod{AT}?tab=waiting")
    [content] = sent(shop)
    assert isinstance(content, Document)
    assert isinstance(content.file, NewFile)
    assert (content.file.data, content.caption, content.filename) == (EVERY_BYTE, "Here it is", "bill 7.pdf")


def test_a_picture_needs_no_words(agent: Seller, shop: Shop) -> None:
    assert post(agent, b"\x89PNG\r\n\x1a\n" + bytes(9), "image/png", "x.png").status == 303
    [content] = sent(shop)
    assert isinstance(content, Image)


def test_without_a_file_it_is_a_text(agent: Seller, shop: Shop) -> None:
    assert post(agent, words="Grüße").status == 303
    assert sent(shop) == [Text("Grüße")]


def test_the_same_form_again_sends_nothing_again(agent: Seller, shop: Shop) -> None:
    for _ in range(2):
        assert post(agent, EVERY_BYTE, "application/pdf", "bill.pdf").status == 303
    assert len(sent(shop)) == 1


@pytest.mark.parametrize(
    ("data", "mime_type", "said"),
    [
        (bytes(MOST_BYTES + 1), "application/pdf", "too large"),
        (b"MZ", "application/x-msdownload", "not accepted"),
        (b"<html>", "application/pdf", "not what it says it is"),
    ],
)
def test_what_is_refused_is_said_and_what_was_written_stays(
    agent: Seller, shop: Shop, data: bytes, mime_type: str, said: str
) -> None:
    answer = post(agent, data, mime_type, "bill.pdf", words="Here it is")
    assert answer.status == 409
    assert said in answer.html
    assert ">Here it is</textarea>" in answer.html
    assert sent(shop) == []


def test_a_note_takes_no_file(agent: Seller, shop: Shop) -> None:
    answer = post(agent, EVERY_BYTE, "application/pdf", "bill.pdf", words="For us", mode="note")
    assert answer.status == 409
    assert sent(shop) == []
    assert post(agent, words="For us", mode="note").status == 303


def test_an_operator_who_looks_sends_none(viewer: Seller, shop: Shop) -> None:
    assert post(viewer, EVERY_BYTE, "application/pdf", "bill.pdf").status == 409
    assert sent(shop) == []
