"""The catalogue against Meta's list, with webhooks in between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from domain.errors import AccountRefusedError, ContentionError
from domain.learn_templates import Synced, SyncPorts, learn, sync_templates
from domain.templates import MessageTemplate, TemplateNews
from domain.tenants import TenantId
from domain.track import Tracked, keep_event
from tests.builders import ACME, GLOBEX, NOON, account_event, after, number, template_news
from tests.fakes.crashes import Crash, Doom, When
from tests.fakes.store import Store
from tests.fakes.templates import FakeAccountTemplates, FakeTemplateCatalogue
from tests.fakes.tenants import FakeTenants
from tests.fakes.world import Cast, fake_world

NUMBER = number()


@dataclass
class Account:
    """Meta's list, and our catalogue of it."""

    meta: FakeAccountTemplates = field(default_factory=FakeAccountTemplates)
    store: Store = field(default_factory=Store)
    now: datetime = NOON + timedelta(hours=1)

    @property
    def ports(self) -> SyncPorts:
        return SyncPorts(self.meta, FakeTemplateCatalogue(self.store))

    def sync(self, *, dry_run: bool = False, doom: Doom | None = None) -> Synced:
        ports = doom.watch_all(self.ports) if doom else self.ports
        return sync_templates(NUMBER, clock=lambda: self.now, ports=ports, dry_run=dry_run)

    def tell(self, news: TemplateNews, tenant_id: TenantId = ACME) -> bool:
        return learn(news, tenant_id, ports=self.ports)

    def template(self, name: str = "order_ready") -> MessageTemplate:
        found = self.ports.templates.find(ACME, NUMBER.waba_id, name, "en_US")
        assert found is not None
        return found


@pytest.fixture
def account() -> Account:
    return Account()


def test_what_meta_lists_is_known_afterwards(account: Account) -> None:
    account.meta.listed = [template_news(), template_news("hello", "pt_BR")]
    assert account.sync() == Synced(new=["order_ready (en_US)", "hello (pt_BR)"])
    assert account.template().sendable
    assert account.template().updated_at == after(minutes=59, seconds=59)


def test_a_second_run_finds_it_so(account: Account) -> None:
    account.meta.listed = [template_news()]
    account.sync()
    account.now = after(hours=2)
    assert account.sync() == Synced(unchanged=["order_ready (en_US)"])
    assert account.template().updated_at == after(hours=1, minutes=59, seconds=59)


def test_what_has_changed_is_changed_and_what_is_gone_is_gone(account: Account) -> None:
    account.meta.listed = [template_news(), template_news("hello")]
    account.sync()
    account.now, account.meta.listed = after(hours=2), [template_news(status="PAUSED")]
    assert account.sync() == Synced(changed=["order_ready (en_US)"], removed=["hello (en_US)"])
    assert (account.template().status, account.template("hello").status) == ("PAUSED", "DELETED")
    account.now = after(hours=3)
    assert account.sync() == Synced(unchanged=["order_ready (en_US)"])


def test_what_comes_back_is_new_again(account: Account) -> None:
    account.meta.listed = [template_news()]
    account.sync()
    account.now, account.meta.listed = after(hours=2), []
    account.sync()
    account.now, account.meta.listed = after(hours=3), [template_news()]
    assert account.sync() == Synced(new=["order_ready (en_US)"])
    assert account.template().sendable


def test_a_dry_run_says_the_same_and_writes_nothing(account: Account) -> None:
    account.meta.listed = [template_news(), template_news("hello")]
    account.sync()
    account.now, account.meta.listed = after(hours=2), [template_news(status="PAUSED"), template_news("new_one")]
    before = account.store.snapshot()
    rehearsed = account.sync(dry_run=True)
    assert account.store.snapshot() == before
    assert rehearsed == account.sync()


def test_a_webhook_while_meta_answers_is_not_undone(account: Account) -> None:
    account.meta.listed = [template_news()]
    account.sync()
    account.now = after(hours=2)
    account.meta.meanwhile = lambda: account.tell(template_news(status="PAUSED", at=after(hours=2)))
    account.sync()
    assert account.template().status == "PAUSED"


def test_nor_is_a_template_that_was_made_while_meta_answered(account: Account) -> None:
    account.meta.meanwhile = lambda: account.tell(template_news(at=after(hours=1)))
    assert account.sync() == Synced()
    assert account.template().sendable


def test_a_late_webhook_brings_nothing_back(account: Account) -> None:
    account.meta.listed = [template_news()]
    account.sync()
    account.now, account.meta.listed = after(hours=2), []
    account.sync()
    assert not account.tell(template_news(at=after(minutes=30)))
    assert account.template().status == "DELETED"


def test_a_list_that_breaks_off_removes_nothing(account: Account) -> None:
    account.meta.listed = [template_news()]
    account.sync()
    account.meta.listed, account.meta.error = [], AccountRefusedError("(#190) token")
    before = account.store.snapshot()
    with pytest.raises(AccountRefusedError):
        account.sync()
    assert account.store.snapshot() == before


@pytest.mark.parametrize("when", list(When))
def test_it_goes_on_where_one_died(when: When) -> None:
    def prepared() -> Account:
        account = Account()
        account.meta.listed = [template_news(), template_news("hello"), template_news("gone")]
        account.sync()
        account.now, account.meta.listed = after(hours=2), [template_news(status="PAUSED"), template_news("hello")]
        return account

    healthy, doom = prepared(), Doom()
    healthy.sync(doom=doom)
    for n in range(len(doom.calls)):
        account = prepared()
        with pytest.raises(Crash):
            account.sync(doom=Doom(n, when))
        account.sync()
        assert account.store.snapshot().keys() == healthy.store.snapshot().keys()
        assert [(one.name, one.status) for one in templates(account)] == [
            (one.name, one.status) for one in templates(healthy)
        ]


def templates(account: Account) -> list[MessageTemplate]:
    return account.ports.templates.of_account(ACME, NUMBER.waba_id)


def test_others_templates_are_left_alone(account: Account) -> None:
    account.tell(template_news(), GLOBEX)
    account.tell(template_news(waba_id="waba-other"))
    assert account.sync() == Synced()
    assert account.ports.templates.find(GLOBEX, NUMBER.waba_id, "order_ready", "en_US")


def test_news_that_never_stop_are_given_up(monkeypatch: pytest.MonkeyPatch, account: Account) -> None:
    monkeypatch.setattr(FakeTemplateCatalogue, "save", lambda *_: False)
    with pytest.raises(ContentionError):
        account.tell(template_news())


def test_a_webhook_reaches_the_catalogue_of_its_tenant() -> None:
    cast = Cast(fake_world(), FakeTenants(NUMBER))
    event = account_event(waba_id=NUMBER.waba_id, templates=(template_news(status="PAUSED"),))
    kept: Callable[[], Tracked] = lambda: keep_event(event, ports=cast.track_ports)  # noqa: E731 (delivered twice)
    assert (kept(), kept()) == (Tracked.RECORDED, Tracked.RECORDED)
    [template] = cast.world.templates.of_account(ACME, NUMBER.waba_id)
    assert (template.status, template.version) == ("PAUSED", 1)


def test_of_nobodys_account_nothing_is_learnt() -> None:
    cast = Cast(fake_world(), FakeTenants(NUMBER))
    event = account_event(waba_id="waba-unknown", templates=(template_news(),))
    assert keep_event(event, ports=cast.track_ports) is Tracked.QUARANTINED
    assert cast.world.templates.of_account(ACME, NUMBER.waba_id) == []
