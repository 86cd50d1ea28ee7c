"""One WhatsApp number: its token, and what Meta says of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from adapters.whatsapp_numbers import NumberCondition
from domain.errors import AccountRefusedError, SendError, SendThrottledError, SendUncertainError
from domain.ports import AccountTemplates
from domain.ports_administration import AccountNumbers
from domain.tenants import WhatsAppNumber
from ops.doctor.chart import Chart, Ill, Said, Untold, why

_SHOWN_DIGITS = 4
_MANAGER = "WhatsApp Manager, Phone numbers"


class Numbers(Protocol):
    def condition(self, number: WhatsAppNumber) -> NumberCondition:
        """Raises `SendError` where Meta refuses, and `ServiceUnavailableError` where it cannot be asked."""


class Accounts(AccountNumbers, Protocol):
    def subscribed_apps(self, waba_id: str, token: str) -> int:
        """Raises as `shown` does."""


@dataclass(frozen=True, slots=True)
class Instruments:
    holds: Callable[[str], bool]
    """Whether there is a secret of this name."""
    token: Callable[[str], str]
    """Out of the secret of this name."""
    numbers: Numbers
    accounts: Accounts
    templates: AccountTemplates


@dataclass(frozen=True, slots=True)
class _Word:
    """One of Meta's words on a number: those that are well, and those by which Meta says that it does not know."""

    check: str
    of: Callable[[NumberCondition], str | None]
    well: frozenset[str]
    remedy: str
    undecided: frozenset[str] = frozenset()

    def said(self, condition: NumberCondition) -> Said:
        word = self.of(condition)
        if word is None or word in self.undecided:
            yield Untold(f"Meta says {word}" if word else "Meta does not say")
        elif word not in self.well:
            yield Ill(f"Meta says {word}", self.remedy)


# A verification code expires two weeks after it was used, and nothing comes of that.
WORDS = (
    _Word("status", lambda it: it.status, frozenset({"CONNECTED"}), f"{_MANAGER}, says what it needs"),
    _Word(
        *("quality", lambda it: it.quality_rating, frozenset({"GREEN", "NA"})),
        "customers block or report it: send templates only to who asked for them",
        undecided=frozenset({"UNKNOWN"}),
    ),
    _Word(
        *("verification", lambda it: it.code_verification_status, frozenset({"VERIFIED", "EXPIRED"})),
        f"verify the number in {_MANAGER}",
    ),
    _Word(
        *("display name", lambda it: it.name_status),
        frozenset({"APPROVED", "AVAILABLE_WITHOUT_REVIEW", "PENDING_REVIEW"}),
        f"hand in another display name in {_MANAGER}",
    ),
    _Word(
        *("account mode", lambda it: it.account_mode, frozenset({"LIVE"})),
        "a test number reaches its test recipients alone: connect a real one",
    ),
)


def named(number: WhatsAppNumber) -> str:
    return f"{number.tenant.tenant_id} {number.phone_number_id} (…{number.display_phone_number[-_SHOWN_DIGITS:]})"


def examine(number: WhatsAppNumber, ask: Instruments, chart: Chart) -> bool:
    """Whether Meta takes the token; without that nothing more can be asked of it."""
    subject, told = named(number), list[NumberCondition]()
    chart.examine("sending", subject, partial(sending, number))
    well = chart.examine("token secret", subject, partial(token_secret, number, ask))
    if not well or not chart.examine("token", subject, partial(token, number, ask, told)):
        chart.examine("number at Meta", subject, lambda: [Untold("only a token that Meta takes opens it")])
        return False
    [condition] = told
    for word in WORDS:
        chart.examine(word.check, subject, partial(word.said, condition))
    chart.examine("account", subject, partial(of_account, number, ask))
    limit, throughput = condition.messaging_limit, condition.throughput
    chart.notes.append(f"{subject}: messaging limit {limit or 'not told'}, throughput {throughput or 'not told'}")
    return True


def sending(number: WhatsAppNumber) -> Said:
    if pause := number.sending_pause:
        code = "no code" if pause.code is None else f"Meta's code {pause.code}"
        yield Ill(
            f"paused since {pause.at:%Y-%m-%d %H:%M}Z, {code}",
            f"mend what Meta refused; then `ai-marketplace numbers resume {number.phone_number_id} --check`",
        )


def token_secret(number: WhatsAppNumber, ask: Instruments) -> Said:
    name = number.access_token_secret
    if not ask.holds(name) or not ask.token(name).strip():
        yield Ill(f"there is no token in the secret {name}", _new_token(number))


def token(number: WhatsAppNumber, ask: Instruments, told: list[NumberCondition]) -> Said:
    """Puts what Meta tells into `told`."""
    try:
        told.append(ask.numbers.condition(number))
    except (SendThrottledError, SendUncertainError):
        raise
    except SendError as error:
        yield Ill(f"it is refused: {why(error)}", _new_token(number))


def of_account(number: WhatsAppNumber, ask: Instruments) -> Said:
    remedy = (
        f"`ai-marketplace tenant connect {number.tenant.tenant_id} {number.phone_number_id} <waba_id>` with the right "
        "account; the token needs whatsapp_business_management for it"
    )
    try:
        shown = ask.accounts.shown(number.waba_id, number.phone_number_id, ask.token(number.access_token_secret))
    except AccountRefusedError:
        yield Ill(f"the token does not open the account {number.waba_id}", remedy)
    else:
        if shown is None:
            yield Ill(f"the account {number.waba_id} does not have it", remedy)


def _new_token(number: WhatsAppNumber) -> str:
    return (
        f"`ai-marketplace tenant rotate-token {number.tenant.tenant_id} {number.phone_number_id}` with a token of a "
        "system user who may use the account"
    )
