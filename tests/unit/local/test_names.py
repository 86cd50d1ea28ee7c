from __future__ import annotations

import pytest

from ops.local.names import logical_name


@pytest.mark.parametrize(
    ("physical", "name"),
    [
        ("ai-marketplace-tenant-usage-platform", "tenant-usage"),
        ("http://localhost:4566/000000000000/ai-marketplace-inbox-platform.fifo", "inbox"),
        ("http://localhost:4566/000000000000/ai-marketplace-inbox-dlq-platform.fifo", "inbox-dlq"),
        ("arn:aws:sns:us-east-1:000000000000:ai-marketplace-escalations-platform", "escalations"),
        ("ai-marketplace-media-platform-123456789012", "media"),
        ("made-by-someone-else", "made-by-someone-else"),
    ],
)
def test_prefix_and_suffix_fall_away(physical: str, name: str) -> None:
    assert logical_name(physical, "ai-marketplace", "-platform") == name


def test_an_empty_suffix_takes_nothing_away() -> None:
    assert logical_name("shop-customers", "shop", "") == "customers"
