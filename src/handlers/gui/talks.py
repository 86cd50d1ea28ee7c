"""A rehearsal as it goes with a form, from one question to the next: it stands nowhere else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict

from domain.conversations import RecordedBecause
from domain.escalations import EscalationReason
from domain.rehearsals import Exchange, Said
from handlers.api.cursors import Position

_REASONS: Mapping[Said, type[EscalationReason | RecordedBecause]] = {
    Said.PERSON: EscalationReason,
    Said.NOTHING: RecordedBecause,
}


def packed(talk: tuple[Exchange, ...]) -> Position:
    return {"talk": json.dumps([asdict(exchange) for exchange in talk])}


def unpacked(position: Position | None) -> tuple[Exchange, ...]:
    return tuple(map(_exchange, json.loads(position["talk"]))) if position else ()


def _exchange(fields: dict[str, str]) -> Exchange:
    said = Said(fields["said"])
    return Exchange(
        asked=fields["asked"],
        said=said,
        text=fields["text"],
        language=fields["language"],
        reason=_REASONS[said](fields["reason"]) if said in _REASONS else None,
        product_ids=tuple(fields["product_ids"]),
    )
