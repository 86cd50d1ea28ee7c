"""Whether the version that is live is the one that the template describes: an alias may lead to an older one."""

from __future__ import annotations

from collections.abc import Iterator

from botocore.exceptions import BotoCoreError, ClientError

from ops.audit.clients import Clients
from ops.audit.compare import Difference, compare
from ops.audit.findings import Finding, Kind, Unread
from ops.audit.readers.functions import FUNCTION, configuration
from ops.audit.reading import Reading

_REMEDY = "a changed setting alone publishes no version: deploy with another Release. docs/operations.md#deploying"


def live_versions(readings: list[Reading], aws: Clients, unread: list[Unread]) -> Iterator[Finding]:
    """What somebody changed at the function itself is another finding, and not live."""
    functions = {
        one.resource.physical_id: one.resource for one in readings if one.resource.type == "AWS::Lambda::Function"
    }
    for reading in (one for one in readings if one.resource.type == "AWS::Lambda::Alias" and one.there):
        alias = reading.resource
        function = functions.get(alias.properties.get("FunctionName"))
        if function is None or alias.physical_id is None:
            continue
        try:
            live = configuration(aws, alias.physical_id, {})
        except (ClientError, BotoCoreError) as error:
            unread.append(Unread(alias.logical_id, "the version that is live", type(error).__name__))
            continue
        for difference in compare(function.properties, live, FUNCTION):
            if isinstance(difference, Difference):
                wanted, found = difference.shown
                yield Finding(
                    *(Kind.DRIFTED, alias.type, alias.logical_id, alias.name),
                    where=difference.where,
                    declared=wanted,
                    found=found,
                    remedy=_REMEDY,
                )
