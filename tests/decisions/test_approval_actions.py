from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from qingfeng.accounts.models import User
from qingfeng.audit.models import Entry
from qingfeng.core import events
from qingfeng.core.errors import Conflict, Denied, Refused, WrongState
from qingfeng.core.references import Reference
from qingfeng.core.roles import Role
from qingfeng.decisions import rules
from qingfeng.decisions.actions import approvals
from qingfeng.decisions.actions.approvals import StepDraft
from qingfeng.decisions.events import ApprovalGranted, ApprovalReached, ApprovalRefused, ApprovalReturned
from qingfeng.decisions.models.approvals import Approval, WrittenOpinion
from qingfeng.decisions.queries import approvals as queries
from qingfeng.decisions.queries import signers
from qingfeng.workflow.models import StateChange
from tests.decisions import stories
from tests.decisions.stories import AT, SUBJECT, House
from tests.stories import user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> House:
    return stories.house()


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Collect every event that is published."""
    found: list[Any] = []
    for kind in (ApprovalReached, ApprovalGranted, ApprovalRefused, ApprovalReturned):
        monkeypatch.setitem(events._handlers, kind, [*events._handlers[kind], found.append])
    return found


def agree(approval: Approval, by: User, text: str = "同意。") -> WrittenOpinion:
    return approvals.give_opinion(step=stories.current(approval), agree=True, text=text, by=by, at=AT)


def test_request_starts_the_limit_of_the_first_step_and_tells_of_it(people: House, heard: list[Any]) -> None:
    approval = stories.asked(people)

    step = stories.current(approval)
    limit = queries.limit_of(step)
    assert step.role == Role.DEPUTY_LEADER
    assert approval.office == Role.CONDUCT_OFFICE
    assert limit is not None
    assert (limit.amount, limit.met_at) == (2, None)
    assert heard == [ApprovalReached(approval.pk, step.pk)]
    assert Entry.objects.filter(action="leaders_approval.request", subject_id=approval.pk).exists()


def test_agree_by_each_in_turn_proposes_then_grants(people: House, heard: list[Any]) -> None:
    approval = stories.asked(people)
    first = stories.current(approval)

    proposed = agree(approval, people.deputy, "拟同意，请书记审定。")
    final = agree(approval, people.secretary)

    approval.refresh_from_db()
    limit = queries.limit_of(first)
    assert (proposed.opinion, final.opinion, approval.state) == ("proposed", "agreed", "granted")
    assert limit is not None
    assert limit.met_at == AT
    assert heard[-1] == ApprovalGranted(approval.pk, SUBJECT.kind, SUBJECT.id, people.secretary.pk)
    assert StateChange.objects.filter(subject_kind="leaders_approval", subject_id=approval.pk).count() == 2


def test_sign_before_ones_turn_is_refused(people: House) -> None:
    approval = stories.asked(people)
    last = approval.steps.get(position=2)

    with pytest.raises(Refused, match="还没有轮到"):
        approvals.give_opinion(step=last, agree=True, text="", by=people.secretary, at=AT)

    with pytest.raises(Denied, match="现在轮到签批的不是您"):
        agree(approval, people.secretary)


def test_sign_a_step_that_another_signed_is_a_conflict(people: House) -> None:
    second = user_with(Role.DEPUTY_LEADER)
    approval = stories.asked(people)
    step = stories.current(approval)
    agree(approval, people.deputy)

    with pytest.raises(Conflict, match="已由分管领导甲签批"):
        approvals.give_opinion(step=step, agree=False, text="不妥。", by=second, at=AT)

    assert WrittenOpinion.objects.count() == 1


@pytest.mark.parametrize("text", ["", "   "])
def test_refuse_or_send_back_without_a_reason_is_refused(people: House, text: str) -> None:
    approval = stories.asked(people)
    step = stories.current(approval)

    with pytest.raises(Refused, match="须写明理由"):
        approvals.give_opinion(step=step, agree=False, text=text, by=people.deputy, at=AT)
    with pytest.raises(Refused, match="须写明理由"):
        approvals.send_back(step=step, text=text, by=people.deputy, at=AT)

    approval.refresh_from_db()
    assert approval.state == "pending"


def test_refuse_and_send_back_end_the_chain_and_tell(people: House, heard: list[Any]) -> None:
    one, two = stories.refused(people), stories.returned(people)

    assert [one.state, two.state] == ["refused", "returned"]
    assert [type(event).__name__ for event in heard if event.approval_id in (one.pk, two.pk)] == [
        "ApprovalReached",
        "ApprovalRefused",
        "ApprovalReached",
        "ApprovalReturned",
    ]
    with pytest.raises(WrongState):
        agree(one, people.secretary)


def test_sign_ones_own_request_is_refused_with_the_recusal_sentence(people: House) -> None:
    user_with(Role.SECRETARY)
    approval = stories.asked(people, by=people.secretary)
    agree(approval, people.deputy)

    with pytest.raises(Denied, match=rules.NOT_OWN):
        agree(approval, people.secretary)


def test_ask_where_only_oneself_could_sign_is_refused(people: House) -> None:
    with pytest.raises(Refused, match="现在只有您本人"):
        stories.asked(people, by=people.secretary)
    with pytest.raises(Refused, match="请回避"):
        stories.asked(people, steps=[StepDraft(user=people.officer)])

    assert Approval.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": " "}, "请写明事项"),
        ({"title": "长" * 201}, "不超过 200 字"),
        ({"body": ""}, "请写明拟办意见"),
        ({"steps": []}, "至少要有一级签批"),
        ({"steps": [StepDraft()]}, "二者只取其一"),
        ({"steps": [StepDraft(role=Role.UNIT_HEAD)]}, "其他人员请写明姓名"),
        ({"steps": [StepDraft(role=Role.SYSTEM_ADMIN)]}, "其他人员请写明姓名"),
    ],
)
def test_ask_with_a_fault_says_which(people: House, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(Refused, match=words):
        stories.asked(people, **changes)


def test_ask_by_somebody_outside_the_commission_is_denied(people: House) -> None:
    with pytest.raises(Denied, match="本机关干部"):
        stories.asked(people, by=user_with(Role.UNIT_HEAD))


def test_ask_the_same_twice_at_once_is_refused_and_after_the_end_is_not(people: House) -> None:
    first = stories.asked(people)

    with pytest.raises(Refused, match="正在呈批"):
        stories.asked(people)
    approvals.withdraw(approval=first, reason="改日再呈。", by=people.officer, at=AT)

    assert stories.asked(people).pk != first.pk


def test_ask_without_steps_goes_in_the_usual_order(people: House) -> None:
    approval = stories.asked(people, steps=None)

    roles = approval.steps.order_by("position").values_list("role", flat=True)
    assert list(roles) == [Role.DEPUTY_LEADER, Role.SECRETARY]


def test_withdraw_and_ask_again_keeps_the_former_and_its_papers(people: House) -> None:
    former = stories.asked(people, papers=[("数据表.txt", "各单位得分见附表。".encode())])
    step = stories.current(former)
    approvals.withdraw(approval=former, reason="数据有误。", by=people.officer, at=AT)

    again = approvals.ask_again(
        approval=former, title=former.title, body="数据已更正。", by=people.officer, at=AT
    )

    former.refresh_from_db()
    limit = queries.limit_of(step)
    assert (former.state, again.state, again.follows_id) == ("withdrawn", "pending", former.pk)
    assert limit is not None
    assert limit.met_at is not None
    assert [version.name for version in queries.papers(again)] == ["数据表.txt"]
    with pytest.raises(Refused, match="已经再次呈批"):
        approvals.ask_again(approval=former, title="再来", body="一次", by=people.officer, at=AT)


def test_ask_again_while_pending_or_granted_is_refused(people: House) -> None:
    for approval in (stories.asked(people), stories.granted(people, title="另一件")):
        with pytest.raises(Refused, match="不必再次呈批"):
            approvals.ask_again(approval=approval, title="再来", body="一次", by=people.officer, at=AT)


def test_withdraw_by_another_is_denied(people: House) -> None:
    with pytest.raises(Denied, match="由呈批人办理"):
        approvals.withdraw(approval=stories.asked(people), reason="不", by=people.deputy, at=AT)


def test_attach_after_a_signature_is_refused(people: House) -> None:
    approval = stories.endorsed(people)

    with pytest.raises(Refused, match="已有领导签批"):
        approvals.attach(approval=approval, upload=("补充.txt", b"abc"), by=people.officer, at=AT)


def test_stand_in_signs_and_says_for_whom(people: House, monkeypatch: pytest.MonkeyPatch) -> None:
    helper = user_with(Role.PETITION_OFFICE, name="代签人")
    place = {people.deputy.pk: frozenset({str(Role.DEPUTY_LEADER)})}
    monkeypatch.setattr(signers, "STAND_INS", [lambda user: place if user.pk == helper.pk else {}])
    approval = stories.asked(people)

    written = agree(approval, helper)

    assert (written.by_id, written.stands_in_for_id) == (helper.pk, people.deputy.pk)
    assert approval in queries.visible_to(helper)


def test_stand_in_for_the_asker_is_refused(people: House, monkeypatch: pytest.MonkeyPatch) -> None:
    helper = user_with(Role.PETITION_OFFICE)
    user_with(Role.DEPUTY_LEADER)
    place = {people.deputy.pk: frozenset({str(Role.DEPUTY_LEADER)})}
    monkeypatch.setattr(signers, "STAND_INS", [lambda user: place if user.pk == helper.pk else {}])
    approval = stories.asked(people, by=people.deputy)

    with pytest.raises(Denied, match=rules.NOT_OWN):
        agree(approval, helper)


def test_written_opinion_cannot_be_changed_behind_the_application(people: House) -> None:
    stories.endorsed(people)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE decisions_writtenopinion SET text = 'x'")


def test_is_granted_follows_the_newest_request(people: House) -> None:
    where = Reference("another_thing", 1)
    assert not queries.is_granted(where)

    stories.granted(people, subject=where)
    assert queries.is_granted(where)

    stories.asked(people, subject=where)
    assert not queries.is_granted(where)
