"""Setting the order of signing of a kind of subject."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from qingfeng.audit import actions as audit
from qingfeng.core import references
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Conflict, Refused
from qingfeng.core.roles import COMMISSION_ROLES, Role
from qingfeng.decisions import rules
from qingfeng.decisions.models.approvals import ApprovalChain


@transaction.atomic
def set_chain(
    *, kind: str, roles: Sequence[str], basis: str, seen: int, by: Actor, at: dt.datetime
) -> ApprovalChain:
    """Set which roles sign in which order; `seen` is the revision that the page showed, 0 for the proposal.

    Requests that are under way keep their chain. Raises `Denied`, `Refused`, `Conflict`.
    """
    rules.change_chain.check(by)
    wanted = [role for role in roles if role]
    faults = []
    if not wanted or len(wanted) > 6:
        faults.append("签批从一级到六级")
    if len(set(wanted)) != len(wanted):
        faults.append("同一角色只签一次")
    if not set(wanted) <= {str(role) for role in COMMISSION_ROLES}:
        faults.append("签批由本机关领导和部门办理")
    if not basis.strip():
        faults.append("请写明依据")
    if faults:
        raise Refused(*faults)
    row = ApprovalChain.objects.select_for_update().filter(subject_kind=kind).first()
    if (row.revision if row else 0) != seen:
        raise Conflict
    made = row or ApprovalChain(subject_kind=kind, revision=0)
    before = list(made.roles)
    made.roles, made.basis = [str(Role(role)) for role in wanted], basis.strip()[:200]
    made.revision += 1
    made.changed_at, made.changed_by_id = at, by.pk
    made.save()
    detail = {"before": before, "after": made.roles}
    subject = references.reference_to(made)
    audit.record(action="approval_chain.set", by=by, at=at, subject=subject, detail=detail)
    return made
