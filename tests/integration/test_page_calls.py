"""How often a page asks AWS, the token aside: three times at most, however many conversations there are."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest

from adapters.dynamodb_audit_trail import DynamoAuditTrail
from adapters.dynamodb_canned_replies import DynamoCannedReplies
from adapters.dynamodb_conversations import DynamoConversations
from adapters.dynamodb_customer_book import DynamoCustomerBook
from adapters.dynamodb_inbox import DynamoInbox
from adapters.dynamodb_notes import DynamoNotes
from adapters.dynamodb_opt_outs import DynamoOptOuts
from adapters.dynamodb_product_rows import DynamoProductRows
from adapters.dynamodb_tenant_profiles import DynamoTenantProfiles
from adapters.dynamodb_thread_pages import DynamoThreadPages
from domain.access import Principal, Role
from domain.administer_tenants import AdministerPorts
from domain.canned_replies import CannedReplyPorts
from domain.customer_book import CustomerBookPorts
from domain.desk import DeskPorts
from domain.keep_products import KeepProductsPorts
from handlers.api.cursors import Cursors
from handlers.gui.front import Front
from handlers.gui.resolver import resolver
from handlers.page_sessions import PageSession
from handlers.rest_api import WebRequest
from tests.builders import ACME, ALICE, PERSON_REQUESTED, after, message, number, recording, tenant
from tests.contracts.world import World
from tests.fakes.desk import FakeMediaLinks
from tests.fakes.queues import FakeHandoffNotifications
from tests.fakes.tenants import FakeTenants
from tests.integration.calls import counted
from tests.integration.template_resources import TemplateResources

HERS = ALICE.first_customer_id(ACME)
MOST = 3


@pytest.fixture
def front(resources: TemplateResources) -> Front:
    tables = resources.tables
    conversations, customers, tenants = (
        tables[name] for name in ("ConversationsTable", "CustomersTable", "TenantsTable")
    )
    audit, inbox = DynamoAuditTrail(conversations), DynamoInbox(conversations)
    desk = DeskPorts(
        inbox=inbox,
        threads=DynamoThreadPages(conversations),
        media_links=FakeMediaLinks(),
        notes=DynamoNotes(conversations),
        conversations=DynamoConversations(conversations, customers, tables["TenantUsageTable"]),
        notifications=FakeHandoffNotifications(),
        audit=audit,
    )
    opt_outs = DynamoOptOuts(conversations, customers)
    book = CustomerBookPorts(DynamoCustomerBook(customers), inbox, opt_outs, audit)
    return Front(
        resolver=resolver(),
        services={
            DeskPorts: lambda: desk,
            CustomerBookPorts: lambda: book,
            CannedReplyPorts: lambda: CannedReplyPorts(DynamoCannedReplies(tenants)),
            KeepProductsPorts: lambda: KeepProductsPorts(DynamoProductRows(tables["ProductsTable"])),
            AdministerPorts: lambda: AdministerPorts(DynamoTenantProfiles(tenants, conversations)),
        },
        cursors=Cursors(lambda: "a secret of the tests"),
        tenants=FakeTenants(number(tenant(ACME))),
        media_origin="",
    )


_PAGES: Sequence[tuple[str, dict[str, str]]] = (
    ("/inbox", {}),
    ("/inbox", {"tab": "mine"}),
    ("/inbox", {"tab": "all"}),
    ("/inbox", {"tab": "all", "q": "blue mug"}),
    ("/inbox/lines", {"tab": "all"}),
    (f"/conversations/{HERS}", {}),
    (f"/conversations/{HERS}/log", {}),
    ("/canned", {}),
    ("/customers", {}),
    ("/customers", {"q": "Alice"}),
    (f"/customers/{HERS}", {}),
    ("/catalogue", {}),
    ("/catalogue", {"q": "mug"}),
    ("/settings/canned", {}),
)


def _get(path: str, query: dict[str, str]) -> WebRequest:
    return WebRequest("GET", path, query, base_url="https://console.example/prod")


def test_what_a_browser_shows_already_takes_one_call(world: World, front: Front) -> None:
    """What is asked for every few seconds, nearly always in vain."""
    world.record(recording(message(at=after(minutes=-1)), PERSON_REQUESTED))
    session = PageSession(Principal("ada", "Ada", Role.TENANT_ADMIN, ACME), "token")
    for page, polled in ((f"/conversations/{HERS}", f"/conversations/{HERS}/log"), ("/inbox", "/inbox/lines")):
        shown = front.answer(_get(page, {}), session)["body"]
        seen = re.search(r"seen=([0-9a-f]{16})", shown)
        assert seen
        with counted() as calls:
            answer = front.answer(_get(polled, {"seen": seen[1]}), session)
        assert (answer["statusCode"], calls.total()) == (204, 1), polled


def asked(front: Front, path: str, query: dict[str, str]) -> int:
    session = PageSession(Principal("ada", "Ada", Role.TENANT_ADMIN, ACME), "token")
    with counted() as calls:
        answer = front.answer(_get(path, query), session)
    assert answer["statusCode"] == 200, path
    return calls.total()


def test_a_page_asks_three_times_at_most(world: World, front: Front) -> None:
    """But for a conversation with something unread in it, which is marked as read: once more, and once alone."""
    world.record(recording(message(at=after(minutes=-1)), PERSON_REQUESTED))
    assert asked(front, f"/conversations/{HERS}", {}) == MOST + 1
    counts = {f"{path} {query}": asked(front, path, query) for path, query in _PAGES}
    assert {page: calls for page, calls in counts.items() if not 1 <= calls <= MOST} == {}
