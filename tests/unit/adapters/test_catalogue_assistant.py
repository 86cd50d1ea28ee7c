"""The assistant without a model, asked about the demo's own catalogues."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.catalogue_assistant import CatalogueAssistant
from domain.assistants import Answer, CallPerson, Draft, NoReply, Turn
from domain.catalogue import EVERYTHING, Hit, Money, Product, ProductId, SearchFilter
from domain.conversations import RecordedBecause, ThreadMessage
from domain.languages import LANGUAGES, detect_language
from domain.messages import MessageId, Position
from domain.named_ids import possible_ids
from domain.product_search import rank
from domain.tenants import TenantId
from ops.local import demo_data
from tests import builders
from tests.builders import ACME
from tests.fakes.assistant import FakeCatalogueSearch

MAPLE, FLOR = TenantId("maple-home"), TenantId("flor-de-cafe")
CATALOGUES = {
    tenant_id: [product for product in demo_data.catalogue(tenant_id) if product.active] for tenant_id in (MAPLE, FLOR)
}


@dataclass
class DemoCatalogue:
    tenants: list[TenantId] = field(default_factory=list)

    def search(self, tenant_id: TenantId, question: str, limit: int, only: SearchFilter = EVERYTHING) -> list[Hit]:
        self.tenants.append(tenant_id)
        return rank([product for product in CATALOGUES[tenant_id] if only.admits(product)], question, limit)

    def product(self, tenant_id: TenantId, product_id: ProductId) -> Product | None:
        self.tenants.append(tenant_id)
        return next((product for product in CATALOGUES[tenant_id] if product.product_id == product_id), None)

    def whole(self, tenant_id: TenantId) -> list[Product] | None:
        self.tenants.append(tenant_id)
        return CATALOGUES[tenant_id]


def said(words: str, index: int = 0, referred: str | None = None) -> ThreadMessage:
    position, message_id = Position(f"{index}"), MessageId(f"wamid.{index}")
    return ThreadMessage(message_id, position, "text", words, builders.NOON, builders.ANSWER, referred)


def draft(tenant_id: TenantId, *burst: ThreadMessage, language: str | None = None) -> Draft:
    words = "\n".join(message.words for message in burst)
    language = language or detect_language(words, "es" if tenant_id == FLOR else "en")
    turn = Turn(builders.tenant(tenant_id, name="The Shop"), language, burst, burst)
    return CatalogueAssistant(DemoCatalogue()).answer(turn)


def answer(tenant_id: TenantId, *texts: str) -> Answer:
    found = draft(tenant_id, *(said(text, index) for index, text in enumerate(texts)))
    assert isinstance(found, Answer), found
    return found


ENGLISH = [
    ("How much is the French Press 34 oz?", "French Press 34 oz — 39.90 USD, in stock (17)"),
    ("frnch press price?", "French Press 34 oz — 39.90 USD, in stock (17)"),
    ("price of the cast iron skillet", "Cast Iron Skillet 10 inch — 34.90 USD, in stock (42)"),
    ("do you have a rolling pin", "Marble Rolling Pin — 31.20 USD, out of stock"),
    ("is the carafe available?", "Hand-Blown Water Carafe — 36.40 USD, out of stock"),
    ("do you have mugs?", "Stoneware Mug Forest Green — 13.50 USD, in stock (96)"),
    ("any rugs?", "Jute Area Rug 5 by 8 — 149.00 USD, in stock (6)"),
    ("candles", "Beeswax Pillar Candle — 17.90 USD, in stock (73)"),
    ("Hi, I saw the brass lamp, price?", "Brass Desk Lamp — 94.50 USD, in stock (9)"),
    ("chef's knife price", "Chef's Knife 8 inch — 72.00 USD, in stock (23)"),
]
SPANISH = [
    ("¿Cuánto cuesta el café de Chiapas?", "Café de Chiapas en grano 500 g — 189.00 MXN, disponible (60)"),
    ("cuanto vale la prensa francesa", "Prensa francesa de cristal 600 ml — 329.00 MXN, disponible (10)"),
    ("tienen alfajores?", "Alfajores de cajeta 6 piezas — 120.00 MXN, disponible (40)"),
    ("¿tienen la taza azul en existencia?", "Taza de Talavera azul 300 ml — 175.00 MXN, disponible (28)"),
    ("capsulas", "Cápsulas compostables Volcán 10 piezas — 94.00 MXN, agotado"),
    ("taza azul", "Taza de Talavera azul 300 ml — 175.00 MXN, disponible (28)"),
    ("galletas de avena y arándano", "Galletas de avena y arándano 8 piezas — 76.00 MXN, disponible (33)"),
    ("¿a cómo la prensa francesa?", "Prensa francesa de cristal 600 ml — 329.00 MXN, disponible (10)"),
    ("hola, cuánto cuesta la rosca?", "Rosca de naranja mediana — 245.00 MXN, disponible (5)"),
]


PORTUGUESE = [
    ("qual é o preço da French Press?", "French Press 34 oz — 39.90 USD, disponível (17)"),
    ("quais as French Press?", "French Press 34 oz — 39.90 USD, disponível (17)"),
]


@pytest.mark.parametrize(("question", "line"), PORTUGUESE)
def test_portuguese_questions_get_title_price_and_stock(question: str, line: str) -> None:
    assert answer(MAPLE, question).text == line


@pytest.mark.parametrize(("question", "line"), ENGLISH)
def test_english_questions_get_title_price_and_stock(question: str, line: str) -> None:
    assert answer(MAPLE, question).text == line


@pytest.mark.parametrize(("question", "line"), SPANISH)
def test_spanish_questions_get_title_price_and_stock(question: str, line: str) -> None:
    assert answer(FLOR, question).text == line


@pytest.mark.parametrize("product", CATALOGUES[MAPLE] + CATALOGUES[FLOR], ids=lambda product: product.product_id)
def test_every_product_is_found_by_its_title_with_its_own_price(product: Product) -> None:
    tenant_id = MAPLE if product.product_id.startswith("MH") else FLOR
    found = answer(tenant_id, product.title)
    assert product.product_id in found.product_ids
    assert f"{product.title} — {product.price}" in found.text.splitlines()[0]


@pytest.mark.parametrize("product", CATALOGUES[MAPLE] + CATALOGUES[FLOR], ids=lambda product: product.product_id)
def test_every_product_is_found_by_its_title_with_a_letter_missing(product: Product) -> None:
    tenant_id = MAPLE if product.product_id.startswith("MH") else FLOR
    longest = max(product.title.split(), key=len)
    for at in range(len(longest)):
        misspelt = product.title.replace(longest, longest[:at] + longest[at + 1 :])
        assert answer(tenant_id, misspelt).product_ids[0] == product.product_id, misspelt


@pytest.mark.parametrize(
    ("tenant_id", "question"),
    [
        (FLOR, "cuánto cuesta el envío"),
        (FLOR, "¿el envío de la caja de regalo cuánto cuesta?"),
        (FLOR, "¿puedo pagar la suscripción con tarjeta?"),
        (FLOR, "¿la cafetera italiana sirve en inducción?"),
        (FLOR, "¿el cold brew tiene azúcar?"),
        (FLOR, "¿tienen azúcar?"),
        (FLOR, "cuanto vale el cafe chiapas 1 kg"),
        (FLOR, "galletas de nuez"),
        (FLOR, "qual é o frete do cold brew?"),
        (FLOR, "livraison du cold brew ?"),
        (FLOR, "توصيل cold brew"),
        (MAPLE, "How much is the cast iron kettle?"),
        (MAPLE, "knife block"),
        (MAPLE, "marble table"),
        (MAPLE, "do you have it in red"),
        (MAPLE, "Can the cutting board go in the dishwasher?"),
        (MAPLE, "is the stoneware mug dishwasher safe?"),
        (MAPLE, "is the dutch oven induction safe"),
        (MAPLE, "how much is the mug and how much is shipping"),
        (MAPLE, "does the kettle have a warranty"),
        (MAPLE, "Kann der Dutch Oven auf Induktion?"),
        (MAPLE, "can I return the kettle"),
    ],
)
def test_another_question_is_not_answered_with_a_price(tenant_id: TenantId, question: str) -> None:
    assert isinstance(draft(tenant_id, said(question)), CallPerson)


@pytest.mark.parametrize(
    "question", ["kettles & scales price please", "kettle/scale", "kettle + scale", "kettle; scale"]
)
def test_signs_part_questions(question: str) -> None:
    assert answer(MAPLE, question).product_ids == ("MH-1011", "MH-1007")


def test_an_oven_is_no_woven_basket() -> None:
    assert answer(MAPLE, "oven").product_ids == ("MH-1002",)


def test_what_no_longer_is_for_sale_is_not_offered() -> None:
    assert isinstance(draft(FLOR, said("ponche navideño de temporada")), CallPerson)


@pytest.mark.parametrize(
    "question",
    [
        "what are your opening hours?",
        "do you ship to Canada?",
        "where is my order 1234?",
        "do you have bicycles?",
        "do you sell human hair?",
        "how much is the blue mug?",
        "can I pay with paypal",
        "what's your return policy",
        "is there a discount",
        "how much is it?",
        "asdf",
        "?",
        "🙂",
        "",
    ],
)
def test_no_idea_calls_a_person(question: str) -> None:
    assert isinstance(draft(MAPLE, said(question)), CallPerson)


@pytest.mark.parametrize(
    "question",
    ["¿a qué hora abren?", "¿hacen envíos a Guadalajara?", "tienen pizza?", "¿dónde está mi pedido?", "el más barato"],
)
def test_no_idea_calls_a_person_in_spanish(question: str) -> None:
    assert isinstance(draft(FLOR, said(question)), CallPerson)


@pytest.mark.parametrize(
    "greeting", ["hi", "Hello!", "good morning", "hola, buenas tardes", "Bonjour", "moin", "مرحبا", "how are you?"]
)
def test_a_greeting_is_returned_with_the_shops_name_and_the_way_to_a_person(greeting: str) -> None:
    assert "The Shop" in answer(MAPLE, greeting).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_greeting_in_every_language(language: str) -> None:
    greeting = draft(MAPLE, said("hello"), language=language)
    assert isinstance(greeting, Answer)
    assert "{" not in greeting.text


@pytest.mark.parametrize(
    "thanks", ["thanks", "Thank you so much!", "ok gracias", "muito obrigada", "merci", "danke", "شكرا"]
)
def test_thanks_need_no_reply(thanks: str) -> None:
    assert draft(MAPLE, said(thanks)) == NoReply(RecordedBecause.THANKS)


@pytest.mark.parametrize("words", ["ok", "great", "perfecto"])
def test_an_ok_alone_is_not_thanks(words: str) -> None:
    assert isinstance(draft(MAPLE, said(words)), CallPerson)


def test_three_quick_messages_get_one_answer() -> None:
    assert answer(MAPLE, "hi", "how much is", "the french press?").product_ids == ("MH-1012",)


def test_several_questions_in_a_burst_are_all_answered() -> None:
    assert answer(MAPLE, "hi", "french press", "and the kettle?").product_ids == ("MH-1012", "MH-1011")
    assert answer(FLOR, "¿cuánto cuestan los polvorones y las cocadas?").product_ids == ("FC-2016", "FC-2023")


def test_what_one_question_may_mean_is_a_choice_and_what_several_mean_is_none() -> None:
    assert answer(MAPLE, "do you have a stoneware mug?").choice
    assert not answer(MAPLE, "french press", "and the kettle?").choice


def test_one_question_without_an_answer_calls_a_person_for_all() -> None:
    assert isinstance(draft(MAPLE, said("the kettle, and where is my parcel from last week?")), CallPerson)


def test_the_product_that_a_message_refers_to_is_the_answer() -> None:
    found = draft(MAPLE, said("is this one still there?", referred="MH-1018"))
    assert isinstance(found, Answer)
    assert found.product_ids == ("MH-1018",)
    assert found.text == "Hand-Blown Water Carafe — 36.40 USD, out of stock"


def test_a_referred_product_of_another_shop_is_not_known() -> None:
    assert isinstance(draft(MAPLE, said("is this one still there?", referred="FC-2001")), CallPerson)


@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("is MH-1005 available?", ["MH-1005"]),
        ("do you have mh-1005", ["MH-1005"]),
        ("Mh-1005's price?", ["MH-1005"]),
        ("how much is the knife (MH-1005)?", ["MH-1005"]),
        ("MH-1005, 8 inch", ["MH-1005"]),
        ("price of item number MH-1005", ["MH-1005"]),
        ("SKU: MH-1005?", ["MH-1005"]),
        ("can I have 3 of ＭＨ-1005?", ["MH-1005"]),
        ("I want to order MH-1005", ["MH-1005"]),
        ("MH-1005 mh-1005", ["MH-1005"]),
        ("MH-1005, MH-1006, MH-1007 and MH-1009", ["MH-1005", "MH-1006", "MH-1007", "MH-1009"]),
        ("MH-1005 and the kettle?", ["MH-1005", "MH-1011"]),
    ],
)
def test_a_product_is_known_by_its_id(question: str, ids: list[str]) -> None:
    found = answer(MAPLE, question)
    assert list(found.product_ids) == ids
    assert not found.choice


@pytest.mark.parametrize(
    "question",
    [
        "is MH-9999 available?",
        "is FC-2001 available?",
        "is MH-1031 available?",
        "the mug MH-1005",
        "MH-1005 10 inch",
        "MH-1005 and MH-9999",
        "is MH-1005 dishwasher safe?",
        "my order MH-1005 has not arrived",
        "where is MH-1005?",
        "when will MH-1005 be here",
        "any info on order MH-1005",
        "order number MH-1005",
        "I have MH-1005 and it is great",
        "I bought MH-1005",
        " ".join(f"MH-{number}" for number in range(1005, 1011)),
        "MH-1005-" + "9" * 3000,
    ],
)
def test_an_id_that_is_unknown_or_of_something_else_calls_a_person(question: str) -> None:
    assert isinstance(draft(MAPLE, said(question)), CallPerson)


@pytest.mark.parametrize(("product_id", "question"), [("4006381333931", "4006381333931"), ("mug-7", "the MUG-7 mug")])
def test_an_id_may_be_a_number_and_of_either_case(product_id: str, question: str) -> None:
    catalogue = FakeCatalogueSearch({ACME: [builders.product(product_id)]})
    burst = (said(f"how much is {question}?"),)
    found = CatalogueAssistant(catalogue).answer(Turn(builders.tenant(), "en", burst, burst))
    assert isinstance(found, Answer)
    assert found.product_ids == (product_id,)


@pytest.mark.parametrize("question", ["12 mugs", "a 500ml kettle 2.5 kg", "is it 10-30 cm?", "order 1234"])
def test_what_counts_or_measures_is_looked_up_as_no_id(question: str) -> None:
    assert possible_ids(question) == []


@pytest.mark.parametrize(
    ("tenant_id", "question", "ids"),
    [
        (MAPLE, "mugs under 20 dollars", ["MH-1013"]),
        (MAPLE, "candles and mugs under $20", ["MH-1013", "MH-1022"]),
        (MAPLE, "is MH-1005 under $100?", ["MH-1005"]),
        (MAPLE, "¿tienen algo por menos de 15 dólares?", ["MH-1013", "MH-1030"]),
        (MAPLE, "kitchen tools under $25", ["MH-1006", "MH-1004"]),
        (MAPLE, "something between 50 and 60 USD", ["MH-1027", "MH-1003", "MH-1029"]),
        (FLOR, "algo de menos de 50 pesos", ["FC-2022", "FC-2026"]),
        (FLOR, "dulces de menos de $80", ["FC-2022", "FC-2021", "FC-2017"]),
        (FLOR, "café en grano de menos de 200", ["FC-2003", "FC-2001"]),
    ],
)
def test_what_a_price_is_asked_for_is_listed_with_what_is_there_first(
    tenant_id: TenantId, question: str, ids: list[str]
) -> None:
    found = answer(tenant_id, question)
    assert list(found.product_ids) == ids
    assert "…" not in found.text


def test_that_there_are_more_is_said() -> None:
    found = answer(MAPLE, "anything under $30?")
    assert len(found.product_ids) == 5
    assert found.text.splitlines()[5:] == ["…"]


@pytest.mark.parametrize(
    ("tenant_id", "question", "ids"),
    [
        (MAPLE, "what is your cheapest mug?", ["MH-1013"]),
        (MAPLE, "cheapest lamp", ["MH-1019", "MH-1020"]),
        (MAPLE, "most expensive lamp", ["MH-1020", "MH-1019"]),
        (MAPLE, "the most expensive item in your store", ["MH-1025", "MH-1002", "MH-1020"]),
        (MAPLE, "the cheapest lamp over $80", ["MH-1020"]),
        (FLOR, "cuál es la taza más barata", ["FC-2013"]),
        (FLOR, "¿qué es lo más caro que tienen?", ["FC-2029", "FC-2011", "FC-2010"]),
        (FLOR, "el café más barato", ["FC-2008", "FC-2007", "FC-2005"]),
    ],
)
def test_the_cheapest_stands_first(tenant_id: TenantId, question: str, ids: list[str]) -> None:
    found = answer(tenant_id, question)
    assert list(found.product_ids) == ids
    assert not found.choice


@pytest.mark.parametrize(
    ("tenant_id", "question"),
    [
        (MAPLE, "anything under $1"),
        (MAPLE, "mugs under 5 dollars"),
        (MAPLE, "mugs under 20 euros"),
        (MAPLE, "is it under $20?"),
        (MAPLE, "cheapest helicopter"),
        (MAPLE, "cheapest coffee"),
        (MAPLE, "cheapest shipping"),
        (MAPLE, "free shipping over 50 dollars?"),
        (MAPLE, "I paid under 20 dollars and it broke"),
        (MAPLE, "my mug was under 20 dollars"),
        (FLOR, "¿tienen algo por menos de 20 dólares?"),
        (FLOR, "el café más caro"),
        (FLOR, "compré la taza más barata y se rompió"),
    ],
)
def test_a_price_that_nothing_sure_has_calls_a_person(tenant_id: TenantId, question: str) -> None:
    assert isinstance(draft(tenant_id, said(question)), CallPerson)


def of_shop(question: str, *products: Product, is_large: bool = False) -> Draft:
    catalogue = FakeCatalogueSearch({ACME: products}, most_read_whole=0 if is_large else 100)
    burst = (said(question),)
    return CatalogueAssistant(catalogue).answer(Turn(builders.tenant(), "en", burst, burst))


MUGS = [
    builders.product("MUG-1", "Blue mug", price=Money(1500, "USD")),
    builders.product("MUG-2", "Red mug", price=Money(900, "USD"), stock=0),
    builders.product("MUG-3", "Green mug", price=Money(1200, "USD")),
]


def test_of_a_large_catalogue_nothing_is_said_of_the_cheapest_or_of_all() -> None:
    for question in ("the cheapest mug", "anything under $20"):
        assert isinstance(of_shop(question, *MUGS), Answer)
        assert isinstance(of_shop(question, *MUGS, is_large=True), CallPerson)


@pytest.mark.parametrize("is_large", [False, True])
def test_a_bound_filters_what_is_named_in_a_catalogue_of_any_size(*, is_large: bool) -> None:
    found = of_shop("mugs under $13", *MUGS, is_large=is_large)
    assert isinstance(found, Answer)
    assert found.product_ids == ("MUG-3", "MUG-2")
    assert isinstance(of_shop("mugs under €13", *MUGS, is_large=is_large), CallPerson)
    assert isinstance(of_shop("hats under $13", *MUGS, is_large=is_large), CallPerson)


def test_the_cheapest_may_be_out_of_stock_and_says_so() -> None:
    found = of_shop("the cheapest mug", *MUGS)
    assert isinstance(found, Answer)
    assert found.text.splitlines()[0] == "Red mug — 9.00 USD, out of stock"


def test_nothing_is_the_cheapest_where_another_thing_may_be_meant_too() -> None:
    rack = builders.product("CUP-1", "Blue cup", description="Our smallest mug", price=Money(500, "USD"))
    assert isinstance(of_shop("the cheapest mug", *MUGS, rack), CallPerson)
    assert isinstance(of_shop("the most expensive mug", *MUGS, rack), Answer)


@pytest.mark.parametrize("question", ["the cheapest mug", "mugs under $13", "anything under $13"])
def test_prices_of_two_currencies_are_not_compared(question: str) -> None:
    of_euros = builders.product("MUG-4", "Small mug", price=Money(100, "EUR"))
    assert isinstance(of_shop(question, *MUGS, of_euros), CallPerson)


@given(st.text(), st.sampled_from([MAPLE, FLOR]))
def test_only_what_the_catalogue_holds_is_ever_said(words: str, tenant_id: TenantId) -> None:
    found = draft(tenant_id, said(words))
    if isinstance(found, Answer) and found.product_ids:
        prices = {str(product.price) for product in CATALOGUES[tenant_id] if product.product_id in found.product_ids}
        for line in found.text.splitlines():
            assert any(price in line for price in prices)


@pytest.mark.parametrize("question", ["french press and kettle", "kettles under $50", "the cheapest kettle", "MH-1005"])
def test_the_search_stays_with_its_tenant(question: str) -> None:
    catalogue = DemoCatalogue()
    burst = (said(question),)
    CatalogueAssistant(catalogue).answer(Turn(builders.tenant(MAPLE), "en", burst, burst))
    assert set(catalogue.tenants) == {MAPLE}
