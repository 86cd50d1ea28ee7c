"""Message templates that may be sent to a customer at any hour."""

from __future__ import annotations

import uuid

from domain.customers import CustomerId
from domain.desk_sends import DeskSendPorts, send_as, sendable_to
from domain.errors import ContentionError, NotFoundError, PermanentError
from domain.templates import MessageTemplate
from handlers.api.asking import ports, routes, tenant
from handlers.gui.answers import Answer, page
from handlers.gui.asking import actor, form, request, visit
from handlers.gui.desk_pages import done_with
from handlers.gui.thread_answers import back_to, refuse
from pages.refusals import why
from pages.template_choice import choice_of, filled

router = routes()


@router.get("/conversations/<customer_id>/templates")
def get_templates(customer_id: str) -> Answer:
    found = sendable_to(tenant(router), CustomerId(customer_id), ports=ports(router, DeskSendPorts))
    return page(
        router,
        "inbox/templates.html",
        customer_id=customer_id,
        tab=request(router).query.get("tab", ""),
        choices=[choice_of(template) for template in found],
        key=uuid.uuid4().hex,
    )


@router.post("/conversations/<customer_id>/templates")
def post_template(customer_id: str) -> Answer:
    desk, sent = ports(router, DeskSendPorts), form(router)
    who = actor(router)
    try:
        template = _chosen(customer_id)
        content, now = filled(template, sent), visit(router).now
        reply = send_as(who, CustomerId(customer_id), content, key=sent.get("key", ""), now=now, ports=desk)
    except (PermanentError, ContentionError) as error:
        return refuse(router, customer_id, why(error, visit(router)))
    return back_to(router, customer_id, done_with(reply))


def _chosen(customer_id: str) -> MessageTemplate:
    """Raises `NotFoundError` where it can no longer be sent."""
    name, language = form(router).get("name"), form(router).get("language")
    allowed = sendable_to(tenant(router), CustomerId(customer_id), ports=ports(router, DeskSendPorts))
    found = next((one for one in allowed if (one.name, one.language) == (name, language)), None)
    if found is None:
        raise NotFoundError("this template cannot be sent any more")
    return found
