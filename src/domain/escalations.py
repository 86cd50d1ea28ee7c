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
    UNANSWERED = "unanswered"
    """Whatever failed: a message has waited for its answer for too long."""


class Priority(StrEnum):
    NORMAL = "normal"
    HIGH = "high"


DECIDED_BY_ASSISTANT = frozenset(
    {
        EscalationReason.NO_ANSWER,
        EscalationReason.SEND_FAILED,
        EscalationReason.REPLY_UNCERTAIN,
        EscalationReason.UNANSWERED,
    }
)
"""The others follow from what the customer wrote."""

PRIORITIES = {
    EscalationReason.PERSON_REQUESTED: Priority.HIGH,
    EscalationReason.TENANT_KEYWORD: Priority.HIGH,
    EscalationReason.ORDER: Priority.HIGH,
    EscalationReason.COMPLAINT: Priority.HIGH,
    EscalationReason.NO_ANSWER: Priority.NORMAL,
    EscalationReason.SEND_FAILED: Priority.HIGH,
    EscalationReason.REPLY_UNCERTAIN: Priority.HIGH,
    EscalationReason.UNANSWERED: Priority.HIGH,
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
    takes_over: bool = True
    """Whether the conversation began to wait for a person with it: an order that comes while one has it does not."""

    @property
    def priority(self) -> Priority:
        return PRIORITIES[self.reason]

    @property
    def yields_to_newer(self) -> bool:
        """Whether a newer message makes it void, whose own job answers, or escalates, all that is unanswered.

        What an unclear reply was to answer is not: it may have arrived, and is not answered a second time.
        """
        return self.reason is not EscalationReason.REPLY_UNCERTAIN


_PERSON = {
    "en": r"(?:real|human|live|actual) (?:person|being|agent|operator)|(?:real|live|actual) human(?! (?:hair|body|size|skin))|"
    r"(?:talk|speak|chat|write|connect|transfer|pass|put)(?: me| us)?(?: through)?(?: to| with) "
    r"(?:a |an |the |some |your |one of your |someone from your )?(?:person|human|agents?|someone|somebody|representatives?|rep|"
    r"manager|operator|owner|seller|employees?|colleagues?|staff|team)|customer (?:service|support)|"
    r"(?:can|could|would) (?:someone|somebody|anyone) (?:please )?(?:call|contact|help) me|"
    r"(?:need|want|get)(?: me)? (?:a |an |the )?(?:human|agent|representative|operator|manager){end}",
    "es": r"persona real|(?:hablar|comunicarme|chatear|contactar|pasar?me|paseme|comuniqueme)(?: con)? (?:a |con )?"
    r"(?:una?|el|la)? ?(?:persona|humano|agente|asesora?|alguien|representante|encargad[oa]|operadora?|vendedora?)|"
    r"(?:atender|atienda|atiende)(?: a)? (?:una persona|un humano|alguien)|atencion al cliente|"
    r"(?:quiero|necesito) (?:un|una) (?:humano|agente|asesora?|operadora?|persona){end}",
    "pt": r"pessoa (?:real|de verdade)|(?:falar|conversar|contatar|me passa|me transfere|me transferir)(?: com| para)? "
    r"(?:uma?|o|a)? ?(?:pessoa|humano|atendente|agente|alguem|gerente|vendedora?|representante)|"
    r"atendimento humano|(?:quero|preciso de) (?:um|uma) (?:humano|atendente|agente|pessoa){end}",
    "fr": r"vraie personne|(?:parler|discuter|ecrire|passez moi)(?: a| avec)? "
    r"(?:une?|le|la)? ?(?:personne|humain|agent|conseillere?|quelqu un|responsable|vendeu(?:r|se))|"
    r"service client|(?:veux|voudrais|besoin d)(?: un| une)? (?:humain|agent|conseillere?){end}",
    "de": r"(?:echte[nrm]?|richtige[nrm]?) (?:person|mensch(?:en)?)|kundenservice|kundendienst|"
    r"(?:mit|zu) (?:einem|einer|nem|dem|der|jemandem) ?(?:echten |richtigen )?"
    r"(?:menschen?|person|mitarbeiter(?:in)?|agenten|berater(?:in)?|verkaufer(?:in)?)?(?: aus dem team)? ?"
    r"(?:sprechen|reden|schreiben|verbinden|chatten)|"
    r"verbinden(?: sie)?(?: mich)? mit (?:einem |einer |dem |der )?(?:menschen|person|mitarbeiter(?:in)?|berater(?:in)?|jemandem)|"
    r"(?:brauche|mochte|will) (?:einen|eine) (?:menschen|mitarbeiter(?:in)?|berater(?:in)?|person){end}",
    "ar": r"(?:اتحدث|اتكلم|اتواصل|التحدث|التواصل|الكلام|احكي|اكلم|اريد|ابغي|ابغى|عايز|بدي)(?: ان)?"
    r"(?: اتحدث| اتكلم| اتواصل| احكي| اكلم)?(?: مع| الي| الى)? ?"
    r"(?:شخصا?|انسان|موظف|مندوب|احد|حد|ممثل|البايع|المدير)(?: حقيقي)?|خدم[ةه] العملاء",
}

# Where the thing wanted could go on to be another thing ("an operator manual"), the words after it must not.
_END = r"(?= (?:please|pls|now|asap|to|who|here|instead|por|para|que|aqui|agora|s il|svp|bitte|jetzt|der|die)(?!\w)|$)"

_PERSON_ALONE = frozenset(
    "agent human person operator representative manager agente humano persona asesor operador atendente pessoa humain "
    "conseiller mensch mitarbeiter berater موظف انسان شخص".split()
)
_POLITE = frozenset(
    "please pls now hi hello hey hola por favor ola oi bonjour svp hallo bitte مرحبا فضلك من لو سمحت".split()
)

_COMPLAINT = {
    "en": r"complain(?:t|ing)?|refund(?! polic)|money back|unacceptable|disgusting|furious|scam|scammers?|fraud|rip ?off|"
    r"(?:is|was|are|were|s|came|arrived|got|received|totally|completely) (?:(?!not )\w+ ){0,2}(?:broken|damaged|defective|faulty|cracked)|"
    r"(?:broken|damaged|defective|faulty) (?:item|product|order|parcel|package|one)|"
    r"(?:terrible|awful|horrible|worst) (?:service|experience|quality|shop|store|company|seller)|"
    r"(?:is|was|s) (?:so |really |just |absolutely )?(?:terrible|awful|horrible|the worst)|"
    r"never (?:arrived|came(?! across)|received)|(?:has|have|hasn t|haven t|did|didn t)(?: not)?(?: yet)? (?:arrived yet|not arrived)|"
    r"(?:hasn t|haven t|didn t|not)(?: yet)? (?:arrived?|received?)|wrong (?:item|product|order|size|colou?r|one)|"
    r"(?:i m|i am|very|so|really) angry|(?:doesn t|does not|not|stopped) work(?:ing)?(?! with)|sue you|legal action",
    "es": r"quej(?:a|as|o|arme)|reclam(?:o|ar|acion)|reembols\w*|(?:devolver|devuelvan)(?:me)? (?:el|mi) dinero|defectuos[oa]s?|"
    r"estafa\w*|fraude|inaceptable|pesim[oa]|verguenza|demandar|denunciar|"
    r"(?:quiero|necesito|exijo|solicito) (?:\w+ ){0,2}devolucion|"
    r"(?:llego|llegaron|vino|esta|estaba|recibi|salio) (?:\w+ ){0,2}(?:rot|danad|equivocad)[oa]s?|"
    r"(?:producto|articulo|pedido|talla|color) (?:equivocad|rot|danad)[oa]|"
    r"(?:servicio|atencion|experiencia|calidad) (?:\w+ )?(?:terrible|horrible|mal[oa])|"
    r"(?:no|nunca) (?:me )?(?:ha |han )?lleg(?:a|o|ado|aron)|estoy (?:muy )?(?:enfadad|enojad|molest)[oa]|no funciona",
    "pt": r"reclam(?:acao|ar)|reembols\w*|dinheiro de volta|com defeito|defeituos[oa]s?|golpistas?|(?:e|foi) (?:um )?golpe|fraude|"
    r"inaceitavel|pessim[oa]|(?:e|que) (?:um )?absurdo|procon|quero (?:\w+ ){0,2}devol(?:ver|ucao)|"
    r"(?:chegou|veio|esta|estava|recebi) (?:\w+ ){0,2}(?:quebrad|danificad|estragad|errad)[oa]s?|"
    r"(?:produto|pedido|item|tamanho) (?:errad|quebrad|danificad)[oa]|(?:atendimento|servico|qualidade) horrivel|"
    r"(?:nao|nunca) (?:me )?(?:chegou|recebi|veio)|nao funciona",
    "fr": r"plainte|reclamation|rembours\w*|endommage[es]*|defectueu(?:x|se)s?|arnaque\w*|fraude|inacceptable|honteux|decu[es]*|"
    r"(?:est|sont|etait|arrive\w*|recu\w*|produit|article|colis) (?:\w+ )?casse[es]*(?! (?:noix|noisettes?))|"
    r"(?:service|qualite|experience) (?:\w+ )?horrible|mauvaise? (?:article|produit|taille|commande|couleur)|"
    r"(?:jamais|pas)(?: encore)? (?:recu|arrive)[es]*|(?:fonctionne|marche) (?:pas|plus)",
    "de": r"beschwer(?:de\w*|en)|reklamation\w*|reklamier\w*|erstatt\w*|geld zuruck|kaputt\w*|beschadigt\w*|defekt\w*|betrug|"
    r"betruger\w*|unverschamt\w*|inakzeptabel|enttausch\w*|(?:schreckliche|furchtbare)[rs]? (?:service|qualitat|erfahrung)|"
    r"(?:service|qualitat) (?:ist |war )?(?:schrecklich|furchtbar)|(?:nie|nicht) (?:angekommen|erhalten|geliefert|bekommen)|"
    r"falsche[rsnm]? (?:artikel|ware|grosse|produkt|farbe)|funktionier(?:t|en) (?:nicht|nie)",
    "ar": r"شكو[ىي]|(?:ال)?استرجاع|(?:ال)?استرداد|اموالي|فلوسي|مكسور[ةه]?|تالف[ةه]?|معيب[ةه]?|(?:هذا|انتم|عملي[ةه]) نصب|نصابين|"
    r"و?احتيال|محامي|غير مقبول[ةه]?|سي[ءي][ةه]?|(?:لم|ما) (?:يصل|تصل|يصلني|تصلني|وصل|وصلت|وصلني|استلم|استلمت)|لا يعمل",
}

# What stands before a phrase and turns it round: "I don't need | an agent", "es ist nicht | defekt".
_NEGATED = re.compile(
    r"(?<!\w)(?:don t|do not|dont|didn t|no|not|nao|pas|nicht|kein\w*|without|sin|sem|sans|ohne|لا|ليس)"
    r"(?: (?:want|need|have|like)(?: to)?| quiero| necesito| hace falta| quero| preciso| besoin de| an?| una?| uma?| une)? $"
)
_CLAUSE_END = re.compile(r"[.,;:!?¡¿،؛؟…\n]+")


def _whole_words(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(patterns).replace("{end}", _END) + r")(?!\w)")


_ASKS_FOR_PERSON = _whole_words(_PERSON.values())
_COMPLAINS = _whole_words(_COMPLAINT.values())


def asks_for_person(words: str) -> bool:
    return any(_asks_alone(clause) or _says(_ASKS_FOR_PERSON, clause) for clause in _clauses(words))


def complains(words: str) -> bool:
    return any(_says(_COMPLAINS, clause) for clause in _clauses(words))


def _clauses(words: str) -> list[str]:
    """Folded, one by one: "No, an agent!" is another thing than "no agent"."""
    return [fold(clause) for clause in _CLAUSE_END.split(words)]


def _asks_alone(clause: str) -> bool:
    said = set(clause.split()) - _POLITE
    return len(said) == 1 and said <= _PERSON_ALONE


def _says(phrases: re.Pattern[str], clause: str) -> bool:
    return any(not _NEGATED.search(clause, 0, found.start()) for found in phrases.finditer(clause))


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
