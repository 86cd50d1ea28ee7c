"""Meta's error bodies. Codes, titles and meanings: "Error codes" in the Cloud API's documentation."""

from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from ops.simulator.identifiers import new_trace_id

# Meta's title of every code that the simulator raises by itself or is commonly asked for as a fault.
_TITLES = {
    2: "Service temporarily unavailable",
    4: "Application request limit reached",
    10: "Application does not have permission for this action",
    100: "Invalid parameter",
    368: "Temporarily blocked for policies violations",
    80007: "Rate limit issues",
    130429: "Rate limit hit",
    130472: "User's number is part of an experiment",
    131000: "Something went wrong",
    131005: "Access denied",
    131008: "Required parameter is missing",
    131009: "Parameter value is not valid",
    131016: "Service unavailable",
    131021: "Recipient cannot be sender",
    131026: "Message undeliverable",
    131031: "Account has been locked",
    131042: "Business eligibility payment issue",
    131045: "Incorrect certificate",
    131047: "Re-engagement message",
    131048: "Spam rate limit hit",
    131049: "This message was not delivered to maintain healthy ecosystem engagement",
    131050: "User has stopped receiving marketing messages from this business",
    131051: "Unsupported message type",
    131052: "Media download error",
    131053: "Media upload error",
    131056: "(Business Account, Consumer Account) pair rate limit hit",
    131057: "Account in maintenance mode",
    132000: "Number of parameters does not match the expected number of params",
    132001: "Template name does not exist in the translation",
    132005: "Template hydrated text too long",
    132007: "Template format character policy violated",
    132012: "Template parameter format mismatch",
    132015: "Template is paused",
    132016: "Template is disabled",
    133010: "Phone number not registered",
}


class GraphError(Exception):
    """An answer of Meta's that is not a success.

    Throttling, too, arrives as HTTP 400: callers have to branch on the code.
    """

    def __init__(
        self, code: int, details: str | None = None, *, http_status: int = 400, message: str | None = None
    ) -> None:
        self.code = code
        self.details = details
        self.http_status = http_status
        self.fbtrace_id = new_trace_id()
        self.message = message or f"(#{code}) {title_of(code)}"
        super().__init__(self.message)

    def body(self) -> dict[str, Any]:
        error: dict[str, Any] = {"message": self.message, "type": "OAuthException", "code": self.code}
        if self.details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        return {"error": {**error, "fbtrace_id": self.fbtrace_id}}


class UnknownObjectError(GraphError):
    """Nobody's object, or one that this token may not see: Graph does not tell the difference."""

    def __init__(self, object_id: str) -> None:
        super().__init__(
            100,
            message=f"Unsupported request. Object with ID '{object_id}' does not exist, cannot be loaded due to "
            "missing permissions, or does not support this operation. Please read the Graph API documentation at "
            "https://developers.facebook.com/docs/graph-api",
        )

    def body(self) -> dict[str, Any]:
        body = super().body()
        body["error"] |= {"type": "GraphMethodException", "error_subcode": 33}
        return body


def invalid_token() -> GraphError:
    message = "Invalid OAuth access token - Cannot parse access token"
    return GraphError(190, message=message, http_status=HTTPStatus.UNAUTHORIZED)


def unknown_path(path: str) -> GraphError:
    return GraphError(2500, message=f"Unknown path components: {path}")


def title_of(code: int) -> str:
    return _TITLES.get(code, "An unknown error has occurred")


def answer(_: Request, error: Exception) -> JSONResponse:
    """Starlette's exception handler for GraphError."""
    if not isinstance(error, GraphError):
        raise error
    return JSONResponse(error.body(), status_code=error.http_status)
