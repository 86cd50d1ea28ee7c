"""The examples without which Meta takes no template with placeholders, made up where nobody gave them."""

import re
from typing import Any

Json = dict[str, Any]

_PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_FILE = "https://scontent.whatsapp.net/v/t61.29466-34/example"


def with_example(component: Json, parameter_format: str) -> Json:
    """A component as Meta tells it."""
    if "example" in component:
        return component
    if component["type"].upper() == "BUTTONS":
        return {**component, "buttons": [_on_button(button) for button in component.get("buttons", [])]}
    example = _example(component, named=parameter_format.upper() == "NAMED")
    return {**component, "example": example} if example else component


def _example(component: Json, *, named: bool) -> Json:
    kind = component["type"].upper()
    if kind == "HEADER" and component.get("format", "TEXT").upper() != "TEXT":
        return {"header_handle": [_FILE]} if component["format"].upper() != "LOCATION" else {}
    names = list(dict.fromkeys(_PLACEHOLDER.findall(component.get("text", ""))))
    if not names or kind not in {"HEADER", "BODY"}:
        return {}
    if named:
        told = [{"param_name": name, "example": _made_up(name)} for name in names]
        return {f"{kind.lower()}_text_named_params": told}
    texts = [_made_up(name) for name in names]
    return {"header_text": texts} if kind == "HEADER" else {"body_text": [texts]}


def _on_button(button: Json) -> Json:
    """Of an address its whole, of a code the code."""
    if "example" in button:
        return button
    if button["type"].upper() == "COPY_CODE":
        return {**button, "example": ["EXAMPLE25"]}
    if _PLACEHOLDER.search(button.get("url", "")):
        return {**button, "example": [_PLACEHOLDER.sub("example", button["url"])]}
    return button


def _made_up(name: str) -> str:
    return f"example {name}"
