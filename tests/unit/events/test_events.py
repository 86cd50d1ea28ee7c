"""The recorded webhook bodies: well formed, complete, and about the demo tenants alone."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import hmac
import json
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from adapters.sqs_index_jobs import parse_index_job
from adapters.sqs_media_jobs import parse_media_job
from domain.conversations import ReplyJob
from domain.messages import InboundMessage
from handlers.whatsapp_fields import decode
from handlers.whatsapp_webhook import Queue, QueueItem, encode, split
from ops.local import demo_data

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
EVENTS = ROOT / "events"
LAMBDA = EVENTS / "lambda"
BODIES = sorted(path for path in EVENTS.rglob("*.json") if LAMBDA not in path.parents)
APP_SECRET = b"local-app-secret"

STATUSES = frozenset(["sent", "delivered", "read", "played", "failed", "deleted", "warning"])
FIELDS = frozenset(
    [
        "account_alerts",
        "account_update",
        "account_review_update",
        "business_capability_update",
        "calls",
        "flows",
        "history",
        "message_template_components_update",
        "message_template_quality_update",
        "message_template_status_update",
        "payment_configuration_update",
        "phone_number_name_update",
        "phone_number_quality_update",
        "security",
        "smb_app_state_sync",
        "smb_message_echoes",
        "template_category_update",
        "user_preferences",
        "messages",
    ]
)
INTERACTIVE = frozenset(["button_reply", "list_reply", "nfm_reply", "call_permission_reply"])
SYSTEM = frozenset(["user_changed_number", "user_changed_user_id", "customer_identity_changed"])

ADDRESSED_TO_NOBODY = re.compile(r"unknown_number|unknown_account")
SAME_ITEM_TWICE = "same_message_twice"
WAMID = re.compile(r"^wamid\.[A-Za-z0-9+/]+=*$")
FICTIONAL_NUMBERS = re.compile(r"^(1\d{3}55501\d\d|447700900\d{3}|441632960\d{3}|336399801\d\d|49302312\d{4})$")

TENANTS: list[dict[str, Any]] = json.loads((ROOT / "ops/demo/tenants.json").read_text(encoding="utf-8"))
NUMBERS = {tenant["number"]["phone_number_id"]: tenant["number"] for tenant in TENANTS}
ACCOUNTS = {tenant["number"]["waba_id"] for tenant in TENANTS}
CATALOGUES = {
    tenant["number"]["catalog_id"]: (ROOT / "ops/demo/catalogues" / f"{tenant['id']}.csv").read_text(encoding="utf-8")
    for tenant in TENANTS
}


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def changes(body: Any) -> Iterator[tuple[Any, Any]]:
    for entry in body["entry"]:
        for change in entry["changes"]:
            yield entry, change


def values(body: Any) -> Iterator[Any]:
    return (change["value"] for _, change in changes(body) if isinstance(change["value"], dict))


def items(kind: str) -> Iterator[tuple[Path, Any]]:
    for path in BODIES:
        for value in values(load(path)):
            for item in value.get(kind, []):
                yield path, item


def objects(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from objects(child)


def name(path: Path) -> str:
    return str(path.relative_to(EVENTS))


@pytest.mark.parametrize("path", sorted(EVENTS.rglob("*.json")), ids=name)
def test_is_json_in_the_projects_own_layout(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("path", BODIES, ids=name)
def test_is_an_envelope(path: Path) -> None:
    body = load(path)
    assert body["object"] == "whatsapp_business_account"
    for entry, change in changes(body):
        assert entry["id"].isdigit()
        assert isinstance(change["value"], dict) or "unknown_field" in path.stem
        assert "field" in change or path.stem == "change_without_field"


@pytest.mark.parametrize("path", BODIES, ids=name)
def test_is_addressed_to_demo_tenants(path: Path) -> None:
    strangers = bool(ADDRESSED_TO_NOBODY.search(path.stem))
    for entry, change in changes(load(path)):
        metadata = change["value"].get("metadata") if isinstance(change["value"], dict) else None
        assert strangers or entry["id"] in ACCOUNTS
        if metadata is not None and not strangers:
            number = NUMBERS[metadata["phone_number_id"]]
            assert metadata["display_phone_number"] == number["display_phone_number"]


@pytest.mark.parametrize("path", [path for path in BODIES if ADDRESSED_TO_NOBODY.search(path.stem)], ids=name)
def test_what_says_unknown_is_unknown(path: Path) -> None:
    assert {entry["id"] for entry, _ in changes(load(path))} - ACCOUNTS


@pytest.mark.parametrize("path", BODIES, ids=name)
def test_products_are_in_the_catalogue(path: Path) -> None:
    for found in objects(load(path)):
        if "catalog_id" not in found:
            continue
        asked = [found["product_retailer_id"]] if "product_retailer_id" in found else []
        asked += [item["product_retailer_id"] for item in found.get("product_items", [])]
        lines = CATALOGUES[found["catalog_id"]].splitlines()
        known = {line.split(",", 1)[0] for line in lines}
        assert set(asked) <= known or "unknown_product" in path.stem


@pytest.mark.parametrize("path", BODIES, ids=name)
def test_phone_numbers_are_fictional(path: Path) -> None:
    for found in objects(load(path)):
        for key in ("from", "to", "wa_id", "recipient_id", "display_phone_number"):
            digits = found.get(key)
            if isinstance(digits, str) and digits.isdigit():
                assert FICTIONAL_NUMBERS.match(digits), key


def test_message_ids_are_well_formed_and_unique() -> None:
    ids = Counter(
        item["id"]
        for kind in ("messages", "message_echoes")
        for path, item in items(kind)
        if path.stem != SAME_ITEM_TWICE
    )
    repeated = {item["id"] for path, item in items("messages") if path.stem == SAME_ITEM_TWICE}
    assert len(repeated) == 1
    assert all(WAMID.match(message_id) for message_id in ids)
    assert [message_id for message_id, count in ids.items() if count > 1] == []
    assert repeated.isdisjoint(ids)


def test_a_status_belongs_to_no_inbound_message_and_to_one_file() -> None:
    inbound = {item["id"] for _, item in items("messages")}
    files: dict[str, set[Path]] = {}
    for path, status in items("statuses"):
        files.setdefault(status["id"], set()).add(path)
    assert inbound.isdisjoint(files)
    assert [status_id for status_id, paths in files.items() if len(paths) > 1] == []


def test_every_message_type_has_a_file() -> None:
    types = {item["type"] for _, item in items("messages")}
    assert types >= InboundMessage.KNOWN_TYPES
    assert types - InboundMessage.KNOWN_TYPES, "one that does not exist yet"


@pytest.mark.parametrize(("part", "kinds"), [("interactive", INTERACTIVE), ("system", SYSTEM)])
def test_every_kind_of_a_type_has_a_file(part: str, kinds: frozenset[str]) -> None:
    assert {item[part]["type"] for _, item in items("messages") if part in item} >= kinds


def test_every_status_has_a_file() -> None:
    assert {item["status"] for _, item in items("statuses")} >= STATUSES


def test_every_field_has_a_file() -> None:
    fields = {change.get("field") for path in BODIES for _, change in changes(load(path))}
    assert fields >= FIELDS
    assert fields - FIELDS, "one that does not exist yet"


def test_files_are_named_after_what_they_hold() -> None:
    for folder, kind, key in (("messages", "messages", "type"), ("statuses", "statuses", "status")):
        for path, item in items(kind):
            if path.parent.name != folder or path.stem.startswith("bsuid"):
                continue
            assert path.stem.startswith((item[key], "unknown", "video_too_large")), name(path)


@pytest.mark.parametrize("path", sorted(LAMBDA.glob("webhook_post*.json")), ids=name)
def test_signed_requests_bear_the_right_signature(path: Path) -> None:
    event = load(path)
    raw = base64.b64decode(event["body"]) if event["isBase64Encoded"] else event["body"].encode()
    digest = hmac.new(APP_SECRET, raw, hashlib.sha256).hexdigest()
    assert event["headers"]["x-hub-signature-256"] == f"sha256={digest}"
    assert json.loads(raw)["object"] == "whatsapp_business_account"


def webhook_items(received_at_ms: int) -> list[QueueItem]:
    """What the webhook makes of every body here, the one in `lambda/` included."""
    bodies = [path.read_bytes() for path in BODIES]
    bodies.append(load(LAMBDA / "webhook_post.json")["body"].encode())
    return [item for body in bodies for item in split(body, received_at_ms)]


@pytest.mark.parametrize(
    ("file", "queue"),
    [("message_handler_sqs.json", Queue.INBOX), ("status_handler_sqs.json", Queue.STATUSES)],
)
def test_queue_records_are_what_the_webhook_writes(file: str, queue: Queue) -> None:
    records = load(LAMBDA / file)["Records"]
    (received_at_ms,) = {decode(record["body"])["received_at_ms"] for record in records}
    written = {encode(item) for item in webhook_items(received_at_ms) if item.queue is queue}
    assert {record["body"] for record in records} <= written
    assert len({record["messageId"] for record in records}) == len(records)


def test_message_record_bears_the_webhooks_group_and_deduplication_id() -> None:
    (record,) = load(LAMBDA / "message_handler_sqs.json")["Records"]
    (item,) = split(load(LAMBDA / "webhook_post.json")["body"].encode(), decode(record["body"])["received_at_ms"])
    assert record["attributes"]["MessageGroupId"] == item.group
    assert record["attributes"]["MessageDeduplicationId"] == item.deduplication_id


def test_reply_record_asks_for_the_answer_to_the_message_record() -> None:
    (message_record,) = load(LAMBDA / "message_handler_sqs.json")["Records"]
    (reply_record,) = load(LAMBDA / "reply_handler_sqs.json")["Records"]
    job = ReplyJob(**json.loads(reply_record["body"]))
    assert all(isinstance(value, str) and value for value in dataclasses.astuple(job))
    assert job.message_id == decode(message_record["body"])["message"]["id"]
    assert job.position.endswith(job.message_id)


def test_media_record_is_a_media_job() -> None:
    (record,) = load(LAMBDA / "media_handler_sqs.json")["Records"]
    job = parse_media_job(record["body"])
    assert json.loads(record["body"]) == dataclasses.asdict(job)
    assert record["md5OfBody"] == hashlib.md5(record["body"].encode(), usedforsecurity=False).hexdigest()


def test_indexing_record_is_an_index_job() -> None:
    (record,) = load(LAMBDA / "indexer_sqs.json")["Records"]
    assert parse_index_job(record["body"]) == record["attributes"]["MessageGroupId"]
    assert record["md5OfBody"] == hashlib.md5(record["body"].encode(), usedforsecurity=False).hexdigest()


def test_stream_records_name_products_of_the_demo() -> None:
    keys = [record["dynamodb"]["Keys"] for record in load(LAMBDA / "embedder_stream.json")["Records"]]
    for key in keys:
        assert key["productId"]["S"] in {one.product_id for one in demo_data.catalogue(key["tenantId"]["S"])}
