"""Up, down, reset: the order in which the parts of a local stack come and go."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from ops import stack_file
from ops.errors import DeployError, OpsError
from ops.local import (
    artifact,
    demo_data,
    deploy,
    emulator,
    environment,
    front_config,
    front_process,
    handshake,
    names,
    people,
    ports,
    seed,
)
from ops.local.aws import LocalAws
from ops.local.home import Credentials, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.local.deploy import Deployment
    from ops.local.home import Home
    from ops.local.progress import Progress
    from ops.local.project import Project
    from ops.stack_file import StackFile


@dataclass(frozen=True)
class Stack:
    home: Home
    project: Project
    progress: Progress

    def up(self, settings: Settings) -> StackFile:
        """Each step does nothing where nothing has changed."""
        self.home.prepare()
        with self.home.locked(), self._aws_errors():
            self._require_ports(settings)
            self.home.remember(settings)
            self._environment()
            self._emulator(settings)
            aws = LocalAws(settings.aws_endpoint_url, self.project.region())
            return self.furnish(aws, settings, self._deploy(aws, settings))

    def furnish(self, aws: LocalAws, settings: Settings, deployment: Deployment) -> StackFile:
        """Sellers into a deployment, by whatever way it was deployed, and the front before it."""
        credentials = Credentials()
        self._seed(aws, deployment, credentials)
        self._front(settings, deployment, credentials)
        described = self._describe(aws, settings, deployment, credentials)
        stack_file.save(described, self.home.root)
        self._handshake(described)
        return described

    def down(self) -> None:
        if self.home.root.exists():
            with self.home.locked():
                self._stop()

    def reset(self) -> None:
        if self.home.root.exists():
            with self.home.locked():
                self._stop()
                with self.progress.step("Wipe the state"):
                    for folder in (self.home.emulator, self.home.logs):
                        shutil.rmtree(folder, ignore_errors=True)
                    for file in self.home.root.glob("*.json"):
                        file.unlink()

    def _stop(self) -> None:
        """The emulator writes its state when it is asked to end."""
        stack_file.remove(self.home.root)
        with self.progress.step("Stop the front") as step:
            step.note("" if front_process.stop(self.home) else "was not running")
        with self.progress.step("Stop the local AWS") as step:
            step.note("" if emulator.stop(self.home) else "was not running")

    @contextmanager
    def _aws_errors(self) -> Iterator[None]:
        try:
            yield
        except (BotoCoreError, ClientError) as error:
            log = emulator.daemon(self.home).log_file
            raise OpsError(f"the local AWS failed: {error}", f"its log: {log}") from error

    def _require_ports(self, settings: Settings) -> None:
        """Before anything is stopped or started: a taken port changes nothing."""
        before = self.home.settings() or Settings()
        if emulator.daemon(self.home).running() is None or before.aws_port != settings.aws_port:
            ports.require_free(settings.aws_port, "--aws-port", "the local AWS")
        if front_process.daemon(self.home).running() is None or before.front_port != settings.front_port:
            ports.require_free(settings.front_port, "--port", "the front (webhook, phone, Graph API)")

    def _environment(self) -> None:
        if environment.is_current():
            return
        with self.progress.step("Install ministack, the local AWS"):
            environment.refresh()

    def _emulator(self, settings: Settings) -> None:
        with self.progress.step("Start the local AWS") as step:
            started = emulator.start(self.home, settings)
            step.note(f"{settings.aws_endpoint_url}{'' if started else ', was running'}")

    def _deploy(self, aws: LocalAws, settings: Settings) -> Deployment:
        with self.progress.step("Build the functions") as step:
            built = artifact.build(self.home, self.project)
            step.note(built.code.digest)
        asked = {**settings.of_the_simulator, "AssistantModelId": settings.model_id}
        parameters = {**self.project.parameters(), **asked}
        with self.progress.step(f"Deploy template.yaml as {self.project.stack_name()}") as step:
            changed = deploy.deploy(aws, self.project, built, parameters, step.at)
            step.note("" if changed else "unchanged")
        deployment = deploy.describe(aws, self.project.stack_name())
        if deployment is None:
            raise DeployError(f"stack {self.project.stack_name()} is gone just after its deployment")
        return deployment

    def _seed(self, aws: LocalAws, deployment: Deployment, credentials: Credentials) -> None:
        with self.progress.step("Seed the demo's sellers, their people, catalogues and secrets") as step:
            changed = seed.seed(aws, deployment, credentials)
            step.note("" if changed else "unchanged")

    def _front(self, settings: Settings, deployment: Deployment, credentials: Credentials) -> None:
        config = front_config.assemble(settings, deployment, credentials, demo_data.tenants())
        with self.progress.step("Start the front: webhook, phone, pages, API, Graph API") as step:
            started = front_process.start(self.home, settings, config)
            step.note(f"{settings.front_url}{'' if started else ', was running'}")

    def _describe(
        self, aws: LocalAws, settings: Settings, deployment: Deployment, credentials: Credentials
    ) -> StackFile:
        found = names.resources(aws, deployment.name, deployment.parameters)
        return stack_file.StackFile(
            webhook_url=f"{settings.front_url}/webhook",
            verify_token=credentials.verify_token,
            app_secret=credentials.app_secret,
            front_url=settings.front_url,
            graph_url=settings.graph_url,
            pages_url=f"{settings.front_url}/",
            operator_url=f"{settings.front_url}/operator",
            api_url=f"{settings.front_url}/api/v1",
            aws_endpoint_url=settings.aws_endpoint_url,
            stack_name=deployment.name,
            region=aws.region,
            tables=found.tables,
            queues=found.queues,
            topics=found.topics,
            functions=found.functions,
            buckets=found.buckets,
            tenants=[tenant.stack_tenant() for tenant in demo_data.tenants()],
            user_pool_id=deployment.outputs["UserPoolId"],
            user_pool_client_id=deployment.outputs["UserPoolClientId"],
            users=people.people(demo_data.tenants()),
        )

    def _handshake(self, described: StackFile) -> None:
        with self.progress.step("Shake hands with the webhook"):
            refusal = handshake.shake(described)
            if refusal:
                log = emulator.daemon(self.home).log_file
                raise OpsError(f"the webhook function answers {refusal}", f"what it logged stands in {log}")
