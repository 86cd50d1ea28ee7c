"""The seller's own webhook. Its secret is made here and shown once, on the answer to the form that asked for it."""

from __future__ import annotations

from http import HTTPStatus

from domain.access import Role
from domain.errors import InvalidInputError, MarketplaceError, NotFoundError
from domain.notify_tenant import WebhookPorts, find_webhook, list_deliveries, remove_webhook, set_webhook
from domain.tenant_webhooks import EventKind, TenantWebhook, new_secret
from domain.try_webhook import TryWebhookPorts, try_webhook
from handlers.api.asking import ports, principal, routes, tenant
from handlers.gui.answers import Answer, page, see_other
from handlers.gui.asking import actor, form, visit
from pages.webhook_words import why_not

router = routes()

_PATH = "/settings/webhook"


@router.get(_PATH)
def get_webhook() -> Answer:
    return _shown()


@router.post(_PATH)
def post_webhook() -> Answer:
    """Sets it; with `change`, does that with the one there is."""
    actor(router, Role.TENANT_ADMIN)
    change = form(router).get("change", "")
    try:
        if change == "remove":
            return _removed()
        if change == "test":
            return _tested()
        known = _known()
        if change == "secret" and known:
            return _set(known, new_secret())
        return _set(_asked(), "" if known else new_secret())
    except MarketplaceError as error:
        return _shown(error=why_not(error, visit(router)), status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _set(webhook: TenantWebhook, secret: str) -> Answer:
    """`secret`: empty where the one that there is stays."""
    who = principal(router)
    set_webhook(who, who.tenant(), webhook, secret or None, now=visit(router).now, ports=ports(router, WebhookPorts))
    return _shown(secret=secret) if secret else see_other(router, _PATH, done="saved")


def _asked() -> TenantWebhook:
    sent = form(router)
    kinds = frozenset(kind for kind in EventKind if kind in sent)
    if not kinds:
        raise InvalidInputError("/events", "at least one")
    return TenantWebhook(sent.get("url", "").strip(), kinds, "enabled" in sent)


def _known() -> TenantWebhook | None:
    try:
        return find_webhook(principal(router), tenant(router), ports=ports(router, WebhookPorts))
    except NotFoundError:
        return None


def _tested() -> Answer:
    who, bundle = principal(router), ports(router, TryWebhookPorts)
    delivery = try_webhook(who, who.tenant(), now=visit(router).now, ports=bundle)
    return see_other(router, _PATH, done="not_arrived" if delivery.failure else "arrived")


def _removed() -> Answer:
    if form(router).get("sure") != "yes":
        raise InvalidInputError("/sure", "say that you are sure")
    who = principal(router)
    remove_webhook(who, who.tenant(), now=visit(router).now, ports=ports(router, WebhookPorts))
    return see_other(router, _PATH, done="removed")


def _shown(*, error: str = "", secret: str = "", status: HTTPStatus = HTTPStatus.OK) -> Answer:
    who, bundle, webhook = principal(router), ports(router, WebhookPorts), _known()
    return page(
        router,
        "settings/webhook.html",
        status,
        webhook=webhook,
        deliveries=list_deliveries(who, who.tenant(), ports=bundle) if webhook else (),
        secret=secret,
        error=error,
        sent=form(router) if error and not form(router).get("change") else {},
        section="webhook",
    )
