"""What a customer is handed: a ZIP of JSON lines, a file for each kind of record, and the files that they sent."""

from __future__ import annotations

import json
import re
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from adapters.customer_places import KEPT, SEARCHED
from domain.customer_data import Attachment, CustomerRecord
from domain.export_customer import Export

_NOT_IN_A_NAME = re.compile(r"[^\w.\-/]")

README = """Everything that is stored of you, as of {at}.

Each .jsonl file holds one record a line, as JSON: `raw` and `value` are WhatsApp's own objects as they came.
manifest.json says what was looked at, how much was found, and where nothing was; media/ holds the files that you sent.

  customers/profile          who you are to the seller, and what holds of offers
  customers/aliases          other numbers and user ids by which you are known
  conversations/messages     messages in and out with their times and states; a reply stands behind its message
  conversations/deliveries   what else WhatsApp told of each message, by its own id
  conversations/consent      each word on offers, with its source
  conversations/escalations  when a person was called, and why
  conversations/owner-changes  who spoke for the seller, since when
  conversations/waits        how long a person was waited for
  conversations/merges       when two of your names were found to be one person's
  conversations/send-keys    by which what was sent to you was sent once
  conversations/conversation who speaks now, and what waits
  account-events/updates     what WhatsApp told the seller of you otherwise
  quarantine, dead-letters   what could not be worked on
"""


@dataclass(slots=True)
class ZipArchive:
    """Written to disk as it comes: a ZIP takes one file at a time, and records of several kinds come mixed."""

    file: zipfile.ZipFile
    folder: Path
    _lines: dict[str, IO[str]] = field(default_factory=dict)
    _open: ExitStack = field(default_factory=ExitStack)

    def add(self, place: str, record: CustomerRecord) -> None:
        name = f"{place}/{record.kind}.jsonl"
        if name not in self._lines:
            path = self.folder / str(len(self._lines))
            self._lines[name] = self._open.enter_context(path.open("w", encoding="utf-8", errors="replace"))
        self._lines[name].write(record.line + "\n")
        if record.attachment is not None:
            self._attach(place, record.attachment)

    def _attach(self, place: str, attachment: Attachment) -> None:
        name = f"{place}/{_safe(attachment.name)}"
        with self.file.open(name, "w", force_zip64=True) as whole:
            for chunk in attachment.chunks:
                whole.write(chunk)

    def finish(self, exported: Export) -> None:
        self._open.close()
        for index, name in enumerate(self._lines):
            self.file.write(self.folder / str(index), name)
        self.file.writestr("manifest.json", json.dumps(manifest(exported), indent=2))
        self.file.writestr("README.txt", README.format(at=f"{exported.at:%Y-%m-%d %H:%M} UTC"))


def manifest(exported: Export) -> dict[str, object]:
    return {
        "export_id": exported.export_id,
        "at": exported.at.isoformat(),
        "found": {name: dict(kinds) for name, kinds in exported.places.items() if kinds},
        "nothing_found_in": [name for name, kinds in exported.places.items() if not kinds],
        "looked_at": {place.name: place.holds for place in SEARCHED},
        "not_in_here": {place.name: {"holds": place.holds, "because": place.kept_because} for place in KEPT},
    }


def _safe(name: str) -> str:
    """Nothing that leads out of the folder into which it is unpacked."""
    parts = [_NOT_IN_A_NAME.sub("_", part) for part in name.split("/") if part not in {"", ".", ".."}]
    return "/".join(parts)


@contextmanager
def zip_archive(path: Path) -> Iterator[ZipArchive]:
    """For its owner's eyes only, and whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as folder:
        made = Path(folder) / "archive.zip"
        lines = Path(folder) / "lines"
        lines.mkdir()
        with zipfile.ZipFile(made, "w", compression=zipfile.ZIP_DEFLATED) as file:
            archive = ZipArchive(file, lines)
            with archive._open:  # noqa: SLF001 (its own)
                yield archive
        made.chmod(0o600)
        made.replace(path)
