"""Who is there, what was sent, and back to the beginning."""

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ops.simulator.customers import Customer
from ops.simulator.media import Media
from ops.simulator.world import World


@dataclass(frozen=True)
class StateEndpoints:
    world: World

    async def numbers(self, _: Request) -> Response:
        """The numbers with their catalogues and templates; their access tokens stay here."""
        numbers = [
            {
                **number.model_dump(exclude={"access_token", "templates", "listed"}),
                "templates": [template.as_meta_tells() for template in self.world.templates.of(number.waba_id)],
            }
            for number in self.world.config.numbers
            if number.listed
        ]
        return JSONResponse({"numbers": numbers})

    async def customers(self, _: Request) -> Response:
        return JSONResponse({"customers": [_described(customer) for customer in self.world.customers.all()]})

    async def add_customer(self, request: Request) -> Response:
        customer = self.world.customers.remember(Customer.model_validate_json(await request.body()))
        return JSONResponse(_described(customer))

    async def sends(self, _: Request) -> Response:
        return JSONResponse({"sends": [send.model_dump(mode="json") for send in self.world.sends.all()]})

    async def media(self, request: Request) -> Response:
        """The bytes of a medium, for the phone page: a customer needs no token to see a picture."""
        media = self.world.media.find(request.path_params["media_id"])
        if media is None:
            raise HTTPException(404, "no media has this id")
        # Uploads are strangers' bytes: never let the browser take one for a page.
        headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"}
        return Response(media.data, media_type=media.mime_type, headers=headers)

    async def upload(self, request: Request) -> Response:
        """A file of the customer's own, to be sent with a message: the body, as its Content-Type says."""
        number = self.world.config.number(request.query_params.get("phone_number_id", ""))
        if number is None:
            raise HTTPException(404, "no number has this phone_number_id")
        mime_type = request.headers.get("content-type", "application/octet-stream")
        media = self.world.media.add(Media(number.phone_number_id, mime_type, await request.body()))
        return JSONResponse({"id": media.id, "mime_type": media.mime_type, "sha256": media.webhook_sha256})

    async def reset(self, _: Request) -> Response:
        await self.world.reset()
        return Response(status_code=204)


def _described(customer: Customer) -> dict[str, str | None]:
    return {"key": customer.key, **customer.model_dump()}
