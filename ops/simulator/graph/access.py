"""Who may call what: the version in the path, the bearer token, the number or media it belongs to."""

from starlette.requests import Request

from ops.simulator.config import SimulatedNumber, SimulatorConfig
from ops.simulator.graph_errors import UnknownObjectError, invalid_token, unknown_path


def require_version(request: Request, config: SimulatorConfig) -> None:
    version = request.path_params["version"]
    if version != config.graph_version:
        raise unknown_path(f"/{version}")


def numbers_of_token(request: Request, config: SimulatorConfig) -> list[SimulatedNumber]:
    """The numbers that the caller's token was issued for."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    numbers = [number for number in config.numbers if number.access_token == token]
    if scheme.lower() != "bearer" or not numbers:
        raise invalid_token()
    return numbers


def require_number(request: Request, config: SimulatorConfig) -> SimulatedNumber:
    """The number named in the path, if the token may use it."""
    require_version(request, config)
    return require_own(numbers_of_token(request, config), request.path_params["object_id"])


def require_own(numbers: list[SimulatedNumber], phone_number_id: str) -> SimulatedNumber:
    own = next((number for number in numbers if number.phone_number_id == phone_number_id), None)
    if own is None:
        raise UnknownObjectError(phone_number_id)
    return own
