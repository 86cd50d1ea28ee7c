"""Who one is, as one's token says."""

from __future__ import annotations

from domain.access import Role
from handlers.api.asking import principal, routes
from handlers.api.models import Told

router = routes()


class Me(Told):
    subject: str
    name: str
    role: Role
    tenant_id: str | None


@router.get("/me", summary="Who the token says you are", tags=["Access"], operation_id="getMe")
def get_me() -> Me:
    return Me.model_validate(principal(router))
