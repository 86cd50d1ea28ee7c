from __future__ import annotations

from typing import TYPE_CHECKING

from ops.local.environment import lock_fingerprint

if TYPE_CHECKING:
    from pathlib import Path

LOCK = """
[[package]]
name = "project"
version = "1"
[package.dev-dependencies]
ministack = [{{ name = "ministack" }}]

[[package]]
name = "ministack"
version = "1.5.33"
dependencies = [{{ name = "botocore" }}]

[[package]]
name = "botocore"
version = "{botocore}"

[[package]]
name = "rich"
version = "{rich}"
"""


def fingerprint(folder: Path, *, botocore: str = "1", rich: str = "1") -> str:
    file = folder / "uv.lock"
    file.write_text(LOCK.format(botocore=botocore, rich=rich))
    return lock_fingerprint(file)


def test_a_package_that_ministack_needs_changes_it(tmp_path: Path) -> None:
    assert fingerprint(tmp_path) != fingerprint(tmp_path, botocore="2")


def test_any_other_package_does_not(tmp_path: Path) -> None:
    assert fingerprint(tmp_path) == fingerprint(tmp_path, rich="2")
