"""A server on this machine in Bedrock's place: a local AWS of its own speaks Bedrock's API before it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3
import httpx

from ops.errors import OpsError
from ops.local import emulator, environment
from ops.local.aws import ROOT_KEY
from ops.local.home import Home, Settings
from ops.local.ports import free_port

_REGION = "us-east-1"


@contextmanager
def standing_in(model_url: str | None) -> Iterator[None]:
    """For the clients of this process that are made from now on; without a URL, Bedrock is where it is."""
    if model_url is None:
        yield
        return
    _require_answer(model_url)
    if not environment.is_current():
        environment.refresh()
    with tempfile.TemporaryDirectory(prefix="ai-marketplace-model-") as folder:
        home, settings = Home(Path(folder)), Settings(aws_port=free_port(), model_url=model_url.rstrip("/"))
        home.prepare()
        emulator.start(home, settings)
        try:
            _be_the_environments(settings.aws_endpoint_url)
            yield
        finally:
            emulator.stop(home)


def _require_answer(model_url: str) -> None:
    """Whatever it says: the local AWS would make up an answer of its own for a server that is not there."""
    try:
        httpx.get(model_url, timeout=5, trust_env=False)
    except httpx.HTTPError as error:
        raise OpsError(f"nobody answers at {model_url}: {error}", "is the model's server running?") from error


def _be_the_environments(endpoint_url: str) -> None:
    """Of Bedrock alone: whatever else the command reads, it reads where it did."""
    session = boto3.Session()
    if session.get_credentials() is None:
        os.environ |= {"AWS_ACCESS_KEY_ID": ROOT_KEY, "AWS_SECRET_ACCESS_KEY": ROOT_KEY}
    if session.region_name is None:
        os.environ["AWS_DEFAULT_REGION"] = _REGION
    os.environ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"] = endpoint_url
    os.environ["NO_PROXY"] = ",".join(filter(None, (os.environ.get("NO_PROXY"), "127.0.0.1")))
