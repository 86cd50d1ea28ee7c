"""One signed message through the webhook of the reserved tenant, and what becomes of it.

Meta is never called: where the deployment speaks to Meta's own Graph API, the message tells a time more than 24 hours
ago, and so ends recorded; that it could be answered stays unproven, and is told so. Against the simulator, or any other
Graph API, it is answered, and the answer is delivered.
"""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import urlsplit

from adapters.dynamodb_tenants import DynamoTenants
from ops.outcomes.items import MESSAGE, Address, Item
from ops.outcomes.judge import Judge
from ops.outcomes.rows import DynamoRows, Row, query
from ops.outcomes.states import FinalState, ItemOutcome
from ops.replay.bodies import Body
from ops.replay.posting import SignedPosts
from ops.smoke import marks
from ops.smoke.bench import Bench, State, StepError

_META = "graph.facebook.com"
_ACCEPTED = 200
_SECONDS, _DELIVERY_SECONDS = 90, 60
_TWO_DAYS = 2 * 24 * 3600
_DELIVERED = {"delivered", "read"}


def try_message(bench: Bench) -> None:
    real = True
    with bench.step("message", "accepted"):
        real = speaks_to_meta(bench)
        _introduce(bench, real=real)
        _post(bench, _envelope(bench, int(time.time()) - _TWO_DAYS * real))
    if bench.steps[-1].state is not State.WORKS:
        return
    if real:
        with bench.step("message", "recorded"):
            _outcome(bench, FinalState.RECORDED)
        bench.not_tried("message", "answered", "this deployment speaks to Meta, which a test must not call")
        return
    with bench.step("message", "answered"):
        _outcome(bench, FinalState.ANSWERED)
    with bench.step("message", "answer delivered"):
        bench.wait(lambda: _delivered(bench), _DELIVERY_SECONDS, "no status came of it")


def speaks_to_meta(bench: Bench) -> bool:
    function = bench.stack.resources.get("ReplyHandlerFunction")
    if function is None:
        raise StepError("the stack holds no reply handler")
    told = bench.aws("lambda").get_function_configuration(FunctionName=function.physical_id)
    variables = told["Environment"]["Variables"]
    return bool(urlsplit(variables["GRAPH_API_BASE_URL"]).hostname == _META)


def _introduce(bench: Bench, *, real: bool) -> None:
    """The reserved tenant, for as long as the test lasts; its token only where Meta does not see it."""
    number = marks.number(bench.stack.outputs["TenantSecretsPrefix"])
    DynamoTenants(bench.tables["tenants"], cache_seconds=0).put(number)
    if not real:
        bench.aws("secretsmanager").create_secret(Name=number.access_token_secret, SecretString=marks.ACCESS_TOKEN)


def _post(bench: Bench, envelope: dict[str, Any]) -> None:
    secret = bench.aws("secretsmanager").get_secret_value(SecretId=bench.stack.outputs["PlatformSecretName"])
    app_secret = json.loads(secret["SecretString"])["app_secret"]
    if not app_secret:
        raise StepError("the platform secret holds no app secret, so that every call is rejected")
    body = Body(bench.run.run_id, json.dumps(envelope).encode())
    [posted] = SignedPosts(bench.webhook_url, app_secret).post_all([body], 1, lambda: None)
    if posted.status != _ACCEPTED:
        raise StepError(f"the webhook answers {posted.status or posted.text}")


def _envelope(bench: Bench, at: int) -> dict[str, Any]:
    message = {
        "from": marks.CUSTOMER,
        "id": bench.run.message_id,
        "timestamp": str(at),
        "type": "text",
        "text": {"body": "Hello"},
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": marks.DISPLAY_NUMBER, "phone_number_id": marks.PHONE_NUMBER_ID},
        "contacts": [{"profile": {"name": marks.NAME}, "wa_id": marks.CUSTOMER}],
        "messages": [message],
    }
    changes = [{"field": "messages", "value": value}]
    return {"object": "whatsapp_business_account", "entry": [{"id": marks.WABA_ID, "changes": changes}]}


def _outcome(bench: Bench, wanted: FinalState) -> None:
    tenants = DynamoTenants(bench.tables["tenants"], cache_seconds=0)
    judge = Judge(DynamoRows(), tenants, bench.tables)
    item = Item(MESSAGE, bench.run.message_id, (Address(marks.PHONE_NUMBER_ID, marks.WABA_ID),))

    def settled() -> ItemOutcome | None:
        [outcome] = judge.outcomes([item])
        return outcome if outcome.settled else None

    outcome = bench.wait(settled, _SECONDS, "nothing became of it")
    if outcome.state is not wanted:
        raise StepError(f"it ended {outcome.state}: {outcome.detail}")


def _delivered(bench: Bench) -> bool:
    return any(row.get("delivery") in _DELIVERED for row in thread(bench))


def thread(bench: Bench) -> list[Row]:
    """Everything of the reserved tenant's one customer."""
    return query(bench.tables["conversations"], "conversationId", f"{marks.TENANT}#{bench.run.customer_id}")
