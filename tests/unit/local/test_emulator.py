from __future__ import annotations

from typing import TYPE_CHECKING

from ops.local import emulator
from ops.local.home import Home, Settings

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_nothing_of_the_operators_environment_reaches_the_functions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "real")
    given = emulator.process_environment(Home(tmp_path), Settings())
    assert "AWS_PROFILE" not in given
    assert "AWS_SECRET_ACCESS_KEY" not in given
    assert given["HOME"].startswith(str(tmp_path))


def test_it_listens_on_loopback_alone_and_keeps_everything_in_the_home(tmp_path: Path) -> None:
    given = emulator.process_environment(Home(tmp_path), Settings(aws_port=4999, auth=True))
    assert given["BIND_HOST"] == "127.0.0.1"
    assert given["GATEWAY_PORT"] == "4999"
    assert given["AUTH"] == "true"
    for name in ("TMPDIR", "STATE_DIR", "S3_DATA_DIR"):
        assert given[name].startswith(str(tmp_path))


def test_bedrock_asks_the_model_that_stands_in_for_it(tmp_path: Path) -> None:
    given = emulator.process_environment(Home(tmp_path), Settings(model_url="http://127.0.0.1:11434"))
    assert given["MINISTACK_BEDROCK_PROXY_URL"] == "http://127.0.0.1:11434"
    assert emulator.process_environment(Home(tmp_path), Settings())["MINISTACK_BEDROCK_PROXY_URL"] == ""
