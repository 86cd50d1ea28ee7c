from __future__ import annotations

from pathlib import Path

from ops.local import deploy
from tests.stack.deployed import Deployed
from tests.stack.sam import Sam


def test_sam_finds_nothing_wrong_with_the_template(stack: Deployed, tmp_path: Path) -> None:
    assert "is a valid SAM Template" in Sam(tmp_path, stack.file.aws_endpoint_url, stack.runtime).validate()


def test_the_stack_is_complete(stack: Deployed) -> None:
    deployment = deploy.describe(stack.aws, stack.file.stack_name)

    assert deployment is not None
    assert deployment.status == "CREATE_COMPLETE"
    assert deployment.outputs["WebhookUrl"].startswith("https://")
