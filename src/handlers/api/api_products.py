"""A tenant's products, one by one."""

from __future__ import annotations

from domain.catalogue import ProductId
from domain.keep_products import KeepProductsPorts, list_products
from handlers.api.asking import opened, ports, routes, sealed, tenant
from handlers.api.models import Cursor, Limit
from handlers.api.product_models import ProductList, told_product

router = routes()


@router.get("/products", summary="Products, by id", tags=["Products"], operation_id="listProducts")
def get_products(cursor: Cursor = None, limit: Limit = 50) -> ProductList:
    position = opened(router, cursor)
    after = ProductId(position["productId"]) if position else None
    products, last = list_products(tenant(router), after, limit, ports=ports(router, KeepProductsPorts))
    return ProductList(
        items=[told_product(product) for product in products],
        next_cursor=sealed(router, {"productId": last} if last else None),
    )
