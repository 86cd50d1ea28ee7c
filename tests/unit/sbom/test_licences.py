"""SPDX expressions: what they allow."""

from __future__ import annotations

import pytest

from ops.sbom.licences import permitted


@pytest.mark.parametrize(
    "expression",
    [
        "MIT",
        "MIT OR Apache-2.0",
        "GPL-3.0-only OR MIT",
        "Apache-2.0  OR  MIT  OR  MPL-2.0",
        "BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0",
        "(MIT OR GPL-3.0-only) AND Unicode-3.0",
        "Apache-2.0 WITH LLVM-exception",
        "GPL-2.0-only AND MIT OR ISC",
    ],
)
def test_permitted(expression: str) -> None:
    assert permitted("it", expression)


@pytest.mark.parametrize(
    "expression",
    [
        *("", "GPL-3.0-only", "MPL-2.0", "MIT AND GPL-3.0-only", "(MIT OR ISC) AND LGPL-2.1-or-later"),
        *("MIT OR", "(MIT", "MIT)", "AND", "MIT ISC", "BSD License", "MIT / Apache", "Apache-2.0 WITH else", "mit"),
    ],
)
def test_refused(expression: str) -> None:
    assert not permitted("it", expression)


def test_an_exception_is_for_one_package_and_one_licence() -> None:
    assert permitted("certifi", "MPL-2.0")
    assert not permitted("certifi", "GPL-3.0-only")
    assert not permitted("certificates", "MPL-2.0")
