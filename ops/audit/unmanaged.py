"""What bears our name and stands in no stack; what else calls our functions; what is left of the earlier system."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from botocore.exceptions import BotoCoreError, ClientError

from ops.audit import legacy
from ops.audit.clients import Clients
from ops.audit.findings import REMEDIES, Finding, Kind, Unread
from ops.audit.listing import LISTINGS, event_sources
from ops.declared.attributes import last_part
from ops.declared.model import DeclaredResource
from ops.declared.stack import Stack, stack_resources

Named = tuple[str, str]
"""A kind and a name."""

_DELETED = "DELETE_COMPLETE"


@dataclass
class Unmanaged:
    aws: Clients
    stack: Stack
    declared: Sequence[DeclaredResource]
    unread: list[Unread] = field(default_factory=list)

    def findings(self) -> list[Finding]:
        candidates = self._candidates()
        elsewhere = self._of_other_stacks() if candidates else set()
        found = [self._finding(one) for one in candidates if one not in elsewhere]
        return [*found, *self._legacy_stack(), *self._event_sources()]

    def _candidates(self) -> list[Named]:
        ours = {named(one.type, one.physical_id) for one in self.stack.resources.values()}
        ours |= {named(one.type, one.physical_id) for one in self.declared if one.physical_id}
        return [one for one in self._listed() if one not in ours]

    def _listed(self) -> list[Named]:
        """Also by the prefix of the earlier system, whatever ours is."""
        found: dict[Named, None] = {}
        for prefix in dict.fromkeys((f"{self.stack.prefix}-", "ai-marketplace-")):
            for kind, listing in LISTINGS.items():
                try:
                    names = list(listing(self.aws, prefix))
                except (ClientError, BotoCoreError) as error:
                    self.unread.append(Unread(kind, f"all that begin with {prefix}", _why(error)))
                    continue
                ours = prefix == f"{self.stack.prefix}-"
                found |= {(kind, name): None for name in names if ours or legacy.known(kind, name)}
        return list(found)

    def _of_other_stacks(self) -> set[Named]:
        """Two deployments in one account share a prefix: what another stack holds is that stack's business.

        Not so the earlier system's: what its stack holds is to go, as the stack itself.
        """
        cloudformation = self.aws("cloudformation")
        try:
            pages = cloudformation.get_paginator("list_stacks").paginate()
            stacks = [one for page in pages for one in page["StackSummaries"] if one["StackStatus"] != _DELETED]
            others = {one["StackName"] for one in stacks} - {self.stack.name, legacy.STACK}
            return {
                named(one.type, one.physical_id) for name in others for one in stack_resources(cloudformation, name)
            }
        except (ClientError, BotoCoreError) as error:
            self.unread.append(Unread("CloudFormation", "the other stacks of the account", _why(error)))
            return set()

    @staticmethod
    def _finding(candidate: Named) -> Finding:
        kind, name = candidate
        old = legacy.known(kind, name)
        if old:
            return Finding(Kind.LEGACY, kind, name, name, found=old.what, remedy=old.remedy)
        return Finding(
            Kind.EXTRA, kind, name, name, found="in no stack, and not in the template", remedy=REMEDIES[Kind.EXTRA]
        )

    def _legacy_stack(self) -> Iterator[Finding]:
        try:
            self.aws("cloudformation").describe_stacks(StackName=legacy.STACK)
        except ClientError as error:
            if "does not exist" not in str(error):
                self.unread.append(Unread(legacy.STACK, "whether the earlier system's stack is there", _why(error)))
            return
        yield Finding(
            *(Kind.LEGACY, "AWS::CloudFormation::Stack", legacy.STACK, legacy.STACK),
            found="the earlier system's stack",
            remedy="delete it after the cut-over, its tables with DeletionPolicy Retain until `migrate cleanup`",
        )

    def _event_sources(self) -> Iterator[Finding]:
        known = {one.physical_id for one in self.stack.resources.values()}
        for function in (one for one in self.declared if one.type == "AWS::Lambda::Function" and one.in_stack):
            try:
                mappings = [one for one in event_sources(self.aws, function.name) if one["UUID"] not in known]
            except (ClientError, BotoCoreError) as error:
                self.unread.append(Unread(function.logical_id, "what calls it", _why(error)))
                continue
            for one in mappings:
                yield Finding(
                    *(Kind.EXTRA, "AWS::Lambda::EventSourceMapping", function.logical_id, one["UUID"]),
                    where="event source",
                    found=one.get("EventSourceArn", ""),
                    remedy=REMEDIES[Kind.EXTRA],
                )


def named(kind: str, physical_id: str) -> Named:
    """Queues are known by URLs, topics by ARNs: a kind's names are what its listing tells."""
    return kind, last_part(physical_id) if kind in {"AWS::SQS::Queue", "AWS::SNS::Topic"} else physical_id


def _why(error: ClientError | BotoCoreError) -> str:
    return error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
