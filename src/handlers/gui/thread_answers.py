"""What follows a change of a conversation: the same page, and whether it was done."""

from __future__ import annotations

from http import HTTPStatus

from aws_lambda_powertools.event_handler.api_gateway import Router

from handlers.gui.answers import Answer, html, see_other
from handlers.gui.asking import form, refused
from handlers.gui.threads import read
from pages.thread_page import whole


def refuse(router: Router, customer_id: str, words: str, draft: str = "") -> Answer:
    """The conversation as it is, why something was not done, and what one had written."""
    seen = refused(router, words)
    text = whole(read(router, customer_id, as_seen_by=seen, draft=draft), seen)
    return html(router, text, HTTPStatus.CONFLICT)


def back_to(router: Router, customer_id: str, done: str) -> Answer:
    """`done`: a key of `pages.notices.DONE`."""
    return see_other(router, "/conversations/{id}", id=customer_id, tab=form(router).get("tab", ""), done=done)
