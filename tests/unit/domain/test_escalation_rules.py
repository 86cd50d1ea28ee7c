"""When a person is called: phrases that must, and phrases that look alike and must not."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import messages as m
from domain.escalations import (
    PRIORITIES,
    EscalationReason,
    Priority,
    asks_for_person,
    complains,
    contains_keyword,
    reason_to_escalate,
)
from tests import builders

ASKS_FOR_PERSON = [
    "agent",
    "Agent!",
    "human please",
    "Can I talk to a person?",
    "I want to speak to a human",
    "let me talk to someone",
    "could you put me through to an agent",
    "connect me with a representative",
    "I need an agent",
    "get me a manager",
    "I'd like to speak with the owner",
    "real person please",
    "is there a real person I can talk to?",
    "can I chat with a human being",
    "customer service please",
    "I want a human",
    "can someone call me?",
    "are you a bot? I want a real human",
    "speak to your manager",
    "talk to a real person",
    "I would like to talk with one of your agents",
    "agente",
    "quiero hablar con una persona",
    "Quiero hablar con alguien",
    "puedo hablar con un humano?",
    "necesito un agente",
    "pásame con un asesor",
    "páseme con el encargado",
    "comuníqueme con una persona",
    "una persona real por favor",
    "atención al cliente",
    "quiero hablar con una persona real",
    "me puede atender una persona",
    "hablar con un asesor",
    "quiero que me atienda una persona",
    "atendente",
    "quero falar com um atendente",
    "quero falar com uma pessoa",
    "falar com alguém",
    "preciso de um atendente",
    "atendimento humano",
    "me passa para um humano",
    "pode me transferir para um atendente",
    "conseiller",
    "je veux parler à un conseiller",
    "je voudrais parler à quelqu'un",
    "parler à une personne",
    "passez-moi un responsable",
    "je veux parler à un humain",
    "une vraie personne svp",
    "j'ai besoin d'un conseiller",
    "service client",
    "Mitarbeiter",
    "ich möchte mit einem Mitarbeiter sprechen",
    "Ich will mit einem Menschen reden",
    "kann ich mit jemandem sprechen?",
    "bitte verbinden Sie mich mit einem Mitarbeiter",
    "einen echten Menschen bitte",
    "Kundenservice",
    "ich brauche einen Berater",
    "mit einer echten Person sprechen",
    "موظف",
    "أريد التحدث مع شخص",
    "اريد التحدث الى موظف",
    "أريد أن أتحدث مع شخص حقيقي",
    "ممكن أتكلم مع موظف",
    "خدمة العملاء",
    "عايز اكلم حد",
    "ابغى اكلم موظف",
    "quiero una persona",
    "No. Necesito un agente!",
    "No, quiero hablar con una persona",
    "This is useless. Agent!",
    "hola, agente por favor?",
    "I don't want a bot, I want a human",
    "ｈｕｍａｎ",
    "HABLAR CON UNA PERSONA",
    "why can't I talk to a person?",
    "أريد التواصل مع موظف",
    "MITARBEITER BITTE",
]
ASKS_FOR_NOBODY = [
    "a gift for a person",
    "is this human hair?",
    "I talk to my friend",
    "I don't need an agent",
    "cleaning agent",
    "do you have bleaching agent?",
    "what is the price per person?",
    "table for 4 person tent",
    "human shaped cookie cutter",
    "I will talk to you later",
    "can I speak to the quality of this?",
    "is it real leather?",
    "I want the agent of change book",
    "write a message on the card",
    "can you write my name on the mug?",
    "pass me the salt",
    "get a manager desk",
    "I need an operator manual",
    "put some on the side",
    "do you sell a human skull model?",
    "I spoke to someone yesterday and he said it's 20 USD",
    "no need to talk to a person",
    "una taza para una persona",
    "es para una persona mayor",
    "cuántas personas caben",
    "tienen camisetas de agente secreto?",
    "no necesito un agente",
    "soy agente de viajes, necesito 20 tazas",
    "um presente para uma pessoa",
    "caneca para pessoa",
    "un cadeau pour une personne",
    "c'est pour une personne âgée",
    "je n'ai pas besoin d'un conseiller",
    "ein Geschenk für eine Person",
    "Tasse mit einem Menschen darauf",
    "ich möchte mit meinem Freund sprechen",
    "ich brauche keinen Mitarbeiter",
    "هدية لشخص",
    "كم سعر هذا للشخص",
    "اريد شخصية كرتونية",
    "اريد كوب",
    "can I talk to my agent about the colour?",
    "Do you have a live plant?",
    "actual size?",
    "I want to get a rep for my gym",
    "I want human hair wig",
    "I need human hair extensions",
    "hablar con mi novia",
    "I don't want to talk to a person",
    "je ne veux pas parler à un conseiller",
    "No quiero hablar con un agente",
    "is this real human hair?",
    "لا اريد موظف",
    "",
    "   ",
    "🙂",
    "?!",
    "person-shaped cookie",
    "a book about the human body",
]
COMPLAINS = [
    "I want a refund",
    "this is broken",
    "my order never arrived",
    "it arrived damaged",
    "I want my money back",
    "this is unacceptable",
    "You sent the wrong item",
    "worst service ever",
    "it's a scam",
    "I want to complain",
    "My order hasn't arrived",
    "my package has not arrived yet",
    "quiero una devolución",
    "quiero poner una queja",
    "llegó roto",
    "llegó dañada",
    "no me ha llegado el pedido",
    "no llegó",
    "es una estafa",
    "me enviaron el producto equivocado",
    "quero reclamar",
    "chegou quebrado",
    "não chegou",
    "quero meu dinheiro de volta",
    "produto com defeito",
    "produit cassé",
    "je veux un remboursement",
    "je n'ai pas reçu ma commande",
    "je n'ai jamais reçu",
    "c'est une arnaque",
    "je suis déçu",
    "das Paket ist nicht angekommen",
    "kaputt angekommen",
    "ich möchte mich beschweren",
    "ich will mein Geld zurück",
    "falsche Größe",
    "Reklamation",
    "defekte Lampe",
    "أريد استرداد",
    "المنتج مكسور",
    "لم يصل الطلب",
    "شكوى",
    "هذا سيئ",
    "هذا سيء جدا",
    "نصب واحتيال",
    "it's broken",
    "this is a scam",
    "not working",
    "no funciona",
    "não funciona",
    "ça ne marche pas",
    "funktioniert nicht",
    "لا يعمل",
    "عملية نصب واحتيال",
    "المنتج سيئة",
    "Die Tasse ist KAPUTT",
]
COMPLAINS_OF_NOTHING = [
    "what is your refund policy?",
    "do you have unbroken eggs?",
    "do you fix broken phones?",
    "terrible twos birthday banner",
    "awfully cute",
    "café rota",
    "rosca rota",
    "ruta",
    "is it returnable?",
    "can I get the right size?",
    "rot",
    "rote Tasse",
    "rouge",
    "¿tienen la taza en rojo?",
    "¿cuánto es la devolución?",
    "errado",
    "me equivoqué de número",
    "je me suis trompé",
    "casse-noix",
    "casse-noisette",
    "café para la casa",
    "golpe de calor",
    "errado não",
    "I am not angry",
    "das ist nicht schlecht",
    "angry birds toy",
    "worst case scenario book",
    "lawyer gift mug",
    "regalo para abogado",
    "cadeau pour avocat",
    "salade d'avocat",
    "avocat",
    "huile d'avocat",
    "Geschenk für Anwalt",
    "horrible christmas sweater",
    "nicht defekt",
    "نصب تذكاري",
    "قهوة",
    "أريد كوب سيراميك",
    "broken rice",
    "damask table runner",
    "rosca de naranja",
    "un pedido rotulador",
    "never came across this, what is it?",
    "it is not broken",
    "is not a scam I hope",
    "Reklameschild",
    "une baguette, pas cassée",
    "no estoy enojado",
    "",
    "🙂",
    "will it work with induction?",
]


@pytest.mark.parametrize("words", ASKS_FOR_PERSON)
def test_asks_for_a_person(words: str) -> None:
    assert asks_for_person(words)


@pytest.mark.parametrize("words", ASKS_FOR_NOBODY)
def test_does_not_ask_for_a_person(words: str) -> None:
    assert not asks_for_person(words)


@pytest.mark.parametrize("words", COMPLAINS)
def test_complains(words: str) -> None:
    assert complains(words)


@pytest.mark.parametrize("words", COMPLAINS_OF_NOTHING)
def test_does_not_complain(words: str) -> None:
    assert not complains(words)


@pytest.mark.parametrize(
    ("words", "keywords", "contained"),
    [
        ("I am allergic to nuts", ("allergic",), True),
        ("ALLERGIC!", ("allergic",), True),
        ("tengo una alergia", ("Alergia",), True),
        ("¿Facturación, por favor?", ("facturacion",), True),
        ("necesito facturacion", ("Facturación",), True),
        ("eine große Bestellung", ("grosse bestellung",), True),
        ("bulk   order, please", ("bulk order",), True),
        ("bulk and order", ("bulk order",), False),
        ("non-allergic", ("non allergic",), True),
        ("allergically", ("allergic",), False),
        ("hello", ("",), False),
        ("hello", ("!!",), False),
        ("hello", (), False),
        ("", ("hello",), False),
        ("أريد فاتورة", ("فاتورة",), True),
        ("a+b (c)", ("(c)",), True),
        ("any text", (".*",), False),
    ],
)
def test_the_tenants_own_keywords(words: str, keywords: tuple[str, ...], *, contained: bool) -> None:
    assert contains_keyword(words, keywords) is contained


SELLER = builders.tenant(escalation_keywords=("allergic",))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("how much is the mug?", None),
        ("a person please, I am allergic and it is broken", EscalationReason.TENANT_KEYWORD),
        ("can I talk to a person, I am allergic and it is broken", EscalationReason.PERSON_REQUESTED),
        ("I am allergic and it is broken", EscalationReason.TENANT_KEYWORD),
        ("it is broken", EscalationReason.COMPLAINT),
        (builders.order(), EscalationReason.ORDER),
        (m.Order("1", (), text="agent"), EscalationReason.ORDER),
        (m.Image("1", "image/png", caption="it arrived broken"), EscalationReason.COMPLAINT),
        (m.ButtonReply("p", "Talk to a person"), EscalationReason.PERSON_REQUESTED),
        (m.TemplateButton("agent"), EscalationReason.PERSON_REQUESTED),
        (m.Sticker("1", "image/webp"), None),
        (m.Unknown("hologram"), None),
    ],
)
def test_the_first_rule_that_a_message_meets(content: Any, reason: EscalationReason | None) -> None:
    assert reason_to_escalate(builders.message(content), SELLER) == reason


def test_an_order_in_an_unknown_shape_is_an_order() -> None:
    message = builders.message(m.Unknown("order"), type="order")
    assert reason_to_escalate(message, SELLER) is EscalationReason.ORDER


@pytest.mark.parametrize("content", ["agent", "it is broken", builders.order()])
def test_a_group_calls_nobody(content: Any) -> None:
    assert reason_to_escalate(builders.message(content, group_id="group-1"), SELLER) is None


def test_every_reason_has_a_priority() -> None:
    assert PRIORITIES.keys() == set(EscalationReason)
    assert builders.escalation(builders.job(), EscalationReason.ORDER).priority is Priority.HIGH


@given(st.text(st.characters()))
def test_no_text_makes_the_rules_raise(words: str) -> None:
    asks_for_person(words)
    complains(words)
    contains_keyword(words, (words,))


@pytest.mark.parametrize("piece", ["a ", "is ", "no ", "quiero ", "talk to ", "broken", "x", "\u0301", ". "])
def test_long_texts_are_read_in_no_time(piece: str) -> None:
    words = (piece * 65_536)[:65_536]
    began = time.process_time()
    asks_for_person(words)
    complains(words)
    assert time.process_time() - began < 1
