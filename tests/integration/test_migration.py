"""The earlier system's tables into today's: all of it, once, whatever is written and whoever dies meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client
from adapters.dynamodb_usage import read_usage
from adapters.dynamodb_values import from_item, time_text, to_item
from domain.customers import CustomerIdentity, first_customer_id
from domain.errors import ContentionError
from domain.messages import MessageId
from domain.tenants import TenantId
from domain.tombstones import hashed
from ops.errors import OpsError
from ops.migrate import cleaning, cutting_over, fence
from ops.migrate.desk import Migration, Settings
from ops.migrate.following import Follower, LostChangesError
from tests.integration.template_resources import TemplateResources
from tests.legacy_system import LegacySystem

_CONVERSATIONS = 4
_TABLES = {
    "tenants": "TenantsTable",
    "customers": "CustomersTable",
    "conversations": "ConversationsTable",
    "tenant-usage": "TenantUsageTable",
    "products": "ProductsTable",
}
FIRST = TenantId("casa-verde")


class DeadError(BaseException):
    """No `except Exception` cleans up after a killed process."""


class World:
    def __init__(self, legacy: LegacySystem, resources: TemplateResources, folder: Path) -> None:
        self.legacy, self.folder = legacy, folder
        self.tables = {name: resources.tables[logical_id] for name, logical_id in _TABLES.items()}

    def migration(self, *, streams: bool = True) -> Migration:
        """As a process that has just begun."""
        return Migration(self.tables, "new/tenants/", Settings(self.folder, 1e6, 2, streams, self.legacy.prefix))

    def get(self, table: str, key: keys.Key) -> dict[str, Any]:
        found = client("dynamodb").get_item(TableName=self.tables[table], Key=to_item(key))
        return from_item(found.get("Item", {}))

    def change(self, table: str, key: keys.Key, **attributes: Any) -> None:
        client("dynamodb").put_item(
            TableName=self.tables[table], Item=to_item({**self.get(table, key), **key, **attributes})
        )

    def state_of(self, n: int) -> keys.Key:
        seller = TenantId(self.legacy.seller_of(n))
        return keys.state(seller, first_customer_id(seller, self.legacy.phone(n)))


@pytest.fixture
def world(resources: TemplateResources, tmp_path: Path) -> World:
    return World(LegacySystem("earlier").create().fill(_CONVERSATIONS), resources, tmp_path)


@contextmanager
def _dying_after(writes: int) -> Iterator[None]:
    """Before one write, or after another: in turn."""
    left = [writes]

    def die(**_: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise DeadError

    events = client("dynamodb").meta.events
    moment = "before-call" if writes % 2 else "after-call"
    names = [f"{moment}.dynamodb.{call}" for call in ("TransactWriteItems", "PutItem", "UpdateTable")]
    for name in names:
        events.register(name, die)
    try:
        yield
    finally:
        for name in names:
            events.unregister(name, die)


def test_it_dies_at_every_write_and_goes_on_until_everything_has_arrived(world: World) -> None:
    deaths = 0
    for writes in range(1, 100):
        world.legacy.write(writes % _CONVERSATIONS, writes)
        try:
            with _dying_after(writes):
                world.migration().run()
            break
        except DeadError:
            deaths += 1

    verdict = world.migration().verify()

    assert deaths > 5
    assert verdict.passed, verdict
    assert {one.table: one.expected for one in verdict.tables if one.table != "conversations"} == {
        "tenants": 4,
        "products": 4,
        "tenant-usage": 2,
        "customers": _CONVERSATIONS,
    }
    counted = read_usage(world.tables["tenant-usage"], FIRST, "2026-01")
    assert counted == {"messages": _CONVERSATIONS, "replies": _CONVERSATIONS}
    secret = client("secretsmanager").get_secret_value(SecretId=f"new/tenants/{FIRST}/{world.legacy.sellers[FIRST]}")
    assert secret["SecretString"] == f"EAAG-{FIRST}-made-up"


@pytest.mark.parametrize("streams", [True, False])
def test_what_is_written_and_deleted_since_the_copy_follows(world: World, streams: bool) -> None:
    world.migration(streams=streams).run()
    world.legacy.write(1, more=2)
    if streams:  # without, a row that is gone is only found by the comparison
        gone = {"conversationId": world.legacy.conversation(2)["conversationId"]}
        client("dynamodb").delete_item(TableName=world.legacy.table("conversations"), Key=to_item(gone))

    world.migration(streams=streams).run()

    verdict = world.migration(streams=streams).verify()
    assert verdict.passed, verdict
    assert world.get("conversations", keys.pointer(TenantId("nordlicht"), MessageId("wamid.legacy-1-4")))
    assert bool(world.get("conversations", world.state_of(2))) is not streams


def test_changes_that_a_stream_has_forgotten_make_the_copy_begin_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgotten, catch_up = iter([True]), Follower.catch_up

    def forgetful(follower: Follower) -> int:
        if next(forgotten, False):
            raise LostChangesError
        return catch_up(follower)

    monkeypatch.setattr(Follower, "catch_up", forgetful)
    migration = world.migration()
    migration.run()

    assert {migration.journal.round_of(table) for table in world.legacy.tables} == {1}
    assert migration.verify().passed


def test_what_the_new_system_has_written_or_changed_is_left_alone(world: World) -> None:
    """A message that Meta sent to both; a conversation that goes on in the new one."""
    pointer = keys.pointer(FIRST, MessageId("wamid.legacy-0-0"))
    theirs = {"tenantId": FIRST, "customerId": "c", "position": "elsewhere", "disposition": "answer"}
    world.change("conversations", pointer, **theirs)
    world.migration().run()
    now = time_text(datetime.now(UTC))
    world.change("conversations", world.state_of(2), awaiting="wamid.new", lastInboundAt=now)
    world.legacy.write(2, more=1)

    world.migration().run()

    verdict = world.migration().verify()
    assert verdict.passed, verdict
    [conversations] = [one for one in verdict.tables if one.table == "conversations"]
    assert (conversations.written_by_the_new_system, conversations.changed_by_the_new_system) == (2, 1)
    assert world.get("conversations", pointer)["position"] == "elsewhere"
    assert world.get("conversations", world.state_of(2))["lastInboundAt"] == now
    assert world.get("conversations", keys.pointer(FIRST, MessageId("wamid.legacy-2-3")))


def test_what_is_missing_is_named(world: World) -> None:
    world.migration().run()
    client("dynamodb").delete_item(TableName=world.tables["conversations"], Key=to_item(world.state_of(3)))
    world.change("customers", keys.filed(FIRST, "999"), migratedFrom="earlier-customers", migratedDigest="0")

    verdict = world.migration().verify()

    assert not verdict.passed
    assert verdict.not_arrived == [f"conversations {world.state_of(3)['conversationId']} state"]


def test_nobody_who_was_erased_comes_back(world: World) -> None:
    phone = world.legacy.phone(0)
    tombstone = keys.tombstone(FIRST, hashed(FIRST, phone))
    world.change("customers", tombstone, erasedAt=time_text(datetime.now(UTC)), nextCustomerId="other")

    world.migration().run()

    assert not world.get("customers", keys.customer(FIRST, CustomerIdentity(phone)))
    assert not world.get("conversations", world.state_of(0))
    assert world.migration().verify().passed


def test_two_runs_at_once_do_not_take_turns(world: World) -> None:
    one, other = world.migration(), world.migration()
    one.run()
    with pytest.raises(ContentionError):
        other.run()


def test_no_cutover_without_a_verification_and_no_cleanup_without_a_cutover(world: World) -> None:
    migration = world.migration()
    migration.run()
    with pytest.raises(OpsError, match="no verification has passed"):
        cutting_over.check(migration)
    with pytest.raises(OpsError, match="has not been cut over to"):
        cleaning.check(migration, unfit_seen=True)

    migration.verify()
    cutting_over.cut_over(migration, quiet_seconds=0, fenced=True, step=lambda _: None)

    assert all(fence.stands(source) for source in migration.sources)
    cleaning.check(world.migration(), unfit_seen=False)
    migration = world.migration()
    migration.journal.note(verified={"at": (datetime.now(UTC) - timedelta(hours=1)).isoformat(), "passed": True})
    with pytest.raises(OpsError, match="no verification has passed"):
        cutting_over.check(migration)
    cutting_over.undo(migration)
    assert not any(fence.stands(source) for source in migration.sources)
    assert cutting_over.cut_over_at(world.migration()) is None


def test_a_table_is_deleted_after_its_backup_and_the_rest_still_agrees(world: World) -> None:
    migration = world.migration()
    migration.run()
    migration.verify()
    cutting_over.cut_over(migration, quiet_seconds=0, fenced=False, step=lambda _: None)
    [products] = [source for source in migration.sources if source.kind == "products"]

    deleted = cleaning.delete(products, backed_up=True)

    backup = client("dynamodb").describe_backup(BackupArn=deleted.backup_arn)["BackupDescription"]
    assert backup["SourceTableDetails"]["TableName"] == products.table
    assert products.table not in client("dynamodb").list_tables()["TableNames"]
    cleaning.check(world.migration(), unfit_seen=False)


def test_a_dry_run_writes_nothing_and_lists_what_is_unfit(world: World) -> None:
    broken = {"conversationId": "Casa_Verde#1", "messages": []}
    client("dynamodb").put_item(TableName=world.legacy.table("conversations"), Item=to_item(broken))
    migration = world.migration()

    counts = migration.dry_run()

    assert counts["earlier-conversations"]["conversations"] == _CONVERSATIONS * 7
    assert "no id of today" in migration.unfit.path.read_text()
    assert client("dynamodb").scan(TableName=world.tables["conversations"])["Count"] == 0
