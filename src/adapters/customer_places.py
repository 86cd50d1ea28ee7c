"""Every place of the template in which something of a customer could be: what is there, and what becomes of it.

A test fails when template.yaml gains a table, queue, bucket, topic or log group that stands in none of them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    resources: tuple[str, ...]
    """Logical ids in template.yaml."""
    holds: str
    kept_because: str = ""
    """Empty where it is searched, exported and erased."""


SEARCHED = (
    Place("customers", ("CustomersTable",), "profile, identities and what holds of offers"),
    Place(
        "conversations",
        ("ConversationsTable",),
        "messages in and out with Meta's own objects, private notes, deliveries, consent, escalations, waits, changes "
        "of owner, merges, keys of what was sent, state",
    ),
    Place("account-events", ("TenantsTable",), "updates that name the customer: preferences, echoes, unknown statuses"),
    Place("quarantine", ("ConversationsTable",), "what was put aside whole: updates that nobody could take, letters"),
    Place("operator-log", ("ConversationsTable",), "reasons in operators' own words, should one name the customer"),
    Place("media", ("MediaBucket",), "pictures, voice notes and files that the customer sent, every version"),
    Place(
        "dead-letters",
        ("InboxDeadLetterQueue", "RepliesDeadLetterQueue", "StatusesDeadLetterQueue", "MediaDeadLetterQueue"),
        "what the functions could not do",
    ),
)

KEPT = (
    Place(
        "live-queues",
        ("InboxQueue", "RepliesQueue", "StatusesQueue", "MediaQueue", "TenantEventsQueue"),
        "updates and jobs that are on their way, for a week at most",
        "a queue at work cannot be searched; what is in it from before the erasure is refused by the tombstone",
    ),
    Place(
        "tombstones",
        ("CustomersTable",),
        "a slow hash of each identity, the time of the erasure, and that offers were stopped",
        "so that nothing comes back, and whoever wanted no offers gets none",
    ),
    Place(
        "migration",
        ("ConversationsTable",),
        "of a copy from the earlier system that is under way: the key of the row at which it goes on",
        "it goes when the copy ends; the legacy tables are erased from by whoever runs them (docs/migration.md)",
    ),
    Place(
        "tenant-usage",
        ("TenantUsageTable",),
        "numbers per seller and month",
        "sums name nobody, and are what was billed",
    ),
    Place(
        "products",
        (
            "ProductsTable",
            "EmbeddingsTable",
            "ProductIndexBucket",
            "IndexingQueue",
            "IndexingDeadLetterQueue",
            "EmbedderDeadLetterQueue",
            "ImportsBucket",
            "ImportsQueue",
            "ImportsDeadLetterQueue",
            "CatalogueImporterLogGroup",
            "EmbedderLogGroup",
            "IndexerLogGroup",
        ),
        "the seller's catalogue, files of it, its embeddings and index, and the jobs that keep them in step",
        "nothing of any customer",
    ),
    Place(
        "audit-trail",
        ("ConversationsTable",),
        "who of a seller's people did what to which conversation, by our own ids, for 400 days",
        "an id of ours names nobody once the customer is erased; who worked on what has to be answerable",
    ),
    Place(
        "members",
        ("TenantsTable",),
        "names and e-mail addresses of sellers' people",
        "nothing of any customer; a member's rows go when they are removed",
    ),
    Place(
        "console",
        ("TenantAdminApiLogGroup", "AdminDashboardLogGroup", "AdminGuiLogGroup"),
        "lines about requests of sellers and operators: method, status, tenant",
        "nothing of any customer",
    ),
    Place(
        "idempotency",
        ("IdempotencyTable",),
        "answers of the API to what was asked under a key, for a day; how often each asks, by the minute",
        "answers expire within the day",
    ),
    Place(
        "topics",
        ("EscalationsTopic", "HandoffNotificationsTopic", "AccountAlertsTopic", "AlarmsTopic"),
        "nothing: a topic keeps no message",
        "what was published has our ids and WhatsApp's message id; what subscribers kept is theirs to delete",
    ),
    Place(
        "tenant-events",
        ("TenantEventsDeadLetterQueue",),
        "events that a seller's own webhook did not take, for two weeks: our ids and WhatsApp's message id",
        "they name nobody, and expire; what a webhook took is the seller's to delete",
    ),
    Place(
        "logs",
        (
            "WebhookLogGroup",
            "MessageHandlerLogGroup",
            "ReplyHandlerLogGroup",
            "StatusHandlerLogGroup",
            "SweeperLogGroup",
            "MediaHandlerLogGroup",
            "TenantNotifierLogGroup",
        ),
        "WhatsApp's message ids, which hold the number in encoded form",
        "lines of a log cannot be deleted one by one; they expire (LogRetentionDays)",
    ),
    Place(
        "backups",
        (),
        "the tables as they were, for 35 days of point-in-time recovery",
        "they expire; whoever restores one erases again what was erased since (docs/data-rights.md)",
    ),
    Place(
        "whatsapp",
        (),
        "the chat on the customer's phone, in the seller's phone app and at Meta",
        "it is in other hands",
    ),
)

PLACES = (*SEARCHED, *KEPT)
