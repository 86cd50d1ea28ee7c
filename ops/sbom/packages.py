"""What the functions run that others wrote: from uv.lock, from inside the wheels, and beside our pages."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from importlib import metadata
from typing import Any

from ops.errors import ToolError
from ops.local.places import REPOSITORY
from ops.local.uv import uv_binary
from ops.sbom.licences import STATED

Component = dict[str, Any]
"""As CycloneDX writes it."""

GROUPS = ("runtime", "search", "console")
"""Of pyproject.toml: one for each layer."""

RUNTIME: Mapping[str, str] = {
    "python_version": "3.13",
    "python_full_version": "3.13.0",
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
    "sys_platform": "linux",
}
"""Lambda's, as markers name it."""

_SHORT = 40
"""Of a licence's name; what is longer is its text."""


def exported() -> dict[str, Any]:
    """The layers' packages, as uv writes them down, without what another Python would run."""
    groups = [word for group in GROUPS for word in ("--only-group", group)]
    asked = [
        str(uv_binary()),
        "export",
        "--frozen",
        "--quiet",
        "--no-emit-project",
        "--format",
        "cyclonedx1.5",
        *groups,
    ]
    told = subprocess.run(asked, cwd=REPOSITORY, capture_output=True, text=True, check=False)  # noqa: S603 (made by us)
    if told.returncode != 0:
        raise ToolError(f"uv could not tell what is deployed: {told.stderr.strip()}", "run `make lock`")
    bill: dict[str, Any] = json.loads(told.stdout)
    bill["components"] = [licensed(one, _licence(one["name"])) for one in bill["components"] if _runs(one)]
    return bill


def licensed(component: Component, expression: str) -> Component:
    return {**component, "licenses": [{"expression": expression}]} if expression else component


def expression_of(component: Component) -> str:
    """Empty where nobody says."""
    [*stated] = component.get("licenses", [])
    named = [one.get("expression") or one["license"].get("id", "") for one in stated]
    return " AND ".join(named)


def _runs(component: Component) -> bool:
    from packaging.markers import Marker

    markers = (one["value"] for one in component.get("properties", []) if one["name"] == "uv:package:marker")
    return all(Marker(marker).evaluate(dict(RUNTIME)) for marker in markers)


def _licence(name: str) -> str:
    """By the metadata of the package as it is installed here."""
    try:
        told = metadata.metadata(name).json
    except metadata.PackageNotFoundError as error:
        raise ToolError(f"{name} is deployed and not installed here", "run `make setup`") from error
    named = str(told.get("license", ""))
    return STATED.get(name) or str(told.get("license_expression", named if len(named) <= _SHORT else ""))


def compiled_in(package: str) -> Iterator[Component]:
    """What a wheel tells (PEP 770) that was compiled into it."""
    for file in metadata.files(package) or []:
        if "sboms" in file.parts and file.name.endswith(".json"):
            bill = json.loads(file.read_text())
            for one in bill.get("components", []):
                if one.get("scope") != "excluded":
                    yield _as_inside(one)


def _as_inside(component: Component) -> Component:
    kept: Component = {
        name: component[name] for name in ("type", "name", "version", "purl", "licenses") if name in component
    }
    stated = STATED.get(component["name"], "") if not component.get("licenses") else ""
    return licensed(kept, stated)


def vendored() -> list[Component]:
    """Scripts and icons that stand among our pages, as they came."""
    packages = json.loads((REPOSITORY / "src" / "pages" / "vendored.json").read_text(encoding="utf-8"))
    return [
        licensed(
            {
                "type": "library",
                "bom-ref": f"{name}@{one['version']}",
                "name": name,
                "version": one["version"],
                "purl": f"pkg:npm/{name}@{one['version']}",
                "externalReferences": [{"type": "distribution", "url": one["source"]}],
            },
            one["licence"],
        )
        for name, one in packages.items()
    ]
