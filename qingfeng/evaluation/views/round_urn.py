"""A round's sealed urn: prepared from the round's page, and from then on kept on the pages of the ballots."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from qingfeng.core import clock
from qingfeng.evaluation import rules
from qingfeng.evaluation.actions import urns as actions
from qingfeng.evaluation.queries import ballots, rounds
from qingfeng.evaluation.views import rounds_of, steps


@require_http_methods(["GET", "HEAD", "POST"])
def round_urn(request: HttpRequest, pk: int) -> HttpResponse:
    """Prepare the round's urn, or lead to the one there is."""
    user = steps.person(request)
    round = rounds_of.fetch(user, pk)
    rules.prepare_ballots.check(user, round)
    urn = ballots.urn_of(round)
    if urn is not None:
        return redirect("ballots:urn", urn.pk)
    question = steps.Question(
        title=f"为{round.label}评价准备票箱？",
        sentence="干部群众用一次性测评码无记名投票，不再导入纸质票的票数。",
        facts=[
            f"{rounds.taking_part(round).count()} 个参评单位，本季度要测评的题目，按方案的群体分别发码",
            "接下来指定两位保管人、填各群体人数、印测评码，再启用票箱",
            "投票截止、两位保管人开箱以后，才能冻结数据",
        ],
        action="准备票箱",
        back=reverse("evaluation:round", args=[round.pk]),
        done="票箱已建立，请指定保管人。",
        onward=reverse("evaluation:round_urn", args=[round.pk]),
    )
    return steps.ask(request, question, lambda _: actions.prepare_urn(round=round, by=user, at=clock.now()))
