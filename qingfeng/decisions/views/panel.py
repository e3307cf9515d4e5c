"""What was put before leaders and committee about one thing, for the page of that thing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from qingfeng.core import htmx
from qingfeng.core.references import Reference
from qingfeng.decisions.enums import ApprovalState, MatterState
from qingfeng.decisions.presenters import approvals as presenters
from qingfeng.decisions.queries import agenda, approvals, subjects
from qingfeng.decisions.views import matters
from qingfeng.decisions.views.steps import person


@require_safe
def panel(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Show the approvals and matters of a thing that the user may know of; a page where it is opened alone.

    Nothing tells a stranger whether there are any.
    """
    user, where = person(request), Reference(kind, pk)
    asked = approvals.with_chain(approvals.visible_to(user) & approvals.of_subject(where))
    submitted = agenda.visible_to(user) & agenda.of_subject(where)
    name, url = subjects.name_of(kind, pk)
    may_ask = subjects.may_ask(user, kind, pk)
    shown = [
        (row, presenters.TONES[ApprovalState(row.state)], presenters.waits_for(row))
        for row in asked.order_by("-pk")
    ]
    context = {
        "approvals": shown,
        "matters": [(row, matters.TONES[MatterState(row.state)]) for row in submitted.order_by("-pk")],
        "may_ask": may_ask,
        "kind": kind,
        "pk": pk,
        "subject_name": name if may_ask or shown else "",
        "subject_url": url if may_ask or shown else "",
    }
    return htmx.respond(request, "decisions/panel.html", context, fragment="panel")
