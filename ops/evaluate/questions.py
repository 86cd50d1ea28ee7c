"""The questions, as `ops/evaluate/questions/*.jsonl` hold them, one in a line."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from domain.escalations import EscalationReason
from domain.tenants import TenantId
from ops.errors import OpsError

FOLDER = Path(__file__).parent / "questions"


class Category(StrEnum):
    RIGHT_PRODUCT = "right_product"
    RIGHT_PRICE = "right_price"
    TYPO = "typo"
    PRODUCT_ID = "product_id"
    """The seller's own number of an article, as it is, beside what contradicts it, or of an order."""
    PRICE = "price"
    """A bound of it, the cheapest, the most expensive; beside what only sounds so."""
    OUT_OF_STOCK = "out_of_stock"
    NO_SUCH_PRODUCT = "no_such_product"
    FORBIDDEN_SUBJECT = "forbidden_subject"
    INJECTION = "injection"
    ASKS_FOR_PERSON = "asks_for_person"


class Outcome(StrEnum):
    ANSWER = "answer"
    PERSON = "person"
    NO_REPLY = "no_reply"


class Question(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    category: Category
    language: str
    """In which it is asked, and in which an answer has to be."""
    ask: tuple[str, ...]
    """The messages of one burst."""
    outcome: tuple[Outcome, ...]
    """Any of these is right."""
    products: tuple[str, ...] = ()
    """An answer has to name each of them, with its price."""
    says_out_of_stock: bool = False
    never: tuple[str, ...] = ()
    """What an answer must not hold."""
    reason: EscalationReason | None = None
    """Why a person has to be called."""


def of_tenant(tenant_id: TenantId, folder: Path = FOLDER) -> list[Question]:
    path = folder / f"{tenant_id}.jsonl"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in folder.glob("*.jsonl")))
        raise OpsError(f"there are no questions for {tenant_id}", f"there are some for {known}")
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_question(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]


def tenants(folder: Path = FOLDER) -> list[TenantId]:
    return [TenantId(file.stem) for file in sorted(folder.glob("*.jsonl"))]


def _question(path: Path, number: int, line: str) -> Question:
    try:
        return Question.model_validate_json(line)
    except ValidationError as error:
        raise OpsError(f"{path.name}, line {number}: {error.errors()[0]['msg']}") from error
