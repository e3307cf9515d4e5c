"""A city of any size: units, departments, people; and a round laid out by the platform's own actions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from qingfeng.accounts.actions import preferences
from qingfeng.accounts.models import AdminSeat, Grant, User
from qingfeng.core import clock
from qingfeng.core.actors import SYSTEM
from qingfeng.core.roles import ADMIN_ROLES, Role
from qingfeng.evaluation.actions import rounds, schemes
from qingfeng.evaluation.models.rounds import Round, RoundDepartment
from qingfeng.evaluation.models.schemes import SchemeVersion
from qingfeng.evaluation.queries import rounds as round_queries
from qingfeng.evaluation.queries import schedule
from qingfeng.evaluation.scoring import shipped
from qingfeng.evaluation.scoring.periods import Quarter
from qingfeng.organizations.enums import UnitClass
from qingfeng.organizations.models import Unit

CHINA = ZoneInfo("Asia/Shanghai")
LONG_AGO = dt.date(2020, 1, 1)
SELF_EVALUATED = "xuanchuan"
"""The one department that is evaluated itself, so that its substitute has work."""

COMMISSION = (
    Role.CONDUCT_OFFICE, Role.SECRETARY, Role.DEPUTY_LEADER, Role.COMMITTEE_CLERK, Role.OFFICE,
)  # fmt: skip
BATCH = 1000


@dataclass
class City:
    """The units that are evaluated, those that stand for departments, and a person for each role."""

    units: list[Unit]
    departments: dict[str, Unit]
    people: dict[str, User]
    version: SchemeVersion

    @property
    def officer(self) -> User:
        return self.people[Role.CONDUCT_OFFICE]


def found(units: int) -> City:
    """Found a city with so many evaluated units, in all classes."""
    classes = list(UnitClass)
    listed = Unit.objects.bulk_create(
        (_unit(f"U{n:05d}", f"第{n + 1}单位", classes[n % len(classes)], n) for n in range(units)),
        batch_size=BATCH,
    )
    named = [entry for entry in shipped.default_scheme().departments if entry.code != SELF_EVALUATED]
    offices = Unit.objects.bulk_create(
        _unit(f"D{n:05d}", entry.name, UnitClass.PARTY, units + n, is_evaluated=False)
        for n, entry in enumerate(named)
    )
    departments = {entry.code: unit for entry, unit in zip(named, offices, strict=True)}
    departments[SELF_EVALUATED] = listed[0]
    version = schemes.install_shipped_schemes(by=SYSTEM, at=clock.now())[0]
    return City(listed, departments, _people(listed, departments), version)


def _unit(code: str, name: str, unit_class: UnitClass, position: int, *, is_evaluated: bool = True) -> Unit:
    return Unit(
        code=code,
        name=f"云川市{name}",
        short_name=name,
        unit_class=unit_class,
        active_from=LONG_AGO,
        is_evaluated=is_evaluated,
        sort_order=position,
    )


def _people(units: list[Unit], departments: dict[str, Unit]) -> dict[str, User]:
    """Seat the three administrators, and give every role one person; scorer and supplier serve them all."""
    rows: list[tuple[str, Unit | None]] = [(role, None) for role in COMMISSION]
    rows += [(role, units[0]) for role in (Role.UNIT_HEAD, Role.UNIT_LIAISON)]
    offices = list(departments.values())
    rows += [(role, unit) for role in (Role.SCORING_DEPARTMENT, Role.DATA_SUPPLIER) for unit in offices]
    roles = [*dict.fromkeys(role for role, _ in rows), *sorted(ADMIN_ROLES)]
    now = clock.now()
    people = {
        role: User.objects.create(username=f"bench.{role}", name=Role(role).label, password_changed_at=now)
        for role in roles
    }
    for role in sorted(ADMIN_ROLES):
        AdminSeat.objects.create(role=role, user=people[role], since=now)
    preferences.change(key="factor_roles", value=[], by=people[Role.SYSTEM_ADMIN], at=now)
    Grant.objects.bulk_create(
        Grant(user=people[role], role=role, unit=unit, starts_on=LONG_AGO, reason="任职文件")
        for role, unit in rows
    )
    return people


def open_round(city: City, year: int, quarter: int) -> Round:
    """Plan a quarter's round, bind its departments, open it, and go on to the review."""
    dates = schedule.dates_of(Quarter(year, quarter))
    at = {name: dt.datetime.combine(date, dt.time(10, 30), CHINA) for name, date in dates.items()}
    planned = rounds.plan(
        year=year, quarter=quarter, scheme_version=city.version, by=city.officer, at=at["opens_on"]
    )
    for row in round_queries.departments(planned):
        row.unit = city.departments[row.code]
        row.save(update_fields=["unit"])
    opened = rounds.open_round(round=planned, by=city.officer, at=at["opens_on"])
    rounds.start_review(round=opened, by=city.officer, at=at["submit_by"])
    opened.refresh_from_db()
    return opened


def owners(round: Round) -> dict[str, RoundDepartment]:
    """Return the round's departments by code."""
    return {row.code: row for row in round_queries.departments(round)}
