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
from domain.messages import InboundMessage, MessageId, Position, as_it_says_now, words_of
from domain.tenants import PhoneNumberId, Tenant, TenantId
from domain.waiting import WaitingStep


class EscalationReason(StrEnum):
    PERSON_REQUESTED = "person_requested"
    TENANT_KEYWORD = "tenant_keyword"
    ORDER = "order"
    COMPLAINT = "complaint"
    NO_ANSWER = "no_answer"
    """The assistant has nothing that it could say truthfully."""
    NOT_GROUNDED = "not_grounded"
    """Nothing in the catalogue proves what the assistant wanted to say."""
    SEND_FAILED = "send_failed"
    """Meta refused the assistant's answer."""
    REPLY_UNCERTAIN = "reply_uncertain"
    """Nobody knows whether the answer was sent; it is not sent again."""
    WINDOW_CLOSED = "window_closed"
    """The answer was held up until Meta's 24-hour window had closed: now only a template could be sent."""
    UNANSWERED = "unanswered"
    """Whatever failed: a message has waited for its answer for too long."""
    NUMBER_PAUSED = "number_paused"
    """Nothing can be sent from the seller's number until somebody acts."""
    PLAN_LIMIT = "plan_limit"
    """The month's plan is used up, and the seller wants their people to answer then."""
    TOO_MANY_MESSAGES = "too_many_messages"
    """One customer writes more than a person does."""


class Priority(StrEnum):
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"
    """The customer has waited for too long, whatever for."""


DECIDED_BY_ASSISTANT = frozenset(
    {
        EscalationReason.NO_ANSWER,
        EscalationReason.NOT_GROUNDED,
        EscalationReason.SEND_FAILED,
        EscalationReason.REPLY_UNCERTAIN,
        EscalationReason.WINDOW_CLOSED,
        EscalationReason.UNANSWERED,
        EscalationReason.NUMBER_PAUSED,
        EscalationReason.PLAN_LIMIT,
        EscalationReason.TOO_MANY_MESSAGES,
    }
)
"""The others follow from what the customer wrote."""

PRIORITIES = {
    EscalationReason.PERSON_REQUESTED: Priority.HIGH,
    EscalationReason.TENANT_KEYWORD: Priority.HIGH,
    EscalationReason.ORDER: Priority.HIGH,
    EscalationReason.COMPLAINT: Priority.HIGH,
    EscalationReason.NO_ANSWER: Priority.NORMAL,
    EscalationReason.NOT_GROUNDED: Priority.NORMAL,
    EscalationReason.SEND_FAILED: Priority.HIGH,
    EscalationReason.REPLY_UNCERTAIN: Priority.HIGH,
    EscalationReason.WINDOW_CLOSED: Priority.HIGH,
    EscalationReason.UNANSWERED: Priority.HIGH,
    EscalationReason.NUMBER_PAUSED: Priority.HIGH,
    EscalationReason.PLAN_LIMIT: Priority.HIGH,
    EscalationReason.TOO_MANY_MESSAGES: Priority.NORMAL,
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
    repeated_as: WaitingStep | None = None
    """Where nobody has come: why it is published again. Then `at` is when that was decided."""
    waiting_since: datetime | None = None

    @property
    def priority(self) -> Priority:
        return Priority.URGENT if self.repeated_as is WaitingStep.URGENT else PRIORITIES[self.reason]

    @property
    def yields_to_newer(self) -> bool:
        """Whether a newer message makes it void, whose own job answers, or escalates, all that is unanswered.

        What an unclear reply was to answer is not: it may have arrived, and is not answered a second time.
        """
        return self.reason is not EscalationReason.REPLY_UNCERTAIN

    @property
    def void_unless_awaited(self) -> bool:
        """Whether it is about a message that still waits: none calls a person that was taken back in the meantime."""
        return self.reason in {
            EscalationReason.NO_ANSWER,
            EscalationReason.NOT_GROUNDED,
            EscalationReason.UNANSWERED,
            EscalationReason.PLAN_LIMIT,
            EscalationReason.TOO_MANY_MESSAGES,
        }


@dataclass(frozen=True, slots=True)
class _Person:
    """How one language asks for a person: the words that patterns are made of, each a list of alternatives."""

    people: str
    """Whom one may speak to."""
    reach: str
    """Verbs of speaking to, and of being passed on to."""
    between: str
    """What may stand between the verb and the person; never "my": who talks to a friend does not ask us."""
    want: str
    """Verbs of having, which only tell with one of `staff`, and nothing that goes on from it."""
    staff: str
    phrases: str
    """What asks for a person as it stands: services, "is anybody there", and word orders of this language alone."""

    def patterns(self) -> tuple[str, ...]:
        words = rf"(?:(?:{self.between}) ){{0,5}}"
        return (
            rf"(?:{self.reach}) {words}(?:{self.people})",
            rf"(?:{self.want}) {words}(?:{self.staff})(?: {_ON_THE_LINE})?{{end}}",
            self.phrases,
        )


_ON_THE_LINE = "(?:on the (?:line|phone)|al telefono|ao telefone|au telephone|am telefon|حقيقي)"

_PERSON = {
    "en": _Person(
        people=r"person(?! shaped)|humans?|agents?|someone|somebody|anyone|anybody|representatives?|rep|manager|supervisor|boss|owner|operator|"
        r"seller|employees?|colleagues?|staff|team|customer (?:service|support|care)|support",
        reach=r"(?:talk(?:ing)?|speak(?:ing)?|chat|write|connect|transfer|pass|put|forward|escalate)(?: me| us| this| it)?(?: through| over| on)?(?: to| with)",
        between="a|an|the|some|your|one of|from|real|live|actual|human",
        want=r"(?:need|want|get|give)(?: me| us)?|(?:can|could|may) i have",
        staff="person|human(?: being)?|agent|representative|operator|manager|supervisor|boss",
        phrases=r"(?:real|human|live|actual) (?:person|being|agent|operator)|(?:real|live|actual) human(?! (?:hair|body|size|skin))|"
        r"customer (?:service|support|care){end}|(?:can|could|would) (?:someone|somebody|anyone)(?: from your team)? (?:please )?(?:(?:call|contact) me|help me{end})|"
        r"(?:any|some)(?:one|body) (?:really |even |actually )?(?:there|here|around){end}|"
        r"is there (?:a person|(?:any|some)(?:one|body)) (?:who |that )?(?:i|we) (?:can|could) (?:talk|speak|chat|write)",
    ),
    "es": _Person(
        people=r"personas?|(?:ser )?humanos?|agente|asesora?|alguien|representante|encargad[oa]|operadora?|vendedora?|duen[oa]|jef[ea]|gerente|"
        r"supervisora?|ejecutiv[oa]|atencion al cliente|soporte",
        reach=r"hablar|hablo|comunica(?:n|r\w*)?|comuniqueme|chatear|contactar\w*|pasar?me|paseme|pasar con|conectar?me|transfier\w+|transfer\w+|"
        r"atender|atienda|atiende|atendid[oa]",
        between="con|a|al|por|un|una|el|la|me|algun|alguna|su|tu",
        want="quiero|quisiera|necesito",
        staff="persona|(?:ser )?humano|agente|asesora?|operadora?|encargad[oa]|supervisora?",
        phrases=r"persona real|atencion al cliente{end}|hay alguien(?: ahi| aqui| disponible| que (?:me )?(?:atienda|responda|conteste|ayude)|$)|"
        r"alguien (?:ahi|me (?:puede |podria )?(?:atiend\w+|atender|respond\w+|contest\w+)){end}",
    ),
    "pt": _Person(
        people=r"pessoas?|(?:ser )?humano|atendente|agente|alguem|gerente|vendedora?|representante|don[oa]|chefe|supervisora?|responsavel|"
        r"funcionari[oa]|suporte",
        reach=r"falar|conversar|contatar|me pass[ae]|me transfer\w+|transferir|chama|chame|chamar|atendid[oa]|atender|atenda",
        between="com|para|pra|por|um|uma|o|a|me|algum|alguma",
        want="quero|queria|preciso de|gostaria de",
        staff="(?:ser )?humano|atendente(?: humano)?|agente|pessoa|gerente|supervisora?",
        phrases=r"pessoa (?:real|de verdade)|atendimento humano|(?:tem|ha|existe) alguem(?: ai| aqui| disponivel| online)?{end}|"
        r"alguem (?:ai|(?:pode )?me (?:atend\w+|respond\w+)){end}",
    ),
    "fr": _Person(
        people=r"personne|(?:etre )?humain|agent|conseillere?|quelqu un|responsable|vendeu(?:r|se)|patron(?:ne)?|gerante?|chef|superieur|service client",
        reach=r"parler|parle|discuter|ecrire|passez moi|joindre|contacter|appeler|mett\w+ en relation",
        between="a|au|avec|un|une|le|la|l|votre|vrai|vraie",
        want="veux|voudrais|besoin d|avoir",
        staff="(?:etre )?humain|agent|conseillere?|personne|responsable",
        phrases=r"vraie personne|service client{end}|y a (?:t il )?quelqu un(?: ici| la)?{end}",
    ),
    "de": _Person(
        people=r"menschen?|person|mitarbeiter(?:in)?|agenten|berater(?:in)?|verkaufer(?:in)?|jemand(?:em|en)?|chef(?:in)?|leiter(?:in)?|"
        r"inhaber(?:in)?|besitzer(?:in)?|vorgesetzten?|kundenservice|kundendienst",
        reach=r"verbind(?:en|et|e)|sprechen|sprich|reden|durchstellen|stellen",
        between="sie|mich|uns|bitte|durch|mit|zu|zum|einem|einer|dem|der|ihrem|eurem|echten|richtigen",
        want="brauche|mochte|will|sondern|lieber",
        staff=r"(?:einen|eine) (?:echten? )?(?:menschen|mitarbeiter(?:in)?|berater(?:in)?|person|chef)",
        phrases=r"(?:den|die|ihren?|euren?) (?:chef(?:in)?|inhaber(?:in)?|besitzer(?:in)?|leiter(?:in)?|vorgesetzten) sprechen|(?:echte[nrm]?|richtige[nrm]?) (?:person|mensch(?:en)?)|kundenservice{end}|kundendienst{end}|"
        r"(?:mit|zu|zum) (?:(?:einem|einer|nem|dem|der|ihrem|eurem|echten|richtigen) ){0,3}"
        r"(?:menschen?|person|mitarbeiter(?:in)?|agenten|berater(?:in)?|verkaufer(?:in)?|jemandem|chef(?:in)?|leiter(?:in)?|inhaber(?:in)?|besitzer(?:in)?|vorgesetzten?)"
        r"(?: aus dem team)? (?:sprechen|reden|schreiben|verbinden|verbunden|chatten|telefonieren)|"
        r"(?:ist|da|hier) (?:da |hier |denn )?jemand(?: da| hier)?{end}|gibt es (?:hier |da )?(?:auch |noch )?(?:echte )?menschen(?: hier)?{end}",
    ),
    "ar": _Person(
        people=r"(?:لل|ل|ب|ال)?(?:شخصا?|انسان|بشر|موظف|مندوب|احد|حد|ممثل|بايع|مدير|مسوول|صاحب)",
        reach="اتحدث|اتكلم|اتواصل|التحدث|التواصل|الكلام|احكي|اكلم|حولني|حولوني|حولوا",
        between="مع|الي|الى|ان",
        want="اريد|ابغي|ابغى|عايز|بدي",
        staff="شخصا?|انسان|بشر|موظف|مندوب|مدير",
        phrases=r"(?:اريد|ابغي|ابغى|عايز|بدي) (?:البايع|المدير|شخصا? حقيقي|موظف|مندوب)|خدم[ةه] العملاء{end}|"
        r"(?:هل|في|فيه) (?:هناك |يوجد )?(?:احد|حد)(?: هنا| هناك| موجود| يرد)?{end}|(?:احد|حد) موجود{end}",
    ),
}

_BOT = (
    r"bots?|chatbots?|robots?|roboter|robo|روبوت|بوت|"
    r"(?:with|to|con|com|mit|a) (?:a|an|una|uma|une|einer) (?:machine|maquina|maschine|ai|ia|ki)"
)
_NOT = r"don t|do not|dont|not|no|stop|nao|pas|nicht|kein\w*|لا|مش|ليس"
_OF_TALKING = (
    "want|wanna|like|need|to|talk|talking|speak|speaking|chat|with|a|an|the|this|any|more|your|stupid|"
    "quiero|hablar|con|un|una|este|mas|quero|falar|com|um|uma|parler|discuter|au|de|mit|einem|der|dem|diesem|"
    "اريد|ابغي|التحدث|اتحدث|اتكلم|مع|الي|الى|ان"
)
_NO_BOT = (
    rf"(?:{_NOT}) (?:(?:{_OF_TALKING}) ){{0,6}}?(?:ال)?(?:{_BOT})(?: (?:reden|sprechen|schreiben|chatten))?{{end}}"
)

# Where the thing wanted could go on to be another thing ("an operator manual"), the words after it must not.
_END = r"(?= (?:please|pls|now|asap|to|who|here|instead|por|para|que|aqui|agora|alguem|alguien|s il|svp|bitte|jetzt|der|die|من فضلك|لو سمحت|الان)(?!\w)|$)"

_PERSON_ALONE = frozenset(
    "agent human person operator representative manager supervisor anyone anybody alguien alguem jemand agente humano persona asesor operador atendente pessoa humain "
    "conseiller mensch mitarbeiter berater موظف انسان شخص".split()
)
_POLITE = frozenset(
    "please pls now hi hello hey hola por favor ola oi bonjour svp hallo bitte مرحبا فضلك من لو سمحت".split()
)

# What is a complaint in any sentence.
_COMPLAINT = {
    "en": r"complain(?:t|ing)?|money back|unacceptable|disgusting|furious|scam|scammers?|fraud|rip ?off|(?:want|need|demand)(?: \w+)? refund|"
    r"(?:terrible|awful|horrible|worst) (?:service|experience|quality|shop|store|company|seller)|"
    r"(?:is|was|s) (?:so |really |just |absolutely )?(?:terrible|awful|horrible|the worst)|"
    r"(?:i m|i am|very|so|really) angry|sue you|legal action",
    "es": r"quej(?:a|as|o|arme)|reclam(?:o|ar|acion)|(?:devolver|devuelvan)(?:me)? (?:el|mi) dinero|"
    r"(?:quiero|necesito|exijo|solicito) (?:\w+ ){0,2}(?:devolucion|reembols\w*)|estafa\w*|fraude|inaceptable|pesim[oa]|verguenza|demandar|"
    r"denunciar|(?:servicio|atencion|experiencia|calidad) (?:\w+ )?(?:terrible|horrible|mal[oa])|"
    r"estoy (?:muy )?(?:enfadad|enojad|molest)[oa]",
    "pt": r"reclam(?:acao|ar)|dinheiro de volta|golpistas?|(?:e|foi) (?:um )?golpe|fraude|inaceitavel|pessim[oa]|(?:e|que) (?:um )?absurdo|procon|"
    r"quero (?:\w+ ){0,2}(?:devol(?:ver|ucao)|reembols\w*)|(?:atendimento|servico|qualidade) horrivel",
    "fr": r"plainte|reclamation|(?:veux|voudrais|exige|demande) (?:\w+ ){0,2}rembours\w*|arnaque\w*|fraude|inacceptable|honteux|decu[es]*|"
    r"(?:service|qualite|experience) (?:\w+ )?horrible",
    "de": r"beschwer(?:de\w*|en)|reklamation\w*|reklamier\w*|geld zuruck|betrug|betruger\w*|unverschamt\w*|inakzeptabel|enttausch\w*|"
    r"(?:schreckliche|furchtbare)[rs]? (?:service|qualitat|erfahrung)|(?:service|qualitat) (?:ist |war )?(?:schrecklich|furchtbar)",
    "ar": r"شكو[ىي]|اموالي|فلوسي|(?:اريد|ابغي|ابغى|عايز|بدي) (?:ال)?(?:استرجاع|استرداد)|(?:هذا|انتم|عملي[ةه]) نصب|نصابين|و?احتيال|محامي|"
    r"غير مقبول[ةه]?|سي[ءي][ةه]?",
}

# What is one when it is told, not when it is asked: "it does not work", but not "does it not work on induction?".
_MISHAP = {
    "en": r"refund(?! polic)|(?:is|was|are|were|s|came|arrived|got|received|totally|completely) (?:(?!not )\w+ ){0,2}(?:broken|damaged|defective|faulty|cracked)|"
    r"(?:broken|damaged|defective|faulty) (?:item|product|order|parcel|package|one)|"
    r"never (?:arrived|came(?! across)|received(?! an? ))|(?:has|have|hasn t|haven t|did|didn t)(?: not)?(?: yet)? (?:arrived yet|not arrived)|"
    r"(?:hasn t|haven t|didn t|not)(?: yet)? (?:arrived?|received?)|wrong (?:item|product|order|size|colou?r|one)|"
    r"(?:doesn t|does not|not|stopped) work(?:ing)?(?! with)",
    "es": r"reembols\w*|defectuos[oa]s?|(?:llego|llegaron|vino|esta|estaba|recibi|salio) (?:\w+ ){0,2}(?:rot|danad|equivocad)[oa]s?|"
    r"(?:producto|articulo|pedido|talla|color) (?:equivocad|rot|danad)[oa]|"
    r"(?:no|nunca) (?:me )?(?:ha |han )?lleg(?:a|o|ado|aron)(?! a )|no funciona",
    "pt": r"reembols\w*|com defeito|defeituos[oa]s?|(?:chegou|veio|esta|estava|recebi) (?:\w+ ){0,2}(?:quebrad|danificad|estragad|errad)[oa]s?|"
    r"(?:produto|pedido|item|tamanho) (?:errad|quebrad|danificad)[oa]|(?:nao|nunca) (?:me )?(?:chegou|recebi|veio)|nao funciona",
    "fr": r"rembours\w*|endommage[es]*|defectueu(?:x|se)s?|(?:est|sont|etait|arrive\w*|recu\w*|produit|article|colis) (?:\w+ )?casse[es]*(?! (?:noix|noisettes?))|"
    r"mauvaise? (?:article|produit|taille|commande|couleur)|(?:jamais|pas)(?: encore)? (?:recu|arrive)[es]*|(?:fonctionne|marche) (?:pas|plus)",
    "de": r"erstatt\w*|(?<!leicht )(?<!schnell )kaputt\w*|beschadigt\w*|defekt\w*|(?:nie|nicht) (?:angekommen|erhalten|geliefert|bekommen)|"
    r"falsche[rsnm]? (?:artikel|ware|grosse|produkt|farbe)|funktionier(?:t|en) (?:nicht|nie)",
    "ar": r"(?:ال)?استرجاع|(?:ال)?استرداد|مكسور[ةه]?|تالف[ةه]?|معيب[ةه]?|(?:لم|ما) (?:يصل|تصل|يصلني|تصلني|وصل|وصلت|وصلني|استلم|استلمت)|لا يعمل",
}

# A question, where no sign says so.
_ASKING = {
    "en": "does|do you|can|will|would|is (?:it|the|this|that|there)|are (?:they|the|these)|how much",
    "es": "tienen|hay|hacen|cual|cuanto|puedo",
    "pt": "tem|voces|qual|quanto|posso",
    "fr": "est ce|avez vous|combien|quelle?|puis je|politique",
    "de": "gibt es|geht (?:es|das)|haben sie|kann|welche|was kostet",
    "ar": "هل|كم|متي|متى|اين",
}
# What the customer has bought from us is no question about a product; who looks for another of their own complains of none.
_BOUGHT = {
    "en": "my (?:order|parcel|package|delivery|item|money)",
    "es": "mi (?:pedido|paquete|orden|compra|dinero)",
    "pt": "meu (?:pedido|pacote|dinheiro)|minha (?:compra|encomenda)",
    "fr": "ma commande|mon (?:colis|argent)",
    "de": "meine? (?:bestellung|paket|lieferung|geld)",
    "ar": "طلبي|طلبيتي|شحنتي",
}
_OWN = {
    "en": "my",
    "es": "mi",
    "pt": "minha|meu",
    "fr": "ma|mon",
    "de": r"mein\w*",
    "ar": r"\w+تي القديم[ةه]",
}
_LOOKS_FOR_ANOTHER = {
    "en": "do you (?:sell|have|carry)|looking for|need a new",
    "es": "venden|tienen|busco",
    "pt": "vendem|voces tem|procuro",
    "fr": "vendez|avez vous|cherche",
    "de": "verkauf(?:en|t)|haben sie|habt ihr|suche",
    "ar": "تبيعون|عندكم|لديكم",
}

# What stands before a phrase and turns it round: "I don't need | an agent", "es ist nicht | defekt".
_NEGATED = re.compile(
    r"(?<!\w)(?:don t|do not|dont|didn t|no|not|nao|pas|nicht|kein\w*|without|sin|sem|sans|ohne|لا|ليس)"
    r"(?: (?:want|need|have|like)(?: to)?| quiero| necesito| hace falta| quero| preciso| besoin de| an?| una?| uma?| une)? $"
)
_CLAUSE = re.compile(r"([^.,;:!?¡¿،؛؟…\n]+)([.,;:!?¡¿،؛؟…\n]*)")


def _whole_words(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(patterns).replace("{end}", _END) + r")(?!\w)")


_ASKS_FOR_PERSON = _whole_words(pattern for language in _PERSON.values() for pattern in language.patterns())
_ASKS_FOR_NO_BOT = _whole_words([_NO_BOT])
_COMPLAINS = _whole_words(_COMPLAINT.values())
_TELLS_OF_MISHAP = _whole_words(_MISHAP.values())
_ASKS = _whole_words(_ASKING.values())
_SPEAKS_OF_PURCHASE = _whole_words(_BOUGHT.values())
_SPEAKS_OF_OWN = _whole_words(_OWN.values())
_RECEIVED = _whole_words(
    [
        *_BOUGHT.values(),
        r"arrived|received|bought|llego|recibi|chegou|veio|recebi|recue?|arrivee?|angekommen|erhalten|bekommen|وصل\w*",
    ]
)
_SEEKS = _whole_words(_LOOKS_FOR_ANOTHER.values())


@dataclass(frozen=True, slots=True)
class _Clause:
    """ "No, an agent!" is another thing than "no agent"."""

    words: str
    """Folded."""
    end: str

    @property
    def asks(self) -> bool:
        return "?" in self.end or "؟" in self.end or bool(_ASKS.match(self.words))

    @property
    def tells_of_mishap(self) -> bool:
        asks = self.asks and not _SPEAKS_OF_PURCHASE.search(self.words)
        return not asks and _says(_TELLS_OF_MISHAP, self.words)

    @property
    def is_of_a_thing_of_their_own(self) -> bool:
        return bool(_SPEAKS_OF_OWN.match(self.words)) and not _RECEIVED.search(self.words)


def asks_for_person(words: str) -> bool:
    return any(
        _asks_alone(clause.words) or _says(_ASKS_FOR_PERSON, clause.words) or _ASKS_FOR_NO_BOT.search(clause.words)
        for clause in _clauses(words)
    )


def complains(words: str) -> bool:
    clauses = _clauses(words)
    seeks = any(_SEEKS.search(clause.words) for clause in clauses)
    return any(
        _says(_COMPLAINS, clause.words)
        or (clause.tells_of_mishap and not (seeks and clause.is_of_a_thing_of_their_own))
        for clause in clauses
    )


def _clauses(words: str) -> list[_Clause]:
    return [_Clause(fold(clause), end) for clause, end in _CLAUSE.findall(words)]


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
    words = words_of(as_it_says_now(message.content))
    if message.type == "order":  # in whatever shape: the seller must know of each
        return EscalationReason.ORDER
    if asks_for_person(words):
        return EscalationReason.PERSON_REQUESTED
    if contains_keyword(words, tenant.escalation_keywords):
        return EscalationReason.TENANT_KEYWORD
    if complains(words):
        return EscalationReason.COMPLAINT
    return None
