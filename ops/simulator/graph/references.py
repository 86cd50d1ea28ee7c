"""What an outgoing message refers to must exist: uploaded media, products of the catalogue, templates."""

import re

from ops.simulator.config import SimulatedNumber, SimulatedTemplate
from ops.simulator.graph_errors import GraphError
from ops.simulator.media import MediaStore
from ops.simulator.outgoing.content import Media, Template
from ops.simulator.outgoing.interactive import Product, ProductList, products_of
from ops.simulator.outgoing.message import OutgoingMessage

_PLACEHOLDER = re.compile(r"\{\{\d+\}\}")
_DEFAULT_CATEGORY = "utility"


def check(message: OutgoingMessage, number: SimulatedNumber, media: MediaStore) -> None:
    content = message.content
    if isinstance(content, Media):
        _check_media(content, number, media)
    elif isinstance(content, Product | ProductList):
        _check_products(content, number)
    elif isinstance(content, Template):
        _check_template(content, number)


def pricing_category(message: OutgoingMessage, number: SimulatedNumber) -> str:
    """What the message will be charged as."""
    if not isinstance(message.content, Template):
        return "service"
    template = _template(message.content, number)
    return template.category if template else _DEFAULT_CATEGORY


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


def _check_template(content: Template, number: SimulatedNumber) -> None:
    if not number.templates:
        return
    template = _template(content, number)
    if template is None:
        raise GraphError(132001, f"template name ({content.name}) does not exist in {content.language.code}")
    expected, given = len(set(_PLACEHOLDER.findall(template.body))), len(content.body_parameters)
    if expected != given:
        details = f"body: number of localizable_params ({given}) does not match the expected number ({expected})"
        raise GraphError(132000, details)


def _template(content: Template, number: SimulatedNumber) -> SimulatedTemplate | None:
    wanted = (content.name, content.language.code)
    return next((template for template in number.templates if (template.name, template.language) == wanted), None)
