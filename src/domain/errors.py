"""Every error of the product, in one tree.

MarketplaceError
├── TransientError              the same work may succeed later: its queue record fails and comes back
│   ├── BurstIncompleteError    the queues lag: more of the burst may still be on its way
│   ├── ServiceUnavailableError an AWS service or the network did not answer
│   ├── MediaUnavailableError   Meta does not give a file out for now
│   ├── NotDeliveredError       a seller's own webhook did not take an event
│   ├── HeldBackError           a seller's own webhook is not asked for now: others go first
│   ├── TooManyRequestsError    somebody asks more often than they may
│   └── ContentionError         others kept changing the same rows for longer than we try
├── PermanentError              will never succeed: recorded, acknowledged
│   ├── MalformedRecordError    a queue record that this product did not write
│   ├── InvalidSettingsError    what a seller's assistant is to be like cannot be
│   ├── MediaRefusedError       a customer's file that is not, and never will be, accepted
│   ├── NotAllowedError         the conversation's state does not allow what was asked for
│   │   └── ConversationChangedError it is no longer what whoever decides about it has seen
│   ├── OutboundRefusedError    what was to be sent may not be: Meta was not asked, nothing was written
│   │   ├── ContentRefusedError     it breaks one of Meta's limits, or one of its own template's
│   │   ├── OutsideWindowError      the 24-hour window is closed and it is no template
│   │   ├── TemplateRefusedError    the template is not known, not approved, paused or disabled
│   │   └── MarketingRefusedError   the customer wants no offers
│   ├── ForbiddenError          who asks has not the role for it
│   ├── NotFoundError           there is nothing under this id, or it is not this tenant's
│   ├── AlreadyExistsError      somebody has it already
│   ├── ChangedMeanwhileError   it is no longer what whoever asks has seen
│   ├── InvalidInputError       a value that is not, and never will be, accepted
│   ├── CursorRefusedError      a cursor that this route did not give to this tenant
│   ├── UnauthenticatedError    who asks has not shown who they are
│   │   └── LogInRefusedError       a log-in that ends here, or goes on otherwise: its reason says how
│   └── AccountRefusedError     Meta does not show us an account: its token, permission or id is wrong
├── ModelError                  the language model gave no answer that can be used: another assistant does
└── SendError                   what became of one call to Meta's send endpoint
    ├── SendThrottledError      refused for now: Meta did not send it, it may be tried again
    │   ├── NumberThrottledError refused for now, as all else from this number would be
    │   ├── SendHeldBackError   not offered to Meta: its time has not come
    │   └── AccessTokenUnreadableError not offered to Meta: there is no token to show
    ├── NumberPausedError       refused until somebody mends the token, the account or the number
    ├── MessageRefusedError     refused for good, for this message alone
    │   ├── WindowClosedError   more than 24 hours since the customer wrote: only templates may be sent
    │   └── CustomerOptedOutError the customer does not want these messages
    └── SendUncertainError      no answer that can be trusted: it may have been sent, so it is never repeated

Adapters translate what their technology raises into these (`raise … from`). On queues a transient error fails the
record, a permanent one is recorded and the record acknowledged.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from domain.inbox import InboxLine
    from domain.log_in import LogInRefusal
    from domain.media import MediaRefusal
    from domain.model_use import ModelUse


class MarketplaceError(Exception):
    """Whatever this product raises on purpose."""


class TransientError(MarketplaceError):
    """The same work may succeed later."""


class BurstIncompleteError(TransientError):
    """Messages that were received together with this one may still wait to be recorded."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"look again in {seconds} s")
        self.seconds = seconds


class ServiceUnavailableError(TransientError):
    """An AWS service, or the way to it, failed or throttled us."""


class MediaUnavailableError(TransientError):
    """Meta did not answer, throttled us, or does not take our token; the file may be had later."""


class NotDeliveredError(TransientError):
    """`reason` is one word of ours: no answer of theirs is passed on."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class HeldBackError(TransientError):
    def __init__(self, until: datetime) -> None:
        super().__init__("others go first")
        self.until = until
        """Before then it need not come back."""


class TooManyRequestsError(TransientError):
    def __init__(self, seconds: int) -> None:
        super().__init__(f"too many requests: ask again in {seconds} s")
        self.seconds = seconds


class ContentionError(TransientError):
    """Others kept changing the same rows; every bounded retry lost."""


class PermanentError(MarketplaceError):
    """Trying again cannot help."""


class MalformedRecordError(PermanentError):
    """A queue record does not have the form in which this product writes them."""


class MediaRefusedError(PermanentError):
    def __init__(self, reason: MediaRefusal) -> None:
        super().__init__(reason)
        self.reason = reason


class NotAllowedError(PermanentError):
    """The state of the conversation does not allow it; the message says what would."""


class InvalidSettingsError(PermanentError):
    """`problems` names each setting that cannot be, and says what can."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


class ModelError(MarketplaceError):
    """`use` says why, and what it cost all the same."""

    def __init__(self, use: ModelUse) -> None:
        super().__init__(f"{use.model_id}: {use.fallback}")
        self.use = use


class ConversationChangedError(NotAllowedError):
    """Somebody was faster, or the customer has written since. `line`: what the conversation is now."""

    def __init__(self, line: InboxLine) -> None:
        super().__init__("the conversation is no longer as it was seen: look at it as it is now, and decide again")
        self.line = line


class OutboundRefusedError(PermanentError):
    """Refused before the call; the message says why and what to do. `code` is for programs."""

    code = "refused"


class ContentRefusedError(OutboundRefusedError):
    """`field` is in Meta's spelling; `limit` and `size` are set where it is too much, or too little."""

    code = "invalid_content"

    def __init__(self, field: str, problem: str, *, limit: int | None = None, size: int | None = None) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.limit = limit
        self.size = size


class OutsideWindowError(OutboundRefusedError):
    """`templates`: what may be sent instead, as (name, language), the customer's language first."""

    code = "window_closed"

    def __init__(self, templates: tuple[tuple[str, str], ...]) -> None:
        named = ", ".join(f"{name} ({language})" for name, language in templates)
        instead = (
            f"these templates may be sent: {named}" if named else "no approved template is known: synchronise them"
        )
        super().__init__(f"more than 24 hours since the customer wrote; {instead}")
        self.templates = templates


class TemplateRefusedError(OutboundRefusedError):
    """The catalogue's word on a template, not Meta's."""

    code = "template_not_usable"


class MarketingRefusedError(OutboundRefusedError):
    """No marketing to who opted out."""

    code = "opted_out"


class ForbiddenError(PermanentError):
    """Who asks has not the role for it. The message may be shown to them."""


class UnauthenticatedError(PermanentError):
    """No token, or none that holds. The message may be shown, and never says which check failed."""


class LogInRefusedError(UnauthenticatedError):
    def __init__(self, reason: LogInRefusal, words: str = "") -> None:
        super().__init__(words or reason)
        self.reason = reason


class NotFoundError(PermanentError):
    """There is nothing of this tenant's under this id; whether another has it is not told."""


class AlreadyExistsError(PermanentError):
    """It cannot be made, or claimed, a second time. The message may be shown."""


class ChangedMeanwhileError(PermanentError):
    """What was to be changed is no longer as it was seen: read it again, and decide again."""


class InvalidInputError(PermanentError):
    """`field` is a JSON pointer into what was sent; the message may be shown."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(problem)
        self.field = field


class CursorRefusedError(PermanentError):
    """Made up, changed, or given out for another list or another tenant."""


class AccountRefusedError(PermanentError):
    """Meta's code and words, of a call that reads an account."""


class SendError(MarketplaceError):
    """Meta did not take the message, or did not say.

    `code` is Meta's error code (None where there was no answer), `title` and `details` are Meta's own words.
    """

    def __init__(self, code: int | None, title: str, details: str = "") -> None:
        super().__init__(f"{code}: {title}" if code is not None else title)
        self.code = code
        self.title = title
        self.details = details


class SendThrottledError(SendError):
    """Definitely not sent; the same message may be tried again after a pause."""

    retry_after: int = 0
    """Seconds until then, once somebody has decided."""


class NumberThrottledError(SendThrottledError):
    """The limit that was hit is the number's, the account's or Meta's own: the next customer's message would hit it."""


class SendHeldBackError(SendThrottledError):
    """No call was made: the reply's pause has not ended, or its number was throttled a moment ago."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(None, "held back")
        self.retry_after = retry_after


class AccessTokenUnreadableError(SendThrottledError):
    """No call was made: the number's secret is missing, empty, or cannot be read for now."""


class NumberPausedError(SendError):
    """Definitely not sent; nothing can be sent from this number until somebody acts."""

    token_fingerprint: str | None = None
    """Of the access token that was used."""


class MessageRefusedError(SendError):
    """Definitely not sent, and this message never will be."""


class WindowClosedError(MessageRefusedError):
    """131047: the customer wrote more than 24 hours ago."""


class CustomerOptedOutError(MessageRefusedError):
    """131050: the customer stopped these messages."""


class SendUncertainError(SendError):
    """A time-out, a broken connection or an answer 5xx: perhaps sent, perhaps not."""
