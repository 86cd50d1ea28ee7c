"""The media bucket as template.yaml makes it, its files, and the links by which they are given out."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from dataclasses import replace
from email.message import Message
from tempfile import SpooledTemporaryFile
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from adapters import s3_keys
from adapters.aws_clients import client
from adapters.s3_media import LINK_SECONDS, S3MediaLibrary, S3MediaLinks
from domain.errors import NotAllowedError, ServiceUnavailableError
from domain.media import Media, MediaId, MediaKey, MediaKind, MediaState
from tests.builders import ACME, GLOBEX
from tests.contracts.keeping_files import HERS, PDF, file
from tests.integration.template_resources import REGION, TemplateResources, template

MEDIA_ID = MediaId("622684793477189")


@pytest.fixture
def bucket(resources: TemplateResources) -> str:
    return resources.buckets["MediaBucket"]


def stored(key: str, filename: str = "", mime_type: str = "application/pdf") -> Media:
    return Media(MediaKind.DOCUMENT, MediaState.STORED, mime_type, filename=filename, key=MediaKey(key), size=9)


def asked_for(link: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}


def test_its_name_follows_the_one_rule_and_fits_with_the_longest_names(bucket: str) -> None:
    assert bucket == "ai-marketplace-media-platform-123456789012"
    longest = TemplateResources({"Prefix": "p" * 24, "Suffix": "-" + "s" * 17}).create_tables()
    assert max(map(len, longest.buckets.values())) == 63


def test_a_file_is_stored_as_an_attachment_of_its_verified_type(bucket: str) -> None:
    key = S3MediaLibrary(bucket).keep(ACME, HERS, MEDIA_ID, file())
    found = client("s3").get_object(Bucket=bucket, Key=key)
    assert found["Body"].read() == PDF
    assert (found["ContentType"], found["ContentDisposition"]) == ("application/pdf", "attachment")
    assert (found["CacheControl"], found["Metadata"]) == ("private, no-store", {})
    assert found["ServerSideEncryption"] == "AES256"


def test_a_file_that_lies_on_the_workers_disk_is_stored_too(bucket: str) -> None:
    content = b"%PDF-1.7\n" + bytes(300_000)
    with SpooledTemporaryFile(max_size=1000) as spool:
        spool.write(content)
        spool.seek(0)
        kept: Any = spool
        key = S3MediaLibrary(bucket).keep(ACME, HERS, MEDIA_ID, replace(file(content), content=kept))
    assert client("s3").get_object(Bucket=bucket, Key=key)["Body"].read() == content


def test_s3_is_told_the_digest_that_was_verified(bucket: str) -> None:
    sent: list[str] = []
    events = client("s3").meta.events
    events.register(
        "before-sign.s3.PutObject", lambda request, **_: sent.append(request.headers["x-amz-checksum-sha256"]), "digest"
    )
    S3MediaLibrary(bucket).keep(ACME, HERS, MEDIA_ID, file())
    events.unregister("before-sign.s3.PutObject", unique_id="digest")
    assert [b64decode(digest) for digest in sent] == [hashlib.sha256(PDF).digest()]


def test_an_id_that_is_none_of_metas_leaves_the_customers_folder_by_no_way() -> None:
    for media_id in ("../../globex/x", "a/b", "", "é"):
        key = s3_keys.media(ACME, HERS, MediaId(media_id))
        assert key.count("/") == 2
        assert key.rsplit("/", 1)[0] == f"{ACME}/{HERS}"


def test_a_bucket_that_is_not_there_is_an_error_of_the_one_tree() -> None:
    with pytest.raises(ServiceUnavailableError):
        S3MediaLibrary("nowhere").keep(ACME, HERS, MEDIA_ID, file())


def test_a_link_gives_the_file_out_as_an_attachment_for_five_minutes(bucket: str) -> None:
    key = S3MediaLibrary(bucket).keep(ACME, HERS, MEDIA_ID, file())
    link = S3MediaLinks(bucket).link(ACME, stored(key, "receipt.pdf"))
    assert urlsplit(link).scheme == "https"
    assert REGION in urlsplit(link).netloc
    asked = asked_for(link)
    assert int(asked["X-Amz-Expires"]) == LINK_SECONDS <= 300
    assert asked["X-Amz-Algorithm"] == "AWS4-HMAC-SHA256"
    assert asked["response-content-type"] == "application/pdf"
    assert asked["response-content-disposition"].startswith("attachment; ")
    assert asked["response-cache-control"] == "private, no-store"


@pytest.mark.parametrize(
    ("filename", "mime_type", "name"),
    [
        ("receipt.pdf", "application/pdf", "receipt.pdf"),
        ("receipt.html", "application/pdf", "receipt.pdf"),
        ("receipt.pdf.exe", "application/pdf", "receipt.pdf.pdf"),
        ("", "image/jpeg", "document.jpg"),
        ("Größe 🙂.txt", "text/plain", "Größe 🙂.txt"),
        ("x.txt", "text/unheard-of", "x.bin"),
    ],
)
def test_it_is_saved_under_a_name_with_the_extension_of_what_it_is(
    bucket: str, filename: str, mime_type: str, name: str
) -> None:
    link = S3MediaLinks(bucket).link(ACME, stored(f"{ACME}/{HERS}/1", filename, mime_type))
    header = Message()
    header["content-disposition"] = asked_for(link)["response-content-disposition"]
    assert header.get_filename() in {name, "".join(c if c.isascii() else "_" for c in name)}
    assert header.get_content_disposition() == "attachment"


@pytest.mark.parametrize("key", [f"{GLOBEX}/c/1", "acme-2/c/1", "acm/c/1", f"/{ACME}/c/1", ""])
def test_no_link_is_given_to_another_tenants_file(bucket: str, key: str) -> None:
    with pytest.raises(NotAllowedError):
        S3MediaLinks(bucket).link(ACME, stored(key))


def test_nor_where_nothing_is_stored(bucket: str) -> None:
    with pytest.raises(NotAllowedError):
        S3MediaLinks(bucket).link(ACME, Media(MediaKind.IMAGE, MediaState.AWAITED, "image/png"))


# --- what the template says of the bucket ---


def of_template(resources: TemplateResources, logical_id: str) -> dict[str, Any]:
    properties: dict[str, Any] = resources.resolve(template()["Resources"][logical_id]["Properties"])
    return properties


def test_nobody_can_make_it_public_and_it_is_encrypted(resources: TemplateResources, bucket: str) -> None:
    blocked = client("s3").get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert set(blocked.values()) == {True}
    properties = of_template(resources, "MediaBucket")
    assert properties["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]


def test_files_expire_and_leave_no_older_version(resources: TemplateResources) -> None:
    properties = of_template(resources, "MediaBucket")
    [rule] = properties["LifecycleConfiguration"]["Rules"]
    assert (rule["Status"], rule["ExpirationInDays"]) == ("Enabled", 90)
    assert "VersioningConfiguration" not in properties
    shorter = TemplateResources({"MediaRetentionDays": 7})
    assert of_template(shorter, "MediaBucket")["LifecycleConfiguration"]["Rules"][0]["ExpirationInDays"] == 7


def test_it_outlives_the_stack() -> None:
    bucket = template()["Resources"]["MediaBucket"]
    assert bucket["DeletionPolicy"] == bucket["UpdateReplacePolicy"] == "Retain"


def test_it_is_spoken_to_over_tls_alone(resources: TemplateResources) -> None:
    [statement] = of_template(resources, "MediaBucketPolicy")["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert len(statement["Resource"]) == 2


def test_the_queue_outlasts_the_function(resources: TemplateResources) -> None:
    function, queue = template()["Resources"]["MediaHandlerFunction"], of_template(resources, "MediaQueue")
    assert queue["VisibilityTimeout"] >= 6 * function["Properties"]["Timeout"]
    assert queue["RedrivePolicy"]["maxReceiveCount"] >= 5
