from __future__ import annotations

from qingfeng.core.actors import Actor
from qingfeng.core.roles import COMMISSION_ROLES, UNIT_BOUND_ROLES, Role
from qingfeng.core.rules import require, rule
from qingfeng.organizations import queries
from qingfeng.organizations.models import Unit

OFFICE_ONLY = "单位和人员由办公室维护"
NO_PEOPLE = "人员信息只供机关业务人员和本单位人员查看"


@rule
def read_units(user: Actor) -> None:
    require(
        user.holds(*queries.SEE_ALL_UNITS, *UNIT_BOUND_ROLES),
        "单位信息只供机关业务人员、本单位人员和安全管理员查看",
    )


@rule
def read_people(user: Actor) -> None:
    require(user.holds(*COMMISSION_ROLES, *UNIT_BOUND_ROLES), NO_PEOPLE)


@rule
def read_unit_people(user: Actor, unit: Unit) -> None:
    require(user.holds(*COMMISSION_ROLES) or user.holds(*UNIT_BOUND_ROLES, unit=unit), NO_PEOPLE)


@rule
def edit_units(user: Actor) -> None:
    require(user.is_system or user.holds(Role.OFFICE), OFFICE_ONLY)


@rule
def close_unit(user: Actor, unit: Unit) -> None:
    edit_units.check(user)
    require(unit.active_to is None, "该单位已经停用或定了停用日期")


@rule
def reopen_unit(user: Actor, unit: Unit) -> None:
    edit_units.check(user)
    require(unit.active_to is not None, "该单位没有停用，不必恢复")


@rule
def edit_people(user: Actor) -> None:
    require(user.is_system or user.holds(Role.OFFICE), OFFICE_ONLY)


@rule
def import_workbook(user: Actor) -> None:
    require(user.is_system or user.holds(Role.OFFICE), "单位和人员的导入由办公室办理")


@rule
def export_workbook(user: Actor) -> None:
    require(user.holds(Role.OFFICE), "可再导入的全量导出由办公室办理")
