"""What the pages of approvals say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone

from qingfeng.core.duties import limit_words
from qingfeng.decisions.enums import ApprovalState, Opinion
from qingfeng.decisions.models.approvals import Approval, ApprovalStep
from qingfeng.decisions.queries import printing
from qingfeng.decisions.queries.approvals import Place
from qingfeng.documents.models.files import FileVersion
from qingfeng.workflow import counting

TONES = {
    ApprovalState.PENDING: "warn",
    ApprovalState.GRANTED: "good",
    ApprovalState.REFUSED: "bad",
    ApprovalState.RETURNED: "warn",
    ApprovalState.WITHDRAWN: "",
}
OPINION_TONES = {
    Opinion.PROPOSED: "info",
    Opinion.AGREED: "good",
    Opinion.REFUSED: "bad",
    Opinion.RETURNED: "warn",
}


@dataclass(frozen=True)
class Link:
    """One link of a chain as it is drawn."""

    place: str
    state: str
    who: str
    opinion: str
    tone: str
    text: str
    at: Any
    limit: Any


def sentence(approval: Approval, links: list[Link]) -> str:
    """Say where a request stands."""
    if approval.state == ApprovalState.PENDING:
        now = next((link.place for link in links if link.state == "now"), "")
        return f"现在等{now}签批"
    ends = {
        ApprovalState.GRANTED: "各级领导都已同意",
        ApprovalState.REFUSED: "领导没有同意，呈批到此为止",
        ApprovalState.RETURNED: "领导退回补充，补充后可以再次呈批",
        ApprovalState.WITHDRAWN: "呈批人已撤回",
    }
    return ends[ApprovalState(approval.state)]


def links(places: list[Place]) -> list[Link]:
    return [_link(place) for place in places]


def steps(found: list[Link]) -> list[tuple[str, str, str]]:
    """Return the chain as the stepper takes it."""
    return [(link.place, link.state, link.opinion) for link in found]


def _link(place: Place) -> Link:
    step = place.step
    written = getattr(step, "written", None)
    if written is None:
        state = "now" if place.is_current else "later"
        return Link(printing.step_words(step), state, "", "", "", "", None, place.limit)
    who = written.by.name
    if written.stands_in_for:
        who = f"{who}（代{written.stands_in_for.name}签批）"
    return Link(
        printing.step_words(step),
        "done",
        who,
        written.get_opinion_display(),
        OPINION_TONES[Opinion(written.opinion)],
        written.text,
        written.at,
        None,
    )


def waits_for(approval: Approval) -> str:
    """Say in a list whose turn it is."""
    if approval.state != ApprovalState.PENDING:
        return ""
    steps: list[ApprovalStep] = list(approval.steps.all())
    current = next((step for step in steps if not hasattr(step, "written")), None)
    return printing.step_words(current) if current else ""


def limit(approval: Any, own: counting.Own) -> tuple[str, str]:
    """Return tone and words of the limit of a row of `with_chain`."""
    if approval.due is None:
        return "", ""
    left = counting.days_left(timezone.localdate(), approval.due, is_working=True, own=own)
    return limit_words(left, working=True)


def paper_line(version: FileVersion) -> dict[str, Any]:
    return {
        "name": version.name,
        "kind": version.name.rpartition(".")[2].upper()[:5],
        "size": version.stored.size,
        "note": version.unread,
        "url": reverse("documents:file", args=[version.pk]),
    }
