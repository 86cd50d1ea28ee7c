"""What a customer sends beside words, through the real functions: kept, or refused with its reason."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import pytest
from typer.testing import CliRunner

from adapters.dynamodb_media import DynamoMediaLists
from domain.media import Media, MediaState
from domain.messages import MessageId
from domain.tenants import TenantId
from ops import cli
from ops.local.aws import LocalAws
from ops.simulator.samples import sample
from tests.stack.deployed import Deployed, wait_until
from tests.stack.phone import Chat, chat_with, control

SECONDS = 30


@dataclass(frozen=True)
class Sent:
    """A file on its way from a phone to the library."""

    chat: Chat
    message_id: str

    @property
    def media(self) -> Media | None:
        tables = self.chat.stack.file.tables
        lists = DynamoMediaLists(tables["conversations"], tables["customers"])
        return lists.of_message(TenantId(self.chat.tenant.id), MessageId(self.message_id))

    def settled(self) -> Media:
        wait_until(lambda: (self.media or _AWAITED).state is not MediaState.AWAITED, SECONDS, "the file")
        assert self.media is not None
        return self.media

    def run(self, *arguments: str) -> str:
        home = str(self.chat.stack.home.root)
        result = CliRunner().invoke(
            cli.app, ["media", *arguments, "--tenant", self.chat.tenant.id, "--home", home], catch_exceptions=False
        )
        assert result.exit_code == 0, result.output
        return result.stdout


_AWAITED = Media(kind=None, state=MediaState.AWAITED, mime_type="")  # type: ignore[arg-type]  # of no message yet


def send(stack: Deployed, kind: str, **content: Any) -> Sent:
    chat = chat_with(stack)
    return Sent(chat, chat.send(kind, **{kind: content}).update_id)


def upload(stack: Deployed, content: bytes, mime_type: str) -> str:
    number = stack.tenant("maple-home").phone_number_id
    url = f"{stack.file.front_url}/simulator/media?phone_number_id={number}"
    uploaded = stack.http.post(url, content=content, headers={"content-type": mime_type}).raise_for_status().json()
    return str(uploaded["id"])


@pytest.mark.parametrize("kind", ["image", "audio", "video", "document", "sticker"])
def test_what_a_customer_sends_is_kept(stack: Deployed, kind: str) -> None:
    mime_type, content = sample(kind)

    media = send(stack, kind).settled()

    assert (media.state, media.size) == (MediaState.STORED, len(content))
    assert media.mime_type == mime_type.partition(";")[0]
    assert media.voice == (kind == "audio")
    bucket = stack.file.buckets["media"]
    stored = (
        LocalAws(stack.file.aws_endpoint_url, stack.file.region).s3().get_object(Bucket=bucket, Key=media.key or "")
    )
    assert hashlib.sha256(stored["Body"].read()).digest() == hashlib.sha256(content).digest()
    assert (stored["ContentType"], stored["ContentDisposition"]) == (media.mime_type, "attachment")


def test_a_picture_of_the_customers_own_ends_behind_a_link_that_gives_it_out_as_an_attachment(stack: Deployed) -> None:
    _, picture = sample("image")
    sent = send(stack, "image", id=upload(stack, picture, "image/png"), caption="Do you have this one?")
    sent.settled()

    link = sent.run("link", sent.message_id).strip()

    opened = stack.http.get(link).raise_for_status()
    assert opened.content == picture
    assert opened.headers["content-type"] == "image/png"
    assert opened.headers["content-disposition"].startswith("attachment")
    assert sent.message_id in {row["message_id"] for row in json.loads(sent.run("list", "--output", "json"))}


def test_without_its_signature_a_link_gives_nothing(stack: Deployed) -> None:
    sent = send(stack, "image")
    sent.settled()
    link = sent.run("link", sent.message_id).strip()

    assert stack.http.get(link.partition("?")[0]).status_code == 403


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"kind": "foreign_url"}, "foreign_host"),
        ({"kind": "foreign_url", "url": "file:///etc/passwd"}, "foreign_host"),
        ({"kind": "redirect"}, "foreign_host"),
        ({"kind": "redirect", "url": "https://evil.example/x"}, "foreign_host"),
        ({"kind": "wrong_mime_type"}, "type_not_accepted"),
        ({"kind": "wrong_mime_type", "mime_type": "image/jpeg"}, "type_mismatch"),
        ({"kind": "wrong_sha256"}, "damaged"),
        ({"kind": "too_large"}, "too_large"),
    ],
    ids=str,
)
def test_what_is_not_what_it_should_be_is_refused(stack: Deployed, fault: dict[str, Any], reason: str) -> None:
    _, picture = sample("image")
    media_id = upload(stack, picture, "image/png")
    control(stack, "POST", "faults", {"media": [{**fault, "media_id": media_id}]})

    media = send(stack, "image", id=media_id).settled()

    assert (media.state, media.refusal, media.key) == (MediaState.REFUSED, reason, None)


def test_a_meta_that_is_down_for_a_moment_is_asked_again(stack: Deployed) -> None:
    _, picture = sample("image")
    media_id = upload(stack, picture, "image/png")
    control(stack, "POST", "faults", {"media": [{"kind": "unavailable", "media_id": media_id}]})

    assert send(stack, "image", id=media_id).settled().state is MediaState.STORED
