"""A template message against its template: what Meta refuses with 132000, 132001, 132012, 132015 and 132016."""

import re
from collections.abc import Sequence
from typing import Any

from ops.simulator.graph_errors import GraphError
from ops.simulator.outgoing.content import Template, TemplateComponent
from ops.simulator.templates import SimulatedTemplate

_PLACEHOLDER = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_MEDIA = {"IMAGE", "VIDEO", "DOCUMENT", "LOCATION"}
_NOT_NOW = {"PAUSED": 132015, "DISABLED": 132016}


def check(content: Template, template: SimulatedTemplate | None) -> None:
    if template is None:
        raise GraphError(132001, f"template name ({content.name}) does not exist in {content.language.code}")
    if template.status in _NOT_NOW:
        raise GraphError(_NOT_NOW[template.status], f"template ({content.name}) is {template.status.lower()}")
    if template.status != "APPROVED":
        raise GraphError(132001, f"template name ({content.name}) is not approved in {content.language.code}")
    _check_texts("body", template, template.component("BODY"), _parameters(content.of_type("body")))
    _check_header(content, template)
    _check_buttons(content, template)


def _parameters(components: Sequence[TemplateComponent]) -> list[dict[str, Any]]:
    return [parameter.model_dump() for component in components for parameter in component.parameters]


def _check_texts(
    part: str, template: SimulatedTemplate, component: dict[str, Any], given: Sequence[dict[str, Any]]
) -> None:
    names = list(dict.fromkeys(_PLACEHOLDER.findall(component.get("text", ""))))
    if len(names) != len(given):
        details = (
            f"{part}: number of localizable_params ({len(given)}) does not match the expected number ({len(names)})"
        )
        raise GraphError(132000, details)
    if template.parameter_format == "NAMED" and {one.get("parameter_name") for one in given} != set(names):
        raise GraphError(132012, f"{part}: expected the named parameters {', '.join(names)}")
    if template.parameter_format != "NAMED" and any("parameter_name" in one for one in given):
        raise GraphError(132012, f"{part}: the parameters of this template have no names")


def _check_header(content: Template, template: SimulatedTemplate) -> None:
    component, given = template.component("HEADER"), _parameters(content.of_type("header"))
    form = component.get("format", "TEXT").upper()
    if form not in _MEDIA:
        _check_texts("header", template, component, given)
        return
    found = given[0].get("type", "").upper() if given else "UNKNOWN"
    if found != form:
        raise GraphError(132012, f"header: Format mismatch, expected {form}, received {found}")


def _check_buttons(content: Template, template: SimulatedTemplate) -> None:
    buttons = template.component("BUTTONS").get("buttons", [])
    given = {component.index: component for component in content.of_type("button")}
    for index in given:
        if index is None or index >= len(buttons):
            raise GraphError(132000, f"buttons: there is no button at index {index}")
    for index, button in enumerate(buttons):
        kind = button["type"].upper()
        needs = kind == "COPY_CODE" or (kind == "URL" and _PLACEHOLDER.search(button.get("url", "")))
        if needs and index not in given:
            raise GraphError(131008, f"buttons: Button at index {index} of type {kind.title()} requires a parameter")
        if index in given and str(given[index].sub_type).upper() != kind:
            raise GraphError(132012, f"buttons: Button at index {index} is of type {kind.title()}")
