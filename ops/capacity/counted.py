"""What a message takes of AWS, by function and operation, and in write units by table or index.

Counted on the proof's embedded AWS as `bench/calls.py` does; `tests/integration/embedded/test_capacity.py` counts again
and fails where this is no longer so. The workers are warm, the rows up to a kilobyte, and the message is a text that
the catalogue assistant answers. A row written in a transaction is two units.
"""

from __future__ import annotations

from collections import Counter

RECEIVED = Counter(
    {
        "webhook lambda Invoke": 1,
        "webhook sqs SendMessageBatch": 1,
        "message_handler lambda Invoke": 1,
        "message_handler dynamodb TransactWriteItems": 1,
        "message_handler sqs SendMessage": 1,
        "written conversations": 6,
        "written conversations/InboxIndex": 2,
        "written customers": 2,
        "written customers/TenantCustomersIndex": 2,
        "written tenant-usage": 2,
    }
)
"""By every message, whatever becomes of it."""

SUPERSEDED = Counter({"reply_handler lambda Invoke": 1, "reply_handler dynamodb Query": 1})
"""Beyond RECEIVED, by one that a later message of the same burst is answered for."""

ANSWERED = Counter(
    {
        "reply_handler lambda Invoke": 1,
        "reply_handler dynamodb Query": 2,
        "reply_handler dynamodb TransactWriteItems": 2,
        "reply_handler graph POST": 2,
        "written conversations": 8,
        "written conversations/DueIndex": 4,
        "written conversations/InboxIndex": 1,
        "written tenant-usage": 2,
    }
)
"""Beyond RECEIVED, by one that is answered."""

STATUS = Counter(
    {
        "webhook lambda Invoke": 1,
        "webhook sqs SendMessageBatch": 1,
        "status_handler lambda Invoke": 1,
    }
)
"""By each status of an answer: sent, delivered, read."""

METERED = Counter(
    {
        "status_handler dynamodb TransactWriteItems": 1,
        "written conversations": 2,
        "written tenant-usage": 2,
    }
)
"""Beyond STATUS, by the one that tells first what Meta charges: sent."""

MOVED = Counter({"status_handler dynamodb UpdateItem": 1, "written conversations": 1})
"""Beyond STATUS, by one that tells of it what the ledger does not know: delivered, read."""

PRICED_AGAIN = Counter({"status_handler dynamodb GetItem": 2})
"""Beyond MOVED, by the one that tells once more what Meta charges: delivered."""

STATUSES_OF_AN_ANSWER = 3
STATUSES = sum([STATUS, METERED, STATUS, MOVED, PRICED_AGAIN, STATUS, MOVED], Counter[str]())
"""By all three of an answer."""

LOG_BYTES = 949
"""Of an answered message, by `bench/calls.py` (docs/performance.md, aim 13); a superseded one has some fifty fewer."""
