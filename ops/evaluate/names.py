"""The assistants that can be evaluated."""

from __future__ import annotations

from enum import StrEnum


class AssistantName(StrEnum):
    CATALOGUE = "catalogue"
    BEDROCK = "bedrock"
    """The model that `--model` names, with the catalogue assistant behind it, as deployed."""
