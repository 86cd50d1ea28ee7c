"""The tables of the earlier system, by the names that it left behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from adapters.aws_clients import client, translated
from adapters.dynamodb_erasures import read_row
from adapters.dynamodb_values import from_item
from ops.errors import OpsError
from ops.migrate.transforms import IN_ORDER

LEGACY_PREFIX = "ai-marketplace"
_SUFFIXES = ("", "-platform")
_GONE = "ResourceNotFoundException"


@dataclass(frozen=True, slots=True)
class Source:
    kind: str
    """Logical name of the table that takes its rows."""
    table: str
    arn: str
    key_names: tuple[str, ...]
    items: int
    """As DynamoDB counts them, every six hours."""
    bytes: int
    stream_arn: str = ""
    """Empty where none is on."""

    def row(self, key: Mapping[str, Any]) -> dict[str, Any] | None:
        """As it is now."""
        return dict(read_row(self.table, key)) or None

    def key_of(self, row: Mapping[str, Any]) -> dict[str, Any]:
        return {name: row[name] for name in self.key_names}


def find(targets: Mapping[str, str], prefix: str = LEGACY_PREFIX) -> list[Source]:
    """Those that exist, in the order of the work. `targets`: the tables of the deployment, which are none of them."""
    names = ((kind, f"{prefix}-{kind}{suffix}") for kind in IN_ORDER for suffix in _SUFFIXES)
    own = set(targets.values())
    found = [source for kind, table in names if table not in own and (source := look(kind, table)) is not None]
    if not found:
        raise OpsError(
            f"there is no table of an earlier system named {prefix}-…",
            "its tables are looked for with these credentials, in this region; --legacy-prefix names another beginning",
        )
    return found


def look(kind: str, table: str) -> Source | None:
    """Raises `ServiceUnavailableError`; None where there is no such table."""
    with translated(f"look at {table}"):
        try:
            described = client("dynamodb").describe_table(TableName=table)["Table"]
        except ClientError as error:
            if error.response["Error"]["Code"] == _GONE:
                return None
            raise
    streams = described.get("StreamSpecification", {}).get("StreamEnabled", False)
    return Source(
        kind=kind,
        table=table,
        arn=described["TableArn"],
        key_names=tuple(part["AttributeName"] for part in described["KeySchema"]),
        items=described.get("ItemCount", 0),
        bytes=described.get("TableSizeBytes", 0),
        stream_arn=described.get("LatestStreamArn", "") if streams else "",
    )


def pages(
    source: Source, segment: int, segments: int, after: Mapping[str, Any] | None, size: int
) -> Iterator[tuple[Sequence[dict[str, Any]], Mapping[str, Any] | None]]:
    """Rows, and after which key the next page begins: None behind the last one. `after`: where to go on."""
    while True:
        more: Any = {"ExclusiveStartKey": after} if after else {}
        with translated(f"read {source.table}"):
            page = client("dynamodb").scan(
                TableName=source.table,
                Segment=segment,
                TotalSegments=segments,
                Limit=size,
                ConsistentRead=True,
                **more,
            )
        after = page.get("LastEvaluatedKey")
        yield [from_item(item) for item in page["Items"]], after
        if after is None:
            return
