from __future__ import annotations

from typing import Any

from qingfeng.core.actors import Actor, is_same_hand
from qingfeng.core.roles import COMMISSION_ROLES, Role
from qingfeng.core.rules import require, rule
from qingfeng.documents.models.files import FileVersion
from qingfeng.organizations.models import Unit
from qingfeng.rectification.models.institutions import Institution
from qingfeng.rectification.models.items import Item
from qingfeng.rectification.queries import items, scope

LEADERS = (Role.SECRETARY, Role.DEPUTY_LEADER)
UNIT_ONLY = "整改情况由责任单位负责人或者联络员报送"
VERIFIER_ONLY = "由开列时指定的核查人或者核查部门办理"
NOT_OWN = "核查人不得是报送人，也不得是责任单位的人"
STEERING = "由开列人、核查部门或者领导办理"


def let_see(kind: str, origin: scope.Origin) -> None:
    """Declare a kind of origin and who reads its items; called from `shell/wiring.py`."""
    scope.let_see(kind, origin)


def may_open_proof(user: Any, version: FileVersion) -> bool:
    """Say whether a person may open the files of a report: who sees the item."""
    return scope.items_visible_to(user).filter(reports=version.attachment.owner_id).exists()


def may_open_text(user: Any, version: FileVersion) -> bool:
    """Say whether a person may open the text of an institution: who sees the institution."""
    return scope.institutions_visible_to(user).filter(pk=version.attachment.owner_id).exists()


def _is_verifier(user: Any, item: Item) -> bool:
    return scope.items_visible_to(user).filter(scope.verified_by(user), pk=item.pk).exists()


def _verifies(user: Any, item: Item) -> None:
    require(user.holds(*scope.VERIFYING) and _is_verifier(user, item), VERIFIER_ONLY)
    is_own = user.holds(*scope.OF_UNIT) and item.unit_id in scope.units_of(user)
    has_reported = any(is_same_hand(user, other) for other in items.reporters_of(item))
    require(not is_own and not has_reported, NOT_OWN)


def _steers(user: Any, item: Item, sentence: str) -> None:
    is_own = item.unit_id in scope.units_of(user)
    is_opener = item.opened_by_id is not None and item.opened_by_id == user.pk
    may = user.holds(*LEADERS) or (user.holds(*scope.VERIFYING) and (is_opener or _is_verifier(user, item)))
    require(may and not is_own, sentence)


@rule
def read_items(user: Actor) -> None:
    require(user.holds(*scope.VERIFYING, *scope.OF_UNIT), "整改事项供责任单位和本机关干部查看")


@rule
def read_overview(user: Actor) -> None:
    require(user.holds(*scope.WHOLE), "全部单位的整改统计供本机关领导和主管室查看")


@rule
def open_item(user: Actor, unit: Unit) -> None:
    in_reach = user.holds(*COMMISSION_ROLES) or user.holds(*scope.WATCHING, unit=unit)
    require(user.is_system or in_reach, "整改事项由本机关、派驻组或者镇纪委开列")


@rule
def report(user: Actor, item: Item) -> None:
    require(user.holds(*scope.OF_UNIT, unit=item.unit_id), UNIT_ONLY)


@rule
def verify(user: Actor, item: Item) -> None:
    _verifies(user, item)


@rule
def send_back(user: Actor, item: Item) -> None:
    _verifies(user, item)


@rule
def reopen(user: Actor, item: Item) -> None:
    _steers(user, item, STEERING)


@rule
def extend(user: Actor, item: Item) -> None:
    _steers(user, item, STEERING)


@rule
def reassign(user: Actor, item: Item) -> None:
    _steers(user, item, STEERING)


@rule
def cancel(user: Actor, item: Item) -> None:
    _steers(user, item, STEERING)


@rule
def record_institution(user: Actor, unit: Unit) -> None:
    in_reach = user.holds(*COMMISSION_ROLES) or user.holds(*scope.OF_UNIT, unit=unit)
    require(user.is_system or in_reach, "制度由制定单位或者本机关登记")


@rule
def add_text(user: Actor, institution: Institution) -> None:
    in_reach = user.holds(*scope.WHOLE) or user.holds(*scope.OF_UNIT, unit=institution.unit_id)
    require(in_reach, "制度文本由制定单位或者主管室上传")


@rule
def withdraw_institution(user: Actor, institution: Institution) -> None:
    is_own = institution.recorded_by_id is not None and institution.recorded_by_id == user.pk
    require(user.holds(*scope.WHOLE) or is_own, "登记有误的，由登记人或者主管室撤销")
