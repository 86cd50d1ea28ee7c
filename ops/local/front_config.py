"""What the front process is told: where the webhook function is, and whom the simulator plays."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import BaseModel

from ops.local import demo_data
from ops.simulator.config import SimulatedNumber, SimulatorConfig

if TYPE_CHECKING:
    from collections.abc import Sequence

    from domain.catalogue import Product
    from ops.local.demo_data import DemoTenant
    from ops.local.deploy import Deployment
    from ops.local.home import Credentials, Settings

CONFIG_NAME = "front.json"


class FrontConfig(BaseModel):
    port: int
    function_url: str
    """Of the webhook function, as the stack's output has it."""
    console_api_id: str
    """Of the REST API of pages and programs: another one after each change of its routes."""
    console_stage: str
    aws_endpoint_url: str
    stack_name: str
    simulator: SimulatorConfig

    @property
    def function_host(self) -> str:
        """The emulator knows a function URL by the host's first labels, on its one port."""
        return (urlsplit(self.function_url).hostname or "").replace(".on.aws", ".localhost")


def assemble(
    settings: Settings, deployment: Deployment, credentials: Credentials, tenants: Sequence[DemoTenant]
) -> FrontConfig:
    return FrontConfig(
        port=settings.front_port,
        function_url=deployment.outputs["WebhookUrl"],
        console_api_id=deployment.outputs["ConsoleApiId"],
        console_stage=deployment.parameters["Stage"],
        aws_endpoint_url=settings.aws_endpoint_url,
        stack_name=deployment.name,
        simulator=SimulatorConfig(
            app_secret=credentials.app_secret,
            webhook_url=f"{settings.front_url}/webhook",
            graph_version=deployment.parameters["GraphApiVersion"],
            numbers=[_simulated(tenant) for tenant in tenants],
        ),
    )


def _simulated(tenant: DemoTenant) -> SimulatedNumber:
    return SimulatedNumber(
        tenant_id=tenant.id,
        tenant_name=tenant.name,
        phone_number_id=tenant.number.phone_number_id,
        waba_id=tenant.number.waba_id,
        display_phone_number=tenant.number.display_phone_number,
        access_token=tenant.access_token,
        catalog_id=tenant.number.catalog_id,
        products=[_shown(product) for product in demo_data.catalogue(tenant.id)],
        templates=demo_data.templates(tenant.id),
    )


def _shown(product: Product) -> dict[str, str]:
    amount, currency = str(product.price).split()
    return {"retailer_id": product.product_id, "title": product.title, "price": amount, "currency": currency}
