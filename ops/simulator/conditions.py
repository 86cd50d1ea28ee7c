"""What Meta says of a number and of who hears from its account; a test or a desk may change it."""

from typing import Any

from pydantic import BaseModel

_APP = {
    "id": "670843887433847",
    "name": "AI Marketplace Assistant",
    "link": "https://www.facebook.com/games/?app_id=670843887433847",
}


class Condition(BaseModel):
    """In Meta's words."""

    status: str = "CONNECTED"
    quality_rating: str = "GREEN"
    code_verification_status: str = "VERIFIED"
    name_status: str = "APPROVED"
    account_mode: str = "LIVE"
    messaging_limit: str = "TIER_2K"
    # Whether our app hears from the account.
    subscribed: bool = True

    @property
    def on_request(self) -> dict[str, str]:
        """What Meta leaves out unless `fields` names it."""
        return {
            "status": self.status,
            "name_status": self.name_status,
            "account_mode": self.account_mode,
            "whatsapp_business_manager_messaging_limit": self.messaging_limit,
        }

    @property
    def apps(self) -> list[dict[str, Any]]:
        return [{"whatsapp_business_api_data": _APP}] if self.subscribed else []


class Conditions:
    """By phone_number_id; a number of which nothing was said is well."""

    def __init__(self) -> None:
        self._known: dict[str, Condition] = {}

    def of(self, phone_number_id: str) -> Condition:
        return self._known.get(phone_number_id, Condition())

    def change(self, phone_number_id: str, given: dict[str, Any]) -> Condition:
        changed = Condition.model_validate(self.of(phone_number_id).model_dump() | given)
        self._known[phone_number_id] = changed
        return changed

    def clear(self) -> None:
        self._known.clear()
