"""What a deputy may know and do, through the apps above: the role's work, and nothing that is personal."""

from __future__ import annotations

import datetime as dt
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from django.db import connection

import qingfeng
from qingfeng.accounts.actions import stand_ins
from qingfeng.accounts.models import Grant, User
from qingfeng.audit.models import Entry
from qingfeng.core import clock
from qingfeng.core.errors import Denied, Refused
from qingfeng.core.roles import Role
from qingfeng.decisions.queries import signers
from qingfeng.documents.actions import drafting
from qingfeng.documents.models.official import OfficialDocument
from qingfeng.documents.queries import official
from qingfeng.evaluation import rules as evaluation
from qingfeng.evaluation.models.data import Adjustment
from qingfeng.notifications import actions as notifications
from qingfeng.notifications import queries as inbox
from qingfeng.workflow.models import StateChange
from tests import stories
from tests.accounts.absences import asked, confirmed, fresh
from tests.decisions import stories as decisions
from tests.documents import stories as papers
from tests.evaluation import stories as evaluations

PERSONAL = {
    "accounts.queries.stand_ins.visible_to",
    "accounts.queries.handovers.visible_to",
    "notifications.queries.visible_to",
    "ballots.queries.scope.visible_to",
}
"""Scopes that know a person, not a role: both sides of a stand-in see it, nobody else's inbox is seen."""


def scopes() -> dict[str, Callable[[Any], Any]]:
    """Return every `visible_to` of the platform by its name."""
    found: dict[str, Callable[[Any], Any]] = {}
    for module in pkgutil.walk_packages(qingfeng.__path__, "qingfeng."):
        if ".queries" not in module.name:
            continue
        loaded = importlib.import_module(module.name)
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            if name.endswith("visible_to") and function.__module__ == module.name:
                found[f"{module.name.removeprefix('qingfeng.')}.{name}"] = function
    return found


def seen_by(user: User) -> dict[str, set[int]]:
    """Return what each scope shows the person, as the next request reads him."""
    person = fresh(user)
    return {
        name: set(scope(person).values_list("pk", flat=True))
        for name, scope in scopes().items()
        if name not in PERSONAL
    }


@pytest.fixture
def moment() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(evaluations.moment(4, 8), tick=False) as traveller:
        yield traveller


@pytest.fixture
def place(db: None, moment: time_machine.Traveller) -> evaluations.City:
    """Return a city with a round in review, papers, and something put before the leaders."""
    made = evaluations.city(towns=2)
    evaluations.in_review(made)
    papers.draft(by=made.officer)
    papers.issued()
    decisions.asked(decisions.house())
    return made


def test_every_scope_of_the_platform_is_known() -> None:
    names = set(scopes())

    assert names >= PERSONAL
    assert len(names) > 25


@pytest.mark.parametrize("role", [Role.CONDUCT_OFFICE, Role.OFFICE, Role.COMMITTEE_CLERK])
def test_deputy_knows_what_the_role_knows_and_only_while_it_lasts(
    place: evaluations.City, role: str, moment: time_machine.Traveller
) -> None:
    absent, deputy = stories.user_with(role), stories.user_with(Role.PETITION_OFFICE)
    twin = stories.give(stories.user_with(Role.PETITION_OFFICE), role)
    today = clock.today()
    day = dt.timedelta(days=1)
    before = seen_by(deputy)

    confirmed(absent, deputy, starts_on=today + day, ends_on=today + 2 * day)
    early = seen_by(deputy)
    moment.shift(day)
    during, of_twin = seen_by(deputy), seen_by(twin)
    moment.shift(2 * day)
    after = seen_by(deputy)

    assert early == before
    assert during == of_twin
    assert during != before
    assert after == before


def test_deputy_of_a_liaison_sees_that_unit_and_no_other(
    place: evaluations.City, moment: time_machine.Traveller
) -> None:
    town = place.towns[0]
    deputy, twin = stories.user_with(Role.MENTOR), stories.user_with(Role.UNIT_LIAISON, town)
    before = seen_by(deputy)

    row = confirmed(place.liaisons[town.pk], deputy)
    during, of_twin = seen_by(deputy), seen_by(stories.give(twin, Role.MENTOR))
    stand_ins.end(stand_in=row, by=deputy, at=clock.now(), reason="返岗")

    assert during == of_twin
    assert seen_by(deputy) == before


def test_inbox_drafts_and_approvals_by_name_do_not_pass(place: evaluations.City) -> None:
    absent, deputy = stories.user_with(Role.SECRETARY), stories.user_with(Role.DEPUTY_LEADER)
    notifications.send(recipients=[absent], title="给本人", by=absent, at=clock.now())
    by_name = decisions.asked(decisions.house(), title="点名请示", steps=[decisions.StepDraft(user=absent)])

    confirmed(absent, deputy)
    person = fresh(deputy)

    assert not inbox.visible_to(person).filter(title="给本人").exists()
    assert signers.capacity(person, decisions.current(by_name)) is None
    assert not signers.steps_of(person).filter(approval=by_name).exists()


@pytest.mark.django_db
def test_opinion_of_a_deputy_names_both() -> None:
    people = decisions.house()
    deputy = stories.user_with(Role.SECRETARY, name="李某")
    approval = decisions.asked(people)
    confirmed(people.deputy, deputy)

    written = decisions.approvals.give_opinion(
        step=decisions.current(approval), agree=True, text="同意。", by=fresh(deputy), at=clock.now()
    )

    assert written.stands_in_for_id == people.deputy.pk
    names = Entry.objects.filter(actor_id=deputy.pk).values_list("actor_name", flat=True)
    assert f"李某（代{people.deputy.name}）" in set(names)


@pytest.mark.django_db
def test_steps_and_audit_of_a_deputy_name_both() -> None:
    absent = stories.user_with(Role.OFFICE, name="王某")
    deputy = stories.user_with(Role.PETITION_OFFICE, name="李某")
    document = papers.draft(by=stories.user_with(Role.CONDUCT_OFFICE))
    confirmed(absent, deputy)
    person = fresh(deputy)

    drafting.discard(document=document, by=person, at=clock.now(), reason="不用了")

    change = StateChange.objects.get(subject_kind=OfficialDocument.kind, subject_id=document.pk, by=deputy)
    entry = Entry.objects.filter(actor_id=deputy.pk, subject_id=document.pk).latest("pk")
    assert change.acted_for_id == absent.pk
    assert (entry.actor_name, entry.detail["acting_for"]) == ("李某（代王某）", absent.pk)
    assert official.history(document, with_drafts=True)[0]["who"] == "李某（代王某）"


def test_deputy_does_not_approve_what_the_absent_proposed_nor_the_reverse(place: evaluations.City) -> None:
    absent, deputy = stories.user_with(Role.SECRETARY), stories.user_with(Role.DEPUTY_LEADER)
    free = stories.user_with(Role.DEPUTY_LEADER)
    confirmed(absent, deputy)
    adjustment = Adjustment(proposed_by=absent, proposed_at=clock.now())
    by_deputy = Adjustment(proposed_by=deputy, proposed_at=clock.now())

    assert "互为代理" in evaluation.decide_adjustment.why_not(fresh(deputy), adjustment)
    assert "互为代理" in evaluation.decide_adjustment.why_not(fresh(absent), by_deputy)
    assert evaluation.decide_adjustment.allows(fresh(free), adjustment)


def at_once(*jobs: Any) -> list[bool]:
    def run(job: Any) -> bool:
        try:
            job()
        except (Denied, Refused):
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_one_role_asked_for_twice_at_once_gets_one_deputy(each_db) -> None:
    absent = stories.user_with(Role.CONDUCT_OFFICE)
    people = [stories.user_with(Role.REFORM_OFFICE) for _ in range(4)]

    outcomes = at_once(*(lambda person=person: asked(fresh(absent), fresh(person)) for person in people))

    assert sorted(outcomes) == [False, False, False, True]


def test_confirmed_twice_at_once_gives_the_role_once(each_db) -> None:
    absent, deputy = stories.user_with(Role.CONDUCT_OFFICE), stories.user_with(Role.REFORM_OFFICE)
    security = stories.user_with(Role.SECURITY_ADMIN)
    row = asked(absent, deputy)

    outcomes = at_once(*[lambda: stand_ins.confirm(stand_in=row, by=fresh(security), at=clock.now())] * 3)

    assert sorted(outcomes) == [False, False, True]
    assert Grant.objects.filter(stand_in=row).count() == 1


def test_two_who_ask_each_other_at_once_make_no_chain(each_db) -> None:
    one, other = stories.user_with(Role.OFFICE), stories.user_with(Role.REFORM_OFFICE)

    outcomes = at_once(
        lambda: asked(fresh(one), fresh(other)),
        lambda: asked(fresh(other), fresh(one)),
    )

    assert sorted(outcomes) == [False, True]
