"""The voter's pages: a code opens a ballot paper, the paper is posted, thanks.

No session, no account, no cookie, no log line (`middleware.Door`), no audit row: a voter is nobody here.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from qingfeng.ballots.actions import votes
from qingfeng.ballots.forms import voting as forms
from qingfeng.ballots.presenters import voting as words
from qingfeng.ballots.queries import voting as queries
from qingfeng.ballots.sealing import codes
from qingfeng.ballots.views import quiet
from qingfeng.core.errors import Refused

READ, SEND = ("GET", "HEAD"), ("POST",)
GONE, UNFIT, FORBIDDEN, CLASH, NOWHERE = 410, 422, 403, 409, 404


@quiet.quietly(*READ)
def enter(request: HttpRequest) -> HttpResponse:
    """Ask for the code printed on the slip."""
    return quiet.page("ballots/vote/vote_enter.html", action=reverse("ballots:vote_open"))


@quiet.quietly(*READ)
def ballot(request: HttpRequest, code: str) -> HttpResponse:
    """Open the ballot paper of a code that was scanned."""
    return _paper(code)


@quiet.quietly(*SEND)
def open_ballot(request: HttpRequest) -> HttpResponse:
    """Open the ballot paper of a code that was typed."""
    return _paper(request.POST.get("code", ""))


@quiet.quietly(*SEND)
def cast(request: HttpRequest) -> HttpResponse:
    """Take a ballot; the address says nothing of the code."""
    code, receipt = request.POST.get("code", ""), request.POST.get("receipt", "")
    if not forms.is_ours(request, code, receipt):
        return quiet.sentence(words.FOREIGN, FORBIDDEN)
    try:
        votes.cast(
            code=code,
            answers=forms.answers_of(request.POST),
            comment=request.POST.get("comment", ""),
            receipt=receipt,
            paper_name=request.POST.get("paper", ""),
        )
    except Refused as refusal:
        return _not_taken(request, code, receipt, refusal)
    return HttpResponse(words.thanks(receipt))


def _paper(code: str) -> HttpResponse:
    """Show the paper of a code with a fresh receipt in it, or why there is none."""
    found = queries.paper(code)
    if found is None:
        return quiet.sentence(words.refused(queries.why_unknown(code)), NOWHERE)
    if found.refusal:
        return quiet.sentence(words.refused(found.refusal), GONE, over=found.urn.title)
    return _form(found, code, codes.new_receipt(), words.questions_of(found))


def _not_taken(request: HttpRequest, code: str, receipt: str, refusal: Refused) -> HttpResponse:
    """Show the paper again with all that was filled in; or say why no vote can be taken."""
    found = queries.paper(code)
    if found is None:
        return quiet.sentence(words.refused(queries.why_unknown(code)), NOWHERE)
    if found.is_used:
        return quiet.sentence(words.USED_AGAIN, CLASH, over=found.urn.title, receipt=receipt)
    if found.refusal:
        return quiet.sentence(words.refused(found.refusal), GONE, over=found.urn.title)
    chosen = forms.answers_of(request.POST)
    missing = forms.missing(found.questions, chosen)
    filled = {"missing": missing, "fault": "" if missing else refusal.sentences[0]}
    drawn = words.draw(found, chosen, missing)
    return _form(found, code, receipt, drawn, UNFIT, comment=request.POST.get("comment", ""), **filled)


def _form(
    found: queries.Paper, code: str, receipt: str, questions: str, status: int = 200, **filled: Any
) -> HttpResponse:
    context = {"missing": [], "fault": "", "comment": "", **filled}
    return quiet.page(
        "ballots/vote/vote_form.html",
        status,
        ballot=words.heading(found),
        code=code,
        receipt=receipt,
        paper=found.asked.name,
        seal=forms.seal_of(code, receipt, found.asked.name),
        questions=questions,
        action=reverse("ballots:vote_cast"),
        **context,
    )


@quiet.quietly(*READ, *SEND)
def receipt(request: HttpRequest) -> HttpResponse:
    """Say whether a receipt is among those published; nobody learns who asked."""
    if request.method != "POST":
        return quiet.page("ballots/vote/vote_receipt.html", action=reverse("ballots:vote_receipt"))
    found = queries.receipt(request.POST.get("receipt", ""))
    if found is None:
        return quiet.sentence(words.ABSENT, NOWHERE)
    said = words.COUNTED if found.is_counted else words.WITHHELD
    return quiet.sentence(said, 200, over=found.urn.title)


@quiet.quietly(*READ)
def style(request: HttpRequest) -> HttpResponse:
    """Serve the style sheet from under the door: a fetch of /static/ would leave a line in the access log."""
    response = HttpResponse(words.style(), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "max-age=86400"
    return response


@quiet.quietly(*READ, *SEND)
def nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    return quiet.sentence(words.NOWHERE, NOWHERE)
