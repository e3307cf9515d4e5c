"""Who stands behind an appealed point, and who is free to decide the appeal."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils import timezone

from qingfeng.accounts.models import User
from qingfeng.core import clock
from qingfeng.core.actors import Actor
from qingfeng.core.roles import COMMISSION_ROLES, Role
from qingfeng.evaluation.enums import AppealSubject
from qingfeng.evaluation.models.appeals import Appeal
from qingfeng.evaluation.models.data import Adjustment, BallotTally, DataValue, Fact
from qingfeng.evaluation.models.reviews import ReviewChange, ReviewScore
from qingfeng.evaluation.queries import people, rounds
from qingfeng.evaluation.scoring import channel_states, terms
from qingfeng.evaluation.scoring import scheme as core
from qingfeng.notifications import queries as inbox
from qingfeng.organizations.models import Unit

LEADERS = (Role.DEPUTY_LEADER, Role.SECRETARY)
OFFICES = COMMISSION_ROLES - {*LEADERS, Role.COMMITTEE_CLERK}
ORDER = (Role.CONDUCT_OFFICE, Role.DEPUTY_LEADER, Role.SECRETARY)
"""Who decides: an officer who is free; where none is, the deputy leader; where he is not, the secretary."""
SCORED = "本人参与评定了这一分，不得决定这件申诉。"
COLLEAGUE = "评定这一分的部门人员不得决定这件申诉。"
OWN_UNIT = "不得决定本人所在单位的申诉。"


@dataclass(frozen=True)
class Behind:
    """The people who made the point, and the departments that answer for it."""

    people: frozenset[int]
    units: frozenset[int]
    offices: frozenset[str] = field(default_factory=frozenset)


def behind(appeal: Appeal) -> Behind:
    """Return who stands behind the appealed point, whatever its kind."""
    found, departments = _sources(appeal)
    ids = {pk for pk in found if pk is not None}
    units, offices = set(departments), set()
    for user in User.objects.filter(pk__in=ids):
        if user.holds(*LEADERS):
            continue  # a leader answers for himself; all leaders stand in one unit
        own_units, own_offices = departments_of(user)
        units |= own_units
        offices |= own_offices
    return Behind(frozenset(ids), frozenset(units), frozenset(offices | _offices_of(units)))


def departments_of(user: Actor) -> tuple[set[int], set[str]]:
    """Return the units a person works in, and the offices of the commission that he belongs to."""
    units = people.units_of(user)
    held = {str(role) for role in OFFICES if user.holds(role)}
    names = {Role(role).label for role in held}
    return units | set(Unit.objects.filter(short_name__in=names).values_list("pk", flat=True)), held


def _offices_of(units: set[int]) -> set[str]:
    """Return the offices that are units of their own: who scores for 党风室 is of 党风室."""
    labels = {str(role.label): str(role) for role in OFFICES}
    names = Unit.objects.filter(pk__in=units, short_name__in=labels).values_list("short_name", flat=True)
    return {labels[name] for name in names}


def _sources(appeal: Appeal) -> tuple[set[int | None], set[int]]:
    """Return the ids of those who made the point, and of the units that are named as its department."""
    if appeal.subject_kind == AppealSubject.REVIEW:
        return _of_review(appeal)
    if appeal.subject_kind == AppealSubject.FACT:
        return _of_fact(appeal)
    if appeal.subject_kind == AppealSubject.VALUE:
        return _of_values(appeal)
    if appeal.subject_kind == AppealSubject.TALLY:
        rows = BallotTally.objects.filter(round_unit=appeal.round_unit, group=appeal.line)
        return set(rows.values_list("imported_by_id", flat=True)), set()
    row = Adjustment.objects.get(pk=appeal.subject_id or 0)
    return {row.proposed_by_id, row.decided_by_id}, set()


def _of_review(appeal: Appeal) -> tuple[set[int | None], set[int]]:
    score = ReviewScore.objects.select_related("sheet__department").get(pk=appeal.subject_id or 0)
    changed = ReviewChange.objects.filter(score=score, changed_at__lte=appeal.written_at)
    made: set[int | None] = {score.reviewed_by_id, score.sheet.submitted_by_id}
    return made | set(changed.values_list("changed_by_id", flat=True)), _unit(score.sheet.department.unit_id)


def _of_fact(appeal: Appeal) -> tuple[set[int | None], set[int]]:
    fact = Fact.objects.select_related("task__department").get(pk=appeal.subject_id or 0)
    rows = fact.chosen_points.filter(chosen_at__lte=appeal.written_at)
    chosen = set(rows.values_list("chosen_by_id", flat=True))
    unit = fact.task.department.unit_id if fact.task else None
    return {fact.recorded_by_id, *chosen}, _unit(unit)


def _of_values(appeal: Appeal) -> tuple[set[int | None], set[int]]:
    made: set[int | None] = set()
    units: set[int] = set()
    for value in values_of(appeal):
        made |= {value.changed_by_id, value.task.reported_by_id}
        units |= _unit(value.task.department.unit_id)
    return made, units


def _unit(pk: int | None) -> set[int]:
    return set() if pk is None else {pk}


def values_of(appeal: Appeal) -> list[DataValue]:
    """Return the values that the appealed line follows from."""
    wanted = measures_of(appeal)
    rows = DataValue.objects.filter(
        round_unit=appeal.round_unit, task__round_id=appeal.round_id, measure__in=wanted
    )
    return list(rows.select_related("task__department", "round_unit").order_by("pk"))


def measures_of(appeal: Appeal) -> list[str]:
    """Return the codes of the measures that a term or a counting rule looks at."""
    channel = channel_of(appeal)
    if not isinstance(channel, core.DataChannel):
        return []
    for term in channel.terms:
        if term.code == appeal.line:
            return channel_states.term_measures(term)
        for rule in term.rules if isinstance(term, terms.LadderTerm) else ():
            if rule.code == appeal.line:
                return [code for code in (rule.count, *(c.measure for c in rule.conditions)) if code]
    return []


def channel_of(appeal: Appeal) -> core.Channel | None:
    found = (c for _, _, c in rounds.scheme_of(appeal.round).channels() if c.code == appeal.channel)
    return next(found, None)


def department_of(appeal: Appeal) -> int | None:
    """Return the unit that is asked for a written comment; None where an office of the commission answers."""
    if appeal.subject_kind == AppealSubject.TALLY:
        return None
    _, units = _sources(appeal)
    return min(units, default=None)


def obstacle(user: Actor, appeal: Appeal, made: Behind | None = None) -> str:
    """Say what keeps a person from deciding an appeal, or return an empty string."""
    known = behind(appeal) if made is None else made
    if known.people & {user.pk, *user.hands(timezone.localdate(appeal.written_at))}:
        return SCORED
    units, offices = departments_of(user)
    is_leader = user.holds(*LEADERS)
    if units & known.units or (offices & known.offices and not is_leader):
        return COLLEAGUE
    return OWN_UNIT if appeal.round_unit.unit_id in people.units_of(user) else ""


def deciders(appeal: Appeal) -> tuple[str, list[User]]:
    """Return the role that decides and those of it who are free to; ("", []) where nobody is."""
    made, today = behind(appeal), clock.today()
    for role in ORDER:
        free = [user for user in inbox.holders(role, today) if not obstacle(user, appeal, made)]
        if free:
            return str(role), free
    return "", []
