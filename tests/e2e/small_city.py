"""A city of four evaluated units with its people, by the platform's own actions.

Run in a process of its own (`manage.py shell -c "..."`): the browser keeps an event loop in the tests'
process, in which Django would not query.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from qingfeng.accounts.actions import accounts, grants, preferences, seats
from qingfeng.accounts.queries import lookups
from qingfeng.core import clock
from qingfeng.core.actors import SYSTEM
from qingfeng.core.roles import Role
from qingfeng.decisions.actions import approvals
from qingfeng.decisions.queries import approvals as approval_queries
from qingfeng.evaluation.actions import schemes
from qingfeng.organizations import queries as organizations
from qingfeng.organizations.actions import importing
from qingfeng.organizations.workbook import snapshot
from qingfeng.organizations.workbook.records import Records, UnitRecord
from qingfeng.shell.demo.city import SETTINGS
from qingfeng.shell.demo.roster import PASSWORD, SEATS

SINCE = dt.date(2024, 1, 1)
REASON = "初始设置"
FOUND = "from tests.e2e import small_city; small_city.found()"
TOWNS = {"Z01": "云溪镇", "Z02": "石桥镇", "Z03": "翠屏街道", "Z04": "柳河镇"}
DEPARTMENTS = {
    "D01": ("宣传部", "party"),
    "D02": ("组织部", "party"),
    "J01": ("党风室", "party"),
    "J02": ("案管室", "party"),
    "G01": ("12345热线", "government"),
}


SIGN = "from tests.e2e import small_city; small_city.sign()"


def sign() -> None:
    """Let every leader whose turn it is agree to what waits for signature."""
    for name in ("fenguan", "shuji"):
        leader = lookups.everybody()[name]
        for approval in approval_queries.waiting_for(leader):
            step = approval.steps.filter(written__isnull=True).order_by("position")[0]
            approvals.give_opinion(step=step, agree=True, text="同意。", by=leader, at=clock.now())


@dataclass(frozen=True)
class Person:
    username: str
    role: str
    unit: str = ""


OFFICE = Person("bangong", Role.OFFICE)
PEOPLE = (
    Person("dangfeng", Role.CONDUCT_OFFICE),
    Person("shuji", Role.SECRETARY),
    Person("fenguan", Role.DEPUTY_LEADER),
    Person("jilu", Role.COMMITTEE_CLERK),
    Person("pf.d01", Role.SCORING_DEPARTMENT, "D01"),
    Person("pf.d02", Role.SCORING_DEPARTMENT, "D02"),
    Person("bs.j02", Role.DATA_SUPPLIER, "J02"),
    Person("bs.g01", Role.DATA_SUPPLIER, "G01"),
    *(Person(f"ll.{code.lower()}", Role.UNIT_LIAISON, code) for code in TOWNS),
    *(Person(f"fz.{code.lower()}", Role.UNIT_HEAD, code) for code in TOWNS),
)


def records() -> Records:
    """Return the units as the lines of an import workbook."""
    found = Records()
    rows = [(code, name, "town") for code, name in TOWNS.items()]
    rows += [(code, *words) for code, words in DEPARTMENTS.items()]
    for order, (code, name, unit_class) in enumerate(rows):
        found.units[code] = UnitRecord(
            code=code,
            name=name,
            short_name=name,
            unit_class=unit_class,
            active_from=SINCE,
            is_evaluated=code in TOWNS,
            sort_order=order,
        )
    return found


def found() -> None:
    """Seat the three administrators, bring in the units, and open the accounts."""
    at, encoded, listed = clock.now(), make_password(PASSWORD), records()
    people = {str(role): pair for role, pair in SEATS.items()}
    seated = seats.seat_first(people=people, at=at, reason=REASON, encoded=encoded)
    opener, granter = seated[Role.SYSTEM_ADMIN].user, seated[Role.SECURITY_ADMIN].user
    for key, value in SETTINGS.items():
        preferences.change(key=key, value=value, by=opener, at=at)
    for number, person in enumerate((OFFICE, *PEOPLE)):
        opened = accounts.open_account(
            username=person.username,
            name=f"{Role(person.role).label}{number}",
            by=opener,
            at=at,
            reason=REASON,
            encoded=encoded,
        )
        unit = organizations.units_by_code([person.unit])[person.unit] if person.unit else None
        grants.give(
            account=opened.user,
            role=person.role,
            unit=unit,
            by=granter,
            at=at,
            reason=REASON,
            starts_on=SINCE,
        )
        if person is OFFICE:
            office = lookups.by_username([OFFICE.username])[OFFICE.username]
            importing.import_workbook(content=snapshot.workbook(listed), by=office, at=at)
    schemes.install_shipped_schemes(by=SYSTEM, at=at)
