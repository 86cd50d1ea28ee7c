"""What `adopt` answers, for programs as for people."""

from __future__ import annotations

from pydantic import BaseModel

from ops.adopt.plan import Plan


class ChangeReport(BaseModel):
    where: str
    declared: str
    found: str


class AdoptionReport(BaseModel):
    resource: str
    type: str
    name: str
    identifier: dict[str, str]
    to_change: list[ChangeReport]
    """By the next deployment."""


class RefusalReport(BaseModel):
    resource: str
    type: str
    name: str
    why: str


class AdoptReport(BaseModel):
    stack: str
    new_stack: bool
    done: bool
    adopted: list[AdoptionReport]
    refused: list[RefusalReport]


def report(stack: str, plan: Plan, *, new_stack: bool, done: bool) -> AdoptReport:
    return AdoptReport(
        stack=stack,
        new_stack=new_stack,
        done=done,
        adopted=[
            AdoptionReport(
                resource=one.resource.logical_id,
                type=one.resource.type,
                name=one.resource.name,
                identifier=dict(one.identifier),
                to_change=[
                    ChangeReport(where=change.where, declared=change.shown[0], found=change.shown[1])
                    for change in one.to_change
                ],
            )
            for one in plan.adoptions
        ],
        refused=[
            RefusalReport(resource=one.resource.logical_id, type=one.resource.type, name=one.resource.name, why=one.why)
            for one in plan.refusals
        ],
    )
