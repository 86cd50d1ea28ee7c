"""Meta's words for what is wrong with a body."""

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ops.simulator.graph_errors import GraphError

_REFUSED = "value_error"


def on_envelope(error: ValidationError) -> GraphError:
    """Top-level parameters are checked by Graph itself: always code 100."""
    first = error.errors()[0]
    name = str(first["loc"][0])
    if first["type"] == "missing":
        return GraphError(100, message=f"(#100) The parameter {name} is required.")
    return GraphError(100, message=f"(#100) Param {name}: {first['msg']}")


def on_content(error: ValidationError, message_type: str) -> GraphError:
    """Contents are checked by WhatsApp: 131008 for what is missing, 131009 for what does not fit."""
    first = error.errors()[0]
    parameter = _parameter(message_type, first)
    if first["type"] == "extra_forbidden":
        return GraphError(100, message=f'(#100) Unexpected key "{first["loc"][-1]}" on param "{message_type}".')
    if first["type"] == "missing":
        return GraphError(131008, f"{parameter} is required")
    if parameter == "text['body']" and "max_length" in first.get("ctx", {}):
        most = first["ctx"]["max_length"]
        return GraphError(100, message=f"(#100) Param {parameter} must be at most {most} characters long.")
    if first["type"] == _REFUSED:
        return GraphError(131009, str(first["ctx"]["error"]))
    return GraphError(131009, f"{parameter} is not valid. {first['msg']}")


def _parameter(message_type: str, error: ErrorDetails) -> str:
    """`interactive['action']['button']`: PHP's spelling, which is Meta's."""
    return message_type + "".join(f"['{step}']" for step in error["loc"])
