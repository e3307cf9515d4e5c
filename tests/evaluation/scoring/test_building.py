"""How rows become columns, and what is refused."""

from __future__ import annotations

import pytest

from qingfeng.evaluation.scoring import building, columns, freezing
from qingfeng.evaluation.scoring.rows import DepartmentUnitRow
from tests.evaluation.scoring import rounds
from tests.evaluation.scoring.test_channels import REVIEWS, three_levels, two_departments


@pytest.mark.parametrize(
    ("department", "owner", "words"),
    [("aa", "u1", "不得给本单位评分"), ("zz", "u2", "不是这项指标的评分部门"), ("cc", "u1", "不是这项指标")],
)
def test_build_refuses_who_may_not_score(department, owner, words):
    reviews = [rounds.reviewed("u1", "A1.r", department, 90)]

    with pytest.raises(columns.InputFaultsError) as refused:
        rounds.score(
            two_departments(),
            units=rounds.units("u1", "u2"),
            reviews=reviews,
            department_units=[DepartmentUnitRow("aa", owner)],
        )

    assert words in refused.value.faults[0].expected


def test_build_names_table_row_and_field_of_every_fault():
    given = two_departments()
    reviews = [
        rounds.reviewed("u9", "A1.r", "aa", 50),
        rounds.reviewed("u1", "A1.r", "aa", 101),
        rounds.reviewed("u1", "A1.r", "aa", 3, "乙"),
        rounds.reviewed("u1", "A1.r", "aa", 4, "乙"),
    ]

    with pytest.raises(columns.InputFaultsError) as refused:
        rounds.score(
            given, reviews=reviews, units=rounds.units("u1", "u1"), values=[rounds.value("u1", "x", 1)]
        )

    found = {(f.table, f.row, f.field) for f in refused.value.faults}
    assert found == {
        ("units", 1, "code"),
        ("reviews", 0, "unit"),
        ("reviews", 1, "score"),
        ("reviews", 3, "reviewer"),
        ("values", 0, "measure"),
    }


def test_build_is_the_same_whatever_the_order_of_rows():
    given = three_levels()
    tallies = rounds.votes("u1", "staff", fair=2, bad=6)
    forward = building.Rows(
        units=rounds.units("u1", "u2"), reviews=REVIEWS, tallies=tallies, reports=rounds.delivered(given)
    )
    backward = building.Rows(
        units=rounds.units("u2", "u1"),
        reviews=REVIEWS[::-1],
        tallies=tallies[::-1],
        reports=rounds.delivered(given)[::-1],
    )

    first, second = (building.build(given, rounds.Q4, rows) for rows in (forward, backward))
    assert freezing.digest(first) == freezing.digest(second)
    assert freezing.to_bytes(first) == freezing.to_bytes(second)
