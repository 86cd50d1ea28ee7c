"""`ai-marketplace secrets` on moto, with the worker of the webhook that reads what it leaves."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from adapters import aws_json
from adapters.aws_clients import client
from adapters.dynamodb_audit_trail import DynamoAuditTrail
from adapters.platform_secret import PlatformSecret
from adapters.secrets_manager_keys import SealingKeys
from adapters.secrets_manager_platform import SecretsManagerPlatformSecret
from domain.errors import AlreadyExistsError, InvalidInputError, NotFoundError
from domain.intake import PlatformSecrets
from domain.rotate_platform_secret import KeptSecrets
from handlers.api.cursors import Cursors
from ops import target
from ops.migrate.wiring import Outputs
from ops.secrets import wiring
from ops.secrets.commands import app
from ops.target import Target
from tests.contracts import rotating
from tests.integration.aws_json_on_moto import ACCESS
from tests.integration.template_resources import TemplateResources

PLATFORM, CURSORS = "ai-marketplace-platform/platform", "ai-marketplace-platform/cursors"
BEFORE, NEW = rotating.BEFORE, "a-new-app-secret-of-meta"


def store(secrets: PlatformSecrets, **more: str) -> None:
    values = {name: getattr(secrets, name) for name in ("app_secret", "previous_app_secret", "verify_token")}
    client("secretsmanager").create_secret(Name=PLATFORM, SecretString=json.dumps(values | more))


class Worker:
    """Of the webhook: without boto3, and by a clock that the test moves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.store, self.asked, self._now = PlatformSecret(PLATFORM, ACCESS), 0, 1_000.0
        exchange = aws_json.Connections.exchange

        def counted(*arguments: Any) -> Any:
            self.asked += 1
            return exchange(*arguments)

        monkeypatch.setattr(aws_json.Connections, "exchange", counted)
        monkeypatch.setattr("adapters.platform_secret.time.monotonic", lambda: self._now)

    def put(self, secrets: PlatformSecrets) -> None:
        versions = SecretsManagerPlatformSecret(PLATFORM)
        assert versions.replace(versions.current(), secrets)

    def wait(self, seconds: float) -> None:
        self._now += seconds


class TestPlatformSecretStore(rotating.PlatformSecretStoreContract):
    @pytest.fixture
    def worker(self, monkeypatch: pytest.MonkeyPatch) -> Worker:
        store(BEFORE)
        return Worker(monkeypatch)


class TestPlatformSecretVersions(rotating.PlatformSecretVersionsContract):
    @pytest.fixture
    def versions(self) -> SecretsManagerPlatformSecret:
        store(BEFORE)
        return SecretsManagerPlatformSecret(PLATFORM)

    def test_what_else_stands_in_the_secret_stays(self, versions: SecretsManagerPlatformSecret) -> None:
        client("secretsmanager").put_secret_value(SecretId=PLATFORM, SecretString='{"of_the_operator": "kept"}')
        assert versions.replace(versions.current(), BEFORE)
        kept = json.loads(
            client("secretsmanager").get_secret_value(SecretId=PLATFORM, VersionStage="AWSCURRENT")["SecretString"]
        )
        assert (kept["of_the_operator"], kept["app_secret"]) == ("kept", BEFORE.app_secret)


@pytest.fixture
def trail(monkeypatch: pytest.MonkeyPatch, resources: TemplateResources) -> DynamoAuditTrail:
    """Also makes moto's secrets the command's target."""
    tables = {"conversations": resources.tables["ConversationsTable"]}
    found = Target("stack", local=True, tables=tables, queues={}, topics={}, functions={}, buckets={})
    monkeypatch.setattr(target, "find", lambda *_: found)
    monkeypatch.setattr(wiring, "outputs", lambda _: Outputs("", PLATFORM, ""))
    store(BEFORE)
    client("secretsmanager").create_secret(Name=CURSORS, SecretString="the-first-key-of-cursors")
    return DynamoAuditTrail(tables["conversations"])


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, list(arguments), input=typed + "\n")


def done(*arguments: str, typed: str = "") -> dict[str, Any]:
    result = run(*arguments, "--output", "json", typed=typed)
    assert result.exit_code == 0, result.output
    assert typed == "" or typed not in result.output
    [report] = json.loads(result.stdout)["secrets"]
    return dict(report)


def held() -> PlatformSecrets:
    return SecretsManagerPlatformSecret(PLATFORM).current().secrets


def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rotation began two hours ago."""
    current = SecretsManagerPlatformSecret.current

    def aged(self: SecretsManagerPlatformSecret) -> KeptSecrets:
        found = current(self)
        return KeptSecrets(found.secrets, found.version, found.since - timedelta(hours=2))

    monkeypatch.setattr(SecretsManagerPlatformSecret, "current", aged)


def test_an_app_secret_from_one_to_the_next(monkeypatch: pytest.MonkeyPatch, trail: DynamoAuditTrail) -> None:
    report = done("rotate", "app-secret", typed=NEW)
    assert (report["rotating"], len(report["next"])) == (True, 2)
    assert held().app_secrets == (NEW, BEFORE.app_secret)
    done("rotate", "app-secret", typed=NEW)  # the same again, by who was not sure
    assert held().app_secrets == (NEW, BEFORE.app_secret)
    assert isinstance(run("rotate", "app-secret", typed="yet-another-app-secret").exception, AlreadyExistsError)
    assert isinstance(run("rotate", "app-secret", "--finish").exception, AlreadyExistsError)
    assert held().app_secrets == (NEW, BEFORE.app_secret)
    later(monkeypatch)
    assert done("rotate", "app-secret", "--finish")["rotating"] is False
    done("rotate", "app-secret", "--finish")
    assert held() == PlatformSecrets(NEW, "", BEFORE.verify_token)
    entries = trail.page(None, 10).entries
    assert [one.action for one in entries] == ["app_secret.rotation_finished", "app_secret.rotated"]
    assert NEW not in str(entries)


@pytest.mark.usefixtures("trail")
def test_a_leaked_app_secret_goes_at_once() -> None:
    done("rotate", "app-secret", typed=NEW)
    done("rotate", "app-secret", "--finish", "--at-once")
    assert held().app_secrets == (NEW, "")


@pytest.mark.usefixtures("trail")
def test_a_mistyped_app_secret_is_taken_back() -> None:
    assert isinstance(run("rotate", "app-secret", "--put-back").exception, NotFoundError)
    done("rotate", "app-secret", typed="mistyped-app-secret")
    done("rotate", "app-secret", "--put-back")
    assert held() == BEFORE
    done("rotate", "app-secret", typed=NEW)
    assert held().app_secrets == (NEW, BEFORE.app_secret)


@pytest.mark.usefixtures("trail")
@pytest.mark.parametrize("typed", ["", "short", "two words of a sentence", '{"app_secret": "pasted"}'])
def test_what_is_no_secret_is_not_kept(typed: str) -> None:
    assert isinstance(run("rotate", "app-secret", typed=typed).exception, InvalidInputError)
    assert held() == BEFORE


@pytest.mark.usefixtures("trail")
def test_a_verify_token_is_named_to_meta_afterwards() -> None:
    report = done("rotate", "verify-token", typed="a-new-verify-token")
    assert "Meta" in report["next"][0]
    assert held() == PlatformSecrets(BEFORE.app_secret, "", "a-new-verify-token")


@pytest.mark.usefixtures("trail")
def test_cursors_that_were_given_out_before_a_rotation_go_on() -> None:
    keys, position = SealingKeys(CURSORS), {"sk": "behind this"}
    worker = Cursors(keys.current, keys.others)
    before = worker.seal("acme", "/products", position)
    assert done("rotate", "cursor-key")["rotating"] is True
    assert keys.current() == "the-first-key-of-cursors"  # as it is remembered
    fresh = SealingKeys(CURSORS)
    after = Cursors(lambda: fresh.others()[0], fresh.others).seal("acme", "/products", position)
    assert worker.open("acme", "/products", before) == worker.open("acme", "/products", after) == position


@pytest.mark.usefixtures("trail")
def test_made_up_cursors_ask_secrets_manager_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    keys, now = SealingKeys(CURSORS), 1_000.0
    monkeypatch.setattr("adapters.secrets_manager_keys.time.monotonic", lambda: now)
    assert keys.others() == ("the-first-key-of-cursors",)
    client("secretsmanager").put_secret_value(SecretId=CURSORS, SecretString="the-second-key-of-cursors")
    assert keys.others() == ("the-first-key-of-cursors",)
    now += 61
    assert keys.others() == ("the-second-key-of-cursors", "the-first-key-of-cursors")


@pytest.mark.usefixtures("trail")
def test_the_status_tells_what_to_do_and_no_value() -> None:
    told = run("status")
    assert "app-secret: in use" in told.stdout
    done("rotate", "app-secret", typed=NEW)
    told = run("status")
    assert "the one before is accepted, too" in told.stdout
    assert "--finish" in told.stdout
    assert not [value for value in (NEW, *held().app_secrets, held().verify_token) if value in told.output]


@pytest.mark.usefixtures("trail")
@pytest.mark.parametrize(
    "arguments",
    [
        ["verify-token", "--finish"],
        ["cursor-key", "--put-back"],
        ["app-secret", "--at-once"],
        ["app-secret", "--finish", "--put-back"],
        ["another"],
    ],
)
def test_wrong_use(arguments: list[str]) -> None:
    assert run("rotate", *arguments).exit_code == 2
    assert held() == BEFORE
