"""The customers row: found by identity, and as one message changes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from adapters import dynamodb_keys as keys
from adapters.aws_clients import client, translated
from adapters.dynamodb_opt_outs import NEWEST_OPT_OUT, OPT_OUT, opt_out_attributes, opt_out_of
from adapters.dynamodb_transactions import update
from adapters.dynamodb_values import from_item, storable, time_of, time_text, to_item
from domain.conversations import Recording, TwoCustomers
from domain.customers import Customer, CustomerId, CustomerIdentity, first_customer_id
from domain.identities import Holding, Told, told_by
from domain.opt_out import OptOut
from domain.tenants import TenantId
from domain.usage import month_of

_MOST_CHARACTERS_OF_A_NAME = 200


class DynamoCustomers:
    def __init__(self, table: str) -> None:
        self._table = table

    def find(self, tenant_id: TenantId, identity: CustomerIdentity) -> CustomerId | None:
        rows = (self._row(keys.filed(tenant_id, key)) for key in identity.keys)
        return next((CustomerId(row["customerId"]) for row in rows if "customerId" in row), None)

    def _row(self, key: keys.Key) -> dict[str, Any]:
        wire: Any = to_item(key)
        with translated("find a customer"):
            found = client("dynamodb").get_item(
                TableName=self._table, Key=wire, ProjectionExpression="customerId", ConsistentRead=True
            )
        return from_item(found.get("Item", {}))


def customer_of(row: Mapping[str, Any]) -> Customer:
    """Of a customer's own row, not of an alias."""
    held = _holding_of(row)
    return Customer(
        tenant_id=TenantId(row["tenantId"]),
        customer_id=CustomerId(row["customerId"]),
        identity=CustomerIdentity(held.phone, held.user_id, row.get("profileName"), row.get("username")),
        first_interaction=time_of(row["firstInteraction"]),
        last_interaction=time_of(row["lastInteraction"]),
        message_count=int(row["messageCount"]),
        active_months=frozenset(row["activeMonths"]),
        key=held.key,
        aliases=held.aliases,
        moved_by=held.moved_by,
        former_customer_ids=frozenset(map(CustomerId, row.get("formerCustomerIds", ()))),
        apart_from=frozenset(map(CustomerId, row.get("apartFrom", ()))),
    )


def _holding_of(row: Mapping[str, Any]) -> Holding:
    return Holding(
        key=keys.filed_under(row["phoneNumber"]),
        phone=row.get("phone"),
        user_id=row.get("userId"),
        aliases=frozenset(map(keys.filed_under, row.get("aliases", ()))),
        moved_by=row.get("movedBy", ""),
    )


@dataclass(frozen=True, slots=True)
class KnownCustomer:
    """What a try believes of the row. Whatever it believes of an existing row is a condition of its update.

    Each belief can turn false only once: a row comes to exist, a month becomes active, a newer message comes, an
    identity is linked. So of several workers with messages of one customer, each is right after a few tries.
    """

    tenant_id: TenantId
    customer_id: CustomerId
    told: Told
    held: Holding
    """The identities on the row, as far as they bear on the message; its `key` says which row that is."""
    exists: bool = True
    active: bool = True
    """In the month of the message."""
    newest: bool = True
    """No later message of the customer is stored."""
    earliest: bool = False
    """No earlier one is."""
    newest_opt_out: bool = True
    """No later word on offers is; asked only of a message that has one."""
    strangers: Mapping[str, OptOut] = field(default_factory=dict)
    """What is known of identities under which nobody has written: words on offers alone."""
    apart_from: frozenset[str] = frozenset()

    @classmethod
    def assumed(cls, tenant_id: TenantId, recording: Recording) -> KnownCustomer:
        """The common case."""
        told = told_by(recording)
        return cls(tenant_id, recording.customer_id, told, _all_of(told, told.filed_under))

    @property
    def _after(self) -> Holding:
        return self.held.after(self.told, newest=self.newest)

    @property
    def identity(self) -> CustomerIdentity:
        """By which to reach the customer from now on, as far as the message bears on it."""
        told, after = self.told, self._after
        phone = after.phone if told.phone or told.moved_by else None
        return CustomerIdentity(phone, after.user_id if told.user_id or told.moved_by else None)

    @property
    def phone_is_gone(self) -> bool:
        return self.held.phone is not None and self._after.phone is None

    @property
    def to_link(self) -> tuple[str, ...]:
        """Identities of the message that lead to nobody yet."""
        return tuple(key for key in self.told.keys if not self.held.knows(key))

    # --- what a refusal teaches ---

    def learnt(self, recording: Recording, row: Mapping[str, Any] | None) -> KnownCustomer:
        """From the row that was taken for the customer's own."""
        if row is None or "customerId" not in row:  # nobody, or nobody who has written: of them the opt-out alone
            return self._nobody(recording, row or {})
        if "aliasOf" in row:
            held = _all_of(self.told, keys.filed_under(row["aliasOf"]))
            return KnownCustomer(self.tenant_id, CustomerId(row["customerId"]), self.told, held)
        held = _holding_of(row)
        if held.has_given_up(self.told):
            return self._by_user_id_alone()
        at = time_text(recording.at)
        word = self._word(recording)
        return replace(
            self,
            customer_id=CustomerId(row["customerId"]),
            held=held,
            exists=True,
            active=month_of(recording.at) in row["activeMonths"],
            newest=at >= row["lastInteraction"],
            earliest=at < row["firstInteraction"],
            newest_opt_out=word is not None and word.supersedes(opt_out_of(row)),
            apart_from=frozenset(row.get("apartFrom", ())),
        )

    def learnt_of(self, recording: Recording, key: str, row: Mapping[str, Any]) -> KnownCustomer | TwoCustomers:
        """From the row of an identity that was taken for nobody's."""
        if "customerId" not in row:
            known = opt_out_of(row)
            strangers = {**self.strangers, **({key: known} if known else {})}
            return replace(self, strangers=strangers, newest_opt_out=True)
        if not self.exists:  # the customer is known after all
            return self.learnt(recording, row)
        if row["customerId"] == self.customer_id:  # linked meanwhile
            return replace(self, held=replace(self.held, aliases=self.held.aliases | {key}))
        if row["customerId"] in self.apart_from:
            theirs = self.told.user_id is not None and self.held.knows(self.told.user_id)
            return self._without(key) if theirs else self._by_user_id_alone()
        return TwoCustomers((self.held.key, key))

    def _nobody(self, recording: Recording, row: Mapping[str, Any]) -> KnownCustomer:
        key, word = self.held.key, self._word(recording)
        as_told = key == recording.message.sender.key
        return replace(
            self,
            customer_id=recording.customer_id if as_told else first_customer_id(self.tenant_id, key),
            held=Holding(key),
            exists=False,
            active=False,
            newest=True,
            earliest=True,
            newest_opt_out=word is not None and word.supersedes(opt_out_of(row)),
        )

    def _by_user_id_alone(self) -> KnownCustomer:
        """The phone leads to somebody else; only a message that tells a user id comes here."""
        key = self.told.user_id or self.told.filed_under
        told = replace(self.told, keys=(key,), filed_under=key)
        return KnownCustomer(self.tenant_id, first_customer_id(self.tenant_id, key), told, _all_of(told, key))

    def _without(self, key: str) -> KnownCustomer:
        told = replace(self.told, keys=tuple(one for one in self.told.keys if one != key))
        return replace(self, told=told)

    def _word(self, recording: Recording) -> OptOut | None:
        """The newest on offers, of the message's own and those kept of strangers who turn out to be this customer."""
        words = [*self.strangers.values(), *((recording.opt_out,) if recording.opt_out else ())]
        return max(words, key=lambda word: word.rank, default=None)

    # --- the actions of the transaction ---

    def update(self, table: str, recording: Recording) -> dict[str, Any]:
        """Last interaction never goes back, first never forward."""
        sender, at = recording.message.sender, time_text(recording.at)
        sets = {
            "tenantId": self.tenant_id,
            "customerId": self.customer_id,
            "phone": self.identity.phone,
            "userId": self.identity.user_id,
            "movedBy": self._after.moved_by or None if self.told.moved_by else None,
            "profileName": sender.profile_name and storable(sender.profile_name, _MOST_CHARACTERS_OF_A_NAME),
            "username": sender.username and storable(sender.username, _MOST_CHARACTERS_OF_A_NAME),
            "lastInteraction": at if self.newest else None,
            "firstInteraction": at if self.earliest else None,
        }
        word = self._word(recording)
        opt_out = opt_out_attributes(word) if word else {}
        sets |= opt_out if self.newest_opt_out else {}
        conditions, values = self._conditions(recording, at)
        if opt_out and self.newest_opt_out:
            conditions.append(NEWEST_OPT_OUT)
        elif opt_out:
            conditions.append("optOutChange >= :optOutChange")
            values[":optOutChange"] = opt_out["optOutChange"]
        linked = {keys.filed(self.tenant_id, key)["phoneNumber"] for key in self.to_link}
        return update(
            table,
            keys.filed(self.tenant_id, self.held.key),
            sets,
            adds={
                "messageCount": 1,
                **({} if self.active else {"activeMonths": {month_of(recording.at)}}),
                **({"aliases": linked} if linked else {}),
            },
            removes=("phone",) if self.phone_is_gone else (),
            condition=" AND ".join(conditions),
            values=values,
        )

    def links(self, table: str) -> Iterator[dict[str, Any]]:
        """An alias row for each identity that is new: the first meeting alone writes it."""
        alias = {
            "tenantId": self.tenant_id,
            "customerId": self.customer_id,
            "aliasOf": keys.filed(self.tenant_id, self.held.key)["phoneNumber"],
        }
        for key in self.to_link:
            condition, values = "attribute_not_exists(phoneNumber)", {}
            if key in self.strangers:
                condition = "attribute_not_exists(customerId) AND #optOutChange = :known"
                values = {":known": keys.opt_out_change(self.strangers[key])}
            removes = OPT_OUT if key in self.strangers else ()
            row = keys.filed(self.tenant_id, key)
            yield update(table, row, alias, removes=removes, condition=condition, values=values)

    def _conditions(self, recording: Recording, at: str) -> tuple[list[str], dict[str, Any]]:
        if not self.exists:
            return ["attribute_not_exists(customerId)"], {}
        conditions = [
            "customerId = :customerId",
            "contains(activeMonths, :month)" if self.active else "NOT contains(activeMonths, :month)",
            "lastInteraction <= :at" if self.newest else "lastInteraction > :at",
        ]
        if self.earliest:
            conditions.append("firstInteraction > :at")
        values = {":customerId": self.customer_id, ":month": month_of(recording.at), ":at": at}
        for name, believed in self._believed().items():
            conditions.append(f"{name} = :believed_{name}" if believed else f"attribute_not_exists({name})")
            values |= {f":believed_{name}": believed} if believed else {}
        for n, key in enumerate(key for key in self.told.keys if key in self.held.aliases):
            conditions.append(f"contains(aliases, :alias_{n})")
            values[f":alias_{n}"] = keys.filed(self.tenant_id, key)["phoneNumber"]
        return conditions, values

    def _believed(self) -> dict[str, str | None]:
        """What the message tells must be what is held; where it changes that, all of it must be as it was seen."""
        told, held = self.told, self.held
        if not told.moved_by and told.phone in {None, held.phone} and told.user_id in {None, held.user_id}:
            current = {"phone": told.phone, "userId": told.user_id}
            return {name: value for name, value in current.items() if value}
        return {"phone": held.phone, "userId": held.user_id, "movedBy": held.moved_by or None}


def _all_of(told: Told, key: str) -> Holding:
    """The row of a customer who holds all that the message tells: nothing of it is new."""
    return Holding(key, told.phone, told.user_id, frozenset(told.keys) - {key}, told.moved_by)
