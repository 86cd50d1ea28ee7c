"""How badly the webhooks behave: Meta promises delivery at least once, in no order."""

from pydantic import BaseModel, ConfigDict, Field


class WebhookOptions(BaseModel):
    model_config = ConfigDict(extra="forbid", validate_assignment=True)

    # How many times each webhook is sent.
    duplicate: int = Field(default=1, ge=1, le=100)
    # How many webhooks are held back, to be sent in shuffled order. 1: none.
    disorder: int = Field(default=1, ge=1, le=1_000)
    # Whether delivery states are reported at all.
    statuses: bool = True
