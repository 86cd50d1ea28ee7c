"""What DynamoDB refuses and moto lets pass, so that no adapter relies on it.

- a name or value that an expression does not use, or uses and does not define;
- an empty string as a key, of the table or of an index; a key too long for one;
- half a surrogate pair, which UTF-8 cannot carry;
- more than a hundred items in a transaction, and an item beyond 400 KB.

And what moto does not do: transactions from several threads, of which each must see the other whole. They are put in
one line here; that a conflict is told and tried again is proved with made-up conflicts (test_contention.py).
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from moto.core.botocore_stubber import BotocoreStubber

_NAME, _VALUE = re.compile(r"#\w+"), re.compile(r":\w+")
_INDEX_KEYS = frozenset("phoneNumberId wabaId tenantId lastInteraction inbox lastInboundAt due dueAt".split())
_HASH_KEYS = frozenset({"conversationId", "phoneNumber", "tenantId"})
_MOST_BYTES = 400_000
_LOCK = threading.RLock()
_call: Callable[..., Any] = BotocoreStubber.__call__


def one_at_a_time(stubber: BotocoreStubber, *args: Any, **kwargs: Any) -> Any:
    with _LOCK:
        return _call(stubber, *args, **kwargs)


def check(params: Mapping[str, Any], **_: Any) -> None:
    """A handler of botocore's event `provide-client-params.dynamodb`."""
    json.dumps(params, ensure_ascii=False, default=str).encode()
    actions = params.get("TransactItems", [])
    assert len(actions) <= 100, "a transaction of more than a hundred items"
    for operation in [params, *(operation for action in actions for operation in action.values())]:
        _check_expressions(operation)
        _check_item(operation.get("Item", {}))
        for name, value in {**operation.get("Item", {}), **operation.get("Key", {})}.items():
            assert name != "sk" or len(value["S"].encode()) <= 1024, "a sort key beyond 1 KB"
            assert name not in _HASH_KEYS or len(value["S"].encode()) <= 2048, "a hash key beyond 2 KB"
        for value in operation.get("ExpressionAttributeValues", {}).values():
            assert value != {"SS": []}, "an empty set"


def _check_expressions(operation: Mapping[str, Any]) -> None:
    expressions = " ".join(_expressions(operation))
    for pattern, given in ((_NAME, "ExpressionAttributeNames"), (_VALUE, "ExpressionAttributeValues")):
        if given in operation:
            assert operation[given], f"empty {given}"
        defined, used = set(operation.get(given, {})), set(pattern.findall(expressions))
        assert defined == used, f"{given}: {sorted(defined ^ used)} not used, or not defined, in {expressions!r}"


def _expressions(operation: Mapping[str, Any]) -> Iterator[str]:
    return (text for name, text in operation.items() if name.endswith("Expression"))


def _check_item(item: Mapping[str, Any]) -> None:
    for name in _INDEX_KEYS & set(item):
        assert item[name] != {"S": ""}, f"an empty string as the key {name}"
    assert len(json.dumps(item, default=str)) < _MOST_BYTES, "an item beyond 400 KB"
