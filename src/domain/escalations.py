"""When a person must look, and why.

The rules are plain phrases: they work when no model does, and a seller can read why they fired. To add a language,
add its line to each table; phrases are written folded (see `languages.fold`): lower case, no accents.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.customers import CustomerId
from domain.languages import fold
from domain.messages import InboundMessage, MessageId, Order, Position, words_of
from domain.tenants import PhoneNumberId, Tenant, TenantId


class EscalationReason(StrEnum):
    PERSON_REQUESTED = "person_requested"
    TENANT_KEYWORD = "tenant_keyword"
    ORDER = "order"
    COMPLAINT = "complaint"
    NO_ANSWER = "no_answer"
    """The assistant has nothing that it could say truthfully."""
    SEND_FAILED = "send_failed"
    """Meta refused the assistant's answer."""
    REPLY_UNCERTAIN = "reply_uncertain"
    """Nobody knows whether the answer was sent; it is not sent again."""


class Priority(StrEnum):
    NORMAL = "normal"
    HIGH = "high"


PRIORITIES = {
    EscalationReason.PERSON_REQUESTED: Priority.HIGH,
    EscalationReason.TENANT_KEYWORD: Priority.HIGH,
    EscalationReason.ORDER: Priority.HIGH,
    EscalationReason.COMPLAINT: Priority.HIGH,
    EscalationReason.NO_ANSWER: Priority.NORMAL,
    EscalationReason.SEND_FAILED: Priority.HIGH,
    EscalationReason.REPLY_UNCERTAIN: Priority.HIGH,
}


@dataclass(frozen=True, slots=True)
class Escalation:
    """One call for a person. It is stored first and published then, so that a topic that is down loses nothing.

    Its id is the id of the message that caused it: one message calls a person once.
    """

    tenant_id: TenantId
    phone_number_id: PhoneNumberId
    customer_id: CustomerId
    message_id: MessageId
    position: Position
    reason: EscalationReason
    at: datetime

    @property
    def priority(self) -> Priority:
        return PRIORITIES[self.reason]


_PERSON = {
    "en": r"(?:(?:real|human|live|actual) (?:person|being|agent|human|operator)|"
    r"(?:talk|speak|chat|write|connect|transfer|pass|put)(?: me| us)?(?: through)?(?: to| with) "
    r"(?:a |an |the |some |your )?(?:person|human|agent|someone|somebody|representative|rep|manager|operator|owner|"
    r"seller|employee|colleague|staff)|customer (?:service|support)|"
    r"(?:need|want|get)(?: me)? (?:a |an |the )?(?:human|agent|representative|operator|manager))",
    "es": r"(?:persona real|(?:hablar|comunicarme|chatear|contactar|pasar?me|paseme|comuniqueme)(?: con)? "
    r"(?:a |con )?(?:una?|el|la|un)? ?(?:persona|humano|agente|asesora?|alguien|representante|encargad[oa]|operador[a]?|"
    r"vendedor[a]?)|atencion al cliente|(?:quiero|necesito) (?:un|una) (?:humano|agente|asesora?|operador[a]?|persona))",
    "pt": r"(?:pessoa (?:real|de verdade)|(?:falar|conversar|contatar|me passa|me transfere)(?: com| para)? "
    r"(?:uma?|o|a)? ?(?:pessoa|humano|atendente|agente|alguem|gerente|vendedora?|representante)|"
    r"atendimento humano|(?:quero|preciso de) (?:um|uma) (?:humano|atendente|agente|pessoa))",
    "fr": r"(?:vraie personne|(?:parler|discuter|ecrire|passez moi)(?: a| avec)? "
    r"(?:une?|le|la)? ?(?:personne|humain|agent|conseillere?|quelqu un|responsable|vendeu(?:r|se))|"
    r"service client|(?:veux|voudrais|besoin d)(?: un| une)? (?:humain|agent|conseillere?))",
    "de": r"(?:(?:echte[nrm]?|richtige[nrm]?) (?:person|mensch(?:en)?)|(?:mit|zu) (?:einem|einer|nem|dem|der|jemandem) ?"
    r"(?:echten |richtigen )?(?:menschen?|person|mitarbeiter(?:in)?|agenten|berater(?:in)?|verkaufer(?:in)?)?"
    r"(?: aus dem team)? ?(?:sprechen|reden|schreiben|verbinden|chatten)|kundenservice|kundendienst|"
    r"(?:brauche|mochte|will) (?:einen|eine) (?:menschen|mitarbeiter(?:in)?|berater(?:in)?|person))",
    "ar": r"(?:(?:اتحدث|اتكلم|التحدث|الكلام|احكي|اكلم|اريد|ابغي|ابغى|عايز|بدي)(?: ان)?(?: اتحدث| اتكلم| اكلم| احكي)?"
    r"(?: مع| الي| الى)? ?(?:شخص|انسان|موظف|مندوب|احد|ممثل|البايع|المدير|شخصا)(?: حقيقي)?|خدمه العملاء|خدمة العملاء)",
}

_PERSON_ALONE = frozenset(
    "agent human person operator representative manager agente humano persona asesor operador atendente pessoa humain "
    "conseiller mensch mitarbeiter berater موظف انسان شخص".split()
)

_COMPLAINT = {
    "en": r"(?:complain(?:t|ing)?|refund|money back|broken|damaged|defective|faulty|scam|fraud|lawyer|unacceptable|"
    r"terrible|awful|disgusting|worst|never (?:arrived|came)|(?:still )?(?:has|have) not arrived|hasn t arrived|"
    r"wrong (?:item|product|order|size)|angry|furious|rip ?off)",
    "es": r"(?:queja|reclamo|reclamacion|reembolso|devolucion|devolver el dinero|rot[oa]|danad[oa]|defectuos[oa]|estafa|"
    r"fraude|abogado|inaceptable|pesim[oa]|terrible|horrible|no (?:me )?(?:ha )?lleg(?:o|ado)|equivocad[oa]|enfadad[oa]|"
    r"vergüenza|verguenza)",
    "pt": r"(?:reclamacao|reclamar|reembolso|devolucao|dinheiro de volta|quebrad[oa]|danificad[oa]|com defeito|defeituos[oa]|"
    r"golpe|fraude|advogado|inaceitavel|pessim[oa]|horrivel|nao chegou|errad[oa]|absurdo)",
    "fr": r"(?:plainte|reclamation|rembours\w*|casse[es]*|endommage[es]*|defectueu(?:x|se)|arnaque|fraude|avocat|inacceptable|"
    r"honteux|horrible|jamais (?:recu|arrive)|pas (?:encore )?(?:recu|arrive)|decu[es]*)",
    "de": r"(?:beschwer\w*|reklam\w*|erstattung|geld zuruck|kaputt\w*|beschadigt\w*|defekt\w*|betrug|anwalt|unverschamt\w*|"
    r"inakzeptabel|schrecklich|furchtbar|nie angekommen|nicht angekommen|falsche[rsn]? (?:artikel|ware|grosse|produkt)|"
    r"enttauscht)",
    "ar": r"(?:شكوي|شكوى|استرجاع|استرداد|اموالي|فلوسي|مكسور|تالف|معيب|نصب|احتيال|محامي|غير مقبول|سيء|سيي|لم يصل|ما وصل)",
}


def _whole_words(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(patterns) + r")(?!\w)")


# Folded like the text they are compared with, so that a letter that `fold` changes (ى, ß, ü) may be written as it is read.
_ASKS_FOR_PERSON = _whole_words(_PERSON.values())
_COMPLAINS = _whole_words(_COMPLAINT.values())


def asks_for_person(words: str) -> bool:
    folded = fold(words)
    return folded in _PERSON_ALONE or bool(_ASKS_FOR_PERSON.search(folded))


def complains(words: str) -> bool:
    return bool(_COMPLAINS.search(fold(words)))


def contains_keyword(words: str, keywords: Iterable[str]) -> bool:
    """Whether one of the tenant's own keywords stands in the message, as whole words, accents and case aside."""
    padded = f" {fold(words)} "
    return any(f" {folded} " in padded for folded in map(fold, keywords) if folded)


def reason_to_escalate(message: InboundMessage, tenant: Tenant) -> EscalationReason | None:
    """The first rule that a message meets, or None. A group's talk among itself calls nobody."""
    if message.group_id is not None:
        return None
    words = words_of(message.content)
    if isinstance(message.content, Order):
        return EscalationReason.ORDER
    if asks_for_person(words):
        return EscalationReason.PERSON_REQUESTED
    if contains_keyword(words, tenant.escalation_keywords):
        return EscalationReason.TENANT_KEYWORD
    if complains(words):
        return EscalationReason.COMPLAINT
    return None
