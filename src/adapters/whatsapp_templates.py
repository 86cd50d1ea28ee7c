"""The templates of a WhatsApp Business Account, read from Meta's Graph API page by page.

`GET /{waba_id}/message_templates`: the next page is asked for by its cursor, never by the address that Meta names, so
the token goes nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import httpx

from adapters.whatsapp_errors import problem_of
from adapters.whatsapp_messenger import AccessTokens
from domain.errors import AccountRefusedError, ServiceUnavailableError
from domain.templates import TemplateNews, template_language
from domain.tenants import WhatsAppNumber

_FIELDS = "id,name,language,status,category,quality_score,components,parameter_format,rejected_reason"
_PAGE = 100
_MOST_PAGES = 200
"""An account holds 6,000 templates at most, each in some languages; a list that never ends is none."""
_TIMEOUT = httpx.Timeout(20.0, connect=5.0)
_THROTTLED = frozenset({4, 17, 32, 613, 80007, 80008})
_SERVER_ERROR = 500
_TOO_MANY_REQUESTS = 429


class WhatsAppTemplates:
    def __init__(
        self, base_url: str, version: str, tokens: AccessTokens, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._base_url = f"{base_url}/{version}"
        self._tokens = tokens
        self._transport = transport

    def read(self, number: WhatsAppNumber, at: datetime) -> list[TemplateNews]:
        with httpx.Client(timeout=_TIMEOUT, transport=self._transport, follow_redirects=False) as http:
            pages = self._pages(number, http)
            return [news for page in pages for item in page if (news := news_of(item, number.waba_id, at))]

    def _pages(self, number: WhatsAppNumber, http: httpx.Client) -> Iterator[list[Any]]:
        headers = {"authorization": f"Bearer {self._tokens.token(number.access_token_secret)}"}
        after: str | None = None
        for _ in range(_MOST_PAGES):
            page = self._page(number.waba_id, headers, after, http)
            yield page["data"]
            paging = page.get("paging")
            paging = paging if isinstance(paging, dict) else {}
            cursors = paging.get("cursors")
            seen, after = after, cursors.get("after") if isinstance(cursors, dict) else None
            if not paging.get("next") or not after or after == seen:
                return
        raise ServiceUnavailableError("Meta's list of templates does not end")

    def _page(self, waba_id: str, headers: Mapping[str, str], after: str | None, http: httpx.Client) -> dict[str, Any]:
        params = {"fields": _FIELDS, "limit": str(_PAGE), **({"after": after} if after else {})}
        try:
            response = http.get(f"{self._base_url}/{waba_id}/message_templates", params=params, headers=headers)
            body = response.json()
        except httpx.HTTPError as error:
            raise ServiceUnavailableError(f"Meta gave no answer ({type(error).__name__})") from error
        except ValueError as error:
            raise ServiceUnavailableError(f"Meta's answer is not JSON (HTTP {response.status_code})") from error
        if response.is_success and isinstance(body, dict) and isinstance(body.get("data"), list):
            return body
        raise _error(response, body)


def _error(response: httpx.Response, body: Any) -> ServiceUnavailableError | AccountRefusedError:
    problem, status = problem_of(response, body), response.status_code
    if status >= _SERVER_ERROR or status == _TOO_MANY_REQUESTS or problem.code in _THROTTLED:
        return ServiceUnavailableError(f"Meta does not tell the templates for now: {problem.title}")
    return AccountRefusedError(f"Meta does not tell the templates: {problem.title}")


def news_of(item: Any, waba_id: str, at: datetime) -> TemplateNews | None:
    """None for an item without a name: Meta's form is another one by then."""
    if not isinstance(item, dict) or not item.get("name") or not item.get("language"):
        return None
    components, quality = item.get("components"), item.get("quality_score")
    return TemplateNews(
        waba_id=waba_id,
        name=str(item["name"]),
        language=template_language(str(item["language"])),
        at=at,
        template_id=str(item.get("id") or ""),
        status=_word(item.get("status")),
        rejected_reason=_reason(item.get("rejected_reason")),
        category=_word(item.get("category")),
        quality=_word(quality.get("score")) if isinstance(quality, dict) else None,
        components=tuple(one for one in components if isinstance(one, dict)) if isinstance(components, list) else None,
        parameter_format=_word(item.get("parameter_format")),
    )


def _word(value: Any) -> str | None:
    return value.upper() if isinstance(value, str) and value else None


def _reason(value: Any) -> str:
    return "" if value in {None, "", "NONE"} else str(value)
