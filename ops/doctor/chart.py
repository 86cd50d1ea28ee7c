"""What is found of one deployment, while it is looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from domain.errors import MarketplaceError, SendError
from ops.doctor.report import Finding, Unasked


class Ill(NamedTuple):
    found: str
    remedy: str


class Untold(NamedTuple):
    """Somebody was asked, and did not say."""

    why: str


Said = Iterable[Ill | Untold]


@dataclass(slots=True)
class Chart:
    findings: list[Finding] = field(default_factory=list)
    unasked: list[Unasked] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    checks: int = 0

    def examine(self, check: str, subject: str, look: Callable[[], Said]) -> bool:
        """Whether nothing was found, and everything was told."""
        self.checks += 1
        try:
            said: Sequence[Ill | Untold] = list(look())
        except MarketplaceError as error:
            said = [Untold(why(error))]
        for one in said:
            if isinstance(one, Ill):
                self.findings.append(Finding(check=check, subject=subject, found=one.found, remedy=one.remedy))
            else:
                self.unasked.append(Unasked(check=check, subject=subject, why=one.why))
        return not said


def why(error: MarketplaceError) -> str:
    """Without Meta's own words, which stand behind a colon: they may quote the token."""
    if isinstance(error, SendError):
        return "Meta answers with an error" if error.code is None else f"Meta answers with code {error.code}"
    return str(error).partition(": ")[0]
