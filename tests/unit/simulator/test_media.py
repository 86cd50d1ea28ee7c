"""Media: upload, look-up, download, deletion."""

import hashlib

import httpx
import pytest

from ops.simulator.media import Media, MediaStore
from tests.unit.simulator.conftest import NUMBER, FakeWebhook, send, write

pytestmark = pytest.mark.anyio

# Bytes that a careless parser of forms would break: line ends, and something like a boundary.
PICTURE = b"\x89PNG\r\n\x1a\n\r\n--no-boundary\r\n\x00\xff\n"


async def upload(client: httpx.AsyncClient, data: bytes, mime_type: str) -> httpx.Response:
    return await client.post(
        f"/graph/v26.0/{NUMBER}/media",
        data={"messaging_product": "whatsapp", "type": mime_type},
        files={"file": ("a file", data, mime_type)},
    )


async def test_what_was_uploaded_can_be_downloaded_and_sent(client: httpx.AsyncClient) -> None:
    media_id = (await upload(client, PICTURE, "image/png")).json()["id"]
    description = (await client.get(f"/graph/v26.0/{media_id}")).json()
    assert description["mime_type"] == "image/png"
    assert description["sha256"] == hashlib.sha256(PICTURE).hexdigest()
    assert description["file_size"] == len(PICTURE)
    download = await client.get(description["url"])
    assert download.content == PICTURE
    assert (await send(client, type="image", image={"id": media_id})).status_code == 200


async def test_the_download_needs_the_token(client: httpx.AsyncClient) -> None:
    media_id = (await upload(client, PICTURE, "image/png")).json()["id"]
    url = (await client.get(f"/graph/v26.0/{media_id}")).json()["url"]
    assert (await client.get(url, headers={"Authorization": ""})).status_code == 401
    assert (await client.get(url, headers={"Authorization": "Bearer token-two"})).status_code == 404


async def test_another_tenant_does_not_see_it(client: httpx.AsyncClient) -> None:
    media_id = (await upload(client, PICTURE, "image/png")).json()["id"]
    answer = await client.get(f"/graph/v26.0/{media_id}", headers={"Authorization": "Bearer token-two"})
    assert answer.json()["error"]["error_subcode"] == 33


async def test_deleted_media_are_gone(client: httpx.AsyncClient) -> None:
    media_id = (await upload(client, PICTURE, "image/png")).json()["id"]
    assert (await client.delete(f"/graph/v26.0/{media_id}")).json() == {"success": True}
    assert (await client.get(f"/graph/v26.0/{media_id}")).json()["error"]["error_subcode"] == 33


async def test_limits_of_an_upload(client: httpx.AsyncClient) -> None:
    assert (await upload(client, PICTURE, "image/tiff")).json()["error"]["code"] == 100
    too_large = await upload(client, bytes(5 * 1024 * 1024 + 1), "image/png")
    assert too_large.json()["error"]["code"] == 131053


async def test_a_customers_picture_can_be_downloaded(client: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    for message_type in ("image", "video", "audio", "document", "sticker"):
        await write(client, type=message_type, wait=True, **{message_type: {}})
        told = webhook.messages[-1][message_type]
        url = (await client.get(f"/graph/v26.0/{told['id']}")).json()["url"]
        data = (await client.get(url)).content
        assert hashlib.sha256(data).hexdigest() == told["sha256"]


def test_a_download_address_lives_five_minutes() -> None:
    now = 1_000.0
    store = MediaStore(lambda: now)
    media = store.add(Media(NUMBER, "text/plain", b"hello"))
    token = store.new_download(media)
    now += 299
    assert store.downloaded(token) == media
    now += 1
    assert store.downloaded(token) is None
