"""The steps of a document as buttons and pages: each names its table, rule, action, form and words once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.urls import reverse

from qingfeng.core.rules import Rule
from qingfeng.documents import rules, states
from qingfeng.documents.actions import drafting, issuing
from qingfeng.documents.enums import DocumentState
from qingfeng.documents.forms import official as forms
from qingfeng.documents.models.official import OfficialDocument
from qingfeng.workflow import engine
from qingfeng.workflow.transitions import Transition


@dataclass(frozen=True)
class Act:
    """One step of a document on a page of its own: table, rule, form, action, and the words."""

    transition: Transition
    rule: Rule
    action: Callable[..., Any]
    sentence: str
    done: str
    form: type[django_forms.Form] | None = None


ACTS: dict[str, Act] = {
    "edit": Act(
        states.EDIT,
        rules.edit,
        drafting.upload_edited,
        "把在 WPS 或 Word 里改好的正文传回来，成为新的一版；以前各版都保留。",
        "修改稿已上传。",
        forms.EditForm,
    ),
    "scan": Act(
        states.ATTACH_SCAN,
        rules.attach_scan,
        issuing.attach_scan,
        "把盖章后的纸质件扫描上传归档，收文单位能看到。",
        "盖章扫描件已归入。",
        forms.ScanForm,
    ),
    "correct": Act(
        states.CORRECT,
        rules.correct,
        issuing.correct,
        "文号不变，更正件代替原件；原件和更正原因都保留。更正后须重新归入盖章扫描件。",
        "已更正。",
        forms.CorrectForm,
    ),
    "withdraw": Act(
        states.WITHDRAW,
        rules.withdraw,
        issuing.withdraw,
        "撤回后不再有效，文号仍然占用、不再编给别的公文；登记簿里保留撤回记录。撤回不能取消，只能重新印发。",
        "已撤回。",
        forms.ReasonForm,
    ),
    "reissue": Act(
        states.REISSUE,
        rules.reissue,
        issuing.reissue,
        "以最后一次印发的正文另起一稿，修改后印发，编新的文号；本件标明已重新印发。",
        "已另起一稿，请修改后印发。",
    ),
    "discard": Act(
        states.DISCARD,
        rules.discard,
        drafting.discard,
        "作废后不能再修改和印发，稿件保留备查。作废不能取消。",
        "拟稿已作废。",
        forms.ReasonForm,
    ),
}
FIRST = {
    DocumentState.DRAFT: ("issue", "edit"),
    DocumentState.EDITED: ("issue", "edit"),
    DocumentState.ISSUED: ("scan",),
    DocumentState.WITHDRAWN: ("reissue",),
}
"""What to do next in a state, the first that the user may."""


@dataclass(frozen=True)
class Offer:
    """A step as a button: its words, its address, and why it is not possible now."""

    slug: str
    label: str
    url: str
    why: str


def offers(user: Any, document: OfficialDocument) -> list[Offer]:
    """Offer every step that starts from the document's state."""
    issue_url = reverse("documents:issue", args=[document.pk])
    found = [(states.ISSUE, Offer("issue", states.ISSUE.label, issue_url, why_not_issue(user, document)))]
    for slug, act in ACTS.items():
        url = reverse("documents:step", args=[document.pk, slug])
        why = engine.why_not(document, act.transition, act.rule, user)
        found.append((act.transition, Offer(slug, act.transition.label, url, why)))
    return [offer for transition, offer in found if document.state in transition.from_]


def next_offer(document: OfficialDocument, found: list[Offer]) -> Offer | None:
    """Pick the step that comes next: the first that the user may, or the first with its reason."""
    wanted = FIRST.get(DocumentState(document.state), ())
    candidates = [offer for slug in wanted for offer in found if offer.slug == slug]
    return next((offer for offer in candidates if not offer.why), candidates[0] if candidates else None)


def why_not_issue(user: Any, document: OfficialDocument) -> str:
    return engine.why_not(document, states.ISSUE, rules.issue, user)
