"""DynamoDB's expression language: conditions and updates, on items in DynamoDB's own JSON.

Parsed once per text, since the adapters write few of them. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

Value = Mapping[str, Any]
"""`{"S": "…"}`, `{"N": "1"}`, …"""
Item = Mapping[str, Value]

_TOKEN = re.compile(r"\s*(?:([#:]?[A-Za-z_][\w-]*|#\d+|:\d+|\d+)|(<>|<=|>=|[=<>(),.\[\]+-]))")
_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_SETS = {"SS", "NS", "BS"}


class ExpressionError(Exception):
    """DynamoDB would answer with a ValidationException."""


@dataclass(frozen=True, slots=True)
class Env:
    """The item that an expression is about, and what its placeholders stand for."""

    item: Item
    names: Mapping[str, str]
    values: Mapping[str, Value]
    used: set[str] = field(default_factory=set)

    def name(self, token: str) -> str:
        if not token.startswith("#"):
            return token
        self.used.add(token)
        if token not in self.names:
            raise ExpressionError(f"{token} is not in ExpressionAttributeNames")
        return self.names[token]

    def value(self, token: str) -> Value:
        self.used.add(token)
        if token not in self.values:
            raise ExpressionError(f"{token} is not in ExpressionAttributeValues")
        return self.values[token]


Operand = Callable[[Env], Value | None]
Condition = Callable[[Env], bool]
Path = tuple[str | int, ...]
Assignment = Callable[[Env, dict[str, Any]], None]


def holds(text: str | None, env: Env) -> bool:
    return text is None or condition(text)(env)


@lru_cache(maxsize=2048)
def condition(text: str) -> Condition:
    parser = _Parser(text)
    parsed = parser.either()
    parser.end()
    return parsed


@lru_cache(maxsize=2048)
def update(text: str) -> tuple[Assignment, ...]:
    """Each takes what was there before and changes the copy that it is given."""
    return tuple(_Parser(text).clauses())


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _tokens(text)
        self._at = 0

    # --- conditions ---

    def either(self) -> Condition:
        parts = [self._both()]
        while self._take_word("OR"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else lambda env: _any(part(env) for part in parts)

    def _both(self) -> Condition:
        parts = [self._negated()]
        while self._take_word("AND"):
            parts.append(self._negated())
        return parts[0] if len(parts) == 1 else lambda env: not _any(not part(env) for part in parts)

    def _negated(self) -> Condition:
        if self._take_word("NOT"):
            inner = self._negated()
            return lambda env: not inner(env)
        if self._take("("):
            inner = self.either()
            self._expect(")")
            return inner
        return self._test()

    def _test(self) -> Condition:
        if self._peek(1) == "(" and (function := _FUNCTIONS.get(self._peek())):
            self._at += 2
            arguments = [self._operand()]
            while self._take(","):
                arguments.append(self._operand())
            self._expect(")")
            return lambda env: function(*[argument(env) for argument in arguments])
        left = self._operand()
        if self._take_word("BETWEEN"):
            low = self._operand()
            self._expect("AND")
            high = self._operand()
            return lambda env: _compare(">=", left(env), low(env)) & _compare("<=", left(env), high(env))
        if self._take_word("IN"):
            self._expect("(")
            among = [self._operand()]
            while self._take(","):
                among.append(self._operand())
            self._expect(")")
            return lambda env: _any(_compare("=", left(env), one(env)) for one in among)
        sign = self._next()
        if sign not in _COMPARISONS:
            raise ExpressionError(f"{sign!r} is no comparison in {self._text!r}")
        right = self._operand()
        return lambda env: _compare(sign, left(env), right(env))

    # --- operands ---

    def _operand(self) -> Operand:
        token = self._peek()
        if token.startswith(":"):
            self._at += 1
            return lambda env: env.value(token)
        if self._peek(1) == "(":
            return self._function()
        path = self._path()
        return lambda env: _read(env.item, _resolved(path, env))

    def _function(self) -> Operand:
        name = self._next()
        self._expect("(")
        first = self._operand()
        second = self._operand() if name != "size" and self._take(",") else None
        self._expect(")")
        if name == "size":
            return lambda env: _size(first(env))
        if name == "if_not_exists" and second is not None:
            default = second
            return lambda env: _or_default(first(env), default(env))
        if name == "list_append" and second is not None:
            more = second
            return lambda env: {"L": [*_list(first(env)), *_list(more(env))]}
        raise ExpressionError(f"{name} is not known here: {self._text!r}")

    def _path(self) -> Path:
        parts: list[str | int] = [self._next()]
        while True:
            if self._take("."):
                parts.append(self._next())
            elif self._take("["):
                parts.append(int(self._next()))
                self._expect("]")
            else:
                return tuple(parts)

    # --- updates ---

    def clauses(self) -> Iterator[Assignment]:
        while self._at < len(self._tokens):
            clause = self._next().upper()
            if clause not in {"SET", "REMOVE", "ADD", "DELETE"}:
                raise ExpressionError(f"{clause!r} is no clause of an update: {self._text!r}")
            yield self._action(clause)
            while self._take(","):
                yield self._action(clause)

    def _action(self, clause: str) -> Assignment:
        path = self._path()
        match clause:
            case "SET":
                self._expect("=")
                value = self._sum()
                return lambda env, item: _write(item, _resolved(path, env), _present(value(env)))
            case "REMOVE":
                return lambda env, item: _remove(item, _resolved(path, env))
            case _:
                change, operand = (_added if clause == "ADD" else _deleted), self._operand()
                return lambda env, item: _change(item, env, _resolved(path, env), change, operand)

    def _sum(self) -> Operand:
        left = self._operand()
        if self._peek() not in {"+", "-"}:
            return left
        sign, right = self._next(), self._operand()
        return lambda env: _summed(_present(left(env)), _present(right(env)), 1 if sign == "+" else -1)

    # --- tokens ---

    def _peek(self, ahead: int = 0) -> str:
        return self._tokens[self._at + ahead] if self._at + ahead < len(self._tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        if not token:
            raise ExpressionError(f"{self._text!r} ends too early")
        self._at += 1
        return token

    def _take(self, token: str) -> bool:
        found = self._peek() == token
        self._at += found
        return found

    def _take_word(self, word: str) -> bool:
        found = self._peek().upper() == word
        self._at += found
        return found

    def _expect(self, token: str) -> None:
        if self._next().upper() != token:
            raise ExpressionError(f"{token!r} is missing in {self._text!r}")

    def end(self) -> None:
        if self._peek():
            raise ExpressionError(f"{self._peek()!r} is too much in {self._text!r}")


def _tokens(text: str) -> list[str]:
    tokens, at = [], 0
    stripped = text.rstrip()
    while at < len(stripped):
        found = _TOKEN.match(stripped, at)
        if found is None:
            raise ExpressionError(f"no expression: {text!r}")
        tokens.append(found[1] or found[2])
        at = found.end()
    return tokens


# --- values ---


def _any(truths: Iterable[bool]) -> bool:
    """All of them are looked at, so that every placeholder counts as used."""
    return sum(truths) > 0


def _resolved(path: Path, env: Env) -> Path:
    return tuple(env.name(part) if isinstance(part, str) else part for part in path)


def _read(item: Item, path: Path) -> Value | None:
    found: Any = item.get(str(path[0]))
    for part in path[1:]:
        if found is None:
            return None
        if isinstance(part, int):
            listed = found.get("L", [])
            found = listed[part] if part < len(listed) else None
        else:
            found = found.get("M", {}).get(part)
    return found  # type: ignore[no-any-return]  # an item's JSON


def _write(item: dict[str, Any], path: Path, value: Value) -> None:
    if len(path) == 1:
        item[str(path[0])] = value
        return
    holder = _holder(item, path)
    if isinstance(holder, list):
        position = int(path[-1])
        holder[position : position + 1] = [value]
    else:
        holder[path[-1]] = value


def _remove(item: dict[str, Any], path: Path) -> None:
    if len(path) == 1:
        item.pop(str(path[0]), None)
        return
    holder = _holder(item, path)
    if isinstance(holder, list):
        del holder[int(path[-1]) : int(path[-1]) + 1]
    else:
        holder.pop(path[-1], None)


def _holder(item: dict[str, Any], path: Path) -> Any:
    """What the last part of a path stands in, copied on the way: the stored item is never changed."""
    holder: Any = item
    for part in path[:-1]:
        inner = holder[part] if not isinstance(holder, dict) or part in holder else None
        if inner is None or not ({"M", "L"} & inner.keys()):
            raise ExpressionError("the document path of an update leads nowhere")
        kind = "M" if "M" in inner else "L"
        copied = dict(inner["M"]) if kind == "M" else list(inner["L"])
        holder[part] = {kind: copied}
        holder = copied
    return holder


def _change(
    item: dict[str, Any], env: Env, path: Path, change: Callable[[Value | None, Value], Value | None], operand: Operand
) -> None:
    changed = change(_read(env.item, path), _present(operand(env)))
    if changed is None:
        _remove(item, path)
    else:
        _write(item, path, changed)


def _added(old: Value | None, more: Value) -> Value:
    kind = _kind(more)
    if old is None:
        return more
    if kind == "N" and "N" in old:
        return _summed(old, more, 1)
    if kind in _SETS and kind in old:
        return {kind: sorted({*old[kind], *more[kind]})}
    raise ExpressionError("ADD knows numbers and sets alone")


def _deleted(old: Value | None, less: Value) -> Value | None:
    kind = _kind(less)
    if kind not in _SETS:
        raise ExpressionError("DELETE knows sets alone")
    left = sorted({*old[kind]} - {*less[kind]}) if old is not None else []
    return {kind: left} if left else None


def _summed(left: Value, right: Value, sign: int) -> Value:
    return {"N": str(Decimal(left["N"]) + sign * Decimal(right["N"]))}


def _present(value: Value | None) -> Value:
    if value is None:
        raise ExpressionError("an operand of an update has no such attribute")
    return value


def _or_default(value: Value | None, default: Value | None) -> Value | None:
    return default if value is None else value


def _list(value: Value | None) -> list[Any]:
    return list(_present(value)["L"])


def _kind(value: Value) -> str:
    return next(iter(value))


def _size(value: Value | None) -> Value | None:
    if value is None:
        return None
    kind = _kind(value)
    return {"N": str(len(value["S"].encode() if kind == "S" else value[kind]))}


def _compare(sign: str, left: Value | None, right: Value | None) -> bool:
    if left is None or right is None:
        return False
    if _kind(left) != _kind(right):
        return sign == "<>"
    return _COMPARISONS[sign](comparable(left), comparable(right))


def comparable(value: Value) -> Any:
    kind = _kind(value)
    if kind in _SETS:
        return frozenset(value[kind])
    return Decimal(value["N"]) if kind == "N" else value[kind]


def _begins_with(value: Value | None, start: Value | None) -> bool:
    return value is not None and start is not None and str(value.get("S", "")).startswith(start["S"])


def _contains(value: Value | None, part: Value | None) -> bool:
    if value is None or part is None:
        return False
    kind = _kind(value)
    if kind == "L":
        return part in value["L"]
    return _kind(part) in {kind, kind[0]} and part[_kind(part)] in value[kind]


_FUNCTIONS: Mapping[str, Callable[..., bool]] = {
    "attribute_exists": lambda value: value is not None,
    "attribute_not_exists": lambda value: value is None,
    "attribute_type": lambda value, kind: value is not None and _kind(value) == kind["S"],
    "begins_with": _begins_with,
    "contains": _contains,
}
