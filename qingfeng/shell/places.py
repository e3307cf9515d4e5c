"""The pages of the side navigation, with the roles that find them there."""

from __future__ import annotations

from qingfeng.core.roles import Role
from qingfeng.shell.navigation import Place

WORK, JUDGEMENT, OFFICE = "业务", "研判", "办公"
DEPARTMENTS = (Role.SCORING_DEPARTMENT, Role.STATIONED_GROUP)
SUPPLIERS = (Role.DATA_SUPPLIER,)

PLACES: tuple[Place, ...] = (Place("工作台", "home", ""),)
