"""The phone page needs nothing from elsewhere and runs nothing inline."""

import re
from pathlib import Path

import httpx
import pytest

import ops.simulator.phone

pytestmark = pytest.mark.anyio

STATIC = Path(ops.simulator.phone.__file__).parent / "static"
REFERENCE = re.compile(r"""(?:src|href)="([^"#]+)"|from "([^"]+)\"""")


async def test_the_page_comes_with_a_strict_policy(client: httpx.AsyncClient) -> None:
    page = await client.get("/phone", follow_redirects=True)
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]* src=)|<style| style=| on\w+=", page.text)


async def test_every_file_that_the_page_names_is_there(client: httpx.AsyncClient) -> None:
    for file in STATIC.glob("*.*"):
        for match in REFERENCE.finditer(file.read_text(encoding="utf-8")):
            name = (match[1] or match[2]).removeprefix("static/").removeprefix("./")
            assert (await client.get(f"/phone/static/{name}")).status_code == 200, (file.name, name)


@pytest.mark.parametrize("script", sorted(STATIC.glob("*.js")), ids=lambda path: path.name)
def test_no_script_makes_markup_of_text(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", text)
