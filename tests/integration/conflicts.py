"""Conflicts between transactions, made up: moto knows none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError

from adapters.aws_clients import client


@dataclass(slots=True)
class Conflicts:
    """The next `left` transactions are cancelled; a reason stands for the last item, `reasons` for all of them."""

    left: int = 0
    left_alone: int = 0
    """Updates in no transaction, which meet one."""
    reason: str = "TransactionConflict"
    code: str = "TransactionCanceledException"
    attempts: list[list[dict[str, Any]]] = field(default_factory=list)

    def install(self, monkeypatch: pytest.MonkeyPatch) -> Conflicts:
        dynamodb = client("dynamodb")
        write = dynamodb.transact_write_items

        def transact_write_items(**params: Any) -> Any:
            self.attempts.append(params["TransactItems"])
            if self.left <= 0:
                return write(**params)
            self.left -= 1
            reasons = [{"Code": "None"} for _ in params["TransactItems"]]
            reasons[-1] = {"Code": self.reason, "Message": "Transaction is ongoing for the item"}
            response: Any = {"Error": {"Code": self.code, "Message": self.reason}, "CancellationReasons": reasons}
            raise ClientError(response, "TransactWriteItems")

        plain = dynamodb.update_item

        def update_item(**params: Any) -> Any:
            if self.left_alone <= 0:
                return plain(**params)
            self.left_alone -= 1
            raise ClientError({"Error": {"Code": "TransactionConflictException"}}, "UpdateItem")

        monkeypatch.setattr(dynamodb, "update_item", update_item)
        monkeypatch.setattr(dynamodb, "transact_write_items", transact_write_items)
        return self
