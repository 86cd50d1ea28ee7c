"""The media library in S3, and the links by which its files are given out."""

from __future__ import annotations

import base64
from urllib.parse import quote

from adapters import s3_keys as keys
from adapters.aws_clients import client, translated
from domain.customers import CustomerId
from domain.errors import NotAllowedError
from domain.media import Media, MediaFile, MediaId, MediaKey
from domain.media_rules import EXTENSIONS
from domain.tenants import TenantId

LINK_SECONDS = 300
"""A link is a key to the file for whoever holds it: long enough to open it, too short to be passed on."""


class S3MediaLibrary:
    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def keep(self, tenant_id: TenantId, customer_id: CustomerId, media_id: MediaId, file: MediaFile) -> MediaKey:
        key = keys.media(tenant_id, customer_id, media_id)
        with translated("keep a customer's file"):
            client("s3").put_object(
                Bucket=self._bucket,
                Key=key,
                Body=file.content,
                ContentLength=file.size,
                # S3 refuses what does not arrive as it was verified.
                ChecksumSHA256=base64.b64encode(file.sha256).decode(),
                ContentType=file.mime_type,
                ContentDisposition="attachment",
                CacheControl="private, no-store",
            )
        return key

    def remove(self, tenant_id: TenantId, key: MediaKey) -> None:
        _require_own(tenant_id, key)
        with translated("remove a customer's file"):
            client("s3").delete_object(Bucket=self._bucket, Key=key)


class S3MediaLinks:
    """Signed with the credentials of whoever asks: a link opens nothing that they could not read themselves."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def link(self, tenant_id: TenantId, media: Media) -> str:
        if media.key is None:
            raise NotAllowedError("no file is stored for this message")
        _require_own(tenant_id, media.key)
        with translated("sign a link"):
            return client("s3").generate_presigned_url(
                "get_object",
                Params={
                    "Bucket": self._bucket,
                    "Key": media.key,
                    "ResponseContentType": media.mime_type,
                    "ResponseContentDisposition": _attachment(media),
                    "ResponseCacheControl": "private, no-store",
                },
                ExpiresIn=LINK_SECONDS,
            )


def _require_own(tenant_id: TenantId, key: MediaKey) -> None:
    if not keys.is_of(tenant_id, key):
        raise NotAllowedError("the file is not this tenant's")


def _attachment(media: Media) -> str:
    """RFC 6266. The extension is that of the verified type, whatever the sender called the file."""
    stem = media.filename.rsplit(".", 1)[0] or str(media.kind)
    name = f"{stem}.{EXTENSIONS.get(media.mime_type, 'bin')}"
    plain = "".join(character if character.isascii() else "_" for character in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
