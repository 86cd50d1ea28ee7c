"""What the webhooks about message templates tell, as pure functions. What is not in Meta's form tells nothing.

Fields: message_template_status_update, message_template_quality_update, template_category_update and
message_template_components_update. Meta's own samples show a quality update under the name of the status field: what
the value holds decides, not the name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from domain.templates import Component, TemplateNews, status_after, template_language

_FIELD = re.compile(r"(message_)?template_(status|quality|category|components)_update")
_NAME = re.compile(r"[a-z0-9_]{1,512}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z]{2,4})?")
_WORD = re.compile(r"[A-Za-z_]{1,64}")


def template_news(
    field: str, waba_id: str, value: Mapping[str, Any], told_at: Any, received_at: datetime
) -> tuple[TemplateNews, ...]:
    """`told_at`: `time` of the entry, in seconds. None is later than its receipt: a wrong clock would hold for long."""
    name, language = value.get("message_template_name"), value.get("message_template_language")
    if not _FIELD.fullmatch(field) or not _is(_NAME, name) or not _is(_LANGUAGE, language):
        return ()
    news = TemplateNews(
        waba_id=waba_id,
        name=str(name),
        language=template_language(str(language)),
        at=min(_time(told_at, received_at), received_at).replace(microsecond=0),
        template_id=str(value.get("message_template_id") or "")[:64],
        status=status_after(event) if (event := _word(value.get("event"))) else None,
        rejected_reason=reason if (reason := _word(value.get("reason"))) and reason != "NONE" else "",
        category=_word(value.get("new_category")) or _word(value.get("message_template_category")),
        quality=_word(value.get("new_quality_score")),
        components=_components(value),
        components_whole=False,
    )
    return (news,)


def _is(form: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and bool(form.fullmatch(value))


def _word(value: Any) -> str | None:
    return value.upper() if isinstance(value, str) and _WORD.fullmatch(value) else None


def _time(seconds: Any, otherwise: datetime) -> datetime:
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return otherwise


def _components(value: Mapping[str, Any]) -> tuple[Component, ...] | None:
    """As the rest of the API writes them. A header of media is not told, and stays as it is known."""
    body, header, footer = (value.get(f"message_template_{part}") for part in ("element", "title", "footer"))
    if not isinstance(body, str):
        return None
    texts: list[Component] = [{"type": "BODY", "text": body}]
    texts += [{"type": "HEADER", "format": "TEXT", "text": header}] if isinstance(header, str) and header else []
    texts += [{"type": "FOOTER", "text": footer}] if isinstance(footer, str) and footer else []
    buttons = value.get("message_template_buttons")
    if isinstance(buttons, list):
        texts.append({"type": "BUTTONS", "buttons": [_button(one) for one in buttons if isinstance(one, dict)]})
    return tuple(texts)


def _button(told: Mapping[str, Any]) -> Component:
    names = {f"message_template_button_{name}": name for name in ("type", "text", "url", "phone_number")}
    return {short: told[name] for name, short in names.items() if isinstance(told.get(name), str)}
