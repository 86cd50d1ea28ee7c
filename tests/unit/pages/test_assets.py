from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path

import pytest

from pages.assets import asset, served

_PAGES = Path(__file__).parents[3] / "src" / "pages"


def test_what_others_wrote_is_what_their_packages_hold() -> None:
    packages = json.loads((_PAGES / "vendored.json").read_text()).values()
    expected = {path: digest for package in packages for path, digest in package["files"].items()}
    found = {path: hashlib.sha256((_PAGES / path).read_bytes()).hexdigest() for path in expected}
    assert found == expected
    assert {f"icons/{path.name}" for path in (_PAGES / "icons").iterdir()} <= set(expected)
    assert all(package["licence"] and package["source"] for package in packages)


@pytest.mark.parametrize("name", ["app.css", "app.js", "htmx.js", "favicon.svg"])
def test_a_file_is_served_under_the_name_of_its_bytes(name: str) -> None:
    found = served(asset(name).name)
    assert found is not None
    digest = hashlib.sha384(found.content).digest()
    assert found.integrity == f"sha384-{base64.b64encode(digest).decode()}"
    assert hashlib.sha256(found.content).hexdigest()[:12] in found.name


@pytest.mark.parametrize("name", ["app.css", "app.000000000000.css", "../assets.py", "tokens.css", "", "app", ".."])
def test_nothing_else_is_served(name: str) -> None:
    assert served(name) is None


def test_no_sheet_and_no_script_fetches_anything() -> None:
    for name in ("app.css", "app.js"):
        text = asset(name).content.decode()
        assert "url(" not in text
        assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
        assert "@import" not in text
