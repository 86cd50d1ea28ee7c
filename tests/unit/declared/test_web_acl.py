"""The rate of the web ACL against what our own pages ask."""

from __future__ import annotations

import re

from ops.declared.transform import transformed
from ops.local.places import REPOSITORY

FIVE_MINUTES = 300.0
PEOPLE = 25
"""Of one office, behind one address."""
EVERY = re.compile(r'hx-trigger="every (\d+)(ms|s)"')


def seconds_between(template: str) -> float:
    (number, unit), *others = EVERY.findall((REPOSITORY / "src/pages/templates/inbox" / template).read_text("utf-8"))
    assert not others
    return int(number) / (1000 if unit == "ms" else 1)


def test_an_office_that_answers_customers_all_day_is_not_shut_out() -> None:
    asked = sum(FIVE_MINUTES / seconds_between(one) for one in ("_log.html", "_list.html"))
    parameters = transformed(REPOSITORY / "template.yaml", {}, "eu-west-1")["Parameters"]

    assert PEOPLE * asked < parameters["WafRequestsPerAddress"]["Default"]
