"""Names of hosts, as they may stand in an address that is asked on somebody's word."""

from __future__ import annotations

import re

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
NAME = re.compile(rf"(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?")
"""With a dot in it, and a last label that begins with a letter: so no address in any notation is one."""
VISIBLE_ASCII = re.compile(r"[!-\[\]-~]+")  # and no backslash, which some read as a slash
