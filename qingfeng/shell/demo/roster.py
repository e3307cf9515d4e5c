"""The demo city's sign-ins: one for each role, and the people of every unit and department."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qingfeng.core.roles import Role

PASSWORD = "Qingfeng-2026"  # noqa: S105 -- the demo's, printed at the start

SEATS = {
    Role.SYSTEM_ADMIN: ("xitong", "系统管理员"),
    Role.SECURITY_ADMIN: ("anquan", "安全管理员"),
    Role.AUDIT_ADMIN: ("shenji", "审计管理员"),
}


@dataclass(frozen=True)
class Account:
    """A sign-in: its name, its role, and the code of the unit it is bound to, if any."""

    username: str
    role: str
    unit: str = ""
    room: str = ""

    @property
    def label(self) -> str:
        return Role(self.role).label + (f"（{self.room}）" if self.room else "")


OFFICE = Account("bangong", Role.OFFICE)
OFFICER = Account("dangfeng", Role.CONDUCT_OFFICE)
ONE_OF_EACH = (
    Account("shuji", Role.SECRETARY),
    Account("fenguan", Role.DEPUTY_LEADER),
    Account("jilu", Role.COMMITTEE_CLERK),
    OFFICE,
    OFFICER,
    Account("dangfeng2", Role.CONDUCT_OFFICE, room="复核"),
    Account("xinfang", Role.PETITION_OFFICE),
    Account("anguan", Role.CASE_OFFICE),
    Account("jiandu", Role.SUPERVISION_OFFICE),
    Account("shencha", Role.INVESTIGATION_OFFICE),
    Account("shenli", Role.ADJUDICATION_OFFICE),
    Account("yigai", Role.REFORM_OFFICE),
    Account("tijian", Role.CHECKUP_MEMBER),
    Account("paizhu", Role.STATIONED_GROUP, "G12", "驻住建局组"),
    Account("zhenjiwei", Role.TOWN_COMMISSION, "Z01", "云溪镇"),
    Account("pingfen", Role.SCORING_DEPARTMENT, "D03", "宣传部"),
    Account("baosong", Role.DATA_SUPPLIER, "D10", "督查室"),
    Account("danwei", Role.UNIT_HEAD, "Z01", "云溪镇"),
    Account("lianluo", Role.UNIT_LIAISON, "Z01", "云溪镇"),
    Account("bangdai", Role.MENTOR),
    Account("shouchufen", Role.SANCTIONED_PERSON),
)

DEPARTMENTS = {
    "xuanchuan": "D03", "dangxiao": "D09", "anguan": "J04", "xuanjiao": "J08", "zuzhi": "D02",
    "dangwei_ducha": "D10", "zhengfu_ducha": "J12", "dangfeng": "J02", "wangxin": "D06", "dangwei_ban": "D01",
    "xuncha": "D08", "shenji": "G21", "paizhu": "J10", "jiandu": "J05", "caizheng": "G09", "jiaoyi": "Q14",
    "guozi": "Q19", "xinfang_shi": "J03", "gaige": "J09", "shenli": "J07", "jiguan": "G30", "zhengshu": "G27",
    "rexian": "Q20", "xinfang_ju": "G25", "hangye": "J13", "jianfu": "J11",
}  # fmt: skip
"""The scheme's departments and the units that stand for them (code → unit code)."""

KEEPERS = {"anguan": "yunchuan urn first key", "bangong": "yunchuan urn second key"}
"""The two keepers of the demo's urns and their passphrases, which the start prints."""

PREFIXES = {
    Role.SCORING_DEPARTMENT: "pf",
    Role.DATA_SUPPLIER: "bs",
    Role.UNIT_HEAD: "fz",
    Role.UNIT_LIAISON: "ll",
}


def username_of(role: str, unit: str) -> str:
    """Return the sign-in of a unit's person: a named one of `ONE_OF_EACH`, or prefix and unit code."""
    named = next((each.username for each in ONE_OF_EACH if (each.role, each.unit) == (role, unit)), "")
    return named or f"{PREFIXES[Role(role)]}.{unit.lower()}"


def of_departments() -> list[Account]:
    """Return the scorer and the supplier of every department."""
    return [
        Account(username_of(role, unit), role, unit)
        for unit in sorted(set(DEPARTMENTS.values()))
        for role in (Role.SCORING_DEPARTMENT, Role.DATA_SUPPLIER)
    ]


def of_units(codes: Iterable[str]) -> list[Account]:
    """Return the head and the liaison officer of every unit."""
    return [
        Account(username_of(role, unit), role, unit)
        for unit in codes
        for role in (Role.UNIT_HEAD, Role.UNIT_LIAISON)
    ]
