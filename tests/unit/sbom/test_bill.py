"""The bill of materials of this very checkout."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from ops.local.places import REPOSITORY
from ops.sbom import __main__ as command
from ops.sbom.bill import bill_of_materials, everything, licence_list, refused
from ops.sbom.packages import GROUPS, RUNTIME, expression_of, licensed
from tests.unit.watching.declared import of_type

BILL = bill_of_materials()


def named(bill: dict[str, Any]) -> dict[str, str]:
    return {one["name"]: one["version"] for one in bill["components"]}


def test_it_is_cyclonedx() -> None:
    assert JsonStrictValidator(SchemaVersion.V1_5).validate_str(json.dumps(BILL)) is None


def test_it_holds_what_the_layers_install_and_nothing_of_the_tests() -> None:
    pinned = re.compile(r"^([a-z0-9-]+)==([^ ;]+)", re.MULTILINE)
    texts = [(REPOSITORY / "layers" / group / "requirements.txt").read_text(encoding="utf-8") for group in GROUPS]
    wanted = {name for text in texts for name, _ in pinned.findall(text)}
    assert set(named(BILL)) == wanted | {"htmx.org", "lucide-static"}
    assert not {"pytest", "moto", "boto3", "uv", "starlette"} & set(named(BILL))


def test_of_two_versions_it_holds_the_one_that_lambda_runs() -> None:
    assert sum(one["name"] == "numpy" for one in BILL["components"]) == 1
    functions = of_type("AWS::Lambda::Function").values()
    assert {one["Runtime"] for one in functions} == {f"python{RUNTIME['python_version']}"}


def test_it_knows_what_was_compiled_into_wheels() -> None:
    insides = {(into, one["name"]) for one, into in everything(BILL) if into}
    assert {("pydantic-core", "serde"), ("tantivy", "serde"), ("cryptography", "openssl")} <= insides


def test_everything_that_is_deployed_may_be() -> None:
    assert refused(BILL) == []


@pytest.mark.parametrize("expression", ["", "GPL-3.0-only", "LicenseRef-Proprietary"])
def test_a_new_package_under_another_licence_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], expression: str
) -> None:
    new = licensed({"type": "library", "bom-ref": "new@1", "name": "new", "version": "1"}, expression)
    bill = {**BILL, "components": [*BILL["components"], new]}
    monkeypatch.setattr(command, "bill_of_materials", lambda: bill)
    assert command.main([]) == 1
    assert f"new 1: {expression or 'names no licence'}" in capsys.readouterr().err


def test_what_a_wheel_brings_along_is_refused_with_the_wheels_name() -> None:
    crate = licensed({"name": "crate", "version": "2"}, "AGPL-3.0-only")
    wheel = licensed({"name": "wheel", "version": "1", "components": [crate]}, "MIT")
    assert refused({"components": [wheel]}) == ["crate 2 (in wheel): AGPL-3.0-only"]


def test_the_list_names_every_package_once_with_its_licence(tmp_path: Any) -> None:
    assert command.main([str(tmp_path / "dist")]) == 0
    written = (tmp_path / "dist" / "licences.md").read_text(encoding="utf-8")
    assert written == licence_list(BILL)
    for one in BILL["components"]:
        assert written.count(f"| {one['name']} | {one['version']} | {expression_of(one)} |  |") == 1
    assert json.loads((tmp_path / "dist" / "sbom.cdx.json").read_text(encoding="utf-8"))["bomFormat"] == "CycloneDX"
