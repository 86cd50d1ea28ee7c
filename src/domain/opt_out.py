"""Who wants no offers, since when, and by whose word.

A customer may say so by a word (STOP), by the button of a template, or to WhatsApp itself, which tells us by the
`user_preferences` field or refuses to send (error 131050). It is about marketing alone: questions are answered as
before. To add a language, add its line to each table; phrases are written folded (see `languages.fold`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.languages import fold
from domain.messages import ButtonReply, InboundMessage, ListReply, TemplateButton, Text, as_it_says_now
from domain.replies import Failure

REFUSED_AS_OPTED_OUT = 131050
"""Meta's error code for a message that the customer has stopped."""


class Wish(StrEnum):
    """As Meta words it in `user_preferences`."""

    STOP = "stop"
    RESUME = "resume"


class OptOutSource(StrEnum):
    WORD = "word"
    """The customer's own, in the chat: typed, or a button pressed."""
    USER_PREFERENCES = "user_preferences"
    SEND_REFUSED = "send_refused"
    """Error 131050."""
    PERSON = "person"
    """Of the seller, to whom the customer said it; the cause is that person's id."""
    EARLIER_SYSTEM = "earlier_system"
    """It held in the system before this one, which did not say by whose word."""


@dataclass(frozen=True, slots=True)
class OptOut:
    """One word on offers. A customer's state is the newest of them; None where there never was one.

    Newest by its own time, in whatever order they arrive: an older one is history and changes nothing. Meta's times
    have whole seconds: within one, the customer's own message comes last, and of two messages the one received later;
    where that does not tell either, the one that stops.
    """

    opted_out: bool
    since: datetime
    told_at: datetime
    """When the customer's own message was received; `since` again where it was not they who told us."""
    source: OptOutSource
    cause: str
    """Id of the message, update or reply that told it."""

    @classmethod
    def told_by_refusal(cls, at: datetime, cause: str) -> OptOut:
        """Error 131050, of a send or of its status."""
        return cls(opted_out=True, since=at, told_at=at, source=OptOutSource.SEND_REFUSED, cause=cause)

    def supersedes(self, known: OptOut | None) -> bool:
        return known is None or self.rank > known.rank

    @property
    def rank(self) -> tuple[datetime, datetime, bool, str, str]:
        return self.since, self.told_at, self.opted_out, self.source, self.cause


class Category(StrEnum):
    """Of what a business sends, as Meta names and prices it."""

    MARKETING = "marketing"
    UTILITY = "utility"
    AUTHENTICATION = "authentication"
    SERVICE = "service"


def may_send(category: Category, opt_out: OptOut | None) -> bool:
    """No marketing to who opted out; what belongs to an order or answers a question may always be sent."""
    return category is not Category.MARKETING or opt_out is None or not opt_out.opted_out


def refused_as_opted_out(failure: Failure | None) -> bool:
    return failure is not None and failure.code == REFUSED_AS_OPTED_OUT


_EVERYWHERE = "everywhere"
"""Not a language: words that customers of every language write, and that tell none."""

# Of each word alone it must be plain that offers are meant: not "cancel" (an order), "end" or "quit".
_STOP = {
    _EVERYWHERE: "stop",
    "en": "unsubscribe | unsubscribe me | stop all | stopall | opt out | optout | opt me out | stop promotions | stop offers | "
    "stop messages | stop messaging me | stop sending messages | no more offers | no more promotions | no more messages | "
    "take me off your list | remove me from your list",
    "es": "baja | dar de baja | darme de baja | dame de baja | quiero darme de baja | parar | detener | detener promociones | "
    "parar promociones | no mas ofertas | no mas promociones | no mas mensajes | no quiero mas ofertas | desuscribir | "
    "desuscribirme | cancelar suscripcion | cancelar la suscripcion | cancelar mi suscripcion | anular suscripcion",
    "pt": "parar | pare | sair | descadastrar | descadastre | me descadastre | cancelar inscricao | cancelar a inscricao | "
    "cancelar assinatura | parar promocoes | parar ofertas | interromper promocoes | nao quero mais ofertas | "
    "nao quero receber ofertas | chega de ofertas",
    "fr": "arret | arreter | arretez | stopper | desabonner | me desabonner | se desabonner | desabonnez moi | desabonnement | "
    "desinscrire | me desinscrire | se desinscrire | desinscription | arreter les promotions | stopper les promotions | "
    "plus d offres | plus de promotions | plus de publicite",
    "de": "stopp | stoppen | abmelden | abmeldung | abbestellen | austragen | newsletter abbestellen | werbung stoppen | "
    "werbung abbestellen | angebote stoppen | werbeaktionen stoppen | keine werbung | keine werbung mehr | "
    "keine angebote mehr | keine nachrichten mehr",
    "ar": "ايقاف | اوقف | اوقفوا | توقف | توقفوا | قف | ستوب | ايقاف العروض | ايقاف الاعلانات | ايقاف الرسايل | اوقف الرسايل | "
    "اوقفوا الرسايل | الغاء الاشتراك | الغ الاشتراك | الغي الاشتراك | لا اريد عروض | لا اريد رسايل",
}

# Not "alta" ("¿alta o baja?"), "anmelden" (to log in) or "resume": who is taken for consenting must have consented.
_START = {
    _EVERYWHERE: "start",
    "en": "unstop | subscribe | subscribe me | resubscribe | opt in | optin | opt me in | start promotions | start offers | "
    "resume promotions | resume offers",
    "es": "suscribir | suscribirme | suscribirse | quiero suscribirme | reanudar | reanudar promociones | activar promociones",
    "pt": "inscrever | inscrever me | quero me inscrever | reativar | retomar promocoes | ativar promocoes | quero ofertas",
    "fr": "abonner | m abonner | s abonner | reabonner | me reabonner | reprendre les promotions",
    "de": "abonnieren | wieder anmelden | wieder abonnieren | angebote wieder erhalten",
    "ar": "ابدا | اشترك | اشتراك | استيناف | اعادة الاشتراك | ستارت",
}


def _phrases(table: dict[str, str]) -> dict[str, frozenset[str]]:
    return {language: frozenset(phrases.split(" | ")) for language, phrases in table.items()}


PHRASES = {Wish.STOP: _phrases(_STOP), Wish.RESUME: _phrases(_START)}

_POLITE = r"(?:please|pls|por favor|porfa|s il (?:vous|te) plait|svp|stp|bitte|من فضلك|من فضلكم|لو سمحت|لو سمحتم)"
_POLITELY = re.compile(rf"^{_POLITE} | {_POLITE}$")


def wish_of(message: InboundMessage) -> Wish | None:
    """What a message says of offers, where that is all it says: "stop" does, "stop by the shop?" does not.

    A group's talk is nobody's word.
    """
    if message.group_id is not None:
        return None
    said = {_plain(words) for words in _said(message)}
    wished = (wish for wish, phrases in PHRASES.items() if not said.isdisjoint(frozenset().union(*phrases.values())))
    return next(wished, None)


def _said(message: InboundMessage) -> tuple[str, ...]:
    """Words that may be a wish: typed, or on a button, or what the seller's own software called the button."""
    match as_it_says_now(message.content):
        case Text(body=words):
            return (words,)
        case TemplateButton(text=words, payload=name) | ButtonReply(title=words, id=name):
            return words, name
        case ListReply(title=words, id=name):
            return words, name
        case _:
            return ()


def _plain(words: str) -> str:
    return _POLITELY.sub("", fold(words))


def language_of(words: str, spoken_so_far: str) -> str:
    """In which to confirm a wish: the language spoken so far, unless the word belongs to others."""
    plain = _plain(words)
    spoken = [
        language
        for phrases in PHRASES.values()
        for language, of_language in phrases.items()
        if plain in of_language and language != _EVERYWHERE
    ]
    return spoken_so_far if spoken_so_far in spoken else next(iter(spoken), spoken_so_far)
