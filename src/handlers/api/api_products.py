"""A tenant's products, one by one."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body

from domain.access import Role
from domain.catalogue import Product, ProductId
from domain.keep_products import (
    KeepProductsPorts,
    amend_product,
    find_product,
    list_products,
    put_product,
    remove_product,
)
from handlers.api.asking import etag, opened, ports, routes, sealed, seen_version, tenant
from handlers.api.models import Cursor, IfMatch, Limit, empty, json_response
from handlers.api.product_models import (
    ProductChange,
    ProductKey,
    ProductList,
    SentProduct,
    ToldProduct,
    product_id_of,
    product_of,
    told_product,
)

router = routes()

_TAGS = ["Products"]


@router.get("/products", summary="Products, by id", tags=_TAGS, operation_id="listProducts")
def get_products(cursor: Cursor = None, limit: Limit = 50) -> ProductList:
    position = opened(router, cursor)
    after = ProductId(position["productId"]) if position else None
    products, last = list_products(tenant(router), after, limit, ports=ports(router, KeepProductsPorts))
    return ProductList(
        items=[told_product(product) for product in products],
        next_cursor=sealed(router, {"productId": last} if last else None),
    )


@router.get("/products/<product_id>", summary="One product", tags=_TAGS, operation_id="getProduct")
def get_product(product_id: ProductKey) -> Response[ToldProduct]:
    return _told(find_product(tenant(router), product_id_of(product_id), ports=ports(router, KeepProductsPorts)))


@router.put("/products/<product_id>", summary="Make or replace a product", tags=_TAGS, operation_id="putProduct")
def put_one(
    product_id: ProductKey, product: Annotated[SentProduct, Body()], if_match: IfMatch = None
) -> Response[ToldProduct]:
    tenant_id, stored = tenant(router, Role.TENANT_ADMIN, Role.OPERATOR), product_of(product_id_of(product_id), product)
    put_product(tenant_id, stored, seen_version(if_match), ports=ports(router, KeepProductsPorts))
    return _told(stored)


@router.patch("/products/<product_id>", summary="Change a product", tags=_TAGS, operation_id="changeProduct")
def patch_one(
    product_id: ProductKey, change: Annotated[ProductChange, Body()], if_match: IfMatch = None
) -> Response[ToldProduct]:
    def amended(product: Product) -> Product:
        return product_of(product.product_id, change.applied_to(product))

    changed = amend_product(
        tenant(router, Role.TENANT_ADMIN, Role.OPERATOR),
        product_id_of(product_id),
        amended,
        seen_version(if_match),
        ports=ports(router, KeepProductsPorts),
    )
    return _told(changed)


@router.delete(
    "/products/<product_id>",
    summary="Take a product out",
    tags=_TAGS,
    operation_id="deleteProduct",
    status_code=HTTPStatus.NO_CONTENT,
)
def delete_one(product_id: ProductKey, if_match: IfMatch = None) -> Response[None]:
    tenant_id = tenant(router, Role.TENANT_ADMIN, Role.OPERATOR)
    remove_product(tenant_id, product_id_of(product_id), seen_version(if_match), ports=ports(router, KeepProductsPorts))
    return empty()


def _told(product: Product) -> Response[ToldProduct]:
    told = told_product(product)
    return json_response(told, headers={"etag": etag(told.version)})
