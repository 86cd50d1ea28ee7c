"""What a seller's profile may say. Checked here, once, for whoever sets it: the API, the pages, the command line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from domain.errors import InvalidInputError
from domain.opening_hours import WEEKDAYS, OpeningHours
from domain.tenants import Tenant, TenantId

SMOKE_TENANT = TenantId("audit-smoke")
"""Whose rows smoke tests write and take away again: no seller is ever given this id."""

_ID = re.compile(r"[a-z0-9-]{3,40}")
# Words that begin partitions of our own: no tenant's rows are ever to stand in them.
_RESERVED = frozenset({"quarantine", "operator-log", "user", "number", "due", "requests", "migration", SMOKE_TENANT})
_LANGUAGE = re.compile(r"[a-z]{2}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_PLAN = re.compile(r"[a-z0-9-]{1,40}")

_LONGEST_NAME, _LONGEST_KEYWORD, _LONGEST_LINK = 100, 60, 500
_MOST_KEYWORDS, _MOST_LINKS, _MOST_HOLIDAYS, _MOST_SPANS = 100, 50, 400, 6
_LONGEST_WAIT_MINUTES = 7 * 24 * 60


def check_tenant_id(tenant_id: str) -> None:
    if not _ID.fullmatch(tenant_id) or tenant_id in _RESERVED:
        raise InvalidInputError("/id", "3 to 40 of a-z, 0-9 and -, and none of the reserved words")


def check_tenant(tenant: Tenant) -> None:
    """Raises `InvalidInputError` with the first thing that is wrong."""
    _demand(
        "/name", 1 <= len(tenant.name.strip()) <= _LONGEST_NAME and tenant.name.isprintable(), "1 to 100 characters"
    )
    _demand("/language", _LANGUAGE.fullmatch(tenant.language), "two letters (ISO 639-1)")
    _demand("/currency", _CURRENCY.fullmatch(tenant.currency), "three capitals (ISO 4217)")
    _demand("/timezone", tenant.timezone in available_timezones(), "a name of the IANA time zones, as Europe/Madrid")
    _demand("/plan", _PLAN.fullmatch(tenant.plan), "1 to 40 of a-z, 0-9 and -")
    _texts("/escalationKeywords", tenant.escalation_keywords, _MOST_KEYWORDS, _LONGEST_KEYWORD)
    _texts("/links", tenant.links, _MOST_LINKS, _LONGEST_LINK)
    _demand("/links", all(map(_is_https, tenant.links)), "addresses that begin with https://")
    _check_hours(tenant.opening_hours)
    for step, minutes in asdict(tenant.waiting).items():
        _demand(
            f"/waiting/{step}",
            minutes is None or 1 <= minutes <= _LONGEST_WAIT_MINUTES,
            "1 minute to a week; null switches it off",
        )


def _demand(field: str, holds: object, problem: str) -> None:
    if not holds:
        raise InvalidInputError(field, problem)


def _texts(field: str, texts: Iterable[str], most: int, longest: int) -> None:
    given = list(texts)
    _demand(field, len(given) <= most, f"at most {most}")
    _demand(
        field,
        all(text.strip() and len(text) <= longest and text.isprintable() for text in given),
        f"each has 1 to {longest} characters, on one line",
    )


def _is_https(link: str) -> bool:
    parts = urlsplit(link)
    return parts.scheme == "https" and bool(parts.hostname) and not re.search(r"\s", link)


def _check_hours(hours: OpeningHours) -> None:
    _demand("/openingHours", set(hours.week) <= set(WEEKDAYS), f"days are {', '.join(WEEKDAYS)}")
    for day, spans in hours.week.items():
        _demand(f"/openingHours/{day}", len(spans) <= _MOST_SPANS, f"at most {_MOST_SPANS} spans a day")
        _demand(f"/openingHours/{day}", all(span.opens < span.closes for span in spans), "each opens before it closes")
    _demand("/holidays", len(hours.holidays) <= _MOST_HOLIDAYS, f"at most {_MOST_HOLIDAYS}")
