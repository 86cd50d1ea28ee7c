"""What a customer may ask for: all that is stored of them, or that it goes."""

from __future__ import annotations

import json

from domain.access import Role
from domain.customers import CustomerId
from domain.desk_rights import RightsPorts, erase_customer, export_customer
from domain.errors import InvalidInputError
from handlers.api.asking import ports, routes
from handlers.gui.answers import Answer, download, see_other
from handlers.gui.asking import actor, form

router = routes()


@router.post("/customers/<customer_id>/export")
def post_export(customer_id: str) -> Answer:
    """A change, since it is noted in the audit trail."""
    who = actor(router, Role.TENANT_ADMIN)
    exported, collected = export_customer(who, CustomerId(customer_id), ports=ports(router, RightsPorts))
    records = [{"place": place, "kind": one.kind, "content": one.content} for place, one in collected.records]
    told = {"exportId": exported.export_id, "at": exported.at, "records": records}
    text = json.dumps(told, ensure_ascii=False, indent=2, default=str)
    return download(f"customer-{exported.export_id}.json", "application/json", text)


@router.post("/customers/<customer_id>/erase")
def post_erase(customer_id: str) -> Answer:
    who = actor(router, Role.TENANT_ADMIN)
    if form(router).get("sure") != "yes":
        raise InvalidInputError("/sure", "say that you are sure: it cannot be undone")
    receipt = erase_customer(who, CustomerId(customer_id), ports=ports(router, RightsPorts))
    if receipt is None:
        return see_other(router, "/customers/{id}", id=customer_id, done="unfinished")
    return see_other(router, "/customers", done="erased")
