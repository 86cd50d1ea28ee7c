"""What an outgoing message refers to must exist: uploaded media, products of the catalogue, templates."""

from ops.simulator.config import SimulatedNumber
from ops.simulator.graph import template_check
from ops.simulator.graph_errors import GraphError
from ops.simulator.media import MediaStore
from ops.simulator.outgoing.content import Media, Template
from ops.simulator.outgoing.interactive import Product, ProductList, products_of
from ops.simulator.outgoing.message import OutgoingMessage
from ops.simulator.templates import Templates

_DEFAULT_CATEGORY = "utility"


def check(message: OutgoingMessage, number: SimulatedNumber, media: MediaStore, templates: Templates) -> None:
    content = message.content
    if isinstance(content, Media):
        _check_media(content, number, media)
    elif isinstance(content, Product | ProductList):
        _check_products(content, number)
    elif isinstance(content, Template):
        _check_template(content, number, templates)


def pricing_category(message: OutgoingMessage, number: SimulatedNumber, templates: Templates) -> str:
    """What the message will be charged as."""
    if not isinstance(message.content, Template):
        return "service"
    template = templates.find(number.waba_id, message.content.name, message.content.language.code)
    return template.category.lower() if template else _DEFAULT_CATEGORY


def _check_media(content: Media, number: SimulatedNumber, media: MediaStore) -> None:
    if content.id is None:
        return
    found = media.find(content.id)
    if found is None or found.phone_number_id != number.phone_number_id:
        raise GraphError(131009, f"Media ID not found: {content.id}")


def _check_products(content: Product | ProductList, number: SimulatedNumber) -> None:
    catalog_id, wanted = products_of(content)
    if number.catalog_id and catalog_id != number.catalog_id:
        raise GraphError(131009, f"Catalog {catalog_id} is not connected to this WhatsApp Business account")
    known = {str(product["retailer_id"]) for product in number.products}
    missing = [retailer_id for retailer_id in wanted if retailer_id not in known]
    if known and missing:
        raise GraphError(131009, f"Products not found in FB Catalog: {', '.join(missing)}")


def _check_template(content: Template, number: SimulatedNumber, templates: Templates) -> None:
    if templates.of(number.waba_id):
        template_check.check(content, templates.find(number.waba_id, content.name, content.language.code))
