"""The answers that pages give: HTML, a fragment if it is new, another address."""

from __future__ import annotations

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import BaseRouter

from handlers.gui.asking import request, visit
from pages.fragments import Fragment
from pages.rendering import render
from pages.security import page_headers

Answer = Response[str]
_HTML = "text/html; charset=utf-8"


def html(router: BaseRouter, text: str, status: HTTPStatus = HTTPStatus.OK) -> Answer:
    return Response(status, _HTML, text, dict(page_headers(router.context["media_origin"])))


def page(router: BaseRouter, template: str, status: HTTPStatus = HTTPStatus.OK, **view: object) -> Answer:
    return html(router, render(template, visit(router), **view), status)


def if_new(router: BaseRouter, fragment: Fragment) -> Answer:
    """Nothing where the browser shows it already."""
    if request(router).query.get("seen") == fragment.seen:
        return Response(HTTPStatus.NO_CONTENT, _HTML, "", dict(page_headers()))
    return html(router, fragment.html)


def see_other(router: BaseRouter, path: str, **values: str | int | None) -> Answer:
    """After a change: what is shown then can be loaded again without changing anything again."""
    location = visit(router).urls.to(path, **values)
    return Response(HTTPStatus.SEE_OTHER, _HTML, "", {**page_headers(), "Location": location})


def away(location: str) -> Answer:
    """To a file that is kept elsewhere."""
    return Response(HTTPStatus.SEE_OTHER, _HTML, "", {**page_headers(), "Location": location})
