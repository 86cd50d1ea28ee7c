"""Products: the list, one of them, and what a person changes by hand."""

from __future__ import annotations

from http import HTTPStatus

from domain.access import Role
from domain.catalogue import ProductId
from domain.errors import ContentionError, PermanentError
from domain.keep_products import (
    KeepProductsPorts,
    amend_product,
    find_product,
    list_products,
    put_product,
    remove_product,
)
from domain.look_up_products import look_up_products
from handlers.api.asking import ports, routes, tenant
from handlers.gui.answers import Answer, page, see_other
from handlers.gui.asking import actor, form, opened, request, sealed, visit
from pages.product_form import ProductForm, amended, blank, form_of, product_of, sent_again
from pages.refusals import why

router = routes()

_LISTED = "catalogue"
_AT_ONCE = 50


@router.get("/catalogue")
def get_products() -> Answer:
    words = request(router).query.get("q", "").strip()
    position = opened(router, _LISTED, request(router).query.get("after", ""))
    after = ProductId(position["productId"]) if position else None
    products = ports(router, KeepProductsPorts)
    if words:
        found, last = look_up_products(tenant(router), words, after, _AT_ONCE, ports=products)
    else:
        found, last = list_products(tenant(router), after, _AT_ONCE, ports=products)
    more = sealed(router, _LISTED, {"productId": last} if last else None)
    return page(router, "catalogue/list.html", products=found, sought=words, more=more, begun=position is not None)


@router.get("/catalogue/new")
def get_new() -> Answer:
    return _shown(blank(visit(router).currency))


@router.post("/catalogue/new")
def post_new() -> Answer:
    who, sent = actor(router, Role.TENANT_ADMIN), form(router)
    try:
        put_product(who.tenant(), product_of(sent), None, ports=ports(router, KeepProductsPorts))
    except (PermanentError, ContentionError) as error:
        return _shown(sent_again(sent, why(error, visit(router))), HTTPStatus.UNPROCESSABLE_ENTITY)
    return see_other(router, "/catalogue", done="saved")


@router.get("/catalogue/products")
def get_product() -> Answer:
    found = find_product(tenant(router), _named(), ports=ports(router, KeepProductsPorts))
    return _shown(form_of(found))


@router.post("/catalogue/products")
def post_product() -> Answer:
    who, sent, products = actor(router, Role.TENANT_ADMIN), form(router), ports(router, KeepProductsPorts)
    version = sent.get("version") or None
    try:
        if sent.get("remove"):
            remove_product(who.tenant(), _named(), version, ports=products)
            return see_other(router, "/catalogue", done="removed")
        amend_product(who.tenant(), _named(), lambda seen: amended(seen, sent), version, ports=products)
    except (PermanentError, ContentionError) as error:
        again = sent_again({**sent, "product_id": _named()}, why(error, visit(router)))
        return _shown(again, HTTPStatus.UNPROCESSABLE_ENTITY)
    return see_other(router, "/catalogue", done="saved")


def _named() -> ProductId:
    """In the query: a product's id may hold what a path cannot."""
    return ProductId(request(router).query.get("id", ""))


def _shown(shown: ProductForm, status: HTTPStatus = HTTPStatus.OK) -> Answer:
    return page(router, "catalogue/product.html", status, form=shown)
