"""What is said above a page of something that has just been done. An address names it; it never holds the words."""

from __future__ import annotations

from collections.abc import Mapping

from pages.translations import N_, translations
from pages.visit import Notice

DONE: Mapping[str, str] = {
    "taken_over": N_("You have it. The assistant is silent until you hand it back."),
    "handed_back": N_("The assistant goes on."),
    "resolved": N_("Resolved. A new message opens it again."),
    "noted": N_("Noted. Only your team sees it."),
    "saved": N_("Saved."),
    "removed": N_("Removed."),
    "invited": N_("Invited. An e-mail with a password is on its way."),
    "connected": N_("Connected. Who writes to this number is answered."),
    "token_replaced": N_("Replaced. WhatsApp takes the new access token."),
    "resumed": N_("Resumed. The next message shows whether WhatsApp takes it."),
    "disconnected": N_("Disconnected."),
    "arrived": N_("The test event arrived, and was taken."),
    "imported": N_("The import has begun. This page shows how far it is."),
    "erased": N_("Erased."),
    "opted_out": N_("The customer gets no more offers."),
    "opted_in": N_("The customer gets offers again."),
    "suspended": N_("Suspended. Within a minute nothing is answered any more."),
    "activated": N_("Activated. Within a minute the assistant answers again."),
    "redriven": N_("Back to work. What fails again comes to lie here again."),
    "nothing_redriven": N_("Nothing of this cause lies here any more."),
}

NOT_DONE: Mapping[str, str] = {
    "unfinished": N_("The erasure has begun, and is not done. Ask for it again, and it goes on."),
    "not_redriven": N_("Some letters could not be put back to work. Look again in a minute."),
    "not_arrived": N_("The test event was not taken. The list of deliveries says why."),
    "not_sent": N_("WhatsApp did not take it. What it says stands with the message."),
}


def notice_of(key: str | None, language: str) -> Notice | None:
    words = DONE.get(key or "") or NOT_DONE.get(key or "")
    return Notice(translations(language).gettext(words), failed=key in NOT_DONE) if words else None
