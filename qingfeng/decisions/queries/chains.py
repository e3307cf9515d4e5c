"""Which roles sign in which order for a kind of subject."""

from __future__ import annotations

from dataclasses import dataclass

from qingfeng.core.roles import Role
from qingfeng.decisions.models.approvals import ApprovalChain
from qingfeng.decisions.queries.subjects import KINDS, SubjectKind

PROPOSAL = "建议顺序，未见统一规定，由本机关确定"
USUAL = (Role.DEPUTY_LEADER, Role.SECRETARY)


@dataclass(frozen=True)
class Chain:
    """The order of signing of a kind: the commission's own, or the proposed one."""

    kind: str
    label: str
    roles: tuple[Role, ...]
    basis: str
    own: ApprovalChain | None

    @property
    def words(self) -> str:
        return " → ".join(role.label for role in self.roles)

    @property
    def revision(self) -> int:
        return self.own.revision if self.own else 0


def chains() -> list[Chain]:
    """Return the order of every declared kind."""
    own = {row.subject_kind: row for row in ApprovalChain.objects.select_related("changed_by")}
    return [_chain(known.kind, known, own.get(known.kind)) for known in KINDS.values()]


def chain_of(kind: str) -> Chain:
    """Return the order of a kind; one that nobody declared goes the usual way."""
    own = ApprovalChain.objects.filter(subject_kind=kind).select_related("changed_by").first()
    return _chain(kind, KINDS.get(kind), own)


def _chain(kind: str, known: SubjectKind | None, own: ApprovalChain | None) -> Chain:
    label = known.label if known else "其他事项"
    if own is not None:
        return Chain(kind, label, tuple(Role(role) for role in own.roles), own.basis, own)
    return Chain(kind, label, tuple(known.roles) if known else USUAL, PROPOSAL, None)
