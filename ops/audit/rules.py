"""What loses messages or wakes nobody, however faithfully it was deployed.

Read from what was found. Where a property has drifted, the drift is the finding, and the rule says what comes of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ops.audit.findings import REMEDIES, Finding, Kind
from ops.audit.reading import Reading
from ops.declared.attributes import Place, attribute, last_part

_TIMES = 6
"""How many time-outs of its function a message stays hidden: AWS's own advice for queues of Lambda."""
_METADATA = "VisibilityTimeouts"
_QUEUE, _FUNCTION, _MAPPING, _ALARM = (
    *("AWS::SQS::Queue", "AWS::Lambda::Function"),
    *("AWS::Lambda::EventSourceMapping", "AWS::CloudWatch::Alarm"),
)
_WAKES = {"staging", "prod"}


@dataclass(frozen=True)
class Rules:
    readings: Sequence[Reading]
    place: Place
    stage: str

    def findings(self) -> list[Finding]:
        return [*self._visibility(), *self._retention(), *self._alarms()]

    def notes(self) -> list[str]:
        if self.stage not in _WAKES and self._silent():
            return ["No alarm wakes anybody: the parameter AlarmEmail is empty."]
        return []

    def _visibility(self) -> Iterator[Finding]:
        queues, functions = self._queues, {one.resource.name: one for one in self._of(_FUNCTION)}
        for mapping in self._of(_MAPPING):
            queue = queues.get(str(mapping.found.get("EventSourceArn")))
            function = functions.get(str(mapping.found.get("FunctionName")).partition(":")[0])
            if queue is None or function is None:
                continue
            wanted = int(queue.resource.metadata.get(_METADATA, _TIMES)) * int(function.found["Timeout"])
            hidden = int(queue.found["VisibilityTimeout"])
            if hidden < wanted:
                yield _unsafe(
                    queue, "VisibilityTimeout", f"{wanted} or more, for {function.resource.name}", f"{hidden}"
                )

    def _retention(self) -> Iterator[Finding]:
        """A dead letter's age counts from its first queue: one that is kept no longer there is lost on arrival."""
        for queue in self._queues.values():
            target = (queue.found.get("RedrivePolicy") or {}).get("deadLetterTargetArn")
            dead = self._queues.get(str(target))
            if dead is None:
                continue
            kept, wanted = (int(one.found["MessageRetentionPeriod"]) for one in (dead, queue))
            if kept < wanted:
                yield _unsafe(dead, "MessageRetentionPeriod", f"{wanted} or more, as {queue.resource.name}", f"{kept}")

    def _alarms(self) -> Iterator[Finding]:
        silent = self._silent() if self.stage in _WAKES else []
        for alarm in silent:
            yield _unsafe(alarm, "AlarmActions", "whom it wakes", "nobody")

    def _silent(self) -> list[Reading]:
        return [one for one in self._of(_ALARM) if not one.found.get("AlarmActions")]

    @property
    def _queues(self) -> Mapping[str, Reading]:
        """By their ARNs."""
        return {
            str(attribute(_QUEUE, one.resource.physical_id or "", "Arn", self.place)): one for one in self._of(_QUEUE)
        }

    def _of(self, kind: str) -> list[Reading]:
        return [one for one in self.readings if one.resource.type == kind and one.there and one.found]


def _unsafe(reading: Reading, name: str, wanted: str, found: Any) -> Finding:
    resource = reading.resource
    return Finding(
        *(Kind.UNSAFE, resource.type, resource.logical_id, last_part(resource.physical_id or resource.name)),
        where=name,
        declared=wanted,
        found=str(found),
        remedy=REMEDIES[Kind.UNSAFE],
    )
