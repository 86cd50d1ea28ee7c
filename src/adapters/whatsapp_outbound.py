"""What a business sends, in Meta's JSON. Pure functions; forms as in Meta's "Messages" reference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from domain import outbound as o

Json = dict[str, Any]


def rendered(content: o.Content) -> Json:
    """The type of a message, and its content under the name of the type."""
    return {"type": content.type, content.type: _content(content)}


def _content(content: o.Content) -> Json:
    match content:
        case o.Text():
            return {"body": content.body, "preview_url": content.preview_url}
        case o.Image() | o.Video() | o.Audio() | o.Document() | o.Sticker():
            return _media(content)
        case o.Location():
            return _location(content)
        case o.Reaction():
            return {"message_id": content.message_id, "emoji": content.emoji}
        case o.Template():
            return _template(content)
        case _:
            return _interactive(content)


def _media(content: o.Image | o.Video | o.Audio | o.Document | o.Sticker) -> Json:
    file = content.file
    source = {"id": file.id} if file.id else _given(link=file.link)
    match content:
        case o.Image(caption=caption) | o.Video(caption=caption):
            return {**source, **_given(caption=caption)}
        case o.Document(caption=caption, filename=filename):
            return {**source, **_given(caption=caption, filename=filename)}
        case _:
            return source


def _location(content: o.Location) -> Json:
    place = {"latitude": content.latitude, "longitude": content.longitude}
    return {**place, **_given(name=content.name, address=content.address)}


def _interactive(content: o.ReplyButtons | o.List | o.CtaUrl | o.SingleProduct | o.ProductList) -> Json:
    header = "" if isinstance(content, o.SingleProduct) else content.header
    kind, action = _action(content)
    frame = {
        "header": _header(header) if header else None,
        "body": {"text": content.body} if content.body else None,
        "footer": {"text": content.footer} if content.footer else None,
    }
    return {"type": kind, **_given(**frame), "action": action}


def _header(header: o.Header) -> Json:
    if isinstance(header, str):
        return {"type": "text", "text": header}
    return {"type": header.type, header.type: _media(header)}


def _action(content: o.ReplyButtons | o.List | o.CtaUrl | o.SingleProduct | o.ProductList) -> tuple[str, Json]:
    match content:
        case o.ReplyButtons(buttons=buttons):
            replies = [{"type": "reply", "reply": {"id": button.id, "title": button.title}} for button in buttons]
            return "button", {"buttons": replies}
        case o.List(button=button, sections=sections):
            return "list", {"button": button, "sections": [_section(section) for section in sections]}
        case o.CtaUrl(label=label, url=url):
            return "cta_url", {"name": "cta_url", "parameters": {"display_text": label, "url": url}}
        case o.SingleProduct(catalog_id=catalog_id, product_retailer_id=product):
            return "product", {"catalog_id": catalog_id, "product_retailer_id": product}
        case o.ProductList(catalog_id=catalog_id, sections=products):
            return "product_list", {"catalog_id": catalog_id, "sections": [_products(section) for section in products]}


def _section(section: o.Section) -> Json:
    rows = [{"id": row.id, "title": row.title, **_given(description=row.description)} for row in section.rows]
    return {**_given(title=section.title), "rows": rows}


def _products(section: o.ProductSection) -> Json:
    items = [{"product_retailer_id": product} for product in section.product_retailer_ids]
    return {**_given(title=section.title), "product_items": items}


def _template(content: o.Template) -> Json:
    named = {"name": content.name, "language": {"code": content.language}}
    return {**named, **_given(components=[*_components(content)])}


def _components(content: o.Template) -> Iterator[Json]:
    if content.header is not None:
        yield {"type": "header", "parameters": [_header_parameter(content.header)]}
    if content.body:
        yield {"type": "body", "parameters": _parameters(content.body)}
    for button in content.buttons:
        parameters = [_button_parameter(button)]
        yield {"type": "button", "sub_type": button.kind, "index": str(button.index), "parameters": parameters}


def _header_parameter(header: o.TemplateHeader) -> Json:
    match header:
        case o.Parameter():
            return _parameters([header])[0]
        case o.Location():
            return {"type": "location", "location": _location(header)}
        case _:
            return {"type": header.type, header.type: _media(header)}


def _parameters(parameters: Sequence[o.Parameter]) -> list[Json]:
    return [{"type": "text", **_given(parameter_name=one.name), "text": one.text} for one in parameters]


def _button_parameter(button: o.TemplateButton) -> Json:
    match button.kind:
        case o.ButtonKind.QUICK_REPLY:
            return {"type": "payload", "payload": button.value}
        case o.ButtonKind.URL:
            return {"type": "text", "text": button.value}
        case o.ButtonKind.COPY_CODE:
            return {"type": "coupon_code", "coupon_code": button.value}


def _given(**values: Any) -> Json:
    """What says something: Meta refuses empty texts and nulls."""
    return {name: value for name, value in values.items() if value}
