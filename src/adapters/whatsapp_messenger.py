"""Meta's Graph API, over one connection that the worker keeps open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, Protocol

import httpx

from adapters.secrets_manager import fingerprint
from adapters.whatsapp_errors import problem_of, send_error
from adapters.whatsapp_outbound import rendered
from domain.customers import CustomerIdentity
from domain.errors import (
    AccessTokenUnreadableError,
    NumberPausedError,
    SendThrottledError,
    SendUncertainError,
    ServiceUnavailableError,
)
from domain.messages import MessageId
from domain.outbound import Audio, Content, Document, Image, MediaFile, Video
from domain.own_files import NewFile
from domain.pausing import TOKEN_CODES
from domain.replies import ReplyId
from domain.tenants import WhatsAppNumber

# Of each phase of a call. Two calls, each at its slowest, stay below the reply handler's own time-out (template.yaml).
_TIMEOUT = httpx.Timeout(5.0, connect=2.0, pool=1.0)
_UPLOAD_TIMEOUT = httpx.Timeout(12.0, connect=2.0, pool=1.0)
"""A person waits for it behind a gateway that waits 29 seconds; the message itself comes after."""
_UPLOADED_NAME = "file"  # Meta shows customers the name that stands in the message


class AccessTokens(Protocol):
    def token(self, secret_name: str, *, fresh: bool = False) -> str:
        """`fresh`: as it is now, not as it was remembered."""


class WhatsAppMessenger:
    def __init__(
        self, base_url: str, version: str, tokens: AccessTokens, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._base_url = f"{base_url}/{version}"
        self._tokens = tokens
        self._transport = transport

    @cached_property
    def _http(self) -> httpx.Client:
        return httpx.Client(timeout=_TIMEOUT, transport=self._transport, follow_redirects=False)

    def mark_read(self, number: WhatsAppNumber, message_id: MessageId) -> None:
        body = {"status": "read", "message_id": message_id, "typing_indicator": {"type": "text"}}
        self._post(number, body)

    def send(
        self,
        number: WhatsAppNumber,
        recipient: CustomerIdentity,
        content: Content,
        callback_data: ReplyId,
        *,
        in_reply_to: MessageId | None = None,
    ) -> MessageId:
        content = self._uploaded(number, content)
        body = {
            "recipient_type": "individual",
            **_addressed(recipient),
            **({"context": {"message_id": in_reply_to}} if in_reply_to else {}),
            **rendered(content),
            "biz_opaque_callback_data": callback_data,
        }
        return _message_id(self._post(number, body))

    def _uploaded(self, number: WhatsAppNumber, content: Content) -> Content:
        """With Meta's id of the file, where it has one of our own. Whatever goes wrong here, nothing was sent."""
        if not isinstance(content, Image | Video | Audio | Document) or not isinstance(content.file, NewFile):
            return content
        file = content.file
        form = {"messaging_product": "whatsapp", "type": file.mime_type}
        parts = {"file": (_UPLOADED_NAME, file.data, file.mime_type)}
        try:
            answer = self._call(number, "media", timeout=_UPLOAD_TIMEOUT, data=form, files=parts)
        except SendUncertainError as error:
            raise SendThrottledError(error.code, error.title, error.details) from error
        return replace(content, file=MediaFile(_media_id(answer), mime_type=file.mime_type, size=file.size))

    def _post(self, number: WhatsAppNumber, body: Mapping[str, Any]) -> Any:
        return self._call(number, "messages", json={"messaging_product": "whatsapp", **body})

    def _call(self, number: WhatsAppNumber, edge: str, **request: Any) -> Any:
        url = f"{self._base_url}/{number.phone_number_id}/{edge}"
        token = self._token(number)
        headers = {"authorization": f"Bearer {token}"}
        try:
            response = self._http.post(url, headers=headers, **request)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise SendThrottledError(None, "Meta could not be reached") from error  # nothing was sent: no connection
        except httpx.HTTPError as error:
            raise SendUncertainError(None, f"Meta gave no answer ({type(error).__name__})") from error
        try:
            return _answer(response)
        except NumberPausedError as error:
            if error.code in TOKEN_CODES and self._token(number, fresh=True) != token:
                raise SendThrottledError(error.code, "The access token has been replaced meanwhile") from error
            error.token_fingerprint = fingerprint(token)
            raise

    def _token(self, number: WhatsAppNumber, *, fresh: bool = False) -> str:
        try:
            return self._tokens.token(number.access_token_secret, fresh=fresh)
        except ServiceUnavailableError as error:
            raise AccessTokenUnreadableError(None, "The access token cannot be read") from error


def _addressed(recipient: CustomerIdentity) -> dict[str, str]:
    """A BSUID goes into `recipient`: in `to` Meta accepts it and silently loses the message."""
    return {"to": recipient.phone} if recipient.phone else {"recipient": recipient.user_id or ""}


def _message_id(answer: Any) -> MessageId:
    match answer:
        case {"messages": [{"id": str(message_id)}, *_]} if message_id:
            return MessageId(message_id)
    raise SendUncertainError(None, "Meta accepted the message but named no id")


def _media_id(answer: Any) -> str:
    match answer:
        case {"id": str(media_id)} if media_id:
            return media_id
    raise SendThrottledError(None, "Meta took the file but named no id")


def _answer(response: httpx.Response) -> Any:
    try:
        body = response.json()
    except ValueError as error:
        if response.is_success:
            raise SendUncertainError(None, "Meta's answer is not JSON") from error
        body = {}
    if response.is_success:
        return body
    problem = problem_of(response, body)
    raise send_error(response.status_code, problem.code, problem.title, problem.details)
