"""How a seller's assistant answers, and what it may cost. Checked here, once, for whoever sets it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

from domain.errors import InvalidSettingsError
from domain.language_models import Prices, known_model
from domain.model_use import FallbackReason, Spent

MOST_PROMPT_CHARACTERS = 1200
"""Of all that a seller says to the model: it is read, and paid for, with every answer."""
_MOST_ANSWER_TOKENS = 1000
_LEAST_ANSWER_TOKENS = 50
ORDER_ID = "{order_id}"

_MODEL_ID = re.compile(r"[a-zA-Z0-9.:/_-]{1,256}")
_GUARDRAIL_ID = re.compile(r"[a-z0-9]{1,64}|arn:aws(?:-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail/[a-z0-9]+")
_GUARDRAIL_VERSION = re.compile(r"[1-9][0-9]{0,7}|DRAFT")
_LANGUAGE = re.compile(r"[a-z]{2}")
_HOST_NAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


class AssistantKind(StrEnum):
    CATALOGUE = "catalogue"
    """Rules and templates over the catalogue; no model."""
    BEDROCK = "bedrock"


class BeyondBudget(StrEnum):
    """Who answers once the month's budget is spent."""

    CATALOGUE = "catalogue"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class AssistantSettings:
    """Raises `InvalidSettingsError` with everything that is wrong."""

    kind: AssistantKind | None = None
    """None: with the operator's model where there is one."""
    model_id: str = ""
    """Empty: the operator's."""
    temperature: float = 0.2
    max_answer_tokens: int = 300
    guardrail_id: str = ""
    guardrail_version: str = ""
    monthly_tokens: int | None = 20_000_000
    """None: as many as there are messages."""
    monthly_micro_usd: int | None = None
    beyond_budget: BeyondBudget = BeyondBudget.CATALOGUE
    prices: Prices | None = None
    """Instead of the list prices of `domain.language_models`."""
    persona: str = ""
    tone: str = ""
    languages: tuple[str, ...] = ()
    """ISO 639-1; in these it answers, the first where the customer's is none of them. Empty: in any."""
    forbidden_subjects: tuple[str, ...] = ()
    escalation_rules: tuple[str, ...] = ()
    """When a person is to be called, in the seller's words, beyond what always calls one."""
    order_status_url: str = ""
    """https, with `{order_id}` in its path or query. Empty: the assistant knows nothing of orders."""

    def __post_init__(self) -> None:
        problems = tuple(_problems(self))
        if problems:
            raise InvalidSettingsError(problems)

    def model(self, default: str) -> str:
        """The model that answers; empty: none does."""
        return "" if self.kind is AssistantKind.CATALOGUE else self.model_id or default

    def prices_of(self, model_id: str) -> Prices | None:
        known = known_model(model_id)
        return self.prices or (known.prices if known else None)

    def barred(self, model_id: str, so_far: Spent) -> FallbackReason | None:
        """Why the model is not asked any more this month."""
        if self.monthly_tokens is not None and so_far.tokens >= self.monthly_tokens:
            return FallbackReason.OVER_BUDGET
        if self.monthly_micro_usd is None:
            return None
        if self.prices_of(model_id) is None:
            return FallbackReason.UNPRICED
        return FallbackReason.OVER_BUDGET if so_far.micro_usd >= self.monthly_micro_usd else None

    @property
    def budgeted(self) -> bool:
        return self.monthly_tokens is not None or self.monthly_micro_usd is not None

    def language(self, customers: str) -> str:
        """In which it answers a customer who writes in that language."""
        return customers if customers in self.languages or not self.languages else self.languages[0]


def _problems(given: AssistantSettings) -> Iterator[str]:
    yield from _model_problems(given)
    yield from _budget_problems(given)
    yield from _prompt_problems(given)
    if given.order_status_url:
        yield from _url_problems(given.order_status_url)


def _model_problems(given: AssistantSettings) -> Iterator[str]:
    if given.model_id and not _MODEL_ID.fullmatch(given.model_id):
        yield "model_id: not the id or ARN of a model or inference profile"
    if not 0 <= given.temperature <= 1:
        yield "temperature: from 0 to 1"
    if not _LEAST_ANSWER_TOKENS <= given.max_answer_tokens <= _MOST_ANSWER_TOKENS:
        yield f"max_answer_tokens: from {_LEAST_ANSWER_TOKENS} to {_MOST_ANSWER_TOKENS}"
    if bool(given.guardrail_id) != bool(given.guardrail_version):
        yield "guardrail_id, guardrail_version: both or neither"
    if given.guardrail_id and not _GUARDRAIL_ID.fullmatch(given.guardrail_id):
        yield "guardrail_id: not the id or ARN of a guardrail"
    if given.guardrail_version and not _GUARDRAIL_VERSION.fullmatch(given.guardrail_version):
        yield "guardrail_version: a number, or DRAFT"


def _budget_problems(given: AssistantSettings) -> Iterator[str]:
    for name, budget in (("monthly_tokens", given.monthly_tokens), ("monthly_micro_usd", given.monthly_micro_usd)):
        if budget is not None and budget < 0:
            yield f"{name}: not below zero"
    prices = given.prices
    if prices and min(prices.input, prices.output, prices.cached, prices.cache_write) < 0:
        yield "prices: not below zero"
    if given.monthly_micro_usd is not None and given.model_id and given.prices_of(given.model_id) is None:
        yield f"prices: what {given.model_id} costs is not known, and there is a budget in money"


def _prompt_problems(given: AssistantSettings) -> Iterator[str]:
    for name, texts in _texts(given).items():
        if any(not text.strip() or not text.isprintable() for text in texts):
            yield f"{name}: plain text on one line, not empty"
    length = sum(len(text) for texts in _texts(given).values() for text in texts)
    if length > MOST_PROMPT_CHARACTERS:
        yield f"persona, tone, forbidden_subjects, escalation_rules: {length} of {MOST_PROMPT_CHARACTERS} characters"
    if not all(_LANGUAGE.fullmatch(language) for language in given.languages):
        yield "languages: two letters each (ISO 639-1)"


def _texts(given: AssistantSettings) -> dict[str, Sequence[str]]:
    return {
        "persona": (given.persona,) if given.persona else (),
        "tone": (given.tone,) if given.tone else (),
        "forbidden_subjects": given.forbidden_subjects,
        "escalation_rules": given.escalation_rules,
    }


def _url_problems(url: str) -> Iterator[str]:
    """The host is the seller's own and public: whoever asks for an order's state must reach nothing else with it."""
    try:
        parts = urlsplit(url)
        host, port, credentials = parts.hostname or "", parts.port, parts.username or parts.password
    except ValueError:
        yield "order_status_url: not a URL"
        return
    if parts.scheme != "https" or port not in {None, 443} or credentials or parts.fragment:
        yield "order_status_url: https, on its usual port, without user, password and fragment"
    if _is_address(host) or not _HOST_NAME.fullmatch(host):
        yield "order_status_url: the public name of a host, not an address"
    if f"{parts.path}?{parts.query}".count(ORDER_ID) != 1 or "{" in url.replace(ORDER_ID, ""):
        yield f"order_status_url: {ORDER_ID} once, in its path or query"


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


USUAL_ASSISTANT = AssistantSettings()
