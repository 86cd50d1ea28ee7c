"""AWS clients of the environment's account: one of each service, shared by threads."""

from __future__ import annotations

import threading
from typing import Any


class Clients:
    """Untyped: the stubs of every service would weigh more than all of this."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}
        self._lock = threading.Lock()
        self._session: Any = None

    def __call__(self, service: str) -> Any:
        import boto3
        from botocore.config import Config

        with self._lock:
            if service not in self._made:
                # An audit asks many small questions at once: throttled, it asks again, a few times.
                config = Config(retries={"mode": "standard", "total_max_attempts": 6}, max_pool_connections=16)
                # Of its own: boto3 would remember the first credentials of the process.
                self._session = self._session or boto3.Session()
                self._made[service] = self._session.client(service, config=config)
            return self._made[service]
