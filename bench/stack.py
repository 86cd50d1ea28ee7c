"""A local stack to measure on, with as many active sellers as a measurement wants."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from adapters.aws_clients import client
from adapters.dynamodb_catalogue import put_products
from adapters.dynamodb_tenants import DynamoTenants
from domain.catalogue import Product
from domain.tenants import TenantStatus
from ops import stack_file
from ops.errors import DeployError
from ops.local import demo_data, deploy, front_config, front_process
from ops.local.aws import LocalAws
from ops.local.demo_data import DemoNumber, DemoTenant
from ops.local.deploy import Deployment
from ops.local.home import Credentials, Home, Settings
from ops.local.ports import free_port
from ops.local.progress import Progress
from ops.local.project import Project
from ops.local.stack import Stack
from ops.stack_file import StackFile


@dataclass(frozen=True)
class Seller:
    tenant: DemoTenant
    products: list[Product]


@dataclass(frozen=True)
class MeasuredStack:
    file: StackFile
    sellers: list[Seller]
    reply_delay_seconds: int


@contextmanager
def measured_stack(sellers: int, home: Path | None) -> Iterator[MeasuredStack]:
    """The running stack of `home`, or a fresh one that is gone afterwards."""
    if home is not None:
        yield _prepared(Home(home.resolve()), stack_file.load(home), sellers)
        return
    with tempfile.TemporaryDirectory(prefix="ai-marketplace-bench-") as folder:
        fresh = Home(Path(folder))
        stack = Stack(fresh, Project(), Progress())
        try:
            file = stack.up(Settings(front_port=free_port(), aws_port=free_port()))
            yield _prepared(fresh, file, sellers)
        finally:
            stack.down()


def _prepared(home: Home, file: StackFile, count: int) -> MeasuredStack:
    aws = LocalAws(file.aws_endpoint_url, file.region)
    aws.be_the_environments()
    deployment = deploy.describe(aws, file.stack_name)
    if deployment is None:
        raise DeployError(f"stack {file.stack_name} is gone")
    sellers = _sellers(count)
    _store(deployment, sellers)
    _tell_the_simulator(home, deployment, sellers)
    return MeasuredStack(file, sellers, int(deployment.parameters["ReplyDelaySeconds"]))


def _sellers(count: int) -> list[Seller]:
    """The demo's active ones, and as many more like the first as are wanted."""
    demo = [Seller(t, demo_data.catalogue(t.id)) for t in demo_data.tenants() if t.status is TenantStatus.ACTIVE]
    return (demo + [_another(demo[0], number) for number in range(count - len(demo))])[:count]


def _another(like: Seller, number: int) -> Seller:
    tenant_id = f"bench-{number}"
    own = DemoNumber(
        phone_number_id=f"{700000000000000 + number}",
        waba_id=f"{800000000000000 + number}",
        display_phone_number=f"1206555{100 + number:04d}",
    )
    tenant = like.tenant.model_copy(
        update={"id": tenant_id, "name": f"Bench {number}", "number": own, "access_token": f"token-of-{tenant_id}"}
    )
    return Seller(tenant, [replace(product) for product in like.products])


def _store(deployment: Deployment, sellers: Sequence[Seller]) -> None:
    """Through the adapters that the functions read with."""
    outputs = deployment.outputs
    tenants = DynamoTenants(outputs["TenantsTableName"], cache_seconds=0)
    for seller in sellers:
        number = seller.tenant.whatsapp_number(outputs["TenantSecretsPrefix"])
        _put_secret(number.access_token_secret, seller.tenant.access_token)
        tenants.put(number)
        put_products(outputs["ProductsTableName"], number.tenant.tenant_id, seller.products)


def _put_secret(name: str, text: str) -> None:
    secrets = client("secretsmanager")
    try:
        secrets.put_secret_value(SecretId=name, SecretString=text)
    except secrets.exceptions.ResourceNotFoundException:
        secrets.create_secret(Name=name, SecretString=text)


def _tell_the_simulator(home: Home, deployment: Deployment, sellers: Sequence[Seller]) -> None:
    """The front starts anew, with the numbers that the demo does not have."""
    settings = home.settings() or Settings()
    config = front_config.assemble(settings, deployment, Credentials(), demo_data.tenants())
    known = {number.phone_number_id for number in config.simulator.numbers}
    like = config.simulator.numbers[0]
    further = [
        like.model_copy(
            update={
                "tenant_id": seller.tenant.id,
                "tenant_name": seller.tenant.name,
                "access_token": seller.tenant.access_token,
                "catalog_id": None,
                **seller.tenant.number.model_dump(exclude={"catalog_id"}),
            }
        )
        for seller in sellers
        if seller.tenant.number.phone_number_id not in known
    ]
    simulator = config.simulator.model_copy(update={"numbers": [*config.simulator.numbers, *further]})
    front_process.start(home, settings, config.model_copy(update={"simulator": simulator}))
