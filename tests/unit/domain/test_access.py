from __future__ import annotations

import pytest

from domain.access import Principal, Role
from domain.errors import ForbiddenError
from domain.tenants import TenantId

AGENT = Principal("sub-1", "Ana", Role.TENANT_AGENT, TenantId("acme"))


def test_a_member_works_for_the_tenant_of_the_token() -> None:
    assert AGENT.tenant() == "acme"


def test_an_operator_who_views_as_nobody_touches_no_tenants_data() -> None:
    with pytest.raises(ForbiddenError, match="view as it first"):
        Principal("sub-2", "Olga", Role.OPERATOR).tenant()


def test_who_has_one_of_the_roles_may_go_on() -> None:
    AGENT.demand(Role.TENANT_ADMIN, Role.TENANT_AGENT)


def test_who_has_none_of_the_roles_is_told_which_are_needed() -> None:
    with pytest.raises(ForbiddenError, match="needs the role operator or tenant_admin; yours is tenant_agent"):
        AGENT.demand(Role.OPERATOR, Role.TENANT_ADMIN)
