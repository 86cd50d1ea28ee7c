"""The bill of materials, in CycloneDX, and the list of licences that it comes to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ops.sbom.licences import permitted
from ops.sbom.packages import Component, compiled_in, exported, expression_of, vendored

_OURS = "Apache-2.0"


def bill_of_materials() -> dict[str, Any]:
    """What was compiled into a package stands inside it; none of this is asked of the network."""
    bill = exported()
    own: Component = bill["metadata"]["component"]
    bill["metadata"]["component"] = {**own, "type": "application", "licenses": [{"expression": _OURS}]}
    bill["components"] = [*map(_with_insides, bill["components"]), *vendored()]
    known = {one["bom-ref"] for one in bill["components"]} | {own["bom-ref"]}
    bill["dependencies"] = [_among(one, known) for one in bill["dependencies"] if one["ref"] in known]
    return bill


def _with_insides(component: Component) -> Component:
    insides = list(compiled_in(component["name"]))
    return {**component, "components": insides} if insides else component


def _among(dependency: dict[str, Any], known: set[str]) -> dict[str, Any]:
    return {
        name: [ref for ref in value if ref in known] if name == "dependsOn" else value
        for name, value in dependency.items()
    }


def everything(bill: dict[str, Any]) -> Iterator[tuple[Component, str]]:
    """Each component, with what it was compiled into."""
    for one in bill["components"]:
        yield one, ""
        for inside in one.get("components", []):
            yield inside, one["name"]


def refused(bill: dict[str, Any]) -> list[str]:
    """What may not be deployed as it stands, in words."""
    return [
        f"{one['name']} {one['version']}{f' (in {into})' if into else ''}: {expression_of(one) or 'names no licence'}"
        for one, into in everything(bill)
        if not permitted(one["name"], expression_of(one))
    ]


def licence_list(bill: dict[str, Any]) -> str:
    """Markdown."""
    rows = sorted(
        f"| {one['name']} | {one['version']} | {expression_of(one)} | {into} |" for one, into in everything(bill)
    )
    head = ["# Licences", "", "Of everything that is deployed and that others wrote.", ""]
    return "\n".join(
        [*head, "| what | version | licence | compiled into |", "|---|---|---|---|", *dict.fromkeys(rows), ""]
    )
