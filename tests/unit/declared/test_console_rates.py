"""What may be asked of pages and API, against what our own pages ask."""

from __future__ import annotations

import re

from ops.declared.transform import transformed
from ops.local.places import REPOSITORY

FIVE_MINUTES = 300.0
OFFICE, EVERYBODY = 25, 500
"""People who answer customers all day: of one office, behind one address; of all sellers."""
EVERY = re.compile(r'hx-trigger="every (\d+)(ms|s)"')
WRITTEN = transformed(REPOSITORY / "template.yaml", {}, "eu-west-1")


def seconds_between(template: str) -> float:
    (number, unit), *others = EVERY.findall((REPOSITORY / "src/pages/templates/inbox" / template).read_text("utf-8"))
    assert not others
    return int(number) / (1000 if unit == "ms" else 1)


def asked(seconds: float) -> float:
    """By a page that shows the list and a conversation."""
    return sum(seconds / seconds_between(one) for one in ("_log.html", "_list.html"))


def test_an_office_is_not_shut_out_by_the_web_acl() -> None:
    assert OFFICE * asked(FIVE_MINUTES) < WRITTEN["Parameters"]["WafRequestsPerAddress"]["Default"]


def test_sellers_do_not_shut_each_other_out_at_the_gateway() -> None:
    [stage] = (one for one in WRITTEN["Resources"].values() if one["Type"] == "AWS::ApiGateway::Stage")
    [bound] = stage["Properties"]["MethodSettings"]
    given = {"Ref": "ConsoleRequestsPerSecond"}

    assert (bound["ThrottlingRateLimit"], bound["ThrottlingBurstLimit"]) == (given, given)
    assert EVERYBODY * asked(1) < WRITTEN["Parameters"]["ConsoleRequestsPerSecond"]["Default"]
