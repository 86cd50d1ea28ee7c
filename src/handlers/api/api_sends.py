"""A person writes to a customer."""

from __future__ import annotations

from domain.access import Role
from domain.customers import CustomerId
from domain.desk_sends import DeskSendPorts, send_as, sendable_to
from domain.messages import MessageId
from domain.thread_views import reply_view
from handlers.api.asking import now, ports, principal, request_key, routes
from handlers.api.conflicts import told_conflicts
from handlers.api.conversation_models import CustomerIdInPath, ToldReply
from handlers.api.send_models import SentMessage, TemplateList, content_of, told_template
from handlers.api.thread_answers import told_reply

router = routes()


@router.post(
    "/conversations/<customer_id>/messages",
    summary="Send a text, a template or a file, and take the conversation over",
    tags=["Conversations"],
    operation_id="sendMessage",
)
def post_message(customer_id: CustomerIdInPath, body: SentMessage) -> ToldReply:
    """Answers with what became of it: `state` is sent, failed (with Meta's words) or uncertain. The same
    `Idempotency-Key` sends once, for good; without one, a request that is repeated sends again. Where the 24-hour
    window is closed, 409 with the `templates` that may be sent."""
    who = principal(router)
    who.demand(Role.TENANT_ADMIN, Role.TENANT_AGENT)
    content, key = content_of(body.content), request_key(router)
    with told_conflicts():
        reply = send_as(
            who,
            CustomerId(customer_id),
            content,
            key=key,
            now=now(router),
            in_reply_to=MessageId(body.in_reply_to) if body.in_reply_to else None,
            ports=ports(router, DeskSendPorts),
        )
    return told_reply(reply_view(reply))


@router.get(
    "/conversations/<customer_id>/templates",
    summary="Templates that may be sent now, the customer's language first",
    tags=["Conversations"],
    operation_id="listSendableTemplates",
)
def get_templates(customer_id: CustomerIdInPath) -> TemplateList:
    who = principal(router)
    found = sendable_to(who.tenant(), CustomerId(customer_id), ports=ports(router, DeskSendPorts))
    return TemplateList(items=[told_template(one) for one in found])
