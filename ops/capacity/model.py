"""From messages a second to use of each quota, and to dollars a month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from domain.language_models import Prices
from ops.capacity import quotas
from ops.capacity.counted import ANSWERED, LOG_BYTES, RECEIVED, STATUSES, STATUSES_OF_AN_ANSWER, SUPERSEDED
from ops.capacity.quotas import MILLION, Quota

MONTH_SECONDS = 30 * 24 * 3600
SECONDS = {"webhook": 0.03, "message_handler": 0.15, "reply_handler": 1.0, "status_handler": 0.05}
"""Of one invocation; of the reply handler, for one that answers."""
SUPERSEDED_SECONDS = 0.05
GB = {"webhook": 1.0, "message_handler": 0.5, "reply_handler": 0.5, "status_handler": 0.5}
"""Of memory, as template.yaml says."""
_TOKEN_SECONDS = 300
_READ_UNITS = {"Query": 4, "BatchGetItem": 1, "GetItem": 1}
_SQS_CALLS = 3
"""Of a message: sent, received, deleted."""


@dataclass(frozen=True)
class Load:
    messages: float
    """That customers send, all tenants together, a second."""
    tenants: int
    answered_share: float = 0.6
    """The others are superseded: a later message of their burst is answered."""
    busiest_share: float | None = None
    """Of all messages, the busiest tenant's. None: all tenants have as many."""
    handed_over_share: float = 0.05
    seconds: Mapping[str, float] = field(default_factory=lambda: SECONDS)
    number_limit: float = quotas.WHATSAPP.limit
    model_prices: Prices | None = None
    """Of the model that answers; None: the catalogue assistant does, which costs nothing."""
    model_tokens_per_minute: float | None = None
    meta_fee: float | None = None
    """Dollars for an answer."""

    @property
    def answers(self) -> float:
        return self.messages * self.answered_share

    @property
    def busiest(self) -> float:
        return 1 / self.tenants if self.busiest_share is None else self.busiest_share


@dataclass(frozen=True)
class Use:
    quota: Quota
    use: float
    breaks_at: float | None
    """Messages a second; None where nothing is used."""

    @property
    def share(self) -> float:
        return self.use / self.quota.limit


def rates(load: Load) -> dict[str, float]:
    """A second, by the names of `counted`."""
    parts: Iterable[tuple[Counter[str], float]] = (
        (RECEIVED, load.messages),
        (SUPERSEDED, load.messages - load.answers),
        (ANSWERED, load.answers),
        (STATUSES, load.answers),
    )
    total: dict[str, float] = {}
    for counted, rate in parts:
        for what, times in counted.items():
            total[what] = total.get(what, 0.0) + times * rate
    return total


def busy_seconds(load: Load) -> dict[str, float]:
    """Of each function in a second, which is how many of it run at once."""
    rate = rates(load)
    busy = {name: rate[f"{name} lambda Invoke"] * seconds for name, seconds in load.seconds.items()}
    superseded = (load.messages - load.answers) * SUPERSEDED_SECONDS
    return busy | {"reply_handler": load.answers * load.seconds["reply_handler"] + superseded}


def uses(load: Load) -> list[Use]:
    """The one that breaks first stands first. All grow as the messages do: each breaks where that ends."""
    rate, busy = rates(load), busy_seconds(load)
    by_workers = busy["reply_handler"] * load.tenants / _TOKEN_SECONDS
    tables = {what.removeprefix("written "): n for what, n in rate.items() if what.startswith("written ")}
    used = [
        (quotas.LAMBDA, sum(busy.values())),
        (quotas.SQS_FIFO, rate["message_handler sqs SendMessage"]),
        *((_of_table(table), units) for table, units in tables.items() if "/" not in table),
        (quotas.USAGE_PARTITION, tables["tenant-usage"] * load.busiest),
        (quotas.CUSTOMERS_INDEX, tables["customers/TenantCustomersIndex"] * load.busiest),
        (quotas.INBOX_INDEX, tables["conversations/InboxIndex"] * load.busiest),
        (quotas.DUE_INDEX, tables["conversations/DueIndex"]),
        (quotas.SNS, load.messages * load.handed_over_share),
        (quotas.SECRETS, min(load.answers, by_workers)),
        (replace(quotas.WHATSAPP, limit=load.number_limit), (load.messages + load.answers) * load.busiest),
    ]
    if load.model_tokens_per_minute is not None:
        tokens = (quotas.TOKENS_IN + quotas.TOKENS_OUT) * load.answers * 60
        used.append((replace(quotas.BEDROCK, limit=load.model_tokens_per_minute), tokens))
    found = [Use(quota, use, load.messages * quota.limit / use if use else None) for quota, use in used]
    return sorted(found, key=lambda use: use.share, reverse=True)


def _of_table(table: str) -> Quota:
    return replace(quotas.TABLE_WRITES, name=quotas.TABLE_WRITES.name.format(table))


def monthly_dollars(load: Load) -> dict[str, float]:
    """By service. Storage, backups, alarms and what leaves AWS are not in it, nor any free tier."""
    rate, busy = rates(load), busy_seconds(load)
    invocations = sum(n for what, n in rate.items() if what.endswith(" Invoke"))
    written = sum(n for what, n in rate.items() if what.startswith("written "))
    read = sum(_READ_UNITS.get(what.rpartition(" ")[2], 0) * n for what, n in rate.items())
    statuses = load.answers * STATUSES_OF_AN_ANSWER  # on a standard queue
    fifo = rate["webhook sqs SendMessageBatch"] - statuses + rate["message_handler sqs SendMessage"]
    sqs = fifo * quotas.SQS_FIFO_REQUESTS + statuses * quotas.SQS_REQUESTS
    a_second = {
        "Lambda": sum(GB[name] * n for name, n in busy.items()) * quotas.LAMBDA_GB_SECOND
        + invocations * quotas.LAMBDA_REQUESTS / MILLION,
        "DynamoDB": (written * quotas.DYNAMODB_WRITES + read * quotas.DYNAMODB_READS) / MILLION,
        "SQS": _SQS_CALLS * sqs / MILLION,
        "SNS": load.messages * load.handed_over_share * quotas.SNS_PUBLISHES / MILLION,
        "CloudWatch Logs": load.messages * LOG_BYTES * quotas.LOGS_GB / 1e9,
    }
    if (prices := load.model_prices) is not None:
        micro_dollars = (quotas.TOKENS_IN * prices.input + quotas.TOKENS_OUT * prices.output) / MILLION
        a_second["Bedrock"] = load.answers * micro_dollars / MILLION
    if load.meta_fee is not None:
        a_second["Meta"] = load.answers * load.meta_fee
    month = {service: dollars * MONTH_SECONDS for service, dollars in a_second.items()}
    return month | {"Secrets Manager": (load.tenants + 1) * quotas.SECRET_MONTH}
