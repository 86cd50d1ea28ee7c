"""Meta's two rate limits: per business number, and per pair of business and customer."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from ops.simulator.graph_errors import GraphError

_MESSAGES_PER_SECOND_OF_A_NUMBER = 80
# One message per 6 seconds to the same user; a burst of 45 is lent.
_PAIR_SECONDS_PER_MESSAGE = 6
_PAIR_BURST = 45
_MOST_BUCKETS = 10_000


@dataclass
class _Bucket:
    tokens: float
    filled_at: float


class Throughput:
    """Token buckets. A message that meets an empty one is refused and spends nothing."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._buckets: OrderedDict[tuple[str, ...], _Bucket] = OrderedDict()

    def spend(self, phone_number_id: str, to: str) -> None:
        number = self._filled((phone_number_id,), _MESSAGES_PER_SECOND_OF_A_NUMBER, _MESSAGES_PER_SECOND_OF_A_NUMBER)
        pair = self._filled((phone_number_id, to), 1 / _PAIR_SECONDS_PER_MESSAGE, _PAIR_BURST)
        if number.tokens < 1:
            raise GraphError(130429, "Cloud API message throughput has been reached.")
        if pair.tokens < 1:
            raise GraphError(
                131056,
                "Message failed to send because there were too many messages sent from this phone number "
                "to the same phone number in a short period of time.",
            )
        number.tokens -= 1
        pair.tokens -= 1

    def clear(self) -> None:
        self._buckets.clear()

    def _filled(self, key: tuple[str, ...], tokens_per_second: float, capacity: float) -> _Bucket:
        now = self._now()
        bucket = self._buckets.setdefault(key, _Bucket(capacity, now))
        self._buckets.move_to_end(key)
        if len(self._buckets) > _MOST_BUCKETS:
            self._buckets.popitem(last=False)
        bucket.tokens = min(capacity, bucket.tokens + (now - bucket.filled_at) * tokens_per_second)
        bucket.filled_at = now
        return bucket
