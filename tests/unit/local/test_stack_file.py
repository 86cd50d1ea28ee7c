from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING

import pytest

from ops import stack_file
from ops.errors import NoStackError, OpsError
from ops.stack_file import StackFile, StackTenant

if TYPE_CHECKING:
    from pathlib import Path

KEYS = {
    *("webhook_url", "verify_token", "app_secret", "front_url", "graph_url", "aws_endpoint_url", "stack_name"),
    *("pages_url", "operator_url", "api_url", "user_pool_id", "user_pool_client_id"),
    *("region", "tables", "queues", "topics", "functions", "buckets", "tenants", "users"),
}


def a_stack() -> StackFile:
    return StackFile(
        webhook_url="http://127.0.0.1:8080/webhook",
        verify_token="token",
        app_secret="secret",
        front_url="http://127.0.0.1:8080",
        graph_url="http://127.0.0.1:8080/graph",
        pages_url="",
        operator_url="",
        api_url="",
        aws_endpoint_url="http://127.0.0.1:4566",
        stack_name="ai-marketplace-local",
        region="us-east-1",
        tables={"tenants": "ai-marketplace-tenants-platform"},
        queues={},
        topics={},
        functions={},
        buckets={},
        tenants=[
            StackTenant(
                id="maple-home", name="Maple Home", phone_number_id="1", waba_id="2", display_phone_number="12025550117"
            )
        ],
        user_pool_id="",
        user_pool_client_id="",
        users=[],
    )


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    stack_file.save(a_stack(), tmp_path)
    assert stack_file.load(tmp_path) == a_stack()


def test_the_file_has_the_documented_keys_and_no_others(tmp_path: Path) -> None:
    stack_file.save(a_stack(), tmp_path)
    assert set(json.loads((tmp_path / "stack.json").read_text())) == KEYS


def test_only_the_owner_reads_it(tmp_path: Path) -> None:
    stack_file.save(a_stack(), tmp_path)
    assert stat.S_IMODE((tmp_path / "stack.json").stat().st_mode) == 0o600


def test_nothing_else_is_left_behind(tmp_path: Path) -> None:
    stack_file.save(a_stack(), tmp_path)
    stack_file.save(a_stack(), tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["stack.json"]


def test_without_a_stack_the_error_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(NoStackError, match="no local stack is running: run `ai-marketplace local up`"):
        stack_file.load(tmp_path)


def test_a_file_of_another_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "stack.json").write_text('{"webhook_url": 1}')
    with pytest.raises(OpsError, match="not a stack file of this version"):
        stack_file.load(tmp_path)


def test_a_removed_stack_is_gone(tmp_path: Path) -> None:
    stack_file.save(a_stack(), tmp_path)
    stack_file.remove(tmp_path)
    stack_file.remove(tmp_path)
    with pytest.raises(NoStackError):
        stack_file.load(tmp_path)
