"""What an evaluation found, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from ops.evaluate.questions import Category
from ops.models.asked import ModelReport

THRESHOLDS = Path(__file__).parent / "thresholds.json"


class Asked(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: str
    category: Category
    language: str
    question: str
    outcome: str
    text: str
    faults: tuple[str, ...]
    findings: tuple[str, ...]
    """Of drafts that the guard kept back."""


class Score(BaseModel):
    model_config = ConfigDict(frozen=True)

    right: int
    of: int
    threshold: float

    @property
    def share(self) -> float:
        return self.right / self.of

    @property
    def ok(self) -> bool:
        return self.share >= self.threshold


class TenantReport(BaseModel):
    model_config = ConfigDict(frozen=True)

    tenant: str
    assistant: str
    scores: dict[Category, Score]
    asked: tuple[Asked, ...]

    @property
    def ok(self) -> bool:
        return all(score.ok for score in self.scores.values())


class Evaluation(BaseModel):
    model_config = ConfigDict(frozen=True)

    tenants: tuple[TenantReport, ...]
    model: ModelReport | None = None

    @property
    def ok(self) -> bool:
        return all(report.ok for report in self.tenants) and (self.model is None or self.model.ok)


def thresholds(assistant: str, path: Path = THRESHOLDS) -> Mapping[Category, float]:
    """The least share of right answers, by category."""
    stored: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))[assistant]
    return {category: stored[category] for category in Category}


def scored(asked: tuple[Asked, ...], least: Mapping[Category, float]) -> dict[Category, Score]:
    scores = {}
    for category in Category:
        of = [one for one in asked if one.category is category]
        if of:
            right = sum(not one.faults for one in of)
            scores[category] = Score(right=right, of=len(of), threshold=least[category])
    return scores
