"""Messages about appeals: that there is one and where it is read, never what it is about."""

from __future__ import annotations

from collections.abc import Iterable

from qingfeng.accounts.models import User
from qingfeng.core import clock
from qingfeng.core.actors import SYSTEM
from qingfeng.core.references import reference_to
from qingfeng.core.roles import Role
from qingfeng.evaluation.actions import common
from qingfeng.evaluation.enums import AppealSubject
from qingfeng.evaluation.models.appeals import Appeal
from qingfeng.evaluation.queries import addresses, appeal_parties
from qingfeng.notifications import actions as notifications
from qingfeng.notifications import queries as inbox
from qingfeng.notifications.actions import Letter
from qingfeng.notifications.enums import Urgency


def _send(appeal: Appeal, people: Iterable[User], title: str, body: str = "") -> None:
    link, subject = addresses.to("appeal", appeal.pk), reference_to(appeal)
    letters = [Letter(person, title, body, link, Urgency.IMPORTANT, subject) for person in people]
    notifications.send_letters(letters=letters, by=SYSTEM, at=clock.now())


def tell_of_filing(appeal: Appeal) -> None:
    officers = inbox.holders(Role.CONDUCT_OFFICE, clock.today())
    _send(appeal, officers, f"{appeal.round.label}评价有单位提出申诉")


def tell_of_withdrawal(appeal: Appeal) -> None:
    officers = inbox.holders(Role.CONDUCT_OFFICE, clock.today())
    _send(appeal, officers, f"{appeal.round.label}评价第 {appeal.number} 号申诉已由单位撤回")


def ask_for_comment(appeal: Appeal) -> None:
    """Ask the department that made the point, or the officers who made it themselves."""
    due = f"请于 {appeal.comment_due_on:%Y-%m-%d} 前交书面说明。" if appeal.comment_due_on else ""
    _send(appeal, _commenters(appeal), f"{appeal.round.label}评价一件申诉请作书面说明", due)


def _commenters(appeal: Appeal) -> list[User]:
    if appeal.comment_unit_id is None:
        return list(User.objects.filter(pk__in=appeal_parties.behind(appeal).people, is_active=True))
    is_review = appeal.subject_kind == AppealSubject.REVIEW
    role = Role.SCORING_DEPARTMENT if is_review else Role.DATA_SUPPLIER
    found = inbox.holders_by_unit(role, clock.today(), [appeal.comment_unit_id])
    return found.get(appeal.comment_unit_id, [])


def tell_deciders(appeal: Appeal) -> None:
    _, people = appeal_parties.deciders(appeal)
    _send(appeal, people, f"{appeal.round.label}评价一件申诉已有书面说明，请复核决定")


def tell_of_decision(appeal: Appeal) -> None:
    """Tell the unit that its appeal is decided; the decision and its reasons are on the page."""
    unit, today = appeal.round_unit.unit_id, common.date_of(clock.now())
    people: dict[int, User] = {}
    for role in (Role.UNIT_HEAD, Role.UNIT_LIAISON):
        for person in inbox.holders_by_unit(role, today, [unit]).get(unit, []):
            people[person.pk] = person
    _send(appeal, people.values(), f"{appeal.round.label}评价第 {appeal.number} 号申诉已有复核结论")
