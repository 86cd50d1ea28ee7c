"""The tenant-admin-api. A new area is a module `api_<area>.py`, which stands in `resolver.ROUTERS` and has

- `router = routes()`, and a function for each route with summary, tags and a camelCase operation_id;
- bodies that are `Sent`, answers that are `Told` or `Listed`;
- the tenant from `tenant(router, *roles)` alone, its ports from `ports(router, TheBundle)`, which `bootstrap_api.py`
  knows how to build; cursors from `opened` and `sealed`;
- errors of `domain.errors`, which `problems.py` maps to statuses. What is of no tenant stands below `/operator/`.

After a change: `make openapi`.
"""
