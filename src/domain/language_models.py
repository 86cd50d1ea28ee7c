"""The language models that are known: what they cost, and from when on they remember the beginning of a prompt.

Prices are Amazon Bedrock's list prices, on demand, in US regions, as published in November 2026
(aws.amazon.com/bedrock/pricing). A seller's own (`AssistantSettings.prices`) go before them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_PER = 1_000_000  # tokens


@dataclass(frozen=True, slots=True)
class Prices:
    """Whole micro-dollars for a million tokens."""

    input: int
    output: int
    cached: int
    """Of input that the model remembered."""
    cache_write: int
    """Of input that it remembers from now on."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a model read and wrote. `input` is what it neither remembered nor was told to remember."""

    input: int = 0
    output: int = 0
    cached: int = 0
    cache_write: int = 0

    def __add__(self, more: Tokens) -> Tokens:
        return Tokens(
            self.input + more.input,
            self.output + more.output,
            self.cached + more.cached,
            self.cache_write + more.cache_write,
        )

    @property
    def total(self) -> int:
        return self.input + self.output + self.cached + self.cache_write


@dataclass(frozen=True, slots=True)
class LanguageModel:
    prices: Prices
    cache_from: int
    """A prompt's beginning is remembered from so many tokens on (user guide, "Prompt caching")."""
    regional_percent: int = 0
    """What is added to the price where the call has to stay in one geography."""


_NOVA_CACHE_FROM = 1000
_REGIONAL_PERCENT = 10

_MODELS = {
    "amazon.nova-micro": LanguageModel(Prices(35_000, 140_000, 8_750, 35_000), _NOVA_CACHE_FROM),
    "amazon.nova-lite": LanguageModel(Prices(60_000, 240_000, 15_000, 60_000), _NOVA_CACHE_FROM),
    "amazon.nova-pro": LanguageModel(Prices(800_000, 3_200_000, 200_000, 800_000), _NOVA_CACHE_FROM),
    "anthropic.claude-haiku-4-5": LanguageModel(
        Prices(1_000_000, 5_000_000, 100_000, 1_250_000), 4096, _REGIONAL_PERCENT
    ),
    "anthropic.claude-sonnet-4-5": LanguageModel(
        Prices(3_000_000, 15_000_000, 300_000, 3_750_000), 1024, _REGIONAL_PERCENT
    ),
}
"""By the id without geography, date and version: `eu.amazon.nova-lite-v1:0` is `amazon.nova-lite`."""

_ID = re.compile(
    r"(?:arn:aws[\w-]*:bedrock:[^/]*/)?(?:(?P<geography>[a-z]{2,6}(?:-gov)?)\.)?(?P<name>[a-z0-9]+\.[a-z0-9-]+?)(?:-\d{8})?(?:-v\d+)?(?::\d+)*"
)


def known_model(model_id: str) -> LanguageModel | None:
    """By id, inference profile or ARN of one; None where the table has no such model."""
    parsed = _ID.fullmatch(model_id)
    model = _MODELS.get(parsed["name"]) if parsed else None
    if model is None or parsed is None or not model.regional_percent or parsed["geography"] == "global":
        return model
    prices = model.prices
    dearer = (
        price * (100 + model.regional_percent) // 100
        for price in (prices.input, prices.output, prices.cached, prices.cache_write)
    )
    return LanguageModel(Prices(*dearer), model.cache_from, model.regional_percent)


def cost(tokens: Tokens, prices: Prices) -> int:
    """In micro-dollars, rounded up."""
    exact = (
        tokens.input * prices.input
        + tokens.output * prices.output
        + tokens.cached * prices.cached
        + tokens.cache_write * prices.cache_write
    )
    return -(-exact // _PER)


_LETTERS_A_TOKEN = 3.5
_BEYOND_THE_BMP = 0xFFFF
_TOKENS_AN_EMOJI = 3


def estimate_tokens(text: str) -> int:
    """Rather too many than too few: a token for 3.5 ASCII characters (models take 4 and more), one for any other
    letter, three for what lies beyond the basic plane, as emoji do. It bounds what is sent; what is charged is what
    the model reports.
    """
    plain = sum(character.isascii() for character in text)
    beyond = sum(ord(character) > _BEYOND_THE_BMP for character in text)
    return round(plain / _LETTERS_A_TOKEN + 0.5) + (len(text) - plain - beyond) + beyond * _TOKENS_AN_EMOJI
