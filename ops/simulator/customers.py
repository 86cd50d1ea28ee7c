"""The customers who hold the simulated phones."""

from collections import OrderedDict
from collections.abc import Iterable

from pydantic import BaseModel, model_validator

_MOST_CUSTOMERS = 5_000


class Customer(BaseModel):
    """A WhatsApp user. One with a username may be known by the business-scoped user id (BSUID) alone."""

    profile_name: str = ""
    wa_id: str | None = None
    user_id: str | None = None
    username: str | None = None

    @model_validator(mode="after")
    def _must_be_addressable(self) -> "Customer":
        if not self.key:
            raise ValueError("a customer needs a wa_id or a user_id")
        return self

    @property
    def key(self) -> str:
        """What chats are filed under."""
        return self.wa_id or self.user_id or ""


# Numbers of the range 555-01xx, which is reserved for fiction.
FIRST_CUSTOMERS = (
    Customer(profile_name="Maya Thompson", wa_id="12025550143"),
    Customer(profile_name="Diego Fernández", wa_id="12025550171"),
    Customer(profile_name="Lena K.", user_id="DE.40917263558120", username="lena.k"),
)


class Customers:
    """Everybody who has a phone here, the longest unseen forgotten first."""

    def __init__(self) -> None:
        self._customers: OrderedDict[str, Customer] = OrderedDict()
        self.restore(FIRST_CUSTOMERS)

    def restore(self, customers: Iterable[Customer]) -> None:
        self._customers = OrderedDict((customer.key, customer) for customer in customers)

    def all(self) -> list[Customer]:
        return list(self._customers.values())

    def find(self, identity: str) -> Customer | None:
        """By wa_id or by BSUID."""
        if identity in self._customers:
            return self._customers[identity]
        return next((customer for customer in self._customers.values() if customer.user_id == identity), None)

    def remember(self, customer: Customer) -> Customer:
        """Add what is new about a customer to what was known."""
        known = self._customers.get(customer.key)
        news = {name: value for name, value in customer.model_dump().items() if value}
        merged = known.model_copy(update=news) if known else customer
        self._customers[merged.key] = merged
        while len(self._customers) > _MOST_CUSTOMERS:
            self._customers.popitem(last=False)
        return merged
