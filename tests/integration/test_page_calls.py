"""How often a page asks AWS, the token aside: three times at most, however many conversations there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client
from adapters.dynamodb_audit_trail import DynamoAuditTrail
from adapters.dynamodb_canned_replies import DynamoCannedReplies
from adapters.dynamodb_customer_book import DynamoCustomerBook
from adapters.dynamodb_inbox import DynamoInbox
from adapters.dynamodb_month_usage import DynamoUsage
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
from tests.integration.template_resources import TemplateResources

HERS = ALICE.first_customer_id(ACME)
MOST = 3
