from __future__ import annotations

from decimal import Decimal

import pytest

from qingfeng.core.errors import Conflict, Denied, Refused, WrongState
from qingfeng.core.roles import Role
from qingfeng.evaluation.actions import reviews
from qingfeng.evaluation.actions.reviews import Entry, Finding
from qingfeng.evaluation.models.reviews import ReviewChange, ReviewScore, ReviewSheet
from qingfeng.evaluation.queries import reviews as queries
from tests import stories as people
from tests.evaluation import stories
from tests.factories.organizations import PostFactory

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def place() -> stories.City:
    return stories.city(towns=2)


@pytest.fixture
def sheet(place) -> ReviewSheet:
    return stories.sheet_of(stories.in_review(place), "A1.review", "zuzhi")


def test_save_scores_keeps_every_change(place, sheet) -> None:
    row = stories.scored(place, sheet, D("28.5"))
    row = stories.scored(place, row, D("28.5"))
    row = stories.scored(place, row, D(25))

    changes = ReviewChange.objects.filter(score__round_unit__unit=place.towns[0]).order_by("pk")

    assert [(change.before, change.after) for change in changes] == [(None, 28500), (28500, 25000)]
    assert row.lock == 3


def test_save_scores_of_an_old_page_is_a_conflict(place, sheet) -> None:
    stories.scored(place, sheet)

    with pytest.raises(Conflict):
        reviews.save_scores(sheet=sheet, entries=[], lock=0, by=place.scorers["zuzhi"], at=stories.REVIEWING)


@pytest.mark.parametrize(
    ("points", "sentence"), [("31", "0 至 30"), ("-1", "0 至 30"), ("1.2345", "三位小数"), (None, "填写得分")]
)
def test_save_scores_out_of_range_names_the_unit_and_saves_nothing(
    place, sheet, points: str | None, sentence: str
) -> None:
    units = list(queries.units_of(sheet))
    given = None if points is None else D(points)
    entries = [Entry(units[0].pk, D(30)), Entry(units[1].pk, given)]

    with pytest.raises(Refused, match=sentence) as refusal:
        reviews.save_scores(
            sheet=sheet, entries=entries, lock=0, by=place.scorers["zuzhi"], at=stories.REVIEWING
        )

    assert refusal.value.sentences[0].startswith(units[1].short_name)
    assert not ReviewScore.objects.exists()


def test_save_scores_of_the_departments_own_unit_is_refused(place, sheet) -> None:
    own = stories.sheet_of(sheet.round, "A1.review", "xuanchuan")
    unit = sheet.round.units.get(unit=place.bureaus["xuanchuan"])

    with pytest.raises(Refused, match="代评"):
        reviews.save_scores(
            sheet=own,
            entries=[Entry(unit.pk, D(30))],
            lock=0,
            by=place.scorers["xuanchuan"],
            at=stories.REVIEWING,
        )


def test_save_scores_by_the_liaison_of_a_scored_unit_is_refused_for_it(place, sheet) -> None:
    scorer = people.give(place.scorers["zuzhi"], Role.UNIT_LIAISON, place.towns[0])
    entries = stories.entries_for(sheet, D(30))

    with pytest.raises(Refused, match="本人所在单位") as refusal:
        reviews.save_scores(sheet=sheet, entries=entries, lock=0, by=scorer, at=stories.REVIEWING)

    assert len(refusal.value.sentences) == 1


def test_save_scores_by_one_who_works_in_a_scored_unit_is_refused_for_it(place, sheet) -> None:
    scorer = place.scorers["zuzhi"]
    scorer.person = PostFactory.create(unit=place.towns[1]).person
    scorer.save()

    with pytest.raises(Refused, match="本人所在单位") as refusal:
        reviews.save_scores(
            sheet=sheet, entries=stories.entries_for(sheet, D(30)), lock=0, by=scorer, at=stories.REVIEWING
        )

    assert refusal.value.sentences[0].startswith(place.towns[1].short_name)


def test_save_scores_by_another_department_is_refused(place, sheet) -> None:
    with pytest.raises(Denied, match="负责这项指标"):
        reviews.save_scores(
            sheet=sheet, entries=[], lock=0, by=place.scorers["xuanchuan"], at=stories.REVIEWING
        )


def test_save_scores_by_one_who_organises_the_evaluation_is_refused(place, sheet) -> None:
    both = people.give(place.scorers["zuzhi"], Role.CONDUCT_OFFICE)

    with pytest.raises(Denied, match="不参加部门评分"):
        reviews.save_scores(sheet=sheet, entries=[], lock=0, by=both, at=stories.REVIEWING)


def test_save_scores_by_findings_keeps_them(place, sheet) -> None:
    row = stories.sheet_of(sheet.round, "B1.review", "zuzhi")
    units = list(queries.units_of(row))
    findings = (Finding("late", D(2)), Finding("harm", D(1), points=D("1.5"), note="群众反映"))

    reviews.save_scores(
        sheet=row,
        entries=[Entry(units[0].pk, findings=findings), Entry(units[1].pk)],
        lock=0,
        by=place.scorers["zuzhi"],
        at=stories.REVIEWING,
    )

    first, second = row.scores.order_by("pk")
    assert first.thousandths is None
    assert [entry["item"] for entry in first.findings] == ["late", "harm"]
    assert second.findings == []
    assert queries.is_full(second, queries.indicator_of(row), queries.channel_of(row))


@pytest.mark.parametrize(
    ("finding", "sentence"),
    [
        (Finding("nothing", D(1)), "不认识"),
        (Finding("late", D(-1)), "不能小于 0"),
        (Finding("late", D(1), points=D(1)), "固定"),
        (Finding("harm", D(1)), "1 至 3"),
        (Finding("harm", D(1), points=D(4), note="过重"), "1 至 3"),
        (Finding("harm", D(1), points=D(2)), "写明理由"),
    ],
)
def test_save_scores_with_a_bad_finding_is_refused(place, sheet, finding: Finding, sentence: str) -> None:
    row = stories.sheet_of(sheet.round, "B1.review", "zuzhi")
    unit = queries.units_of(row)[0]

    with pytest.raises(Refused, match=sentence):
        reviews.save_scores(
            sheet=row,
            entries=[Entry(unit.pk, findings=(finding,))],
            lock=0,
            by=place.scorers["zuzhi"],
            at=stories.REVIEWING,
        )


def test_fill_full_marks_leaves_what_is_scored(place, sheet) -> None:
    first = queries.units_of(sheet)[0]
    by = place.scorers["zuzhi"]
    row = reviews.save_scores(
        sheet=sheet, entries=[Entry(first.pk, D(20), reason="缺记录")], lock=0, by=by, at=stories.REVIEWING
    )

    reviews.fill_full_marks(sheet=row, lock=row.lock, by=by, at=stories.REVIEWING)

    points = dict(ReviewScore.objects.values_list("round_unit_id", "thousandths"))
    assert sorted(filter(None, points.values())) == [20000, 30000, 30000]
    assert points[first.pk] == 20000


def test_submit_sheet_names_units_without_score_or_reason(place, sheet) -> None:
    units = list(queries.units_of(sheet))
    by = place.scorers["zuzhi"]
    reviews.save_scores(
        sheet=sheet,
        entries=[Entry(units[0].pk, D(20)), Entry(units[1].pk, D(30))],
        lock=0,
        by=by,
        at=stories.REVIEWING,
    )

    with pytest.raises(Refused) as refusal:
        reviews.submit_sheet(sheet=sheet, by=by, at=stories.REVIEWING)

    text = "".join(refusal.value.sentences)
    assert units[2].short_name in text
    assert "没有写明理由" in text
    assert ReviewSheet.objects.get(pk=sheet.pk).state == "scoring"


def test_save_scores_after_handing_in_is_refused_until_returned(place, sheet) -> None:
    row = stories.submitted(place, sheet)

    with pytest.raises(WrongState, match="已提交"):
        stories.scored(place, row)
    back = reviews.return_sheet(sheet=row, reason="请核对", by=place.officer, at=stories.REVIEWING)

    assert stories.scored(place, back).lock == back.lock + 1


def test_return_sheet_without_a_reason_is_refused(place, sheet) -> None:
    row = stories.submitted(place, sheet)

    with pytest.raises(Refused, match="退回理由"):
        reviews.return_sheet(sheet=row, reason="", by=place.officer, at=stories.REVIEWING)


def test_visible_to_a_department_is_its_own_sheets(place, sheet) -> None:
    rows = queries.visible_to(place.scorers["zuzhi"])

    assert {row.department.code for row in rows} == {"zuzhi"}
    assert queries.visible_to(place.officer).count() == 4
    assert queries.visible_to(place.liaisons[place.towns[0].pk]).count() == 0


def test_rows_of_a_sheet_show_signed_evidence(place, sheet) -> None:
    rows = queries.rows_of(sheet)

    assert [row.evidence.text for row in rows if row.evidence] == ["开展学习四次"] * 3
    assert all(row.is_signed and row.points is None for row in rows)
