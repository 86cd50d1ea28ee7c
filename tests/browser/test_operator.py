"""The operator in a browser: a seller is let in and suspended, a dead letter goes back to work."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from adapters.aws_clients import client
from adapters.dynamodb_tenant_number_rows import DynamoTenantNumberRows
from domain.access import Principal, Role
from domain.audit_trail import done_by
from domain.tenants import PhoneNumberId, Tenant, TenantId, WhatsAppNumber
from ops.outcomes.states import FinalState
from ops.stack_file import StackTenant
from tests.browser.browsing import DESK, HAND, Watched, watched
from tests.builders import NOON
from tests.stack import envelopes
from tests.stack.deployed import Deployed, message_item, states
from tests.stack.phone import new_customer

ELM = StackTenant(
    id="elm-shop",
    name="Elm Shop",
    phone_number_id="109900000000001",
    waba_id="379900000000001",
    display_phone_number="15550199001",
)
PAGES = ("", "/new-tenant", "/tenants/maple-home", "/queues?look=1", "/alerts", "/usage", "/audit")


@pytest.fixture(scope="module")
def operator(browser: Browser, stack: Deployed) -> Iterator[Watched]:
    user = next(one for one in stack.file.users if one.role is Role.OPERATOR)
    with watched(browser, stack) as seen:
        page = seen.visit("/operator")
        page.get_by_label("E-mail address").fill(user.email)
        page.get_by_label("Password", exact=True).fill(user.password)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url("**/operator")
        yield seen


def connect(stack: Deployed) -> None:
    """The number, as the API would have it once Meta had shown it."""
    number = WhatsAppNumber(
        tenant=Tenant(TenantId(ELM.id), ELM.name),
        phone_number_id=PhoneNumberId(ELM.phone_number_id),
        waba_id=ELM.waba_id,
        display_phone_number=ELM.display_phone_number,
        access_token_secret="ai-marketplace-platform/tenants/elm-shop/none",
    )
    rows = DynamoTenantNumberRows(stack.file.tables["tenants"], stack.file.tables["conversations"])
    entry = done_by(Principal("sub", "Olivia", Role.OPERATOR), "number.connected", ELM.id, now=NOON)
    assert rows.connect(TenantId(ELM.id), number, entry)


def test_a_seller_is_let_in_and_suspended_and_their_customers_messages_are_kept(
    stack: Deployed, operator: Watched
) -> None:
    page = operator.visit("/operator/new-tenant")
    page.get_by_label("Name").fill(ELM.name)
    page.get_by_label("Id").fill(ELM.id)
    page.get_by_role("button", name="Let in").click()
    page.wait_for_url(f"**/operator/tenants/{ELM.id}?done=saved")
    connect(stack)
    page.get_by_role("button", name="Suspend").click()
    page.wait_for_url("**?done=suspended")
    assert "Nothing is answered" in page.inner_text("main")

    asked, customer = message_item(ELM, "wamid.to-elm-1"), new_customer()
    envelope = envelopes.of_messages(ELM, [envelopes.text_message(customer, "wamid.to-elm-1", "Are you there?")])
    assert stack.post_signed(envelope).status_code == 200
    assert states(stack.settled([asked])) == [FinalState.QUARANTINED]
    assert stack.usage(ELM.id) == {}

    told = operator.visit(f"/operator/audit?tenant={ELM.id}").inner_text("main")
    assert told.index("tenant.suspended") < told.index("tenant.created")
    assert "Suspended" in operator.visit("/operator").inner_text(f"tr:has-text('{ELM.name}')")


def test_a_dead_letter_goes_back_to_work_from_the_page(stack: Deployed, operator: Watched) -> None:
    maple, customer = stack.tenant("maple-home"), new_customer()
    item = message_item(maple, "wamid.that-died-once")
    body = {
        "waba_id": maple.waba_id,
        "phone_number_id": maple.phone_number_id,
        "received_at_ms": int(time.time() * 1000),
        "kind": "message",
        "contact": {"wa_id": customer.wa_id},
        "message": envelopes.text_message(customer, "wamid.that-died-once", "Is the skillet in stock?"),
    }
    client("sqs").send_message(
        QueueUrl=stack.file.queues["inbox-dlq"],
        MessageBody=json.dumps(body),
        MessageGroupId=customer.wa_id,
        MessageDeduplicationId=customer.wa_id,
    )
    page = operator.visit("/operator/queues?look=1")
    page.get_by_role("button", name="Redrive").first.click()
    page.wait_for_url("**done=redriven")
    assert states(stack.settled([item], seconds=60))[0] is not FinalState.DEAD_LETTERED


@pytest.mark.parametrize("size", [HAND, DESK])
def test_no_page_shuts_anybody_out_or_is_wider_than_the_screen(operator: Watched, size: dict[str, int]) -> None:
    operator.page.set_viewport_size(size)  # type: ignore[arg-type]  # a width and a height
    for address in PAGES:
        page = operator.visit(f"/operator{address}")
        found = [one for one in Axe().run(page).response["violations"] if one["impact"] in {"serious", "critical"}]
        assert found == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
