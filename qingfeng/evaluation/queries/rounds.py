from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet

from qingfeng.core.roles import Role
from qingfeng.evaluation.enums import RoundState
from qingfeng.evaluation.models.rounds import Round, RoundDepartment, RoundUnit
from qingfeng.evaluation.models.schemes import SchemeVersion
from qingfeng.evaluation.queries import schemes as scheme_queries
from qingfeng.evaluation.queries import scope
from qingfeng.evaluation.scoring import scheme as core
from qingfeng.evaluation.scoring.periods import Quarter
from qingfeng.organizations.enums import UnitClass
from qingfeng.organizations.models import Unit


def visible_to(user: Any) -> QuerySet[Round]:
    """Return the rounds the user may see: planned ones by the officers, running ones by all who take part."""
    rows = Round.objects.select_related("scheme_version__scheme").defer("scheme_version__body")
    if scope.sees_whole(user):
        return rows
    if user.holds(Role.SCORING_DEPARTMENT, Role.DATA_SUPPLIER, *scope.FOR_UNIT):
        return rows.exclude(state=RoundState.PLANNED)
    announced = rows.filter(revisions__announced_at__isnull=False).distinct()
    return announced if scope.sees_announced(user) else rows.none()


def listed(user: Any) -> QuerySet[Round]:
    """Return the visible rounds, newest first, with the number of their units."""
    taking_part = Count("units", filter=Q(units__left_at__isnull=True), distinct=True)
    return visible_to(user).annotate(unit_count=taking_part).order_by("-year", "-quarter")


def current(user: Any) -> Round | None:
    """Return the newest visible round that runs, or else the newest visible one."""
    rounds = list(visible_to(user).order_by("-year", "-quarter")[:8])
    running = [row for row in rounds if row.state not in {RoundState.PLANNED, RoundState.ANNOUNCED}]
    return next(iter(running or rounds), None)


def quarter_of(round: Round) -> Quarter:
    return Quarter(round.year, round.quarter)


def scheme_of(round: Round) -> core.Scheme:
    return scheme_queries.scheme_of(round.scheme_version)


def due_indicators(round: Round) -> list[tuple[core.Dimension, core.Indicator]]:
    """Return the indicators whose period ends in the round's quarter, in the scheme's order."""
    quarter = quarter_of(round)
    return [(d, i) for d, i in scheme_of(round).indicators() if quarter.is_due(i.period)]


def evidence_indicators(round: Round) -> list[core.Indicator]:
    return evidence_asked(scheme_of(round), quarter_of(round))


def evidence_asked(scheme: core.Scheme, quarter: Quarter) -> list[core.Indicator]:
    """Return the indicators for which units hand in evidence: due ones that departments review."""
    return [
        indicator
        for _, indicator in scheme.indicators()
        if quarter.is_due(indicator.period)
        and indicator.evidence
        and any(isinstance(c, core.ReviewChannel) for c in indicator.channels)
    ]


def taking_part(round: Round) -> QuerySet[RoundUnit]:
    return RoundUnit.objects.filter(round=round).taking_part().order_by("position")


def candidates(quarter: Quarter) -> list[Unit]:
    """Return the units to evaluate, class by class: those active on the quarter's last day."""
    rows = Unit.objects.evaluated().active_on(quarter.end_date).order_by("sort_order", "code")
    return sorted(rows, key=lambda unit: UnitClass.values.index(unit.unit_class))


def department_codes(scheme: core.Scheme, quarter: Quarter) -> set[str]:
    """Return the codes of departments with a part in the quarter: scorers, substitutes, suppliers."""
    found: set[str] = set()
    for _, indicator, channel in scheme.channels():
        if not quarter.is_due(indicator.period):
            continue
        if isinstance(channel, core.ReviewChannel):
            found |= {code for r in channel.reviewers for code in (r.department, r.substitute) if code}
        elif isinstance(channel, core.DataChannel):
            found.add(channel.supplier)
    return found


def suppliers(scheme: core.Scheme, quarter: Quarter) -> set[str]:
    return {
        channel.supplier
        for _, indicator, channel in scheme.channels()
        if isinstance(channel, core.DataChannel) and quarter.is_due(indicator.period)
    }


def departments(round: Round) -> QuerySet[RoundDepartment]:
    return round.departments.select_related("unit").order_by("pk")


def bindings(codes: Iterable[tuple[str, str]]) -> dict[str, Unit]:
    """Propose a unit for each department (code, name): as in the last round, or else of the same name."""
    wanted = dict(codes)
    found: dict[str, Unit] = {}
    earlier = RoundDepartment.objects.filter(code__in=wanted, unit__isnull=False).select_related("unit")
    for row in earlier.order_by("round__year", "round__quarter"):
        if row.unit is not None and row.name == wanted[row.code]:
            found[row.code] = row.unit
    names = set(wanted.values())
    units = Unit.objects.filter(Q(name__in=names) | Q(short_name__in=names) | Q(code__in=list(wanted)))
    for unit in units.order_by("pk"):
        for code, name in wanted.items():
            if code not in found and (name in {unit.name, unit.short_name} or code == unit.code):
                found[code] = unit
    return found


def next_unplanned(today: dt.date) -> Quarter:
    """Return the first quarter from today's on that has no round yet."""
    planned = set(Round.objects.filter(year__gte=today.year).values_list("year", "quarter"))
    quarter = Quarter(today.year, (today.month + 2) // 3)
    while (quarter.year, quarter.number) in planned:
        following = quarter.number % 4 + 1
        quarter = Quarter(quarter.year + (following == 1), following)
    return quarter


def next_version(slug: str) -> SchemeVersion | None:
    """Return the version a new round takes: of the scheme set, or of the last round's, or the newest."""
    published = scheme_queries.publishable()
    last = Round.objects.newest_first().select_related("scheme_version").defer("scheme_version__body").first()
    wanted = published.filter(scheme__slug=slug) if slug else published
    if not slug and last is not None:
        wanted = published.filter(scheme_id=last.scheme_version.scheme_id)
    return wanted.order_by("-published_at", "pk").first()
