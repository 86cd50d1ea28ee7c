from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ops.errors import OpsError
from ops.local.project import Project, parse_overrides

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATE = """\
Globals:
  Function:
    CodeUri: src  # every function's
    Runtime: python3.13
Resources:
  Other:
    Properties:
      CodeUri: ./src/
      Description: CodeUri: src stands in a sentence
  Layer:
    Properties:
      ContentUri: layers/search
  Second:
    Properties:
      ContentUri: ./layers/console/
"""


def project(folder: Path, *, template: str = TEMPLATE, samconfig: str = "") -> Project:
    (folder / "template.yaml").write_text(template)
    (folder / "samconfig.toml").write_text(samconfig)
    return Project(folder)


def test_the_artifact_takes_the_place_of_the_folder_and_nothing_else_changes(tmp_path: Path) -> None:
    given = project(tmp_path)
    packaged = given.template_with_code(
        "s3://bucket/key.zip", {"search": "s3://bucket/layer.zip", "console": "s3://bucket/other.zip"}
    )
    assert packaged.splitlines()[2] == "    CodeUri: s3://bucket/key.zip  # every function's"
    assert packaged.splitlines()[7] == "      CodeUri: s3://bucket/key.zip"
    assert packaged.splitlines()[11] == "      ContentUri: s3://bucket/layer.zip"
    assert packaged.splitlines()[14] == "      ContentUri: s3://bucket/other.zip"
    assert given.layers() == ["console", "search"]
    changed = [old for old, new in zip(TEMPLATE.splitlines(), packaged.splitlines(), strict=True) if old != new]
    assert changed == [
        "    CodeUri: src  # every function's",
        "      CodeUri: ./src/",
        "      ContentUri: layers/search",
        "      ContentUri: ./layers/console/",
    ]


def test_a_template_without_code_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OpsError, match="CodeUri: src"):
        project(tmp_path, template="Resources: {}").template_with_code("s3://bucket/key.zip", {})


def test_the_local_section_of_samconfig_gives_name_region_and_parameters(tmp_path: Path) -> None:
    given = project(
        tmp_path,
        samconfig="""
        [local.global.parameters]
        region = "eu-central-1"
        [local.deploy.parameters]
        stack_name = "mine"
        parameter_overrides = "Stage=local AlarmEmail='a b'"
        """,
    )
    assert given.stack_name() == "mine"
    assert given.region() == "eu-central-1"
    assert given.parameters() == {"Stage": "local", "AlarmEmail": "a b"}


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ("", {}),
        ("A=1 B=", {"A": "1", "B": ""}),
        ('A="x y" B=c=d', {"A": "x y", "B": "c=d"}),
        (["A=x y", "B=1"], {"A": "x y", "B": "1"}),
    ],
)
def test_overrides_are_read_as_sam_reads_them(overrides: str | list[str], expected: dict[str, str]) -> None:
    assert parse_overrides(overrides) == expected


def test_an_override_that_is_no_pair_is_named() -> None:
    with pytest.raises(OpsError, match="`Stage`"):
        parse_overrides("Stage")


def test_outside_a_checkout_the_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(OpsError, match=r"samconfig\.toml is missing"):
        Project(tmp_path).stack_name()
