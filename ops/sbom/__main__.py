"""`python -m ops.sbom`: refuses what may not be deployed; with a folder, writes bill and list into it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from ops.sbom.bill import bill_of_materials, everything, licence_list, refused

_HINT = (
    "Read the licence. It asks for nothing but its own words: add it to PERMITTED in ops/sbom/licences.py, or what the "
    "LICENSE file says to STATED. Otherwise take another package."
)


def main(folders: list[str]) -> int:
    bill = bill_of_materials()
    if problems := refused(bill):
        print("May not be deployed:", *problems, _HINT, sep="\n  ", file=sys.stderr)
        return 1
    print(f"licences: {len(list(everything(bill)))} components, all permitted")
    for folder in map(Path, folders):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "sbom.cdx.json").write_text(json.dumps(bill, indent=2), encoding="utf-8")
        (folder / "licences.md").write_text(licence_list(bill), encoding="utf-8")
        print(f"written to {folder}: sbom.cdx.json, licences.md")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
