"""Every key of every table. Nowhere else is one put together.

Tenant ids match ``^[a-z0-9-]{3,40}$``, so the first `#` of a composite key always ends the tenant's part: no id of one
tenant can reach another's rows.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from adapters.dynamodb_values import time_text
from domain.conversations import conversation_id
from domain.customers import CustomerId, CustomerIdentity
from domain.inbox import Folder, InboxMark
from domain.messages import MessageId, Position
from domain.opt_out import OptOut
from domain.replies import ParsedReplyId, ReplyPurpose
from domain.tenants import PhoneNumberId, TenantId

Key = dict[str, str]

PROFILE = "profile"
NUMBER = "number#"
STATE = "state"  # sorts behind every `m#…`: a query backwards meets it first
POINTER = "#pointer"  # outside of what a query of a conversation reads, whatever ids collide
MERGES = "i#"
MESSAGES = "m#"
CHANGES = "c#"
CALLS = "e#"
CONSENT = "consent#"
QUARANTINE = "quarantine"
EVENTS = "event#"
CANNED = "canned#"
OPERATOR_LOG = "operator-log"  # no `#` in it: no conversation, pointer or quarantined update has such an id


def tenant_profile(tenant_id: TenantId) -> Key:
    return {"tenantId": tenant_id, "sk": PROFILE}


def tenant_number(tenant_id: TenantId, phone_number_id: PhoneNumberId) -> Key:
    return {"tenantId": tenant_id, "sk": f"{NUMBER}{phone_number_id}"}


def account_event(tenant_id: TenantId, event_id: str) -> Key:
    return {"tenantId": tenant_id, "sk": f"{EVENTS}{event_id}"}


def template(tenant_id: TenantId, waba_id: str, name: str, language: str) -> Key:
    return {"tenantId": tenant_id, "sk": f"{templates_of_account(waba_id)}{name}#{language}"}


def templates_of_account(waba_id: str) -> str:
    """What the sort keys of its templates begin with."""
    return f"template#{waba_id}#"


def account_alert(tenant_id: TenantId, alert_id: str) -> Key:
    """In the conversations table, where the sweeper looks; no customer has this word for an id."""
    return {"conversationId": f"{tenant_id}#account", "sk": f"a#{alert_id}"}


def customer(tenant_id: TenantId, identity: CustomerIdentity) -> Key:
    return filed(tenant_id, identity.key)


def filed(tenant_id: TenantId, key: str) -> Key:
    """The customers row of one phone or BSUID: the customer's own, or an alias of it."""
    return {"phoneNumber": f"{tenant_id}#{key}"}


def filed_under(row_key: str) -> str:
    """The reverse of `filed`, of what `aliasOf` and `aliases` hold."""
    return row_key.split("#", 1)[1]


def state(tenant_id: TenantId, customer_id: CustomerId) -> Key:
    return {"conversationId": conversation_id(tenant_id, customer_id), "sk": STATE}


def message(tenant_id: TenantId, customer_id: CustomerId, position: Position) -> Key:
    return {"conversationId": conversation_id(tenant_id, customer_id), "sk": f"m#{position}"}


def note(tenant_id: TenantId, customer_id: CustomerId, position: Position) -> Key:
    """Among the messages, as a reply is."""
    return {"conversationId": conversation_id(tenant_id, customer_id), "sk": f"m#{position}#note"}


def reply(tenant_id: TenantId, customer_id: CustomerId, position: Position, purpose: ReplyPurpose) -> Key:
    """Directly behind the message that it answers, and before every later one."""
    return {"conversationId": conversation_id(tenant_id, customer_id), "sk": f"m#{position}#{purpose}"}


def send_key(tenant_id: TenantId, customer_id: CustomerId, key: str) -> Key:
    """The claim by which one key sends once, in the customer's own partition, before the messages."""
    return {"conversationId": conversation_id(tenant_id, customer_id), "sk": f"k#{key}"}


def reply_of(tenant_id: TenantId, parsed: ParsedReplyId) -> Key:
    return reply(tenant_id, parsed.customer_id, parsed.position, parsed.purpose)


def canned(tenant_id: TenantId, reply_id: str) -> Key:
    """In the tenants table: an answer that is kept ready."""
    return {"tenantId": tenant_id, "sk": f"{CANNED}{reply_id}"}


def note_key(tenant_id: TenantId, customer_id: CustomerId, key: str) -> Key:
    """The claim by which one key writes one note; no key of a send has a `#` in it."""
    return send_key(tenant_id, customer_id, f"note#{key}")


def escalation(tenant_id: TenantId, customer_id: CustomerId, position: Position) -> Key:
    return {"conversationId": conversation_id(tenant_id, customer_id), "sk": f"e#{position}"}


def opt_out(tenant_id: TenantId, customer_id: CustomerId, opt_out: OptOut) -> Key:
    """Before the messages: a query of the thread does not meet it."""
    return {"conversationId": conversation_id(tenant_id, customer_id), "sk": opt_out_change(opt_out)}


def opt_out_change(opt_out: OptOut) -> str:
    """Sorts as `OptOut.supersedes` decides, so that the last is what holds."""
    since, told_at, stops, source, cause = opt_out.rank
    return f"{CONSENT}{time_text(since)}#{time_text(told_at)}#{int(stops)}#{source}#{cause}"


def owner_change(tenant_id: TenantId, customer_id: CustomerId, at: str, change: str, cause: str) -> Key:
    """The history of owners, in time order. It sorts before the messages: a query of the thread does not meet it."""
    return {"conversationId": conversation_id(tenant_id, customer_id), "sk": f"c#{at}#{change}#{cause}"}


def merge(tenant_id: TenantId, survivor: CustomerId, at: str, former: CustomerId) -> Key:
    """The history of merges, of identities found to be one. It sorts before the messages too."""
    return {"conversationId": conversation_id(tenant_id, survivor), "sk": f"{MERGES}{at}#{former}"}


def wait(tenant_id: TenantId, customer_id: CustomerId, handed_over_at: datetime, message_id: MessageId) -> Key:
    """By what the state row tells of its hand-over. Behind the state: a query of the thread does not meet it."""
    sort_key = f"w#{time_text(handed_over_at)}#{message_id}"
    return {"conversationId": conversation_id(tenant_id, customer_id), "sk": sort_key}


def pointer(tenant_id: TenantId, message_id: MessageId) -> Key:
    """By WhatsApp's message id: the claim by which a message counts once, and the way from a status to its message."""
    return {"conversationId": f"{tenant_id}#{message_id}", "sk": POINTER}


def quarantined(update_id: str) -> Key:
    return {"conversationId": f"{QUARANTINE}#{update_id}", "sk": QUARANTINE}


def audit_trail(tenant_id: TenantId | None) -> str:
    """The partition of one trail, the operators' own or a tenant's; no customer has this word for an id."""
    return OPERATOR_LOG if tenant_id is None else f"{tenant_id}#audit"


def audit_entry(tenant_id: TenantId | None, at_text: str, entry_id: str) -> Key:
    """In the order of time: people act some hundred times a day."""
    return {"conversationId": audit_trail(tenant_id), "sk": f"{at_text}#{entry_id}"}


def operator_action(at_text: str, action_id: str) -> Key:
    """What an operator did on their own machine."""
    return audit_entry(None, at_text, action_id)


def inbox(tenant_id: TenantId, folder: Folder) -> str:
    return f"{tenant_id}#{folder}"


def inbox_entry(tenant_id: TenantId, folder: Folder, mark: InboxMark) -> Key:
    """Of a state row in the index: from where a further page begins."""
    at = time_text(mark.last_inbound_at)
    return {"inbox": inbox(tenant_id, folder), "lastInboundAt": at, **state(tenant_id, mark.customer_id)}


def customer_of_conversation(conversation: str) -> CustomerId:
    """The reverse of `conversation_id`."""
    return CustomerId(conversation.split("#", 1)[1])


DUE_PARTITIONS = tuple(f"due#{digit}" for digit in "0123456789abcdef")


def due(customer_id: CustomerId) -> str:
    """Partition of the sparse index: sixteen of them, so that no one of them is hot."""
    return f"due#{customer_id[0]}"


def due_alert(alert_id: str) -> str:
    return f"due#{hashlib.sha256(alert_id.encode()).hexdigest()[0]}"


@dataclass(frozen=True, slots=True)
class SortKey:
    """What a sort key of a conversation's partition tells."""

    row: str
    position: str = ""
    purpose: str = ""
    alert_id: str = ""


_PURPOSES = frozenset(map(str, ReplyPurpose))


def parse_sort_key(sort_key: str) -> SortKey:
    """The reverse of `state`, `message`, `reply`, `escalation`, `owner_change`, `wait` and `account_alert`."""
    row, _, rest = sort_key.partition("#")
    if row == "m":
        position, _, purpose = rest.rpartition("#")
        # A message's own row ends with its id.
        return SortKey(row, position, purpose) if purpose in _PURPOSES else SortKey(row, rest)
    if row == "a":
        return SortKey(row, alert_id=rest)
    return SortKey(row, rest if row == "e" else "")


def usage(tenant_id: TenantId, month: str, spill: int | None = None) -> Key:
    return {"tenantId": tenant_id, "month": month if spill is None else f"{month}#{spill}"}


def usage_spilled(tenant_id: TenantId, month: str) -> Key:
    """There where a month has spill items; nothing is counted on it."""
    return {"tenantId": tenant_id, "month": f"{month}#spilled"}


def product(tenant_id: TenantId, product_id: str) -> Key:
    return {"tenantId": tenant_id, "productId": product_id}


def embedding(tenant_id: TenantId, product_id: str) -> Key:
    return {"tenantId": tenant_id, "productId": product_id}


PRODUCT_INDEX = "product-index"


def product_index(tenant_id: TenantId) -> Key:
    """In the tenants table: which index of the tenant's products is in use."""
    return {"tenantId": tenant_id, "sk": PRODUCT_INDEX}


def product_index_objects(tenant_id: TenantId) -> str:
    """What the keys of all of a tenant's index files begin with, and of no other tenant's."""
    return f"{tenant_id}/"


def product_index_object(tenant_id: TenantId, build: int) -> str:
    """Sorts as the builds are numbered."""
    return f"{product_index_objects(tenant_id)}{build:012}.index"


ERASURE = "erasure"  # before the messages: a query of the thread does not meet it


def tombstone(tenant_id: TenantId, hashed_identity: str) -> Key:
    """In the customers table: what records a first message looks here in the same transaction."""
    return {"phoneNumber": f"{tenant_id}#erased#{hashed_identity}"}


def erasure(tenant_id: TenantId, customer_id: CustomerId) -> Key:
    """Of an erasure that is under way: what it has to go by."""
    return {"conversationId": conversation_id(tenant_id, customer_id), "sk": ERASURE}


MEMBERS = "member#"


def member(tenant_id: TenantId, subject: str) -> Key:
    """In the tenants table: one of a tenant's people, for the list of them."""
    return {"tenantId": tenant_id, "sk": f"{MEMBERS}{subject}"}


def user(subject: str) -> Key:
    """In the tenants table: the way from a token to its member. No tenant's id has a `#` in it."""
    return {"tenantId": f"user#{subject}", "sk": "user"}


IMPORTS = "import#"


def import_job(tenant_id: TenantId, import_id: str) -> Key:
    """In the tenants table; sorts as time does."""
    return {"tenantId": tenant_id, "sk": f"{IMPORTS}{import_id}"}


def tenant_webhook(tenant_id: TenantId) -> Key:
    """In the tenants table: where what concerns a tenant is sent, should they want it."""
    return {"tenantId": tenant_id, "sk": "webhook"}


WEBHOOK_DELIVERIES = "webhook-delivery#"


def webhook_delivery(tenant_id: TenantId, at: datetime, event_id: str) -> Key:
    """In the tenants table; sorts as time does."""
    return {"tenantId": tenant_id, "sk": f"{WEBHOOK_DELIVERIES}{time_text(at)}#{event_id}"}


def number_claim(phone_number_id: PhoneNumberId) -> Key:
    """In the tenants table: whose a number is. No tenant's id has a `#` in it."""
    return {"tenantId": f"number#{phone_number_id}", "sk": "claim"}


def request_count(scope: str, window_start: datetime) -> Key:
    """In the idempotency table, whose own ids begin with a prefix of Powertools' keys."""
    return {"id": f"requests#{scope}#{time_text(window_start)}"}


def roll(tenant_id: TenantId) -> Key:
    """How many admins a tenant has: the last one is not lost to two who remove each other at once."""
    return {"tenantId": tenant_id, "sk": "members"}


OPERATOR_SETTINGS = "operator#settings"  # no tenant's id has a `#` in it
PRICES = "prices"
PLANS = "plan#"


def operator_prices() -> Key:
    """In the tenants table, as plans are: one query brings all that the operator has set."""
    return {"tenantId": OPERATOR_SETTINGS, "sk": PRICES}


def operator_plan(name: str) -> Key:
    return {"tenantId": OPERATOR_SETTINGS, "sk": f"{PLANS}{name}"}


def tenant_health(tenant_id: TenantId) -> Key:
    """In the tenants table: what an operator's list shows of a tenant's numbers, in one row."""
    return {"tenantId": tenant_id, "sk": "health"}


MIGRATION = "migration"  # no `#` in it, as with OPERATOR_LOG


def migration(name: str) -> Key:
    """How far a migration is: `run`, and a row for each part of the work."""
    return {"conversationId": MIGRATION, "sk": name}


def migrated_usage(tenant_id: TenantId, month: str) -> Key:
    """Beside what is counted now, which only ever grows: a month's items are added up."""
    return {"tenantId": tenant_id, "month": f"{month}#migrated"}
