from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ops.errors import OpsError
from ops.local.home import Home, Settings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path) -> Home:
    place = Home(tmp_path / "home")
    place.prepare()
    return place


def test_settings_are_remembered(home: Home) -> None:
    assert home.settings() is None
    home.remember(Settings(front_port=9000, auth=True))
    assert home.settings() == Settings(front_port=9000, aws_port=4566, auth=True)


def test_two_commands_do_not_work_at_once(home: Home) -> None:
    with home.locked(), pytest.raises(OpsError, match="another"), home.locked():
        pass


def test_urls_follow_the_ports() -> None:
    settings = Settings(front_port=9000, aws_port=9001)
    assert settings.graph_url == "http://127.0.0.1:9000/graph"
    assert settings.aws_endpoint_url == "http://127.0.0.1:9001"
