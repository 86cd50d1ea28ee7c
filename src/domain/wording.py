"""What the assistant says in its own words, per language. English stands in for a language that is missing here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from domain.catalogue import Product
from domain.escalations import EscalationReason

GREETING: Mapping[str, str] = {
    "en": "Hello, this is {name}. Ask me about any of our products; write “agent” to talk to a person.",
    "es": "Hola, somos {name}. Pregúntame por cualquiera de nuestros productos; escribe «agente» para hablar con una persona.",
    "pt": "Olá, aqui é {name}. Pergunte sobre qualquer um dos nossos produtos; escreva «atendente» para falar com uma pessoa.",
    "fr": "Bonjour, ici {name}. Posez-moi vos questions sur nos produits ; écrivez « conseiller » pour parler à une personne.",
    "de": "Hallo, hier ist {name}. Fragen Sie mich nach unseren Produkten; mit „Mitarbeiter“ erreichen Sie einen Menschen.",
    "ar": "مرحبا، هنا {name}. اسألني عن أي من منتجاتنا، واكتب «موظف» للتحدث مع شخص.",
}

HANDOVER_NOTE: Mapping[str, str] = {
    "en": "I am passing this to a colleague, who will answer you here.",
    "es": "Paso tu mensaje a una persona de nuestro equipo, que te responderá aquí.",
    "pt": "Vou passar para um colega, que responderá por aqui.",
    "fr": "Je transmets à un collègue, qui vous répondra ici.",
    "de": "Ich gebe das an eine Kollegin oder einen Kollegen weiter; die Antwort kommt hier.",
    "ar": "سأحول رسالتك إلى زميل سيرد عليك هنا.",
}

WAITING_NOTE: Mapping[str, str] = {
    "en": "Thank you for waiting. You have not been forgotten: a colleague will answer you here.",
    "es": "Gracias por esperar. No nos hemos olvidado de ti: una persona de nuestro equipo te responderá aquí.",
    "pt": "Obrigado por aguardar. Não esquecemos de você: um colega responderá por aqui.",
    "fr": "Merci de patienter. Nous ne vous avons pas oublié : un collègue vous répondra ici.",
    "de": "Danke für Ihre Geduld. Sie sind nicht vergessen: Eine Kollegin oder ein Kollege antwortet Ihnen hier.",
    "ar": "شكرا على انتظارك. لم ننسك: سيرد عليك أحد الزملاء هنا.",
}

ORDER_NOTE: Mapping[str, str] = {
    "en": "Thank you, we have received your order. A colleague will confirm it here.",
    "es": "Gracias, hemos recibido tu pedido. Una persona de nuestro equipo lo confirmará aquí.",
    "pt": "Obrigado, recebemos o seu pedido. Um colega vai confirmá-lo por aqui.",
    "fr": "Merci, nous avons bien reçu votre commande. Un collègue la confirmera ici.",
    "de": "Danke, Ihre Bestellung ist angekommen. Eine Kollegin oder ein Kollege bestätigt sie hier.",
    "ar": "شكرا، استلمنا طلبك. سيؤكده زميل هنا.",
}

# START and STOP stand in every language: they are understood whatever else the customer writes.
OPTED_OUT_NOTE: Mapping[str, str] = {
    "en": "Done: you will get no more offers from us. Write START to get them again.",
    "es": "Listo: no recibirás más ofertas nuestras. Escribe START para volver a recibirlas.",
    "pt": "Pronto: você não receberá mais ofertas nossas. Escreva START para voltar a recebê-las.",
    "fr": "C’est noté : vous ne recevrez plus d’offres de notre part. Écrivez START pour en recevoir à nouveau.",
    "de": "Erledigt: Sie erhalten keine Angebote mehr von uns. Mit START erhalten Sie sie wieder.",
    "ar": "تم: لن تصلك عروضنا بعد الآن. اكتب START لتصلك من جديد.",
}

OPTED_IN_NOTE: Mapping[str, str] = {
    "en": "Done: you will get our offers again. Write STOP to end them.",
    "es": "Listo: volverás a recibir nuestras ofertas. Escribe STOP para dejar de recibirlas.",
    "pt": "Pronto: você voltará a receber nossas ofertas. Escreva STOP para deixar de recebê-las.",
    "fr": "C’est noté : vous recevrez à nouveau nos offres. Écrivez STOP pour ne plus en recevoir.",
    "de": "Erledigt: Sie erhalten unsere Angebote wieder. Mit STOP beenden Sie das.",
    "ar": "تم: ستصلك عروضنا من جديد. اكتب STOP لإيقافها.",
}

OPENS_AGAIN: Mapping[str, str] = {
    "en": "We are closed at the moment; there will be somebody again on {day} at {time}.",
    "es": "Ahora estamos cerrados; volveremos a atenderte el {day} a las {time}.",
    "pt": "Estamos fechados no momento; voltamos a atender em {day} às {time}.",
    "fr": "Nous sommes fermés pour le moment ; nous serons de retour le {day} à {time}.",
    "de": "Wir haben gerade geschlossen; am {day} um {time} Uhr ist wieder jemand da.",
    "ar": "نحن مغلقون حاليا؛ سنعود يوم {day} الساعة {time}.",
}

_IN_STOCK = {
    "en": "in stock",
    "es": "disponible",
    "pt": "disponível",
    "fr": "en stock",
    "de": "auf Lager",
    "ar": "متوفر",
}
_OUT_OF_STOCK = {
    "en": "out of stock",
    "es": "agotado",
    "pt": "esgotado",
    "fr": "épuisé",
    "de": "nicht auf Lager",
    "ar": "غير متوفر",
}


def say(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language, texts["en"])


def handover_note(reason: EscalationReason, language: str, opens_again: datetime | None = None) -> str:
    """`opens_again`: when somebody will be there, where nobody is now."""
    return _with_opening(
        say(ORDER_NOTE if reason is EscalationReason.ORDER else HANDOVER_NOTE, language), language, opens_again
    )


def waiting_note(language: str, opens_again: datetime | None = None) -> str:
    """`opens_again`: as of the hand-over's note."""
    return _with_opening(say(WAITING_NOTE, language), language, opens_again)


def _with_opening(note: str, language: str, opens_again: datetime | None) -> str:
    if opens_again is None:
        return note
    return f"{note} {say(OPENS_AGAIN, language).format(day=f'{opens_again:%Y-%m-%d}', time=f'{opens_again:%H:%M}')}"


def product_line(product: Product, language: str) -> str:
    """Title, price and stock of one product, as the catalogue holds them."""
    stock = say(_IN_STOCK if product.in_stock else _OUT_OF_STOCK, language)
    pieces = f" ({product.stock})" if product.in_stock and product.stock is not None else ""
    return f"{product.title} — {product.price}, {stock}{pieces}"
