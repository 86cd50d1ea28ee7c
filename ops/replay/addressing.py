"""Bodies addressed to numbers and accounts of nobody here, readdressed to sellers of this stack."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ops.replay.bodies import Body
from ops.stack_file import StackTenant


@dataclass(frozen=True, slots=True)
class Readdressing:
    """Deterministic: a foreign account always becomes the same seller, so that what belongs together stays together."""

    known: Sequence[StackTenant]
    """Who is addressed already, and left alone."""
    targets: Sequence[StackTenant]

    def applied(self, body: Body) -> Body:
        """The very bytes of the file where nothing is foreign, or where it is no envelope."""
        try:
            envelope = json.loads(body.content)
        except (ValueError, RecursionError):
            return body
        changed = [self._entry(entry) for entry in _list(envelope, "entry")]
        return Body(body.name, compact(envelope)) if any(changed) else body

    def _entry(self, entry: Any) -> bool:
        if not isinstance(entry, dict):
            return False
        waba_id = str(entry.get("id"))
        metadata = [found for change in _list(entry, "changes") if (found := _metadata(change)) is not None]
        foreign = [found for found in metadata if self._by_number(found) is None]
        seller = self._by_waba(waba_id) or next(
            (known for found in metadata if (known := self._by_number(found))), None
        )
        seller = seller or self._chosen(waba_id)
        for found in foreign:
            found["phone_number_id"] = seller.phone_number_id
        if self._by_waba(waba_id) is None:
            entry["id"] = seller.waba_id
            return True
        return bool(foreign)

    def _by_waba(self, waba_id: str) -> StackTenant | None:
        return next((seller for seller in self.known if seller.waba_id == waba_id), None)

    def _by_number(self, metadata: dict[str, Any]) -> StackTenant | None:
        number = str(metadata.get("phone_number_id"))
        return next((seller for seller in self.known if seller.phone_number_id == number), None)

    def _chosen(self, waba_id: str) -> StackTenant:
        digest = hashlib.sha256(waba_id.encode("utf-8", "surrogatepass")).digest()
        return self.targets[int.from_bytes(digest[:4]) % len(self.targets)]


def compact(envelope: Any) -> bytes:
    return json.dumps(envelope, separators=(",", ":")).encode()


def _metadata(change: Any) -> dict[str, Any] | None:
    value = change.get("value") if isinstance(change, dict) else None
    metadata = value.get("metadata") if isinstance(value, dict) else None
    return metadata if isinstance(metadata, dict) and "phone_number_id" in metadata else None


def _list(value: Any, key: str) -> list[Any]:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []
