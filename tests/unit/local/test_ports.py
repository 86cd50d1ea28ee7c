from __future__ import annotations

import itertools

import pytest

from ops.errors import PortTakenError
from ops.local import ports


def test_a_taken_port_is_named_with_its_holder_and_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "is_free", lambda _: False)
    monkeypatch.setattr(ports, "holder_of", lambda _: "postgres (process 12)")
    with pytest.raises(PortTakenError) as raised:
        ports.require_free(8080, "--port", "the front")
    assert raised.value.message == "port 8080, which the front wants, is taken by postgres (process 12)"
    assert "--port NUMBER" in raised.value.hint


def test_where_the_system_does_not_tell_the_holder_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "is_free", lambda _: False)
    monkeypatch.setattr(ports, "holder_of", lambda _: None)
    with pytest.raises(PortTakenError, match=r"is taken$"):
        ports.require_free(8080, "--port", "the front")


def test_a_free_port_is_another_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "_candidates", itertools.count(20_000))
    monkeypatch.setattr(ports, "is_free", lambda port: port % 2 == 0)
    assert [ports.free_port() for _ in range(3)] == [20_000, 20_002, 20_004]


def test_a_free_port_is_no_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "is_free", lambda _: True)
    ports.require_free(8080, "--port", "the front")
