"""What counts as a word on offers, which of several words holds, and what may then be sent."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import messages as m
from domain.languages import LANGUAGES, fold
from domain.opt_out import (
    PHRASES,
    Category,
    OptOut,
    OptOutSource,
    Wish,
    language_of,
    may_send,
    refused_as_opted_out,
    wish_of,
)
from domain.replies import Failure
from tests.builders import NOON, UNDELIVERABLE, after, every_content, message, opt_out

STOPS = [
    "STOP",
    "stop",
    "Stop.",
    "STOP!!!",
    " stop \n",
    "«Stop»",
    "STOP 🛑",
    "please stop",
    "Stop please",
    "UNSUBSCRIBE",
    "Unsubscribe me",
    "Opt-out",
    "STOP ALL",
    "Stop promotions",
    "No more offers, please",
    "BAJA",
    "Baja, por favor",
    "Darme de baja",
    "Parar",
    "No más ofertas",
    "Cancelar suscripción",
    "Detener promociones",
    "PARAR",
    "Sair",
    "Cancelar inscrição",
    "Interromper promoções",
    "ARRÊT",
    "arrêter",
    "Désabonnez-moi",
    "Se désinscrire",
    "Arrêter les promotions",
    "Stop, s'il vous plaît",
    "STOPP",
    "Abmelden",
    "Bitte abmelden",
    "Keine Werbung mehr!",
    "إيقاف",
    "أوقف",
    "إيقاف من فضلك",
    "إلغاء الاشتراك",
]

STARTS = [
    "START",
    "Start!",
    "unstop",
    "Subscribe",
    "Resume promotions",
    "Suscribirme",
    "Reanudar promociones",
    "Inscrever-me",
    "Reativar",
    "Réabonner",
    "S'abonner",
    "Wieder anmelden",
    "Abonnieren, bitte",
    "ابدأ",
    "اشترك",
    "إعادة الاشتراك",
]

ABOUT_SOMETHING_ELSE = [
    "",
    "?",
    "stop by the shop?",
    "Can I stop by the shop today?",
    "non-stop delivery?",
    "where is the bus stop",
    "don't stop",
    "stopper for the sink",
    "please cancel my order",
    "cancel",
    "cancelar",
    "end",
    "quit",
    "Is this in the start-up price?",
    "When does the sale start?",
    "start tomorrow",
    "resume",
    "¿Alta o baja?",
    "alta",
    "una mesa baja",
    "planta baja",
    "¿puedo parar en la tienda?",
    "sair mais cedo",
    "arrêt de bus",
    "anmelden",
    "Kann ich mich abmelden?",
    "توقف الجهاز عن العمل",
    "عروض",
    "yes",
    "thanks",
]


class TestWord:
    @pytest.mark.parametrize("words", STOPS)
    def test_stops(self, words: str) -> None:
        assert wish_of(message(words)) is Wish.STOP

    @pytest.mark.parametrize("words", STARTS)
    def test_starts(self, words: str) -> None:
        assert wish_of(message(words)) is Wish.RESUME

    @pytest.mark.parametrize("words", ABOUT_SOMETHING_ELSE)
    def test_means_something_else(self, words: str) -> None:
        assert wish_of(message(words)) is None

    @pytest.mark.parametrize("content", every_content(), ids=lambda content: type(content).__name__)
    def test_no_other_form_is_one(self, content: m.Content) -> None:
        assert wish_of(message(content)) is None

    @pytest.mark.parametrize(
        "content",
        [
            m.TemplateButton("Unsubscribe"),
            m.TemplateButton("Stop promotions", "Stop promotions"),
            m.TemplateButton("Lieber nicht", "STOP_PROMOTIONS"),
            m.TemplateButton("Ya no", "unsubscribe"),
            m.ButtonReply("unsubscribe", "Not for me"),
            m.ListReply("opt-out", "No more of this"),
        ],
    )
    def test_a_button_counts_by_its_words_or_by_its_name(self, content: m.Content) -> None:
        assert wish_of(message(content)) is Wish.STOP

    def test_and_so_does_one_that_starts(self) -> None:
        assert wish_of(message(m.TemplateButton("Yes, send me offers", "SUBSCRIBE"))) is Wish.RESUME

    @pytest.mark.parametrize(
        "content",
        [
            m.Image("media-1", "image/jpeg", caption="stop"),
            m.Document("media-1", "application/pdf", caption="STOP"),
            m.FlowReply("stop", "stop", "stop"),
            m.Unknown("stop"),
        ],
    )
    def test_nor_is_what_stands_beside_something_else(self, content: m.Content) -> None:
        assert wish_of(message(content)) is None

    def test_a_groups_talk_is_nobodys_word(self) -> None:
        assert wish_of(message("STOP", group_id="group-1")) is None

    @given(
        st.sampled_from([(wish, phrase) for wish in Wish for some in PHRASES[wish].values() for phrase in some]),
        st.text(alphabet=" .!?…*_~\n\t«»\u200f👍", max_size=4),
        st.booleans(),
    )
    def test_each_phrase_counts_however_it_is_typed(
        self,
        said: tuple[Wish, str],
        around: str,
        loud: bool,
    ) -> None:
        wish, phrase = said
        words = f"{around}{phrase.upper() if loud else phrase}{around}"
        assert wish_of(message(words)) is wish

    @given(st.text())
    def test_no_text_breaks_it(self, words: str) -> None:
        assert wish_of(message(words)) in {None, *Wish}

    @given(
        st.sampled_from(["stop", "start", "baja", "unsubscribe"]),
        st.text(alphabet="bcdfghjkmnqrtvwxz", min_size=3, max_size=9),
    )
    def test_with_a_word_more_it_is_something_else(self, word: str, more: str) -> None:
        assert wish_of(message(f"{word} {more}")) is None
        assert wish_of(message(f"{more} {word}")) is None


class TestPhrases:
    @pytest.mark.parametrize("wish", Wish)
    def test_every_language_has_some_and_each_is_folded(self, wish: Wish) -> None:
        assert set(PHRASES[wish]) == {"everywhere", *LANGUAGES}
        for phrases in PHRASES[wish].values():
            assert phrases
            assert {fold(phrase) for phrase in phrases} == phrases

    def test_none_means_both(self) -> None:
        stop, start = (frozenset[str]().union(*PHRASES[wish].values()) for wish in Wish)
        assert stop.isdisjoint(start)


class TestLanguage:
    @pytest.mark.parametrize("spoken", ["en", "ar", "it"])
    def test_the_word_of_every_language_tells_none(self, spoken: str) -> None:
        assert language_of("STOP", spoken) == spoken
        assert language_of("Start!", spoken) == spoken

    def test_a_word_of_one_language_tells_it(self) -> None:
        assert language_of("BAJA", "en") == "es"
        assert language_of("bitte abmelden", "en") == "de"
        assert language_of("إيقاف", "en") == "ar"
        assert language_of("Reativar", "es") == "pt"

    def test_one_of_several_keeps_the_language_spoken_so_far(self) -> None:
        assert language_of("parar", "pt") == "pt"
        assert language_of("parar", "es") == "es"
        assert language_of("parar", "de") == "es"

    def test_a_button_whose_name_is_the_word_tells_none(self) -> None:
        assert language_of("Lieber nicht", "fr") == "fr"


class TestWhichHolds:
    def test_the_newest_by_its_own_time(self) -> None:
        stop, resume = opt_out(), opt_out(False, since=after(seconds=1))
        assert stop.supersedes(None)
        assert resume.supersedes(stop)
        assert not stop.supersedes(resume)
        assert not stop.supersedes(stop)

    def test_of_two_at_the_same_moment_the_one_that_stops(self) -> None:
        stop, resume = opt_out(), opt_out(False, cause="zzz")
        assert stop.supersedes(resume)
        assert not resume.supersedes(stop)

    def test_of_two_messages_of_one_second_the_one_received_later(self) -> None:
        resume = opt_out(False, told_at=after(seconds=1.2))
        assert resume.supersedes(opt_out(told_at=after(seconds=1.1)))
        assert resume.supersedes(opt_out()), "what WhatsApp tells of the same second was before"

    words = st.builds(
        OptOut,
        opted_out=st.booleans(),
        since=st.sampled_from([NOON, after(microseconds=1), after(seconds=1), after(days=-3)]),
        told_at=st.sampled_from([NOON, after(seconds=1)]),
        source=st.sampled_from(OptOutSource),
        cause=st.sampled_from(["wamid.1", "wamid.2"]),
    )

    @given(st.sets(words, max_size=6))
    def test_they_stand_in_one_order(self, words: set[OptOut]) -> None:
        ranked = sorted(words, key=lambda word: word.rank)
        assert all(later.supersedes(earlier) for earlier, later in pairwise(ranked))

    @given(st.permutations([opt_out(), opt_out(False, since=after(seconds=1)), opt_out(False), opt_out(cause="other")]))
    def test_so_the_order_of_arrival_does_not_matter(self, words: list[OptOut]) -> None:
        known: OptOut | None = None
        for word in words:
            known = word if word.supersedes(known) else known
        assert known == opt_out(False, since=after(seconds=1))


class TestMaySend:
    @pytest.mark.parametrize("category", Category)
    @pytest.mark.parametrize("known", [None, opt_out(False)], ids=["never said anything", "opted in again"])
    def test_everything_to_who_did_not_opt_out(self, category: Category, known: OptOut | None) -> None:
        assert may_send(category, known)

    @pytest.mark.parametrize("source", OptOutSource)
    def test_no_marketing_to_who_did_whoever_told_us(self, source: OptOutSource) -> None:
        assert not may_send(Category.MARKETING, opt_out(source=source))

    @pytest.mark.parametrize("category", set(Category) - {Category.MARKETING})
    def test_but_all_that_is_no_marketing(self, category: Category) -> None:
        assert may_send(category, opt_out())


def test_metas_refusal_is_told_by_its_code() -> None:
    assert refused_as_opted_out(Failure(131050, "User has stopped receiving marketing messages"))
    assert not refused_as_opted_out(UNDELIVERABLE)
    assert not refused_as_opted_out(Failure(None, "No answer"))
    assert not refused_as_opted_out(None)
