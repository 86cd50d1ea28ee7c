"""What one person chose for themselves: language, and light or dark. It stays in cookies of their browser."""

from __future__ import annotations

from handlers.api.asking import routes
from handlers.cookies import set_cookie
from handlers.gui.answers import Answer, page, see_other
from handlers.gui.asking import LANGUAGE, PREFERENCES, THEME, chosen, form, request
from pages.translations import LANGUAGES

router = routes()

_SECONDS = 365 * 24 * 3600
_CHOICES = {LANGUAGE: LANGUAGES, THEME: ("light", "dark")}


@router.get(PREFERENCES)
def get_preferences() -> Answer:
    return page(router, "preferences.html", chosen_language=chosen(request(router), LANGUAGE))


@router.post(PREFERENCES)
def post_preferences() -> Answer:
    """What is none of the choices is the usual one."""
    answer = see_other(router, PREFERENCES, done="saved")
    answer.headers["Set-Cookie"] = [
        set_cookie(request(router), name, value if (value := form(router).get(name, "")) in known else "", _SECONDS)
        for name, known in _CHOICES.items()
    ]
    return answer
