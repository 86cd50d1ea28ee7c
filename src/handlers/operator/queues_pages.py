"""What the functions could not do: how much lies there, why, and back to work with it."""

from __future__ import annotations

from domain.dead_letters import DeadLetterPorts, dead_queues, letter_groups, redrive
from handlers.api.asking import ports, routes
from handlers.gui.answers import Answer, page, see_other
from handlers.gui.asking import form, principal, request, visit

router = routes()


@router.get("/operator/queues")
def get_queues() -> Answer:
    """The letters themselves are looked at when that is asked for: it takes them in hand for a moment."""
    who, letters = principal(router), ports(router, DeadLetterPorts)
    looked = request(router).query.get("look") == "1"
    queues = dead_queues(who, ports=letters)
    groups = letter_groups(who, ports=letters) if looked else ()
    return page(router, "operator/queues.html", queues=queues, groups=groups, looked=looked)


@router.post("/operator/queues/redrive")
def post_redrive() -> Answer:
    fingerprint = form(router).get("fingerprint", "")
    done = redrive(principal(router), fingerprint, now=visit(router).now, ports=ports(router, DeadLetterPorts))
    told = "not_redriven" if done.failed else "redriven" if done.done else "nothing_redriven"
    return see_other(router, "/operator/queues", look=1, done=told)
