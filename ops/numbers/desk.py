"""One operator at the numbers of one deployment."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from domain.errors import MarketplaceError
from domain.operator_log import ActionState, OperatorAction, OperatorLog
from domain.pausing import resume_sending
from domain.ports import AccountAlerts, NumberStates, Tenants
from domain.tenants import PhoneNumberId, WhatsAppNumber
from ops.errors import OpsError
from ops.numbers.report import ResumeReport

_CANNOT_SEND = frozenset({"BANNED", "DELETED", "DISCONNECTED", "MIGRATED", "PENDING", "RESTRICTED", "UNVERIFIED"})
"""Meta's words for a number from which nothing can be sent."""


class Meta(Protocol):
    def status(self, number: WhatsAppNumber) -> str | None:
        """Meta's word for the state that the number is in. Raises `MarketplaceError`."""


@dataclass(frozen=True, slots=True)
class Desk:
    tenants: Tenants
    number_states: NumberStates
    account_alerts: AccountAlerts
    log: OperatorLog
    operator: str
    identity: str

    def find(self, phone_number_id: str) -> WhatsAppNumber:
        number = self.tenants.number(PhoneNumberId(phone_number_id))
        if number is None:
            raise OpsError(
                f"no seller, or more than one, has the number {phone_number_id}",
                "`ai-marketplace numbers list` shows those there are",
            )
        return number

    def check(self, number: WhatsAppNumber, meta: Meta) -> str:
        """Meta's word on it. Raises `OpsError` where it would go on refusing."""
        try:
            status = meta.status(number)
        except MarketplaceError as error:
            raise OpsError(
                f"Meta refuses it still: {error}", "mend that first; without --check it is resumed all the same"
            ) from error
        if status in _CANNOT_SEND:
            raise OpsError(
                f"Meta says that it is {status}", "mend that first; without --check it is resumed all the same"
            )
        return status or "reachable"

    def resume(self, number: WhatsAppNumber, reason: str) -> ResumeReport:
        """Recorded with who did it and why. Of two operators one resumes it."""
        pause, now = number.sending_pause, datetime.now(UTC)
        resumed = pause is not None and resume_sending(number, now, self)
        if resumed:
            self.log.put(
                OperatorAction(
                    action_id=secrets.token_hex(4),
                    at=now,
                    operator=self.operator,
                    identity=self.identity,
                    command="numbers resume",
                    subject=number.phone_number_id,
                    state=ActionState.DONE,
                    counts={"resumed": 1},
                    reason=reason,
                )
            )
        return ResumeReport.of(number, resumed=resumed, dry_run=False)
