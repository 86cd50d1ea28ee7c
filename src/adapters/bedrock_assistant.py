"""The assistant that asks a language model, by Amazon Bedrock's Converse API, with tools to look things up."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError, ConnectTimeoutError, ParamValidationError, ReadTimeoutError
from botocore.parsers import ResponseParserError

from adapters.assistant_tools import Tools, specifications
from domain.assistants import Answer, CallPerson, Turn
from domain.catalogue import Product
from domain.errors import ModelError, TransientError
from domain.language_models import Tokens, cost, estimate_tokens, known_model
from domain.languages import fold
from domain.model_use import FallbackReason, ModelUse
from domain.ports import CatalogueSearch, OrderStatus
from domain.prompts import MOST_INPUT_TOKENS, Role, as_data, conversation, correction, instructions

MOST_CALLS = 4
"""Of the model, for one answer."""
MOST_TIME = timedelta(seconds=18)
"""For one answer, whatever time there is."""
CONNECT_SECONDS = 1
READ_SECONDS = (10, 5, 2)
"""Of the clients that there are: a call gets the longest that ends in time, and without one it is not made."""
_MOST_TOOLS_AT_ONCE = 5
_MOST_REFERRED = 3
_LONGEST_ANSWER = 4096
"""Characters that WhatsApp takes."""
_STOP_REASONS = frozenset(
    "end_turn tool_use max_tokens stop_sequence guardrail_intervened content_filtered malformed_model_output "
    "malformed_tool_use model_context_window_exceeded".split()
)
_UNUSABLE = {
    "max_tokens": FallbackReason.CUT_OFF,
    "model_context_window_exceeded": FallbackReason.CUT_OFF,
    "guardrail_intervened": FallbackReason.GUARDRAIL,
    "content_filtered": FallbackReason.GUARDRAIL,
    "malformed_model_output": FallbackReason.MALFORMED,
    "malformed_tool_use": FallbackReason.MALFORMED,
}
_ERRORS = {
    "ThrottlingException": FallbackReason.THROTTLED,
    "ServiceQuotaExceededException": FallbackReason.THROTTLED,
    "ModelTimeoutException": FallbackReason.TIMED_OUT,
    "ModelNotReadyException": FallbackReason.UNAVAILABLE,
    "ModelErrorException": FallbackReason.UNAVAILABLE,
}
_TOO_MANY_REQUESTS, _SERVER_ERROR = 429, 500

# Amazon's models think aloud in the answer's text.
_THINKING = re.compile(r"<thinking>.*?(?:</thinking>|\Z)", re.DOTALL)
_TOOL_USE_ID = re.compile(r"[a-zA-Z0-9_.:-]{1,64}")


class Runtime(Protocol):
    """As much of boto3's `bedrock-runtime` client as is called."""

    def converse(self, **request: Any) -> Mapping[str, Any]: ...


@cache
def runtime(read_seconds: int) -> Runtime:
    """One attempt: who is throttled or times out is answered without the model, and not later."""
    import boto3
    from botocore.config import Config

    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=read_seconds,
        retries={"mode": "standard", "total_max_attempts": 1},
    )
    made: Runtime = boto3.client("bedrock-runtime", config=config)
    return made


class BedrockAssistant:
    def __init__(
        self,
        catalogue: CatalogueSearch,
        orders: OrderStatus | None = None,
        runtime_for: Callable[[int], Runtime] = runtime,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._catalogue = catalogue
        self._orders = orders
        self._runtime_for = runtime_for
        self._now = now

    def answer(self, turn: Turn, model_id: str) -> Answer | CallPerson:
        """Raises `ModelError` where the model gives no answer that can be used, or none in time."""
        tools = Tools(turn, self._catalogue, self._orders)
        return _Consultation(turn, model_id, tools, self._orders is not None, self._runtime_for, self._now).run()


@dataclass(slots=True)
class _Consultation:
    """One turn, from the first call to the answer."""

    turn: Turn
    model_id: str
    tools: Tools
    orders: bool
    runtime_for: Callable[[int], Runtime]
    now: Callable[[], datetime]
    tokens: Tokens = field(default_factory=Tokens)
    calls: int = 0
    stop_reason: str = ""
    began: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.began = self.now()

    def run(self) -> Answer | CallPerson:
        request = self._request()
        for _ in range(MOST_CALLS):
            content, stop_reason = self._converse(request)
            uses = [block["toolUse"] for block in content if "toolUse" in block]
            if not uses:
                return self._answer(content, stop_reason)
            results = self._use_tools(uses)
            if self.tools.handed_over is not None:
                return CallPerson(self.tools.handed_over, self._use())
            request["messages"] += [{"role": "assistant", "content": content}, {"role": "user", "content": results}]
        raise self._unusable(FallbackReason.TOO_MANY_ROUNDS)

    def _request(self) -> dict[str, Any]:
        """As Converse wants it. Nothing in it names the tenant to any system: the tools know whose they are."""
        settings = self.turn.tenant.assistant
        system, tools = (
            instructions(self.turn.tenant, self.turn.language),
            specifications(self.turn, orders=self.orders),
        )
        notes = [note for note in (self._pointed_to(), self._correction()) if note]
        prefix = estimate_tokens(system) + estimate_tokens(json.dumps(tools))
        said = conversation(self.turn, MOST_INPUT_TOKENS - prefix - sum(map(estimate_tokens, notes)))
        messages: list[dict[str, Any]] = [
            {"role": "user" if one.role is Role.CUSTOMER else "assistant", "content": [{"text": one.text}]}
            for one in said
        ]
        messages[-1]["content"] += [{"text": note} for note in notes]
        messages[-1]["content"] += self._cache_point(prefix + sum(map(_estimated, messages)))
        request: dict[str, Any] = {
            "modelId": self.model_id,
            "system": [{"text": system}],
            "messages": messages,
            "inferenceConfig": {"maxTokens": settings.max_answer_tokens, "temperature": float(settings.temperature)},
            "toolConfig": {"tools": tools},
        }
        if settings.guardrail_id:
            request["guardrailConfig"] = {
                "guardrailIdentifier": settings.guardrail_id,
                "guardrailVersion": settings.guardrail_version,
            }
        return request

    def _cache_point(self, tokens: int) -> list[dict[str, Any]]:
        """What stands before it is read again after each tool: from so many tokens on, the model remembers it."""
        known = known_model(self.model_id)
        return [{"cachePoint": {"type": "default"}}] if known and tokens >= known.cache_from else []

    def _pointed_to(self) -> str:
        """The products that the customer asks about from the catalogue in the chat."""
        asked = dict.fromkeys(message.referred_product_id for message in self.turn.burst if message.referred_product_id)
        found = self.tools.look_up(list(asked)[:_MOST_REFERRED])
        return "\n".join(as_data("product", json.dumps(product, ensure_ascii=False)) for product in found)

    def _correction(self) -> str:
        return correction(self.turn.rejected) if self.turn.rejected else ""

    def _converse(self, request: Mapping[str, Any]) -> tuple[list[dict[str, Any]], str]:
        client = self._client()
        self.calls += 1
        try:
            response = client.converse(**request)
        except ClientError as error:
            raise self._unusable(_reason(error)) from error
        except (ReadTimeoutError, ConnectTimeoutError) as error:
            raise self._unusable(FallbackReason.TIMED_OUT) from error
        except ParamValidationError as error:
            raise self._unusable(FallbackReason.REFUSED) from error
        except BotoCoreError as error:
            raise self._unusable(FallbackReason.UNAVAILABLE) from error
        except (ResponseParserError, AttributeError, KeyError, TypeError, ValueError) as error:
            # botocore takes an answer for what it should be, and stumbles over one that is not.
            raise self._unusable(FallbackReason.MALFORMED) from error
        return self._understood(response)

    def _client(self) -> Runtime:
        left = self._deadline() - self.now()
        for seconds in READ_SECONDS:
            if timedelta(seconds=seconds + CONNECT_SECONDS) <= left:
                return self.runtime_for(seconds)
        raise self._unusable(FallbackReason.TIMED_OUT)

    def _deadline(self) -> datetime:
        latest = self.began + MOST_TIME
        return min(latest, self.turn.answer_by) if self.turn.answer_by else latest

    def _understood(self, response: Mapping[str, Any]) -> tuple[list[dict[str, Any]], str]:
        """The blocks that can be given back to the model, and why it stopped."""
        self.tokens += _tokens(response.get("usage"))
        stop_reason = response.get("stopReason")
        self.stop_reason = stop_reason if stop_reason in _STOP_REASONS else "other"
        if self.stop_reason in _UNUSABLE:
            raise self._unusable(_UNUSABLE[self.stop_reason])
        match response.get("output"):
            case {"message": {"content": list(blocks)}}:
                return list(self._usable(blocks)), self.stop_reason
        raise self._unusable(FallbackReason.EMPTY)

    def _usable(self, blocks: Sequence[Any]) -> Iterator[dict[str, Any]]:
        for block in blocks:
            match block:
                case {"toolUse": {"toolUseId": str(use_id), "name": str(name)} as use} if _TOOL_USE_ID.fullmatch(
                    use_id
                ):
                    arguments = use.get("input")
                    given = arguments if isinstance(arguments, dict) else {}
                    yield {"toolUse": {"toolUseId": use_id, "name": _tool_name(name), "input": given}}
                case {"toolUse": _}:
                    raise self._unusable(FallbackReason.MALFORMED)
                case {"text": str(text)} if text.strip():
                    yield {"text": text}
                case {"reasoningContent": dict(reasoning)} if reasoning:
                    yield {"reasoningContent": reasoning}

    def _use_tools(self, uses: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        if len(uses) > _MOST_TOOLS_AT_ONCE:
            raise self._unusable(FallbackReason.MALFORMED)
        try:
            results = [(use["toolUseId"], self.tools.call(use["name"], use["input"])) for use in uses]
        except TransientError as error:  # the catalogue cannot be read for now
            raise self._unusable(FallbackReason.UNAVAILABLE) from error
        return [
            {
                "toolResult": {
                    "toolUseId": use_id,
                    "content": [{"json": result.content}],
                    "status": "error" if result.failed else "success",
                }
            }
            for use_id, result in results
        ]

    def _answer(self, content: Sequence[Mapping[str, Any]], stop_reason: str) -> Answer:
        text = _THINKING.sub("", "\n".join(block["text"] for block in content if "text" in block)).strip()
        if not text:
            raise self._unusable(FallbackReason.EMPTY)
        if len(text) > _LONGEST_ANSWER or stop_reason == "other":
            raise self._unusable(FallbackReason.MALFORMED)
        evidence = tuple(self.tools.found.values())
        return Answer(text, _cited(text, evidence), evidence, tuple(self.tools.facts), self._use())

    def _unusable(self, reason: FallbackReason) -> ModelError:
        return ModelError(self._use(reason))

    def _use(self, fallback: FallbackReason | None = None) -> ModelUse:
        prices = self.turn.tenant.assistant.prices_of(self.model_id)
        return ModelUse(
            model_id=self.model_id,
            tokens=self.tokens,
            micro_usd=cost(self.tokens, prices) if prices else None,
            milliseconds=round((self.now() - self.began) / timedelta(milliseconds=1)),
            calls=self.calls,
            tools=tuple(self.tools.called),
            stop_reason=self.stop_reason,
            fallback=fallback,
        )


def _estimated(message: Mapping[str, Any]) -> int:
    return sum(estimate_tokens(block["text"]) for block in message["content"])


def _reason(error: ClientError) -> FallbackReason:
    code = error.response.get("Error", {}).get("Code", "")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _ERRORS:
        return _ERRORS[code]
    if status == _TOO_MANY_REQUESTS:
        return FallbackReason.THROTTLED
    return FallbackReason.UNAVAILABLE if status >= _SERVER_ERROR else FallbackReason.REFUSED


def _tokens(usage: Any) -> Tokens:
    """As Bedrock reports them; what is no count is none."""
    if not isinstance(usage, Mapping):
        return Tokens()
    names = ("inputTokens", "outputTokens", "cacheReadInputTokens", "cacheWriteInputTokens")
    counts = (usage.get(name) for name in names)
    return Tokens(*(count if isinstance(count, int) and count > 0 else 0 for count in counts))


_NOT_OF_A_NAME = re.compile(r"[^a-zA-Z0-9_-]")


def _tool_name(name: str) -> str:
    """One that Bedrock takes back, also where the model made it up."""
    return _NOT_OF_A_NAME.sub("_", name)[:64] or "_"


def _cited(text: str, products: Sequence[Product]) -> tuple[str, ...]:
    """Of what was found, what the answer names."""
    said = f" {fold(text)} "
    return tuple(
        product.product_id
        for product in products
        if f" {fold(product.title)} " in said or f" {fold(product.product_id)} " in said
    )
