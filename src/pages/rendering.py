"""Templates to HTML. Everything is escaped, and a name that a template misspells is an error."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from domain import own_files
from pages import (
    avatars,
    inbox_view,
    number_words,
    operator_words,
    rehearsal,
    settings_forms,
    talk,
    webhook_words,
    words,
)
from pages.assets import asset, icon
from pages.translations import translations
from pages.visit import Visit

_TEMPLATES = Path(__file__).parent / "templates"


def render(template: str, visit: Visit, **view: Any) -> str:
    """`visit` is `visit` in every template; beside it `url`, `static` and `fmt` are short for what it brings."""
    page = environment(visit.language).get_template(template)
    return page.render(visit=visit, url=visit.urls.to, static=visit.urls.static, fmt=visit.formats, **view)


@cache
def environment(language: str) -> Environment:
    jinja = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    jinja.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    jinja.globals |= {
        "integrity": lambda name: asset(name).integrity,
        "icon_shapes": lambda name: Markup(icon(name)),  # noqa: S704 (a file of ours, not a word of anybody's)
        "initials": avatars.initials,
        "tick": talk.tick,
        "tone": avatars.tone,
        "number_words": number_words,
        "operator_words": operator_words,
        "own_files": own_files,
        "rehearsal_words": rehearsal,
        "webhook_words": webhook_words,
        "words": words,
        "WEEKDAY_WORDS": words.WEEKDAYS,
        "spans_text": settings_forms.spans_text,
        "TAB_WORDS": inbox_view.TAB_WORDS,
        "EMPTY_WORDS": inbox_view.EMPTY_WORDS,
    }
    # The components, so that no template needs to import them: fragments are rendered alone, too.
    jinja.globals["icon"] = jinja.get_template("components/icons.html").module.icon  # type: ignore[attr-defined]
    for name in ("forms", "data", "charts"):
        jinja.globals[name] = jinja.get_template(f"components/{name}.html").module
    return jinja
