"""Nothing of a closed set is without its words."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import pytest

from domain.access import Role
from domain.account_alerts import Severity
from domain.conversations import Owner
from domain.escalations import EscalationReason
from domain.media import MediaKind, MediaRefusal
from domain.plans import BeyondPlan, Measure, Threshold
from domain.statements import Section
from pages import operator_words, words


@pytest.mark.parametrize(
    ("said", "closed"),
    [
        (words.ROLES, Role),
        (words.OWNERS, Owner),
        (words.REASONS, EscalationReason),
        (words.MEDIA, MediaKind),
        (words.MEDIA_REFUSALS, MediaRefusal),
        (operator_words.SEVERITIES, Severity),
        (words.MEASURES, Measure),
        (operator_words.BEYOND, BeyondPlan),
        (operator_words.THRESHOLDS, Threshold),
        (operator_words.SECTIONS, Section),
    ],
)
def test_each_of_them_is_said(said: Mapping[Any, object], closed: type[StrEnum]) -> None:
    assert set(said) == set(closed)
