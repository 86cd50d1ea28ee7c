"""Where things are: the checkout, and the folder of its local stack."""

from __future__ import annotations

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
DEFAULT_HOME = REPOSITORY / ".local"
