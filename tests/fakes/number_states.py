"""`NumberStates`, `AccountAlerts` and `AccessTokens`, in memory."""

from __future__ import annotations

from datetime import datetime

from domain.account_alerts import AccountAlert
from domain.audit_trail import AuditEntry
from domain.customers import CustomerId
from domain.errors import ServiceUnavailableError
from domain.pausing import paused_alert, resumed_alert
from domain.tenants import SendingPause, TenantId, WhatsAppNumber
from domain.tenants_overview import MetasWord
from tests.fakes.store import Store

ACCOUNT = CustomerId("account")
"""Stands for the customer in the key of an alert's row, which has none."""


class FakeNumberStates:
    def __init__(self, store: Store) -> None:
        self._store = store

    def pause(self, tenant_id: TenantId, number: WhatsAppNumber, pause: SendingPause) -> AccountAlert | None:
        store, key = self._store, (tenant_id, number.phone_number_id)
        with store.lock:
            resumed_at = store.resumed.get(key)
            if key in store.pauses or (resumed_at is not None and resumed_at >= pause.at):
                return None
            store.pauses[key] = pause
            return owe(self._store, paused_alert(tenant_id, number, pause))

    def resume(
        self, tenant_id: TenantId, number: WhatsAppNumber, at: datetime, entry: AuditEntry | None = None
    ) -> AccountAlert | None:
        store, key = self._store, (tenant_id, number.phone_number_id)
        with store.lock:
            known = store.pauses.get(key)
            if known is None or number.sending_pause is None or known.at != number.sending_pause.at:
                return None
            del store.pauses[key]
            store.resumed[key] = at
            store.audit |= {entry.entry_id: entry} if entry else {}
            return owe(self._store, resumed_alert(tenant_id, number, at))

    def flag(self, tenant_id: TenantId, alert: AccountAlert) -> None:
        with self._store.lock:
            if (tenant_id, alert.alert_id) not in self._store.alerts:
                owe(self._store, alert)
            known = self._store.words.get((tenant_id, alert.kind))
            if known is None or known.at < alert.at:
                word = MetasWord(str(alert.event), alert.at, alert.severity)
                self._store.words[tenant_id, alert.kind] = word

    def pending(self, tenant_id: TenantId, alert_id: str) -> AccountAlert | None:
        with self._store.lock:
            due = (tenant_id, ACCOUNT, f"a#{alert_id}") in self._store.due
            return self._store.alerts[tenant_id, alert_id] if due else None

    def told(self, tenant_id: TenantId, alert: AccountAlert) -> None:
        with self._store.lock:
            self._store.due.pop((tenant_id, ACCOUNT, f"a#{alert.alert_id}"), None)


def owe(store: Store, alert: AccountAlert) -> AccountAlert:
    """It is due until it is told."""
    store.alerts[alert.tenant_id, alert.alert_id] = alert
    store.due[alert.tenant_id, ACCOUNT, f"a#{alert.alert_id}"] = alert.at
    return alert


class FakeAccountAlerts:
    def __init__(self) -> None:
        self.published: list[AccountAlert] = []
        self.down = False

    def publish(self, alert: AccountAlert) -> None:
        if self.down:
            raise ServiceUnavailableError("the topic is down")
        self.published.append(alert)


class FakeAccessTokens:
    def __init__(self) -> None:
        self.current = "fingerprint-1"
        self.down = False

    def fingerprint(self, secret_name: str) -> str:
        assert secret_name
        if self.down:
            raise ServiceUnavailableError("the secret cannot be read")
        return self.current
