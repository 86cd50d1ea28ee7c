"""The file of a message, on the message's row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.dynamodb_values import storable, time_text
from domain import media
from domain.conversations import Recording
from domain.customers import CustomerId
from domain.media import Media, MediaKey, MediaKind, MediaRefusal, MediaState

_MOST_ID = 512
_MOST_TYPE = 255


def media_attributes(customer_id: CustomerId, recording: Recording) -> dict[str, Any]:
    """Due until the file is fetched, or never will be."""
    sent = media.media_of(recording.message.content)
    if sent is None:
        return {}
    return {
        "mediaState": MediaState.AWAITED,
        "mediaId": storable(sent.media_id, _MOST_ID),
        "mediaType": storable(sent.mime_type, _MOST_TYPE),
        "mediaName": sent.filename or None,
        "voice": sent.voice or None,
        "phoneNumberId": recording.phone_number_id,
        "due": keys.due(customer_id),
        "dueAt": time_text(recording.message.received_at),
    }


def media_of(row: Mapping[str, Any]) -> Media | None:
    if "mediaState" not in row:
        return None
    return Media(
        kind=MediaKind(row["type"]),
        state=MediaState(row["mediaState"]),
        mime_type=row["mediaType"],
        filename=row.get("mediaName", ""),
        voice=row.get("voice", False),
        key=MediaKey(row["mediaKey"]) if "mediaKey" in row else None,
        size=int(row["mediaBytes"]) if "mediaBytes" in row else None,
        refusal=MediaRefusal(row["mediaReason"]) if "mediaReason" in row else None,
    )
