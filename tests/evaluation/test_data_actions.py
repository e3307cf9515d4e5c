from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from qingfeng.core.errors import Denied, FaultyWorkbook, Refused, WrongState
from qingfeng.core.roles import Role
from qingfeng.core.spreadsheets import writing
from qingfeng.evaluation.actions import data, ledger, results, tallies
from qingfeng.evaluation.gateways import tally_book, task_book
from qingfeng.evaluation.models.data import Adjustment, BallotTally, DataValue, Fact
from qingfeng.evaluation.models.rounds import Round, RoundDepartment
from qingfeng.evaluation.queries import data as queries
from qingfeng.evaluation.queries import frozen
from qingfeng.evaluation.queries import rounds as round_queries
from tests import stories as people
from tests.evaluation import stories

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def place() -> stories.City:
    return stories.city(towns=2)


@pytest.fixture
def round(place) -> Round:
    return stories.in_review(place)


def book(task: Any, values: list[dict[str, Any]], facts: list[dict[str, Any]] | None = None) -> bytes:
    scheme = round_queries.scheme_of(task.round)
    sheets = task_book.sheets(queries.measures_of(task), queries.kinds_of(task), scheme)
    given = {task_book.VALUES: values, task_book.FACTS: facts or []}
    return writing.filled(sheets, {sheet.name: given[sheet.name] for sheet in sheets})


def fact_line(**changes: Any) -> dict[str, Any]:
    return {
        "code": "Z001",
        "kind": "light",
        "act_date": dt.date(2025, 11, 3),
        "effective_date": dt.date(2026, 2, 10),
        "title": "违规公务接待",
    } | changes


def test_template_of_a_task_asks_for_its_own_measures_and_kinds_and_reads_back(place, round) -> None:
    hotline, cases = stories.task_of(round, "rexian"), stories.task_of(round, "anguan")

    content = data.template(task=hotline, by=place.suppliers["rexian"])

    assert [measure.code for measure in queries.measures_of(hotline)] == ["on_time"]
    assert queries.kinds_of(hotline) == []
    assert {kind.code for kind in queries.kinds_of(cases)} == {"light", "heavy", "incident"}
    data.import_task_book(task=hotline, content=content, by=place.suppliers["rexian"], at=stories.REVIEWING)
    assert not DataValue.objects.exists()


def test_import_task_book_takes_everything_over(place, round) -> None:
    task = stories.task_of(round, "rexian")
    rows: list[dict[str, Any]] = [
        {"code": "Z001", "m_on_time": D("91.25")},
        {"code": "D01", "m_on_time": D(88)},
    ]

    data.import_task_book(
        task=task, content=book(task, rows), by=place.suppliers["rexian"], at=stories.REVIEWING
    )

    stored = dict(DataValue.objects.values_list("round_unit__code", "value"))
    assert stored == {"Z001": D("91.25"), "D01": D(88)}


def test_import_task_book_with_faults_lists_all_and_takes_nothing(place, round) -> None:
    task = stories.task_of(round, "rexian")
    rows = [
        {"code": "Z001", "m_on_time": D(90)},
        {"code": "Z001", "m_on_time": D(91)},
        {"code": "Z999", "m_on_time": D(1)},
    ]

    with pytest.raises(FaultyWorkbook) as refusal:
        data.import_task_book(
            task=task, content=book(task, rows), by=place.suppliers["rexian"], at=stories.REVIEWING
        )

    assert [(fault.sheet, fault.row) for fault in refusal.value.faults] == [("数据", 3), ("数据", 4)]
    assert not DataValue.objects.exists()


def test_import_task_book_again_withdraws_what_is_gone_and_keeps_what_stands(place, round) -> None:
    task, by = stories.task_of(round, "anguan"), place.suppliers["anguan"]
    first = book(task, [], [fact_line(), fact_line(code="Z002", title="违规发放津补贴")])
    second = book(task, [], [fact_line(), fact_line(code="Z002", kind="heavy", title="违规发放津补贴")])
    data.import_task_book(task=task, content=first, by=by, at=stories.REVIEWING)
    kept = Fact.objects.get(unit__code="Z001")

    data.import_task_book(task=task, content=second, by=by, at=stories.REVIEWING)

    standing = queries.facts_of(task)
    assert kept in standing
    assert {(fact.unit.code, fact.fact_kind) for fact in standing} == {("Z001", "light"), ("Z002", "heavy")}
    assert Fact.objects.count() == 4
    assert Fact.objects.filter(is_withdrawal=True).count() == 1


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"effective_date": dt.date(2025, 12, 31)}, "决定生效日期"),
        ({"effective_date": dt.date(2026, 2, 10), "act_date": dt.date(2026, 2, 11)}, "决定生效日期"),
        ({"quantity": D("0.001")}, "数量"),
    ],
)
def test_import_task_book_with_a_fact_that_does_not_fit_names_its_cell(
    place, round, changes: dict[str, Any], column: str
) -> None:
    task = stories.task_of(round, "anguan")

    with pytest.raises(FaultyWorkbook) as refusal:
        data.import_task_book(
            task=task,
            content=book(task, [], [fact_line(**changes)]),
            by=place.suppliers["anguan"],
            at=stories.REVIEWING,
        )

    assert [(fault.row, fault.column) for fault in refusal.value.faults] == [(2, column)]
    assert not Fact.objects.exists()


def test_report_delivered_of_nothing_is_refused_and_none_of_something(place, round) -> None:
    task, by = stories.task_of(round, "anguan"), place.suppliers["anguan"]

    with pytest.raises(Refused, match="本期无数据"):
        data.report_delivered(task=task, by=by, at=stories.REVIEWING)
    stories.recorded(place, round, place.towns[0])

    with pytest.raises(Refused, match="已录入"):
        data.report_none(task=task, by=by, at=stories.REVIEWING)


def test_save_values_after_the_report_is_refused_until_recalled(place, round) -> None:
    task = stories.hotline(place, round)
    value = [data.Value(round.units.get(unit=place.towns[0]).pk, "on_time", D(50))]
    by = place.suppliers["rexian"]

    with pytest.raises(WrongState, match="撤回"):
        data.save_values(task=task, values=value, by=by, at=stories.REVIEWING)
    data.recall(task=task, by=by, at=stories.REVIEWING)
    data.save_values(task=task, values=value, by=by, at=stories.REVIEWING)

    assert DataValue.objects.get(round_unit__unit=place.towns[0]).value == 50


def test_save_values_of_another_suppliers_measure_is_refused(place, round) -> None:
    task = stories.task_of(round, "anguan")
    value = [data.Value(round.units.get(unit=place.towns[0]).pk, "on_time", D(50))]

    with pytest.raises(Refused, match="不属于这次报送"):
        data.save_values(task=task, values=value, by=place.suppliers["anguan"], at=stories.REVIEWING)
    with pytest.raises(Denied, match="承担这项数据报送"):
        data.save_values(task=task, values=[], by=place.suppliers["rexian"], at=stories.REVIEWING)


def test_correct_fact_leaves_the_old_entry_and_points_at_it(place, round) -> None:
    old = stories.recorded(place, round, place.towns[0])

    new = ledger.correct_fact(
        fact=old,
        draft=stories.fact_draft(place.towns[0], fact_kind="heavy"),
        reason="改变处分档次",
        by=place.suppliers["anguan"],
        at=stories.REVIEWING,
    )

    assert list(queries.facts_of_quarter(round)) == [new]
    assert queries.history_of(new) == [new, old]
    assert Fact.objects.get(pk=old.pk).fact_kind == "light"


def test_correct_fact_twice_is_refused_on_the_old_entry(place, round) -> None:
    old = stories.recorded(place, round, place.towns[0])
    by = place.suppliers["anguan"]
    ledger.withdraw_fact(fact=old, reason="重复登记", by=by, at=stories.REVIEWING)

    with pytest.raises(WrongState, match="最新的记录"):
        ledger.withdraw_fact(fact=old, reason="再次撤销", by=by, at=stories.REVIEWING)

    assert not queries.facts_of_quarter(round).exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"fact_kind": "unknown"}, "不由本部门报送"),
        ({"category": "unknown"}, "领域"),
        ({"level": "unknown"}, "层级"),
        ({"effective_date": dt.date(2026, 4, 1)}, "不计入本轮"),
        ({"title": " "}, "摘要"),
        ({"quantity": D(0)}, "数量"),
    ],
)
def test_record_fact_that_does_not_fit_is_refused(
    place, round, changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        stories.recorded(place, round, place.towns[0], **changes)

    assert not Fact.objects.exists()


def test_freeze_waits_for_points_within_a_range(place, round) -> None:
    fact = stories.recorded(place, round, place.towns[0], fact_kind="incident")

    with pytest.raises(Refused, match="未在幅度内选定分值"):
        results.freeze(round=round, with_gaps=True, by=place.officer, at=stories.CUTOFF)
    with pytest.raises(Refused, match="1 至 3"):
        choose(place, round, fact, "3.5")
    choose(place, round, fact, "2.5")

    results.freeze(round=round, with_gaps=True, by=place.officer, at=stories.CUTOFF)
    assert [row.points for row in queries.choices_of(round)] == [D("2.5")]


def choose(place: stories.City, round: Round, fact: Fact, points: str, by: Any = None) -> None:
    ledger.choose_points(
        round=round,
        fact=fact,
        points=D(points),
        reason="影响较大",
        by=by or place.suppliers["anguan"],
        at=stories.REVIEWING,
    )


def test_choose_points_for_ones_own_unit_is_refused(place, round) -> None:
    fact = stories.recorded(place, round, place.towns[0], fact_kind="incident")
    supplier = people.give(place.suppliers["anguan"], Role.UNIT_LIAISON, place.towns[0])

    with pytest.raises(Denied, match="本人所在单位"):
        choose(place, round, fact, "2", by=supplier)


def test_choose_points_about_the_reporting_department_itself_is_for_the_officers(place, round) -> None:
    fact = stories.recorded(place, round, place.towns[0], fact_kind="incident")
    RoundDepartment.objects.filter(data_task__facts=fact).update(unit=place.towns[0])
    fact = Fact.objects.get(pk=fact.pk)

    with pytest.raises(Denied, match="党风室"):
        choose(place, round, fact, "2", by=place.suppliers["anguan"])
    choose(place, round, fact, "2", by=place.officer)

    assert [row.points for row in queries.choices_of(round)] == [D(2)]


def test_choose_points_of_a_fixed_kind_is_refused(place, round) -> None:
    fact = stories.recorded(place, round, place.towns[0])

    with pytest.raises(Refused, match="固定"):
        choose(place, round, fact, "1")


def test_import_tallies_replaces_what_stands(place, round) -> None:
    stories.counted(place, round)

    content = stories.tally_file(round, (1, 2, 3, 4))
    made = tallies.import_tallies(round=round, content=content, by=place.officer, at=stories.REVIEWING)

    counts = {"satisfied": 1, "basic": 2, "dissatisfied": 3, "unknown": 4}
    assert made == 6
    assert [row.counts for row in BallotTally.objects.all()] == [{"style": counts}] * 6


def test_import_tallies_with_faults_takes_nothing(place, round) -> None:
    scheme, questions = round_queries.scheme_of(round), queries.due_questions(round)
    sheet = tally_book.sheet(scheme, questions)
    line = {"code": "Z001", "group": "staff", "question": "style", "a_satisfied": 3}
    content = writing.filled([sheet], {sheet.name: [line, line, line | {"code": "Q1"}]})

    with pytest.raises(FaultyWorkbook) as refusal:
        tallies.import_tallies(round=round, content=content, by=place.officer, at=stories.REVIEWING)

    assert [fault.row for fault in refusal.value.faults] == [3, 4]
    assert not BallotTally.objects.exists()


def test_import_tallies_by_a_unit_is_refused(place, round) -> None:
    with pytest.raises(Denied):
        tallies.import_tallies(
            round=round,
            content=b"",
            by=place.liaisons[place.towns[0].pk],
            at=stories.REVIEWING,
        )


def test_tally_template_has_a_row_for_each_unit_group_and_question(place, round) -> None:
    content = tallies.tally_template(round=round, by=place.officer)

    assert tallies.import_tallies(round=round, content=content, by=place.officer, at=stories.REVIEWING) == 0


def test_propose_adjustment_outside_its_range_is_refused(place, round) -> None:
    with pytest.raises(Refused, match=r"0\.1 至 5"):
        stories.proposed(place, round, place.towns[0], points="6")
    with pytest.raises(Refused, match="没有这个"):
        stories.proposed(place, round, place.towns[0], code="Y")

    assert not Adjustment.objects.exists()


def test_approve_adjustment_by_its_proposer_is_refused(place, round) -> None:
    people.give(place.officer, Role.DEPUTY_LEADER)
    row = stories.proposed(place, round, place.towns[0])

    with pytest.raises(Denied, match="本人提出"):
        tallies.approve_adjustment(adjustment=row, by=place.officer, at=stories.REVIEWING)


def test_freeze_waits_for_the_decision_on_adjustments_and_counts_approved_ones(place) -> None:
    round = stories.complete(place)
    row = stories.proposed(place, round, place.towns[0])
    other = stories.proposed(place, round, place.towns[1])

    with pytest.raises(Refused, match="2 件专项加减分未核准"):
        results.freeze(round=round, by=place.officer, at=stories.CUTOFF)
    tallies.approve_adjustment(adjustment=row, by=place.deputy, at=stories.CUTOFF)
    tallies.reject_adjustment(adjustment=other, reason="依据不足", by=place.deputy, at=stories.CUTOFF)
    snapshot = results.freeze(round=round, by=place.officer, at=stories.CUTOFF)

    inputs = frozen.inputs_of(snapshot)
    assert inputs.adjustments.points.tolist() == [2.0]
    assert [inputs.units.codes[unit] for unit in inputs.adjustments.unit] == ["Z001"]


def test_visible_to_a_supplier_is_its_own_task_and_facts(place, round) -> None:
    stories.recorded(place, round, place.towns[0])

    assert [row.department.code for row in queries.visible_to(place.suppliers["rexian"])] == ["rexian"]
    assert queries.facts_visible_to(place.suppliers["anguan"]).count() == 1
    assert queries.facts_visible_to(place.suppliers["rexian"]).count() == 0
    assert queries.facts_visible_to(place.heads[place.towns[0].pk]).count() == 0
    assert queries.tallies_visible_to(place.suppliers["anguan"]).count() == 0


def test_listed_tasks_count_their_values_and_standing_facts_each_by_itself(place, round) -> None:
    stories.hotline(place, round)
    kept, old = (stories.recorded(place, round, unit) for unit in place.towns)
    ledger.withdraw_fact(fact=old, reason="重复登记", by=place.suppliers["anguan"], at=stories.REVIEWING)

    rows: dict[str, Any] = {row.department.code: row for row in queries.listed(place.officer, round)}

    assert (rows["rexian"].value_count, rows["rexian"].fact_count) == (len(place.units), 0)
    assert (rows["anguan"].value_count, rows["anguan"].fact_count) == (0, 1)
    assert list(queries.facts_of(rows["anguan"])) == [kept]
