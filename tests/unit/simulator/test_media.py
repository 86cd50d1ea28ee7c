"""Media: upload, look-up, download, deletion."""

import base64
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
        assert hashlib.sha256(data).digest() == base64.b64decode(told["sha256"])


def test_a_download_address_lives_five_minutes() -> None:
    now = 1_000.0
    store = MediaStore(lambda: now)
    media = store.add(Media(NUMBER, "text/plain", b"hello"))
    token = store.new_download(media)
    now += 299
    assert store.downloaded(token) == media
    now += 1
    assert store.downloaded(token) is None


async def upload_as_customer(client: httpx.AsyncClient, data: bytes, mime_type: str) -> dict[str, str]:
    path = f"/simulator/media?phone_number_id={NUMBER}"
    response = await client.post(path, content=data, headers={"content-type": mime_type})
    assert response.status_code == 200
    told: dict[str, str] = response.json()
    return told


async def test_a_file_of_the_customers_own_is_sent_by_its_id(client: httpx.AsyncClient, webhook: FakeWebhook) -> None:
    uploaded = await upload_as_customer(client, PICTURE, "image/png")
    await write(client, type="image", image={"id": uploaded["id"], "caption": "this one"}, wait=True)
    told = webhook.messages[-1]["image"]
    assert told == {**uploaded, "caption": "this one"}
    described = (await client.get(f"/graph/v26.0/{told['id']}")).json()
    assert bytes.fromhex(described["sha256"]) == base64.b64decode(told["sha256"])
    assert (await client.get(f"/simulator/media/{told['id']}")).content == PICTURE


async def test_nobody_uploads_for_a_number_that_is_not_there(client: httpx.AsyncClient) -> None:
    assert (await client.post("/simulator/media?phone_number_id=1", content=PICTURE)).status_code == 404


async def order(client: httpx.AsyncClient, **fault: object) -> None:
    assert (await client.post("/simulator/faults", json={"media": [fault]})).status_code == 200


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        ({"kind": "wrong_sha256"}, {"sha256": "0" * 64}),
        ({"kind": "wrong_mime_type"}, {"mime_type": "image/svg+xml"}),
        ({"kind": "foreign_url", "url": "file:///etc/passwd"}, {"url": "file:///etc/passwd"}),
    ],
)
async def test_a_look_up_that_lies_lies_once(
    client: httpx.AsyncClient, fault: dict[str, str], answer: dict[str, str]
) -> None:
    media_id = (await upload(client, PICTURE, "image/png")).json()["id"]
    await order(client, **fault)
    lies = (await client.get(f"/graph/v26.0/{media_id}")).json()
    assert answer.items() <= lies.items()
    assert not answer.items() <= (await client.get(f"/graph/v26.0/{media_id}")).json().items()


async def test_a_look_up_that_is_not_there_for_now(client: httpx.AsyncClient) -> None:
    media_id = (await upload(client, PICTURE, "image/png")).json()["id"]
    await order(client, kind="unavailable", media_id=media_id)
    assert (await client.get(f"/graph/v26.0/{media_id}")).status_code == 503


@pytest.mark.parametrize(
    ("fault", "status", "size"),
    [
        ({"kind": "redirect"}, 302, 0),
        ({"kind": "too_large", "size": 3 * 1024 * 1024}, 200, 3 * 1024 * 1024),
        ({"kind": "hang", "seconds": 0.01}, 200, len(PICTURE)),
        ({"kind": "drip", "seconds": 0.01}, 200, len(PICTURE)),
    ],
)
async def test_a_download_that_misbehaves(
    client: httpx.AsyncClient, fault: dict[str, object], status: int, size: int
) -> None:
    media_id = (await upload(client, PICTURE, "image/png")).json()["id"]
    url = (await client.get(f"/graph/v26.0/{media_id}")).json()["url"]
    await order(client, **fault)
    download = await client.get(url)
    assert (download.status_code, len(download.content)) == (status, size)
    assert (await client.get(url)).content == PICTURE


async def test_a_fault_of_one_file_spares_the_others_and_can_be_taken_back(client: httpx.AsyncClient) -> None:
    media_id = (await upload(client, PICTURE, "image/png")).json()["id"]
    await order(client, kind="unavailable", media_id="another")
    assert (await client.get(f"/graph/v26.0/{media_id}")).status_code == 200
    assert len((await client.get("/simulator/faults")).json()["media"]) == 1
    await client.delete("/simulator/faults")
    assert (await client.get("/simulator/faults")).json()["media"] == []
