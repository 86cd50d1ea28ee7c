"""What the assistant says in its own words, per language. English stands in for a language that is missing here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from domain.catalogue import Product
from domain.escalations import EscalationReason
from domain.orders import Difference, PricedLine, PricedOrder

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

WELCOME: Mapping[str, str] = {
    "en": "You are welcome!",
    "es": "¡Con mucho gusto!",
    "pt": "De nada, disponha!",
    "fr": "Avec plaisir !",
    "de": "Gern geschehen!",
    "ar": "على الرحب والسعة!",
}

OPENS_AGAIN: Mapping[str, str] = {
    "en": "We are closed at the moment; there will be somebody again on {day} at {time}.",
    "es": "Ahora estamos cerrados; volveremos a atenderte el {day} a las {time}.",
    "pt": "Estamos fechados no momento; voltamos a atender em {day} às {time}.",
    "fr": "Nous sommes fermés pour le moment ; nous serons de retour le {day} à {time}.",
    "de": "Wir haben gerade geschlossen; am {day} um {time} Uhr ist wieder jemand da.",
    "ar": "نحن مغلقون حاليا؛ سنعود يوم {day} الساعة {time}.",
}

CHOOSE: Mapping[str, str] = {
    "en": "Choose",
    "es": "Elegir",
    "pt": "Escolher",
    "fr": "Choisir",
    "de": "Auswählen",
    "ar": "اختر",
}

ORDER_RECEIVED: Mapping[str, str] = {
    "en": "Thank you, we have received your order:",
    "es": "Gracias, hemos recibido tu pedido:",
    "pt": "Obrigado, recebemos o seu pedido:",
    "fr": "Merci, nous avons bien reçu votre commande :",
    "de": "Danke, Ihre Bestellung ist angekommen:",
    "ar": "شكرا، استلمنا طلبك:",
}

ORDER_GOES_ON: Mapping[str, str] = {
    "en": "A colleague will confirm it here.",
    "es": "Una persona de nuestro equipo lo confirmará aquí.",
    "pt": "Um colega vai confirmá-lo por aqui.",
    "fr": "Un collègue la confirmera ici.",
    "de": "Eine Kollegin oder ein Kollege bestätigt sie hier.",
    "ar": "سيؤكده زميل هنا.",
}

_TOTAL = {
    "en": "Total: {total}",
    "es": "Total: {total}",
    "pt": "Total: {total}",
    "fr": "Total : {total}",
    "de": "Summe: {total}",
    "ar": "المجموع: {total}",
}
_TOTAL_OF_WHAT_IS_THERE = {
    "en": "Total of what is available now: {total}",
    "es": "Total de lo disponible ahora: {total}",
    "pt": "Total do que está disponível agora: {total}",
    "fr": "Total de ce qui est disponible : {total}",
    "de": "Summe dessen, was da ist: {total}",
    "ar": "مجموع المتوفر الآن: {total}",
}
_PRICE_NOW = {
    "en": "one is now {price}",
    "es": "cada uno cuesta ahora {price}",
    "pt": "cada um custa agora {price}",
    "fr": "l’unité est maintenant à {price}",
    "de": "ein Stück kostet jetzt {price}",
    "ar": "سعر القطعة الآن {price}",
}
_ONLY = {
    "en": "only {count} available",
    "es": "solo hay {count}",
    "pt": "só há {count}",
    "fr": "seulement {count} en stock",
    "de": "nur {count} auf Lager",
    "ar": "المتوفر {count} فقط",
}
_NOT_KNOWN = {
    "en": "not in our catalogue now",
    "es": "ya no está en nuestro catálogo",
    "pt": "não está mais no nosso catálogo",
    "fr": "n’est plus dans notre catalogue",
    "de": "nicht mehr in unserem Katalog",
    "ar": "لم يعد في قائمتنا",
}
_MOST_LINES = 15
_MOST_TITLE = 60

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


def order_note(order: PricedOrder, language: str, opens_again: datetime | None = None) -> str:
    """Receipt of an order: each line, what has changed, the total, and who will confirm it. Short enough to be sent."""
    shown, more = order.lines[:_MOST_LINES], len(order.lines) - _MOST_LINES
    lines = [_order_line(line, language) for line in shown]
    if more > 0:
        lines.append(f"… (+{more})")
    if order.total is not None:
        lines.append(say(_TOTAL if order.as_seen else _TOTAL_OF_WHAT_IS_THERE, language).format(total=order.total))
    return "\n".join(
        [say(ORDER_RECEIVED, language), *lines, _with_opening(say(ORDER_GOES_ON, language), language, opens_again)]
    )


def _order_line(line: PricedLine, language: str) -> str:
    title = line.title[:_MOST_TITLE]
    told = f"{line.quantity} × {title}"
    if line.price is None:
        return f"{told}: {say(_NOT_KNOWN, language)}"
    if Difference.OUT_OF_STOCK in line.differences:
        return f"{told}: {say(_OUT_OF_STOCK, language)}"
    if Difference.TOO_FEW in line.differences:
        told = f"{told} ({say(_ONLY, language).format(count=line.to_be_had)})"
    told = f"{told} — {line.total}"
    if Difference.PRICE_CHANGED not in line.differences:
        return told
    return f"{told} ({say(_PRICE_NOW, language).format(price=line.price)})"


def waiting_note(language: str, opens_again: datetime | None = None) -> str:
    """`opens_again`: as of the hand-over's note."""
    return _with_opening(say(WAITING_NOTE, language), language, opens_again)


def _with_opening(note: str, language: str, opens_again: datetime | None) -> str:
    if opens_again is None:
        return note
    return f"{note} {say(OPENS_AGAIN, language).format(day=f'{opens_again:%Y-%m-%d}', time=f'{opens_again:%H:%M}')}"


def stock_words(language: str) -> tuple[str, str]:
    """How `product_line` says that there is some, and that there is none."""
    return say(_IN_STOCK, language), say(_OUT_OF_STOCK, language)


def product_line(product: Product, language: str) -> str:
    """Title, price and stock of one product, as the catalogue holds them."""
    in_stock, out_of_stock = stock_words(language)
    stock = in_stock if product.in_stock else out_of_stock
    pieces = f" ({product.stock})" if product.in_stock and product.stock is not None else ""
    return f"{product.title} — {product.price}, {stock}{pieces}"
