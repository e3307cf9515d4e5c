"""Weights by judgement: who may judge, what is refused and why, and what reaches the draft."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal as D

import pytest

from qingfeng.core.errors import Conflict, Denied, Refused, WrongState
from qingfeng.core.roles import Role
from qingfeng.evaluation.actions import judgement_books, scheme_parts, schemes, studies, study_results
from qingfeng.evaluation.gateways import judgement_book, stamps
from qingfeng.evaluation.models.studies import Judgement
from qingfeng.evaluation.queries import duties
from qingfeng.evaluation.queries import schemes as scheme_queries
from qingfeng.evaluation.queries import studies as queries
from qingfeng.evaluation.scoring import ahp
from qingfeng.evaluation.scoring import scheme as core
from qingfeng.notifications.models import Message
from tests import stories as people
from tests.evaluation import stories
from tests.evaluation import study_stories as made

pytestmark = pytest.mark.django_db
AT = made.AT


@pytest.fixture
def place() -> stories.City:
    return stories.city(1)


def weights_of(study):
    study.version.refresh_from_db()
    return {one.code: one.weight for one in scheme_queries.scheme_of(study.version).dimensions}


def test_apply_dimension_weights_scales_the_indicators_and_keeps_the_total(place):
    study = made.begun(place, made.big_draft(place))
    before = scheme_queries.scheme_of(study.version)
    made.on_paper(place, study, "专家甲")

    study_results.apply(study=study, digest=study.version.digest, by=place.officer, at=AT)

    after = weights_of(study)
    assert sum(after.values()) == 100
    assert list(after.values()) == [D("33.33"), D("16.67"), D("16.67"), D("16.67"), D("16.66")]
    scheme = scheme_queries.scheme_of(study.version)
    assert scheme_queries.faults_of(study.version) == []
    for old, new in zip(before.dimensions, scheme.dimensions, strict=True):
        assert sum(one.weight for one in new.indicators) == new.weight
        for first, second in zip(old.indicators, new.indicators, strict=True):
            assert abs(second.weight - first.weight * new.weight / old.weight) <= D("0.01")


def test_apply_indicator_weights_stays_within_the_dimension(place):
    study = made.applied(place, target="indicators", part="A", places=1)

    scheme = scheme_queries.scheme_of(study.version)
    assert [str(one.weight) for one in scheme.dimensions[0].indicators] == ["40", "20"]
    assert scheme.dimensions[0].weight == 60


def test_apply_source_weights_sets_shares_that_sum_to_a_hundred(place):
    study = made.begun(place, target="sources", places=1)
    made.on_paper(place, study, "专家甲")

    study_results.apply(study=study, digest=study.version.digest, by=place.officer, at=AT)

    study.version.refresh_from_db()
    shares = scheme_queries.scheme_of(study.version).sources
    assert [(one.source, str(one.percent)) for one in shares] == [
        ("review", "50"),
        ("ballot", "25"),
        ("data", "25"),
    ]


def test_apply_several_experts_takes_their_geometric_mean(place):
    study = made.begun(place)
    made.on_paper(place, study, "专家甲", {("A", "B"): 9})
    made.on_paper(place, study, "专家乙", {("A", "B"): 1})

    study_results.apply(study=study, digest=study.version.digest, by=place.officer, at=AT)

    assert weights_of(study) == {"A": D(75), "B": D(25)}
    assert [entry["name"] for entry in study.result["experts"]] == ["专家甲", "专家乙"]


def test_apply_a_draft_changed_meanwhile_is_a_conflict_and_changes_nothing(place):
    study = made.begun(place)
    made.on_paper(place, study, "专家甲")
    seen = study.version.digest
    scheme_parts.edit_part(
        version=study.version,
        path=("dimensions", "A"),
        changes={"name": "政治建设"},
        digest=seen,
        by=place.officer,
        at=AT,
    )

    with pytest.raises(Conflict):
        study_results.apply(study=study, digest=seen, by=place.officer, at=AT)

    study.refresh_from_db()
    assert study.state == "judging"
    assert weights_of(study) == {"A": D(60), "B": D(40)}


def test_apply_after_a_part_was_removed_is_refused(place):
    study = made.begun(place, made.big_draft(place))
    made.on_paper(place, study, "专家甲")
    version = scheme_parts.remove_part(
        version=study.version,
        path=("dimensions", "E"),
        digest=study.version.digest,
        by=place.officer,
        at=AT,
    )

    with pytest.raises(Refused, match="已经改变"):
        study_results.apply(study=study, digest=version.digest, by=place.officer, at=AT)


def test_apply_before_everybody_has_handed_in_names_who_is_missing(place):
    study = made.begun(place)
    made.on_paper(place, study, "专家甲")
    studies.add_paper(
        study=study, name="专家乙", post="", judged_on=dt.date(2026, 2, 1), by=place.officer, at=AT
    )

    with pytest.raises(Refused, match="专家乙还没有提交"):
        study_results.apply(study=study, digest=study.version.digest, by=place.officer, at=AT)


def test_apply_without_anybody_is_refused(place):
    study = made.begun(place)

    with pytest.raises(Refused, match="还没有专家提交"):
        study_results.apply(study=study, digest=study.version.digest, by=place.officer, at=AT)


def test_apply_weights_that_round_to_nothing_is_refused(place):
    study = made.begun(place, made.big_draft(place), target="indicators", part="A", places=0)
    slight = {"A9", "A10"}
    values = {
        pair: 9 if pair[1] in slight and pair[0] not in slight else 1
        for pair in ahp.pairs_of(queries.codes_of(study))
    }
    made.on_paper(place, study, "专家甲", values)

    with pytest.raises(Refused, match="舍入后为 0"):
        study_results.apply(study=study, digest=study.version.digest, by=place.officer, at=AT)


def test_judgements_once_applied_never_change_and_their_digest_says_so(place):
    study = made.applied(place)
    expert = study.experts.get()

    for act in (
        lambda: studies.save_judgements(
            expert=expert, values={("A", "B"): 5}, lock=expert.lock, by=place.officer, at=AT
        ),
        lambda: studies.return_judgements(expert=expert, reason="再想想", by=place.officer, at=AT),
        lambda: studies.leave(expert=expert, reason="调离", by=place.officer, at=AT),
        lambda: studies.add_paper(
            study=study, name="专家丙", post="", judged_on=dt.date(2026, 2, 1), by=place.officer, at=AT
        ),
    ):
        with pytest.raises(WrongState):
            act()

    assert queries.judgements_digest(queries.outcome_of(study)) == study.result["judgements"]
    Judgement.objects.filter(expert=expert).update(value=9)
    assert queries.judgements_digest(queries.outcome_of(study)) != study.result["judgements"]


def test_undo_puts_the_draft_back_exactly_and_it_can_be_applied_again(place):
    version = made.big_draft(place)
    before = version.digest
    study = made.applied(place, version)

    study_results.undo(study=study, reason="再议", by=place.officer, at=AT)

    version.refresh_from_db()
    assert version.digest == before
    study_results.apply(study=study, digest=before, by=place.officer, at=AT)
    assert study.state == "applied"


def test_apply_keeps_what_data_rules_deduct_in_proportion(place):
    study = made.applied(place)

    study.version.refresh_from_db()
    scheme = scheme_queries.scheme_of(study.version)
    data = {
        channel.code: channel.scale
        for _, _, channel in scheme.channels()
        if isinstance(channel, core.DataChannel)
    }
    assert data == {"A2.data": D(30), "B2.data": D(20)}
    assert scheme_queries.faults_of(study.version) == []


def test_undo_after_the_draft_was_changed_elsewhere_is_refused(place):
    study = made.applied(place)
    study.version.refresh_from_db()
    scheme_parts.edit_part(
        version=study.version,
        path=("dimensions", "A"),
        changes={"name": "政治建设"},
        digest=study.version.digest,
        by=place.officer,
        at=AT,
    )

    with pytest.raises(Refused, match="不能整体撤回"):
        study_results.undo(study=study, reason="再议", by=place.officer, at=AT)


def test_submit_contradictory_judgements_names_the_worst_pair_and_the_better_one(place):
    study = made.begun(place, made.big_draft(place))
    pairs = ahp.pairs_of(queries.codes_of(study))
    values = dict(zip(pairs, (2, 4, 8, 8, 2, 4, 4, 2, 2, 1), strict=True)) | {("A", "C"): -9}
    expert = studies.add_paper(
        study=study, name="专家甲", post="", judged_on=dt.date(2026, 2, 1), by=place.officer, at=AT
    )
    studies.save_judgements(expert=expert, values=values, lock=0, by=place.officer, at=AT)

    with pytest.raises(Refused) as refusal:
        studies.submit_judgements(expert=expert, by=place.officer, at=AT)

    head, first, *_ = refusal.value.sentences
    assert "超过 0.10" in head
    assert "加强党的政治建设" in first
    assert "坚持正确的选人用人导向" in first
    assert "看得偏轻" in first


def test_submit_with_pairs_missing_names_them(place):
    study = made.begun(place, made.big_draft(place))
    expert = studies.add_paper(
        study=study, name="专家甲", post="", judged_on=dt.date(2026, 2, 1), by=place.officer, at=AT
    )

    with pytest.raises(Refused, match="还有 10 处没有比较：加强党的政治建设与"):
        studies.submit_judgements(expert=expert, by=place.officer, at=AT)


def test_invited_expert_judges_alone_is_told_and_finds_it_on_his_workbench(place):
    study, expert_user = made.begun(place), people.user_with(Role.SUPERVISION_OFFICE, name="受邀人")

    expert = studies.invite(study=study, user=expert_user, by=place.officer, at=AT)

    assert Message.objects.filter(recipient=expert_user).count() == 1
    assert [one.title for one in duties.duties_of(expert_user, AT.date())] == ["判断评价指标的轻重"]
    with pytest.raises(Denied, match="不得代填"):
        studies.save_judgements(expert=expert, values={("A", "B"): 3}, lock=0, by=place.officer, at=AT)
    row = studies.save_judgements(expert=expert, values={("A", "B"): 3}, lock=0, by=expert_user, at=AT)
    studies.submit_judgements(expert=row, by=expert_user, at=AT)
    assert duties.duties_of(expert_user, AT.date()) == []


def test_save_over_a_newer_save_is_a_conflict(place):
    expert = made.expert_in(place, "judging")
    studies.save_judgements(expert=expert, values={("A", "B"): 3}, lock=0, by=place.officer, at=AT)

    with pytest.raises(Conflict):
        studies.save_judgements(expert=expert, values={("A", "B"): 5}, lock=0, by=place.officer, at=AT)

    assert expert.judgements.get().value == 3


@pytest.mark.parametrize("values", [{("B", "A"): 3}, {("A", "X"): 3}, {("A", "B"): 12}])
def test_save_a_pair_or_number_that_there_is_not_is_refused(place, values):
    expert = made.expert_in(place, "judging")

    with pytest.raises(Refused, match="不在这份问卷里"):
        studies.save_judgements(expert=expert, values=values, lock=0, by=place.officer, at=AT)


def test_begin_the_same_question_twice_or_on_a_published_version_is_refused(place):
    study = made.begun(place)

    with pytest.raises(Refused, match="正在征集"):
        made.begun(place, study.version)
    schemes.publish(version=study.version, by=place.officer, at=AT)
    with pytest.raises(WrongState):
        made.begun(place, study.version, target="sources")


def test_begin_by_another_office_is_denied(place):
    version = stories.drafted(place)

    with pytest.raises(Denied):
        studies.begin(version=version, target="dimensions", part="", places=2, by=place.deputy, at=AT)


def test_add_an_expert_of_the_same_name_is_refused(place):
    study = made.begun(place)
    made.on_paper(place, study, "专家甲")

    with pytest.raises(Refused, match="同名"):
        made.on_paper(place, study, "专家甲")


def test_origins_follow_a_copy_and_say_where_weights_were_changed_by_hand(place):
    study = made.applied(place)
    version = schemes.publish(version=study.version, by=place.officer, at=AT)
    draft = schemes.create_draft_from(version=version, by=place.officer, at=AT)

    (inherited,) = queries.origins_of(draft)
    scheme_parts.edit_part(
        version=draft,
        path=("dimensions", "A", "indicators", "A1"),
        changes={"weight": "1"},
        digest=draft.digest,
        by=place.officer,
        at=AT,
    )
    draft.refresh_from_db()
    (changed,) = queries.origins_of(draft)

    assert (inherited.is_inherited, inherited.is_unchanged) == (True, True)
    assert not changed.is_unchanged


def test_template_filled_reads_back_and_a_stale_one_is_a_conflict(place):
    expert = made.expert_in(place, "judging")
    names = queries.names_of(expert.study)
    filled = judgement_book.write(names, {("A", "B"): -5}, judgement_books.about(expert), expert.lock)

    count = judgement_books.import_judgements(expert=expert, content=filled, by=place.officer, at=AT)

    assert count == 1
    assert expert.judgements.get().value == -5
    expert.refresh_from_db()
    with pytest.raises(Conflict, match="下载以后"):
        judgement_books.import_judgements(expert=expert, content=filled, by=place.officer, at=AT)


def test_template_of_another_expert_is_faulty_and_nothing_is_taken(place):
    expert = made.expert_in(place, "judging")
    other = judgement_book.write(queries.names_of(expert.study), {("A", "B"): 3}, "study_expert-0", 0)

    with pytest.raises(Exception, match="1 faults"):
        judgement_books.import_judgements(expert=expert, content=other, by=place.officer, at=AT)

    assert not expert.judgements.exists()


def test_template_carries_every_pair_and_the_version_it_came_from(place):
    expert = made.expert_in(place, "judging")

    content = judgement_books.template(expert=expert, by=place.officer)

    judged, lock = judgement_book.read(content, ["A", "B"], judgement_books.about(expert))
    assert (judged, lock) == ({}, 0)
    assert stamps.SHEET.name == "版本"
