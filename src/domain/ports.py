"""What the use cases need of the world.

Every method on tenant data takes the tenant first: the scope is put in by code. Adapters raise only
`domain.errors`; what a method says of the rows holds for each adapter and each fake (tests/contracts).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from domain.catalogue import EVERYTHING

if TYPE_CHECKING:  # annotations alone: no function pays for the things of another
    from domain.account_alerts import AccountAlert
    from domain.amendments import Amendments, Waited, Waiting
    from domain.assistants import Draft, Turn
    from domain.audit_trail import AuditEntry
    from domain.catalogue import Hit, Product, ProductId, SearchFilter
    from domain.conversations import (
        Amended,
        BurstChange,
        Conversation,
        Handover,
        OwnedBy,
        Recorded,
        RecordedBecause,
        Recording,
        ReplyJob,
        Thread,
        ThreadMessage,
        TwoCustomers,
    )
    from domain.customers import CustomerId, CustomerIdentity
    from domain.deliveries import Delivery, Progress
    from domain.dispatches import Dispatch, Sent
    from domain.due import DueItem
    from domain.embeddings import Embedding, Vector
    from domain.escalations import Escalation
    from domain.findings import Finding
    from domain.media import (
        AwaitedMedia,
        Media,
        MediaFile,
        MediaId,
        MediaJob,
        MediaKey,
        MediaKind,
        MediaRefusal,
        StoredMedia,
    )
    from domain.merging import Merge, Party, Split, Splittable
    from domain.messages import Echo, MessageId, Position
    from domain.model_use import ModelUse, Spent
    from domain.opt_out import OptOut
    from domain.outbound import Content
    from domain.ownership import OwnerChange
    from domain.product_indexes import BuildNumber, IndexedProduct, ProductIndexVersion
    from domain.replies import Reply, ReplyId, SendOutcome
    from domain.templates import MessageTemplate, TemplateNews
    from domain.tenants import PhoneNumberId, SendingPause, Tenant, TenantId, WhatsAppNumber
    from domain.tombstones import Erased
    from domain.waits import Wait


class Tenants(Protocol):
    def number(self, phone_number_id: PhoneNumberId) -> WhatsAppNumber | None:
        """The number and its owner; None where no tenant, or more than one, claims it."""

    def of_waba(self, waba_id: str) -> TenantId | None:
        """The tenant of a WhatsApp Business Account; None where none, or more than one, claims it."""

    def remember(self, number: WhatsAppNumber) -> None:
        """What this worker has just learnt of a number, and is to believe from now on: the tables have it already."""


class Customers(Protocol):
    def find(self, tenant_id: TenantId, identity: CustomerIdentity) -> CustomerId | None:
        """Who is known by this identity: by the BSUID first, then by the phone."""


class Identities(Protocol):
    def party(self, tenant_id: TenantId, key: str) -> Party | None:
        """Who is known by this phone or BSUID, with the conversation, read consistently."""

    def merge(self, tenant_id: TenantId, merge: Merge) -> bool:
        """Makes one customer of two, in one step. False, and nothing written, if either has changed since."""

    def splittable(self, tenant_id: TenantId, former: CustomerId) -> Splittable | None:
        """The merge in which this customer went into another; None where there is none, or it has been undone."""

    def split(self, tenant_id: TenantId, split: Split) -> bool:
        """Makes two customers again, in one step. False, and nothing written, if either has changed since."""


class Conversations(Protocol):
    def record(self, tenant_id: TenantId, recording: Recording) -> Recorded | OwnedBy | Waited | TwoCustomers | Erased:
        """Stores message, customer, conversation, usage and escalation in one transaction, unless the message is known.

        Nothing was written where `recording` took something for other than it is: the conversation (`OwnedBy`), what
        waited for the message (`Waited`), or two customers, who are to be merged first, for one (`TwoCustomers`); nor
        where somebody whom it names has been erased since it was sent (`Erased`).
        """

    def thread(self, tenant_id: TenantId, customer_id: CustomerId) -> Thread | None:
        """The state and the newest entries, read consistently.

        Of a customer who was merged into another: the other's. Both show the entries of all who were merged.
        """

    def hand_over(self, tenant_id: TenantId, handover: Handover, escalation: Escalation) -> bool:
        """From the assistant to a waiting person, with the escalation.

        False, and nothing written, if another owns it, or if a newer message waits and the escalation yields to it.
        """

    def leave_unanswered(
        self, tenant_id: TenantId, job: ReplyJob, burst: Sequence[ThreadMessage], because: RecordedBecause
    ) -> bool:
        """Closes a burst that needs no reply, and notes why on each message; False if a newer message has come."""

    def pending_escalation(self, tenant_id: TenantId, customer_id: CustomerId, position: Position) -> Escalation | None:
        """The escalation that a message caused, while it is not published."""

    def escalation_published(self, tenant_id: TenantId, escalation: Escalation) -> None: ...

    def change_owner(self, tenant_id: TenantId, change: OwnerChange, seen: Conversation) -> bool:
        """Stores the change with the new state, on condition that the conversation still is as it was seen.

        False, and nothing written, if its owner has changed since; or if a message has come since that waits for an
        answer, unless a person takes over. So who gives it back, or closes it, has seen every message so far, and none
        of them waits for an answer any longer.
        """

    def owner_change_published(self, tenant_id: TenantId, change: OwnerChange) -> None: ...


class SendLedger(Protocol):
    def claim(self, tenant_id: TenantId, job: ReplyJob, reply: Reply, language: str) -> bool:
        """Writes the reply in SENDING.

        False, and nothing written, if anyone has claimed it before, the conversation changed hands, or (for an
        answer) a newer message has come.
        """

    def note_person(self, tenant_id: TenantId, customer_id: CustomerId, echo: Echo) -> None:
        """Keeps what a person wrote from the phone app. The same message is kept once."""

    def claim_send(self, tenant_id: TenantId, job: ReplyJob, reply: Reply, dispatch: Dispatch) -> bool:
        """Writes what a person or the seller's system sends, in SENDING, and that its key is used.

        False, and nothing written, if the key has been used in this conversation, or if a person sends and the
        conversation is not theirs.
        """

    def sent_under(self, tenant_id: TenantId, customer_id: CustomerId, key: str) -> Sent | None:
        """What a key was used for, as it stands now."""

    def settle(self, tenant_id: TenantId, job: ReplyJob, reply: Reply, outcome: SendOutcome) -> None:
        """Moves a claimed reply on from SENDING; with SENT, its WhatsApp id becomes known and the reply is counted."""


class DueItems(Protocol):
    def overdue(self, now: datetime, limit: int) -> Iterable[DueItem]:
        """Of all tenants: what has been due for longer than the patience with its kind, older first, at most so many.

        One that is not overdue yet keeps no other from being found.
        """

    def owner_change(self, tenant_id: TenantId, item: DueItem) -> OwnerChange | None:
        """The change of owner that is due, while it is not published."""

    def settled(self, tenant_id: TenantId, item: DueItem) -> None:
        """It is due no longer, unless it has become due anew since it was found."""


class Waits(Protocol):
    """One row for each hand-over. It begins with `Conversations.record` or `hand_over`, due at once, and ends, due no
    longer, with `change_owner`."""

    def find(self, tenant_id: TenantId, item: DueItem) -> Wait | None:
        """The wait that is due; None where it no longer is."""

    def decide(self, tenant_id: TenantId, wait: Wait) -> bool:
        """Writes down its step, there and in the conversation's state; it stays due.

        False, and nothing written, if the wait is no longer due since `due_at`, or the conversation does not wait for
        this hand-over any longer, or the step has been decided before.
        """

    def go_on(self, tenant_id: TenantId, wait: Wait, due_at: datetime | None) -> None:
        """Writes down what became of the step, and when the wait is due next; None: never again.

        Nothing is written if the wait is no longer due since `wait.due_at`, or another step has been decided.
        """


class Deliveries(Protocol):
    def known(self, tenant_id: TenantId, message_id: MessageId) -> Delivery: ...

    def save(self, tenant_id: TenantId, known: Delivery, progress: Progress) -> bool:
        """Stores the delivery, meters it, and shows it on its reply, as far as the progress reaches.

        False if `known` is not, or no longer, what is stored. It may be what is expected: then it is not read before.
        """


class OptOuts(Protocol):
    def current(self, tenant_id: TenantId, identity: CustomerIdentity) -> OptOut | None:
        """What holds of offers, of whoever is filed under this identity; None where there never was a word on them."""

    def keep(self, tenant_id: TenantId, identity: CustomerIdentity, opt_out: OptOut) -> None:
        """Keeps it in the customer's history, once, and makes it their state unless that is newer.

        Of somebody who never wrote it is kept all the same: no customer comes of it, and it holds from their first
        message on. Of somebody who has been erased since, it is not.
        """


class Escalations(Protocol):
    def publish(self, escalation: Escalation) -> None:
        """To everyone who subscribed. At least once."""


class HandoffNotifications(Protocol):
    def publish(self, change: OwnerChange) -> None:
        """Every change of owner, to everyone who subscribed. At least once."""


class ReplyJobs(Protocol):
    def put(self, job: ReplyJob) -> None:
        """After a short delay, so that a burst is complete. In the conversation's order."""


class QuarantineReason(StrEnum):
    UNKNOWN_NUMBER = "unknown_number"
    UNKNOWN_ACCOUNT = "unknown_account"
    SUSPENDED_TENANT = "suspended_tenant"
    MALFORMED = "malformed"
    DISCARDED = "discarded"
    """An operator took it off a dead-letter queue for good."""


def quarantine_id(*names: str) -> str:
    """Of a message by number and id, of a status by number, id and status: what `Quarantine.keep` files it under."""
    return "#".join(names)


@dataclass(frozen=True, slots=True)
class AccountEvent:
    """A webhook update that is neither message nor status: account, template, number, preference, or of a new kind."""

    event_id: str
    field: str
    received_at: datetime
    waba_id: str
    phone_number_id: PhoneNumberId | None
    value: Mapping[str, Any]
    opt_outs: tuple[tuple[CustomerIdentity, OptOut], ...] = ()
    """What it tells of customers who want no more offers, or want them again."""
    templates: tuple[TemplateNews, ...] = ()
    """What it tells of message templates."""


class Quarantine(Protocol):
    def keep(self, update_id: str, reason: QuarantineReason, raw: Mapping[str, Any], received_at: datetime) -> bool:
        """What belongs to no active tenant, kept for the operator. The same update is kept once. Whether it is new."""


class AccountEvents(Protocol):
    def keep(self, tenant_id: TenantId, event: AccountEvent) -> None:
        """The same event is kept once."""


class TemplateCatalogue(Protocol):
    """Deleted templates are told, too: their status says so."""

    def find(self, tenant_id: TenantId, waba_id: str, name: str, language: str) -> MessageTemplate | None: ...

    def of_account(self, tenant_id: TenantId, waba_id: str) -> list[MessageTemplate]: ...

    def save(self, tenant_id: TenantId, known: MessageTemplate | None, template: MessageTemplate) -> bool:
        """Stores it with the next version; False if `known` is no longer what is stored."""


class AccountTemplates(Protocol):
    def read(self, number: WhatsAppNumber, at: datetime) -> Sequence[TemplateNews]:
        """All of the number's account, as Meta tells them at `at`; all or nothing.

        Raises `ServiceUnavailableError`, and `AccountRefusedError` where asking again cannot help.
        """


class MessageAmendments(Protocol):
    """What becomes of messages after they were sent: on the message's own row, or waiting until it comes."""

    def find(self, tenant_id: TenantId, message_id: MessageId) -> Amended | Waiting | None:
        """The message, read consistently; where it has not come, what waits for it.

        None: other software sent it, and nothing here will ever show it.
        """

    def wait(self, tenant_id: TenantId, message_id: MessageId, seen: Waiting, waiting: Waiting) -> bool:
        """Keeps it until the message comes; False if that has happened, or if not `seen` is what waits."""

    def save(
        self, tenant_id: TenantId, seen: Amended, amendments: Amendments, burst: BurstChange | None = None
    ) -> bool:
        """Shows it on the message's row, with what follows for its burst; False if either has changed since."""


class Messenger(Protocol):
    def mark_read(self, number: WhatsAppNumber, message_id: MessageId) -> None:
        """Read receipt, with the typing indicator. Raises `SendError`."""

    def send(
        self,
        number: WhatsAppNumber,
        recipient: CustomerIdentity,
        content: Content,
        callback_data: ReplyId,
        *,
        in_reply_to: MessageId | None = None,
    ) -> MessageId:
        """Raises a `SendError` that says what became of the message."""


class NumberStates(Protocol):
    """Whether a number may send, and what Meta says of it. Each change is stored with the alert that tells of it."""

    def pause(self, tenant_id: TenantId, number: WhatsAppNumber, pause: SendingPause) -> AccountAlert | None:
        """None, and nothing written, where it is paused, or has been resumed since `pause.at`: one caller wins."""

    def resume(
        self, tenant_id: TenantId, number: WhatsAppNumber, at: datetime, entry: AuditEntry | None = None
    ) -> AccountAlert | None:
        """None, and nothing written, where the pause that `number` has is no longer the one that holds.

        `entry`: in the audit trail, where a person did it.
        """

    def flag(self, tenant_id: TenantId, alert: AccountAlert) -> None:
        """Keeps the alert, once, and shows on the numbers concerned what Meta says of them, unless that is newer."""

    def pending(self, tenant_id: TenantId, alert_id: str) -> AccountAlert | None:
        """An alert, while it is not published."""

    def told(self, tenant_id: TenantId, alert: AccountAlert) -> None: ...


class AccountAlerts(Protocol):
    def publish(self, alert: AccountAlert) -> None:
        """To everyone who subscribed. At least once."""


class AccessTokens(Protocol):
    def fingerprint(self, secret_name: str) -> str:
        """Tells one access token from another, and nothing else. Raises `ServiceUnavailableError`."""


class Assistant(Protocol):
    @property
    def takes(self) -> frozenset[MediaKind]:
        """The files that its model can look at or listen to: `Turn.attachments` offers these alone."""

    def answer(self, turn: Turn) -> Draft: ...


class CatalogueSearch(Protocol):
    def search(self, tenant_id: TenantId, question: str, limit: int, only: SearchFilter = EVERYTHING) -> list[Hit]:
        """Active products of this tenant, best first, as they are now."""

    def product(self, tenant_id: TenantId, product_id: ProductId) -> Product | None: ...

    def whole(self, tenant_id: TenantId) -> list[Product] | None:
        """Every active product, as it is now; None where there are more than are read for one question."""


class TurnCatalogue(CatalogueSearch, Protocol):
    """What is read in a turn is read once, for whoever asks in it."""

    def begin_turn(self) -> None:
        """From here on nothing is believed that was read before."""


class GroundingLog(Protocol):
    def note(self, tenant_id: TenantId, findings: Sequence[Finding], remedy: str) -> None:
        """That a draft was not grounded, of what kinds its findings were, and what was done about it."""


class MediaJobs(Protocol):
    def put(self, job: MediaJob) -> None: ...


class MediaRecords(Protocol):
    """What the row of a message says of its file."""

    def awaited(self, tenant_id: TenantId, job: MediaJob) -> AwaitedMedia | None:
        """None where it is stored or refused, or where the message is gone."""

    def stored(self, tenant_id: TenantId, job: MediaJob, stored: StoredMedia) -> bool:
        """False where the row will never tell of it: the message is gone, or its file was refused."""

    def refused(self, tenant_id: TenantId, job: MediaJob, reason: MediaRefusal) -> None:
        """Unless it is stored, or refused for another reason, already."""

    def due_again(self, tenant_id: TenantId, job: MediaJob, due_at: datetime) -> None:
        """It was asked for once more, and is not due before then."""


class MediaSource(Protocol):
    def fetch(self, number: WhatsAppNumber, media: AwaitedMedia) -> AbstractContextManager[MediaFile]:
        """The file, from Meta's hosts alone, within limits of size and time, and found to be what Meta says it is.

        Raises `MediaRefusedError` for good, `MediaUnavailableError` for now.
        """


class MediaLibrary(Protocol):
    def keep(self, tenant_id: TenantId, customer_id: CustomerId, media_id: MediaId, file: MediaFile) -> MediaKey:
        """The same file again is kept once."""

    def remove(self, tenant_id: TenantId, key: MediaKey) -> None: ...


class MediaLinks(Protocol):
    def link(self, tenant_id: TenantId, media: Media) -> str:
        """An address that gives the file out for some minutes, as an attachment, to whoever holds it.

        Raises `NotAllowedError` where nothing is stored, or not by this tenant.
        """


class Products(Protocol):
    """A tenant's catalogue, as whoever keeps it sees it."""

    def put(self, tenant_id: TenantId, products: Sequence[Product]) -> None:
        """Stores or replaces each; no two of them with the same id."""

    def ids(self, tenant_id: TenantId) -> Iterable[ProductId]: ...

    def get(self, tenant_id: TenantId, product_ids: Sequence[ProductId]) -> list[Product]:
        """Those of them that there are, active or not, in no order."""

    def all(self, tenant_id: TenantId) -> Iterable[Product]:
        """Ordered by id."""

    def delete(self, tenant_id: TenantId, product_ids: Sequence[ProductId]) -> None: ...


class Embeddings(Protocol):
    def get(self, tenant_id: TenantId, product_ids: Sequence[ProductId]) -> Mapping[ProductId, Embedding]:
        """Of those products that have one."""

    def all(self, tenant_id: TenantId) -> Iterable[Embedding]:
        """Ordered by the product's id."""

    def put(self, tenant_id: TenantId, embeddings: Sequence[Embedding]) -> None:
        """Stores or replaces each; no two of them of the same product."""

    def delete(self, tenant_id: TenantId, product_ids: Sequence[ProductId]) -> None: ...


class EmbeddingModel(Protocol):
    @property
    def name(self) -> str:
        """Vectors of one name can be compared with each other, and with no others."""

    @property
    def most_at_once(self) -> int:
        """Texts of one call of `of_products`."""

    def of_products(self, texts: Sequence[str]) -> list[Vector]: ...

    def of_question(self, text: str) -> Vector: ...


class IndexJobs(Protocol):
    def put(self, tenant_id: TenantId) -> None:
        """After a short delay, so that many changes make one index, which begins when the last of them is stored."""


class ProductIndexes(Protocol):
    def begin(self, tenant_id: TenantId) -> BuildNumber: ...

    def write(
        self, tenant_id: TenantId, build: BuildNumber, model: str, products: Iterable[IndexedProduct]
    ) -> ProductIndexVersion:
        """Nobody searches it yet."""

    def put_in_use(self, tenant_id: TenantId, version: ProductIndexVersion) -> bool:
        """False, and nothing changed, where one whose build began later is in use."""

    def in_use(self, tenant_id: TenantId) -> ProductIndexVersion | None: ...

    def discard_older(self, tenant_id: TenantId) -> None:
        """But for the one before: somebody may just be about to load it."""


class OrderStatus(Protocol):
    def status(self, tenant: Tenant, order_id: str) -> Mapping[str, str]:
        """What the seller's own system tells of an order; empty where it tells nothing, or cannot be reached."""


class ModelUsage(Protocol):
    """What language models cost a tenant in a month (`YYYY-MM`)."""

    def keep(self, tenant_id: TenantId, month: str, use: ModelUse) -> None:
        """Counts it, once for each call."""

    def spent(self, tenant_id: TenantId, month: str) -> Spent:
        """Of other workers' uses, those of the last minute may be missing."""
