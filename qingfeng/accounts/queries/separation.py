"""Which roles one person may not have in his hands at once, not even for the days of a stand-in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qingfeng.accounts.models import Grant
from qingfeng.core.roles import ADMIN_ROLES, COMMISSION_ROLES, Role

DECIDERS = frozenset({Role.SECRETARY, Role.DEPUTY_LEADER})
PROPOSERS = COMMISSION_ROLES - DECIDERS
OF_UNIT = frozenset({Role.UNIT_HEAD, Role.UNIT_LIAISON})
JUDGES = frozenset({Role.CONDUCT_OFFICE, Role.SCORING_DEPARTMENT, Role.STATIONED_GROUP, Role.DATA_SUPPLIER})
RESTRAINED = frozenset(
    {Role.CASE_OFFICE, Role.SUPERVISION_OFFICE, Role.INVESTIGATION_OFFICE, Role.ADJUDICATION_OFFICE}
)
"""监督检查、审查调查、案件监督管理、案件审理相互协调、相互制约: four offices, four hands."""


@dataclass(frozen=True)
class Held:
    """A role in somebody's hands, for a unit or for all."""

    role: str
    unit: int | None

    @property
    def words(self) -> str:
        return str(Role(self.role).label)


def of(grants: Iterable[Grant]) -> list[Held]:
    return [Held(grant.role, grant.unit_id) for grant in grants]


def conflict(own: Held, wanted: Held) -> str:
    """Say why the two may not be in one person's hands, or return an empty string."""
    roles = {own.role, wanted.role}
    if roles & ADMIN_ROLES:
        return "三员席位不代理，也不代理别人"
    if Role.SANCTIONED_PERSON in roles:
        return "受处分人员不代理，也不由人代理"
    if roles & DECIDERS and roles & PROPOSERS:
        return f"既提出又决定：{own.words}与{wanted.words}不得由一人承担"
    if roles <= RESTRAINED and len(roles) == 2:
        return f"相互制约：{own.words}与{wanted.words}不得由一人承担"
    return _of_unit(own, wanted)


def _of_unit(own: Held, wanted: Held) -> str:
    """Say whether a unit's own people would sign what they wrote, or judge their unit."""
    same = own.unit == wanted.unit
    if {own.role, wanted.role} == OF_UNIT and same:
        return f"既填报又审签：本单位的{own.words}与{wanted.words}不得由一人承担"
    for unit_role, other in ((own, wanted), (wanted, own)):
        if unit_role.role in OF_UNIT and other.role in JUDGES and not same:
            return f"评到本单位：{unit_role.words}不得同时承担{other.words}"
    return ""


def conflicts(own: Iterable[Held], wanted: Iterable[Held]) -> list[str]:
    """Return every reason against it once."""
    known = list(own)
    found = [conflict(each, other) for other in wanted for each in known]
    return list(dict.fromkeys(reason for reason in found if reason))
