"""What AWS says to whoever asks for a stack, in one clear line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ops.errors import OpsError


@contextmanager
def asking_for(stack_name: str) -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        raise OpsError(
            f"the stack {stack_name} cannot be read: {error.response['Error'].get('Message', error)}",
            "`aws cloudformation describe-stacks` lists the stacks of these credentials and this region",
        ) from error
    except BotoCoreError as error:
        raise OpsError(
            f"AWS cannot be asked: {error}", "`aws sts get-caller-identity` must work in this shell"
        ) from error
