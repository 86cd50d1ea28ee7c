"""What all outgoing contents have in common."""

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """Meta refuses keys that it does not know ("Unexpected key")."""

    model_config = ConfigDict(extra="forbid")
