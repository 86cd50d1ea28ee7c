"""`TemplateCatalogue`: what Meta told of a template last is what holds."""

from __future__ import annotations

from dataclasses import replace

from domain.templates import MessageTemplate, merged
from tests.builders import ACME, GLOBEX, after, template_news
from tests.contracts.recording import at_once
from tests.contracts.world import World

WABA = "waba-acme"


def stored(world: World, name: str = "order_ready", language: str = "en_US") -> MessageTemplate:
    found = world.templates.find(ACME, WABA, name, language)
    assert found is not None
    return found


class TemplateCatalogueContract:
    def test_what_is_stored_is_found(self, world: World) -> None:
        template = merged(None, template_news(rejected_reason="INVALID_FORMAT"))
        assert world.templates.save(ACME, None, template)
        assert stored(world) == replace(template, version=1)

    def test_what_is_hardly_known_too(self, world: World) -> None:
        bare = template_news(components=None, category=None, quality=None, parameter_format=None, template_id="")
        template = merged(None, bare)
        assert world.templates.save(ACME, None, template)
        assert stored(world) == replace(template, version=1)

    def test_nobody_elses_and_nothing_like_it(self, world: World) -> None:
        world.templates.save(ACME, None, merged(None, template_news()))
        assert world.templates.find(GLOBEX, WABA, "order_ready", "en_US") is None
        assert world.templates.find(ACME, "waba-other", "order_ready", "en_US") is None
        assert world.templates.find(ACME, WABA, "order_ready", "en") is None
        assert world.templates.of_account(GLOBEX, WABA) == []

    def test_an_account_lists_its_own(self, world: World) -> None:
        for name, waba_id in (("b", WABA), ("a", WABA), ("c", f"{WABA}-2"), ("d", "waba")):
            world.templates.save(ACME, None, merged(None, template_news(name, waba_id=waba_id)))
        assert [template.name for template in world.templates.of_account(ACME, WABA)] == ["a", "b"]

    def test_a_change_is_stored_on_what_it_was_made_from(self, world: World) -> None:
        world.templates.save(ACME, None, merged(None, template_news()))
        known = stored(world)
        paused = merged(known, template_news(status="PAUSED", at=after(hours=1)))
        assert world.templates.save(ACME, known, paused)
        assert (stored(world).status, stored(world).version) == ("PAUSED", 2)
        before = world.look.everything()
        assert not world.templates.save(ACME, known, merged(known, template_news(status="DISABLED", at=after(hours=2))))
        assert not world.templates.save(ACME, None, paused)
        assert world.look.everything() == before

    def test_of_many_at_once_one_is_first(self, world: World) -> None:
        template = merged(None, template_news())
        saves = at_once([lambda: world.templates.save(ACME, None, template)] * 8)
        assert sorted(map(bool, saves)) == [False] * 7 + [True]

    def test_a_deleted_one_is_told_as_deleted(self, world: World) -> None:
        world.templates.save(ACME, None, merged(None, template_news(status="DELETED")))
        assert [template.status for template in world.templates.of_account(ACME, WABA)] == ["DELETED"]

    def test_long_texts_are_kept_whole(self, world: World) -> None:
        components = ({"type": "BODY", "text": "é" * 70_000},)
        world.templates.save(ACME, None, merged(None, template_news(components=components)))
        assert stored(world).components == components
