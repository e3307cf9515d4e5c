"""What the bulletin says."""

from __future__ import annotations

from qingfeng.evaluation.scoring import bulletin
from qingfeng.evaluation.scoring.periods import Period
from qingfeng.evaluation.scoring.rows import MissingRow, ReportRow, Status
from tests.evaluation.scoring import rounds


def scheme():
    return rounds.scheme(
        (rounds.indicator("A1", 50, rounds.review("A1.r", "aa")),),
        (
            rounds.indicator(
                "B1", 30, rounds.data("B1.d", rounds.ladder(30, rounds.rule("r", 6, "light"))), order=1
            ),
            rounds.indicator("B2", 20, rounds.review("B2.r", "bb"), period=Period.YEAR),
        ),
    )


def scored(first: int, quarter=rounds.Q4, **rows):
    reviews = [
        rounds.reviewed(u, c, d, points)
        for u, points in (("u1", first), ("u2", 50), ("u3", 45), ("u4", 40))
        for c, d, points in (("A1.r", "aa", points), ("B2.r", "bb", 20))
    ]
    return rounds.score(
        scheme(), quarter, units=rounds.units("u1", "u2", "u3", "u4"), reviews=reviews, **rows
    )


def text(composed: bulletin.Bulletin, heading: str) -> str:
    section = next(section for section in composed.sections if section.heading == heading)
    return "\n".join(lead + text for lead, text in section.paragraphs)


def composed(found, **more) -> bulletin.Bulletin:
    return bulletin.compose(found.inputs, found.results, **more)


def test_compose_the_five_sections_and_the_score_table():
    found = composed(scored(45), organization="领导小组")

    assert found.title == "关于2026年第四季度政治生态状况评价情况的通报"
    assert [s.heading for s in found.sections] == [
        "评价组织情况", "总体情况", "分项情况", "突出问题", "工作要求",
    ]  # fmt: skip
    assert "由领导小组统一组织，按照2个方面3项指标，对4个单位进行了评价" in text(found, "评价组织情况")
    assert found.table_head == ("类别", "名次", "单位", "维度0", "维度1", "总分", "等次")
    assert found.table_rows[0] == ("镇街", "1", "单位u2", "50.00", "50.00", "100.00", "优秀")
    assert [row[1] for row in found.table_rows] == ["1", "2", "2", "4"]


def test_compose_says_mean_grades_and_change():
    before, now = scored(45), scored(20)

    said = text(composed(now, previous=(before.inputs, before.results)), "总体情况")

    assert "平均得分88.75分，最高100分，最低70分" in said
    assert "优秀3个、较好0个、一般1个、差0个" in said
    assert "可比的4个单位平均得分下降6.25分，0个单位上升，1个单位下降，3个单位持平" in said


def test_compose_names_the_weak_unit_its_weak_indicators_and_the_facts():
    facts = [rounds.fact("f1", "light"), rounds.fact("f2", "light")]

    said = text(composed(scored(20, facts=facts)), "突出问题")

    assert "单位u1总分58.00分，等次为差，在4个同类单位中列第4" in said
    assert "“A1”（失30分）、“B1”（失12分）" in said
    assert "单位u1（2件，涉及“B1”）" in said


def test_compose_names_who_did_not_submit_and_which_source_was_silent():
    given = scheme()
    reports = [*rounds.delivered(given, "B1.d"), ReportRow("B1.d", Status.NOT_DELIVERED)]

    found = composed(scored(45, reports=reports, missing=[MissingRow("u3", "A1")]))

    assert "“B1”的数据计分来源未报送，按不适用处理" in text(found, "评价组织情况")
    assert "单位u3（“A1”）未按要求报送材料" in text(found, "突出问题")


def test_compose_says_which_indicators_rest():
    found = composed(scored(45, rounds.Q3))

    assert "“B2”按评定周期本季度不评" in text(found, "评价组织情况")
