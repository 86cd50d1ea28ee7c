"""Every alarm has its page in the runbook, every page its alarm; every saved query answers a question there."""

from __future__ import annotations

import re

import pytest

from tests.unit.watching.declared import RUNBOOK, alarms, queries

_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_ALARM = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LOOK = re.compile(r"^\*Look first at:\* .+\.$", re.MULTILINE)
_NOTICE = re.compile(r"^\*Customers notice:\* .+\.\\$", re.MULTILINE)


def pages() -> dict[str, str]:
    """By their headings."""
    _, *parts = _HEADING.split(RUNBOOK.read_text(encoding="utf-8"))
    return dict(zip(parts[::2], (part.strip() for part in parts[1::2]), strict=True))


PAGES = pages()


def page_of(name: str) -> str:
    """The heading that the alarm's description ends with. Several may share a page that names each."""
    return str(alarms()[name]["AlarmDescription"]).strip().rpartition("docs/runbook.md#")[2]


def test_every_page_of_an_alarm_has_its_alarm() -> None:
    assert {name for name in PAGES if _ALARM.fullmatch(name)} == {page_of(name) for name in alarms()}


@pytest.mark.parametrize("name", alarms())
def test_an_alarm_has_its_page_and_wakes_somebody(name: str) -> None:
    alarm, page = alarms()[name], page_of(name)
    assert page == name or f"`{name}`" in PAGES[page]
    assert alarm["AlarmActions"] == ["arn:aws:sns:eu-west-1:123456789012:ai-marketplace-alarms-prod"]
    assert alarm["TreatMissingData"] == "notBreaching"


@pytest.mark.parametrize("name", alarms())
def test_a_page_says_what_it_means_what_customers_notice_where_to_look_and_what_to_do(name: str) -> None:
    page = PAGES[page_of(name)]
    assert page.startswith("**")
    assert _NOTICE.search(page)
    look = _LOOK.search(page)
    assert look
    assert page[look.end() :].strip(), "nothing is said to be done"


def test_every_link_of_the_runbook_to_one_of_its_pages_leads_somewhere() -> None:
    text = RUNBOOK.read_text(encoding="utf-8")
    anchors = {name.lower().replace(" ", "-").replace("'", "").replace(",", "").replace(";", "") for name in PAGES}
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= anchors


def test_every_saved_query_is_a_question_of_the_runbook_and_the_other_way_round() -> None:
    assert sorted(re.findall(r"^\| `([a-z-]+)` \|", PAGES["Questions"], re.MULTILINE)) == sorted(queries())


def test_pages_ask_only_queries_that_are_saved() -> None:
    asked = re.findall(r"(?:the|then the|and the) quer(?:y|ies) `([a-z-]+)`", RUNBOOK.read_text(encoding="utf-8"))
    assert set(asked) <= set(queries())
    assert asked


def test_in_dev_nobody_pays_for_alarms_that_wake_nobody() -> None:
    quiet = set(alarms(Stage="dev", AlarmEmail=""))
    assert not quiet & {"inbox-age", "functions-failing", "replies-slow", "concurrency-near-limit"}
    assert set(alarms(Stage="dev")) == set(alarms())
