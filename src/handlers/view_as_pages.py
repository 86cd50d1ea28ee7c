"""An operator begins, and ends, to see the pages of a tenant as the tenant does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

from domain.tenants import TenantId
from domain.view_as import ViewAsPorts, begin_view, end_view
from handlers.page_sessions import SessionPorts, require_same_origin, session_of
from handlers.rest_api import WebRequest, redirect


class ViewPagePorts(SessionPorts, ViewAsPorts, Protocol):
    pass


def _begin(request: WebRequest, ports: ViewPagePorts) -> dict[str, Any]:
    require_same_origin(request)
    session = session_of(request, ports)
    tenant_id = TenantId(request.form.get("tenant_id", ""))
    begin_view(session.principal, tenant_id, now=datetime.now(UTC), ports=ports)
    return redirect(request.url("/"), session.cookies)


def _end(request: WebRequest, ports: ViewPagePorts) -> dict[str, Any]:
    require_same_origin(request)
    session = session_of(request, ports)
    end_view(session.principal, now=datetime.now(UTC), ports=ports)
    return redirect(request.url("/operator"), session.cookies)


ROUTES: Mapping[tuple[str, str], Callable[[WebRequest, ViewPagePorts], dict[str, Any]]] = {
    ("POST", "/operator/view-as"): _begin,
    ("POST", "/operator/view-as/end"): _end,
}
