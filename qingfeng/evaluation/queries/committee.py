"""Where a round's result stands before the standing committee, and its bulletin before the leaders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from qingfeng.core.references import Reference, reference_to
from qingfeng.core.roles import Role
from qingfeng.decisions.enums import ApprovalState, MatterState, Result
from qingfeng.decisions.models.approvals import Approval
from qingfeng.decisions.models.committee import Matter
from qingfeng.decisions.models.recording import Resolution
from qingfeng.decisions.queries import agenda, approvals
from qingfeng.documents.models.official import OfficialDocument
from qingfeng.evaluation.models.results import Revision

PASSED = (Result.PASSED, Result.PASSED_WITH_CHANGES)
TOLD = (Role.CONDUCT_OFFICE, Role.SECRETARY, Role.DEPUTY_LEADER)
OPEN = (MatterState.WAITING, MatterState.SCHEDULED)
MISSING = "通报要先经领导签批同意才能印发"


@dataclass(frozen=True)
class Standing:
    """The last matter of a revision, and what was decided on it."""

    matter: Matter
    resolution: Resolution | None

    @property
    def is_open(self) -> bool:
        return self.matter.state in OPEN

    @property
    def words(self) -> str:
        """Say where the matter stands, with the committee's words where it decided."""
        state = self.matter.get_state_display()
        if self.resolution is None:
            return f"已提请常委会审定，{state}"
        meeting = self.resolution.item.meeting
        said = f"{meeting}{self.resolution.get_result_display()}：{self.resolution.text}"
        return f"{said}（{state}）" if self.is_open else said


def standing(revision: Revision) -> Standing | None:
    """Return where a revision stands before the committee; None where it was never submitted."""
    matter = agenda.of_subject(reference_to(revision)).exclude(state=MatterState.WITHDRAWN).first()
    if matter is None:
        return None
    rows = Resolution.objects.filter(item__matter=matter).select_related("item__meeting")
    return Standing(matter, rows.order_by("-pk").first())


def resolution_of(matter_id: int, meeting_id: int) -> Resolution | None:
    rows = Resolution.objects.filter(item__matter_id=matter_id, item__meeting_id=meeting_id)
    return rows.select_related("item__meeting", "item__matter", "by").order_by("-pk").first()


def revision_by_id(pk: int) -> Revision | None:
    return Revision.objects.select_related("round").defer("snapshot__content").filter(pk=pk).first()


def name_of_revision(pk: int) -> tuple[str, str]:
    """Return what a revision is called before leaders and committee, and where it is read."""
    revision = revision_by_id(pk)
    if revision is None:
        return "", ""
    title = f"{revision.round.label}政治生态评价结果（第 {revision.number} 版）"
    return title, reverse("evaluation:ranking", args=[revision.round_id])


def revisions_known_to(user: Any) -> Iterable[int]:
    """Return the revisions whose decisions a person may read: who organises the evaluation, and the leaders.

    The office issues what was decided; what is to be decided nobody tells it (ADR 0017).
    """
    rows = Revision.objects.all() if user.holds(*TOLD) else Revision.objects.none()
    return rows.values_list("pk", flat=True)


def approval_of(document: OfficialDocument) -> Approval | None:
    """Return the last approval that was asked for a bulletin."""
    return approvals.of_subject(reference_to(document)).first()


def missing_approval(document: OfficialDocument) -> str:
    """Say what a bulletin lacks before it may be issued; empty where the leaders agreed."""
    where = Reference(OfficialDocument.kind, document.pk)
    if approvals.is_granted(where):
        return ""
    found = approval_of(document)
    if found is None or found.state == ApprovalState.WITHDRAWN:
        return f"{MISSING}，请党风室在评价通报页呈批"
    return f"{MISSING}，呈批件{found.get_state_display()}"
