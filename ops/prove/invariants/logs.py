"""No log line tells who wrote, what they wrote, or a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ops.prove.cast import APP_SECRET, CUSTOMERS, NUMBERS, WARES, token
from ops.prove.invariants.case import Case


def logs_are_silent(case: Case) -> Iterator[str]:
    for kind, pattern in _SECRETS.items():
        if pattern.search(case.evidence.log):
            yield f"a log line holds a {kind}"


_SECRETS = {
    "phone number": re.compile("|".join(rf"(?<!\d){one.phone}(?!\d)" for one in CUSTOMERS if one.phone)),
    "user id": re.compile("|".join(re.escape(one.user_id) for one in CUSTOMERS if one.user_id)),
    "token": re.compile("|".join(re.escape(token(number)) for number in NUMBERS)),
    "app secret": re.compile(re.escape(APP_SECRET)),
    "message's text": re.compile(r"How much is|talk to a human|harpsichord|Ben here|(?:what ){5}"),
    "answer's text": re.compile("|".join(re.escape(title) for titles in WARES.values() for title in titles)),
}
