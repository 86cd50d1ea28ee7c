"""The test chat of a seller's pages, as a browser without scripts posts it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from domain.access import Role
from tests.stack.deployed import Deployed
from tests.stack.test_log_in import tokens

_PATH = "/settings/assistant/rehearsal"
_WORDS = re.compile(r'<span class="words">(.*?)</span>', re.DOTALL)
_TALK = re.compile(r'name="talk" value="([^"]*)"')


@dataclass
class TestChat:
    """What is said goes with the next question."""

    __test__ = False

    http: httpx.Client
    talk: str = ""
    page: str = ""
    """As it came last."""

    def ask(self, question: str, **typed: str) -> str:
        """What the assistant says to it."""
        answer = self.http.post(_PATH, data={"question": question, "talk": self.talk, **typed})
        assert answer.status_code == 200, answer.text
        self.page, [self.talk] = answer.text, _TALK.findall(answer.text)
        return html.unescape(_WORDS.findall(self.page)[-1])


@contextmanager
def trying_out(stack: Deployed) -> Iterator[TestChat]:
    """As Maple Home's admin."""
    url, session = stack.file.front_url, {"access": str(tokens(stack, Role.TENANT_ADMIN)["AccessToken"])}
    with httpx.Client(base_url=url, headers={"Origin": url}, cookies=session, trust_env=False, timeout=60) as http:
        yield TestChat(http)
