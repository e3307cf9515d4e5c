from __future__ import annotations

from qingfeng.core.actors import Actor
from qingfeng.core.roles import Role
from qingfeng.core.rules import require, rule

ONLY_AUDIT_ADMIN = "审计记录仅限审计管理员查看、导出和校验"


@rule
def read(user: Actor) -> None:
    require(user.holds(Role.AUDIT_ADMIN), ONLY_AUDIT_ADMIN)


@rule
def export(user: Actor) -> None:
    require(user.holds(Role.AUDIT_ADMIN), ONLY_AUDIT_ADMIN)


@rule
def verify(user: Actor) -> None:
    require(user.holds(Role.AUDIT_ADMIN), ONLY_AUDIT_ADMIN)
