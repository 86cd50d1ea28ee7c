"""The folder that holds everything of one local stack, and what is remembered there between runs."""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, ValidationError

from ops.errors import OpsError
from ops.local.places import DEFAULT_HOME
from ops.stack_file import write_private

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFAULT_FRONT_PORT = 8080
DEFAULT_AWS_PORT = 4566


class Settings(BaseModel):
    """Kept between runs, so that `up` without options brings back the same stack."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    front_port: int = DEFAULT_FRONT_PORT
    aws_port: int = DEFAULT_AWS_PORT
    auth: bool = False
    """Whether the emulator enforces the IAM policies of the template."""
    model_url: str = ""
    """A server with OpenAI's chat completions (Ollama, llama.cpp) that stands in for Bedrock's models. Empty: none."""
    model_id: str = ""
    """Which model of it answers for sellers who chose none. Empty: the catalogue assistant does."""

    @property
    def front_url(self) -> str:
        return f"http://127.0.0.1:{self.front_port}"

    @property
    def graph_url(self) -> str:
        return f"{self.front_url}/graph"

    @property
    def of_the_simulator(self) -> dict[str, str]:
        """The template's parameters that make it speak to the simulator, not to Meta, and to the emulator's Cognito."""
        return {
            "GraphApiBaseUrl": self.graph_url,
            "MediaHosts": self.front_url,
            "LocalWebhooks": f"{self.front_url}/local/webhooks",
            "ConsoleUrl": self.front_url,
            "CognitoUrl": self.aws_endpoint_url,
        }

    @property
    def aws_endpoint_url(self) -> str:
        return f"http://127.0.0.1:{self.aws_port}"


class Credentials(BaseModel):
    """What Meta would know of the app. The same on every machine: the events of `events/lambda` are signed with it.

    It guards nothing but a stack that listens on this machine's loopback address.
    """

    model_config = ConfigDict(frozen=True)

    app_secret: str = "local-app-secret"  # noqa: S105 (see above)
    verify_token: str = "local-verify-token"  # noqa: S105 (see above)


@dataclass(frozen=True)
class Home:
    root: Path = DEFAULT_HOME

    @property
    def emulator(self) -> Path:
        return self.root / "emulator"

    @property
    def build(self) -> Path:
        return self.root / "build"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def settings_file(self) -> Path:
        return self.root / "settings.json"

    def prepare(self) -> None:
        for folder in (self.root, self.emulator, self.build, self.logs):
            folder.mkdir(parents=True, exist_ok=True)
        # Secrets, access tokens and customers' messages stand in here.
        self.root.chmod(0o700)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Two commands at once would start two of everything."""
        with (self.root / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise OpsError(f"another `ai-marketplace local` command is at work in {self.root}") from error
            yield

    def settings(self) -> Settings | None:
        try:
            return Settings.model_validate_json(self.settings_file.read_bytes())
        except (FileNotFoundError, ValidationError):
            return None

    def remember(self, settings: Settings) -> None:
        write_private(self.settings_file, settings.model_dump_json(indent=2) + "\n")
