"""The import of units, people and posts: all or nothing, in any order, and twice the same."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qingfeng.audit.models import Entry
from qingfeng.core.errors import Conflict, Denied, FaultyWorkbook, Refused
from qingfeng.core.roles import Role
from qingfeng.core.spreadsheets import writing
from qingfeng.organizations.actions import importing, units
from qingfeng.organizations.models import ImportDraft, Person, Post, Unit
from qingfeng.organizations.workbook import sheets, snapshot
from qingfeng.organizations.workbook.planning import Effect
from tests import stories
from tests.organizations.workbooks import AT, BEGAN, book, person, post, unit

pytestmark = pytest.mark.django_db
FAST = settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
END = dt.date(2025, 12, 31)
CITY = [unit("A"), unit("B", "A"), unit("C", "B"), unit("D", "B", active_to=END, successor="C"), unit("E")]
STAFF = [person("P1"), person("P2"), person("P3")]
POSTS = [
    post("P1", "B", title="局长", is_leader=True, is_head=True),
    post("P2", "B"),
    post("P2", "D", title="站长", held_to=END),
    post("P3", "C", title="主任", is_leader=True, is_head=True, is_concurrent=True),
]


@pytest.fixture
def office():
    return stories.user_with(Role.OFFICE)


def bring(office, *rows: Any):
    return importing.import_workbook(content=book(*rows), by=office, at=AT)


def faults_of(office, *rows: Any) -> list[tuple[str, int, str, str]]:
    with pytest.raises(FaultyWorkbook) as caught:
        bring(office, *rows)
    return [(f.sheet, f.row, f.column, f.expected) for f in caught.value.faults]


def test_import_creates_units_people_and_posts(office) -> None:
    bring(office, CITY, STAFF, POSTS)

    assert {u.code: u.parent and u.parent.code for u in Unit.objects.select_related("parent")} == {
        "A": None, "B": "A", "C": "B", "D": "B", "E": None,
    }  # fmt: skip
    assert Unit.objects.get(code="D").successor == Unit.objects.get(code="C")
    assert (Person.objects.count(), Post.objects.count()) == (3, 4)
    assert Entry.objects.get(action="organizations.import").detail["counts"]["单位"]["created"] == 5


@FAST
@given(st.permutations(CITY), st.permutations(STAFF), st.permutations(POSTS))
def test_import_rows_in_any_order_gives_the_same(city: Any, staff: Any, posts: Any) -> None:
    with transaction.atomic():
        office = stories.user_with(Role.OFFICE)
        bring(office, city, staff, posts)
        held = snapshot.read()
        transaction.set_rollback(True)

    assert {code: record.parent for code, record in held.units.items()} == {
        row["code"]: row["parent"] for row in CITY
    }
    assert set(held.people) == {"P1", "P2", "P3"}
    assert [
        dataclasses.astuple(record)[:4] for record in sorted(held.posts.values(), key=lambda r: r.key)
    ] == [
        (row["person"], row["unit"], row["title"], BEGAN)
        for row in sorted(POSTS, key=lambda r: (r["person"], r["unit"]))
    ]


def test_import_again_changes_nothing(office) -> None:
    bring(office, CITY, STAFF, POSTS)

    plan = bring(office, CITY, STAFF, POSTS)

    assert plan.changes == []
    assert set(Unit.objects.values_list("revision", flat=True)) == {0}


def test_import_updates_by_code_and_says_what_is_changed_and_closed(office) -> None:
    bring(office, CITY, STAFF, POSTS)

    plan = bring(
        office,
        [unit("E", "A", short_name="新名", active_to=END, successor="A")],
        [person("P3", name="改名", is_party_member=False)],
        [post("P2", "B", held_to=END)],
    )

    closed, renamed, left = plan.changes
    assert [change.effect for change in plan.changes] == [Effect.CLOSED, Effect.CHANGED, Effect.CLOSED]
    assert [(d.label, d.after) for d in closed.differences] == [
        ("简称", "新名"), ("上级单位编码", "A"), ("停用日期", "2025-12-31"), ("并入单位编码", "A"),
    ]  # fmt: skip
    assert [(d.before, d.after) for d in renamed.differences] == [("干部P3", "改名"), ("是", "否")]
    assert left.label == "干部P2：B单位科员"
    changed = Unit.objects.get(code="E")
    assert (changed.short_name, changed.revision) == ("新名", 1)
    assert Post.objects.get(person__code="P2", unit__code="B").held_to == END


def test_import_without_an_optional_column_leaves_it_as_it_is(office) -> None:
    bring(office, [unit("A", is_evaluated=False, sort_order=9)])
    row = unit("A", short_name="改称")
    lean = dataclasses.replace(
        sheets.UNITS, columns=[c for c in sheets.UNITS.columns if c.key not in {"is_evaluated", "sort_order"}]
    )
    content = writing.filled([lean, sheets.PEOPLE, sheets.POSTS], {"单位": [row]})
    importing.import_workbook(content=content, by=office, at=AT)

    stored = Unit.objects.get(code="A")
    assert (stored.short_name, stored.is_evaluated, stored.sort_order) == ("改称", False, 9)


PLANTED: dict[str, tuple[Any, str, int, str]] = {
    "unknown parent": ((unit("X", "NONE"), None, None), "单位", 7, "上级单位编码"),
    "cycle": (([unit("X", "Y"), unit("Y", "X")], None, None), "单位", 7, "上级单位编码"),
    "own parent": ((unit("X", "X"), None, None), "单位", 7, "上级单位编码"),
    "duplicate code": ((unit("A", name="另一个"), None, None), "单位", 7, "编码"),
    "duplicate name": ((unit("X", name="云川市A单位"), None, None), "单位", 2, "全称"),
    "dates reversed": ((unit("X", active_to=dt.date(2019, 1, 1)), None, None), "单位", 7, "停用日期"),
    "unknown class": ((unit("X", unit_class="village"), None, None), "单位", 7, "类别"),
    "no name": ((unit("X", name=""), None, None), "单位", 7, "全称"),
    "merged into itself": ((unit("X", active_to=END, successor="X"), None, None), "单位", 7, "并入单位编码"),
    "merged but not closed": ((unit("X", successor="A"), None, None), "单位", 7, "停用日期"),
    "merged into nothing": ((unit("X", active_to=END, successor="N"), None, None), "单位", 7, "并入单位编码"),
    "merged too late": ((unit("X", active_to=END, successor="D"), None, None), "单位", 7, "并入单位编码"),
    "below a closed unit": ((unit("X", "D"), None, None), "单位", 7, "上级单位编码"),
    "duplicate person": ((None, person("P1"), None), "人员", 5, "人员编号"),
    "nameless person": ((None, person("P9", name=""), None), "人员", 5, "姓名"),
    "unknown person": ((None, None, post("P8", "A")), "任职", 6, "人员编号"),
    "unknown unit": ((None, None, post("P1", "N")), "任职", 6, "单位编码"),
    "post reversed": ((None, None, post("P1", "A", held_to=dt.date(2019, 1, 1))), "任职", 6, "免职日期"),
    "post outlives unit": ((None, None, post("P1", "D")), "任职", 6, "免职日期"),
    "second head": ((None, None, post("P2", "B", title="书记", is_head=True)), "任职", 2, "主要负责人"),
    "head no leader": (
        (None, None, post("P1", "E", title="局长", is_head=True, is_leader=False)), "任职", 6, "班子成员",
    ),
    "same post twice": ((None, None, post("P2", "B", held_from=END)), "任职", 3, "任职日期"),
}  # fmt: skip


def planted(addition: Any) -> list[list[Any]]:
    """Return the sound rows with the fault's rows appended to their sheets."""
    extra = [row if isinstance(row, list) else [row] if row else [] for row in addition]
    return [[*rows, *more] for rows, more in zip((CITY, STAFF, POSTS), extra, strict=True)]


@pytest.mark.parametrize("name", PLANTED)
def test_import_with_one_planted_fault_names_it_and_writes_nothing(office, name: str) -> None:
    addition, sheet, row, column = PLANTED[name]

    found = faults_of(office, *planted(addition))

    assert (sheet, row, column) in [fault[:3] for fault in found]
    assert not Unit.objects.exists()
    assert not Person.objects.exists()


PARTNERS = {
    "duplicate code": CITY[0], "duplicate name": CITY[0], "duplicate person": STAFF[0],
    "second head": POSTS[0], "same post twice": POSTS[1],
}  # fmt: skip
"""The sound row that a planted one collides with: the fault may stand at either, or at both."""


@FAST
@given(st.sampled_from(sorted(PLANTED)), st.randoms(use_true_random=False))
def test_import_with_a_fault_anywhere_names_its_row_and_writes_nothing(name: str, chance: Any) -> None:
    addition, sheet, _, column = PLANTED[name]
    rows = planted(addition)
    for part in rows:
        chance.shuffle(part)
    sound = [*CITY, *STAFF, *POSTS]
    culprits = [row for part in rows for row in part if row not in sound]
    culprits += [PARTNERS[name]] if name in PARTNERS else []
    lines = {line for part in rows for line, row in enumerate(part, start=2) if row in culprits}

    with transaction.atomic():
        found = faults_of(stories.user_with(Role.OFFICE), *rows)
        is_empty = not (Unit.objects.exists() or Person.objects.exists() or Post.objects.exists())
        transaction.set_rollback(True)

    assert {row for at, row, label, _ in found if (at, label) == (sheet, column)} & lines
    assert {row for _, row, _, _ in found} <= lines
    assert is_empty


@FAST
@given(st.sets(st.sampled_from(sorted(PLANTED)), min_size=2, max_size=4))
def test_import_with_several_faults_lists_a_fault_for_each(names: set[str]) -> None:
    rows: list[list[Any]] = [list(CITY), list(STAFF), list(POSTS)]
    for number, name in enumerate(sorted(names)):
        for part, more in zip(rows, PLANTED[name][0], strict=True):
            part += [
                renamed(row, number) for row in (more if isinstance(more, list) else [more] if more else [])
            ]

    with transaction.atomic():
        found = {(sheet, column) for sheet, _, column, _ in faults_of(stories.user_with(Role.OFFICE), *rows)}
        transaction.set_rollback(True)

    assert {(PLANTED[name][1], PLANTED[name][3]) for name in names} <= found


def renamed(row: dict[str, Any], number: int) -> dict[str, Any]:
    """Give a planted unit a code of its own, so that two of them do not collide."""
    codes = {
        key: f"{row[key]}{number}" for key in ("code", "parent", "successor") if row.get(key) in ("X", "Y")
    }
    names = (
        {"name": f"{row['name']}{number}"}
        if "code" in codes and row["name"] not in ("", CITY[0]["name"])
        else {}
    )
    return {**row, **codes, **names}


def test_import_that_closes_a_unit_asks_for_the_posts_and_units_it_leaves_behind(office) -> None:
    bring(office, CITY, STAFF, POSTS)

    found = faults_of(office, [unit("B", "A", active_to=END)], [], [])

    assert [(row, column) for _, row, column, _ in found] == [(2, "停用日期"), (2, "停用日期")]
    assert {"下级单位没有停用" in text or "项任职没有结束" in text for *_, text in found} == {True}


def test_export_imports_back_unchanged(office) -> None:
    bring(office, CITY, STAFF, POSTS)
    before = snapshot.read()

    content = snapshot.workbook(before)
    plan = importing.import_workbook(content=content, by=office, at=AT)

    assert plan.changes == []
    assert snapshot.read() == before


def test_export_into_an_empty_platform_gives_the_same(office) -> None:
    bring(office, CITY, STAFF, POSTS)
    before = snapshot.read()
    content = snapshot.workbook(before)
    Post.objects.all().delete()
    Unit.objects.update(parent=None, successor=None)
    Unit.objects.all().delete()
    Person.objects.all().delete()

    importing.import_workbook(content=content, by=office, at=AT)

    assert snapshot.read() == before


def test_template_examples_are_not_imported_and_would_be_sound(office) -> None:
    plan = importing.import_workbook(content=sheets.template(), by=office, at=AT)
    filled = bring(office, *(sheet.examples for sheet in sheets.SHEETS))

    assert plan.changes == []
    assert filled.counts()["单位"][Effect.CREATED] == 3


@pytest.mark.parametrize("role", [Role.CASE_OFFICE, Role.SECURITY_ADMIN, Role.UNIT_LIAISON])
def test_import_by_others_is_denied(role: str) -> None:
    with pytest.raises(Denied, match="由办公室办理"):
        bring(stories.user_with(role), CITY)


def test_import_of_no_workbook_is_refused(office) -> None:
    with pytest.raises(Refused, match="不是 Excel 工作簿"):
        importing.stage_import(content=b"junk", file_name="a.xlsx", by=office, at=AT)

    assert not ImportDraft.objects.exists()


def test_stage_import_keeps_a_draft_that_confirm_writes_and_drops(office) -> None:
    draft, plan = importing.stage_import(content=book(CITY), file_name="单位.xlsx", by=office, at=AT)
    assert draft is not None
    assert not Unit.objects.exists()

    importing.confirm_import(draft=draft, digest=plan.digest, by=office, at=AT)

    assert Unit.objects.count() == 5
    assert not ImportDraft.objects.exists()


def test_confirm_import_after_a_change_conflicts_and_writes_nothing(office) -> None:
    bring(office, CITY)
    draft, plan = importing.stage_import(
        content=book([unit("A", short_name="甲")]), file_name="", by=office, at=AT
    )
    assert draft is not None
    units.edit_unit(unit=Unit.objects.get(code="A"), revision=0, sort_order=5, by=office, at=AT)

    with pytest.raises(Conflict, match="预览之后"):
        importing.confirm_import(draft=draft, digest=plan.digest, by=office, at=AT)

    assert Unit.objects.get(code="A").short_name == "A单位"
    assert ImportDraft.objects.exists()


def test_stage_import_without_changes_keeps_nothing(office) -> None:
    bring(office, CITY)

    draft, plan = importing.stage_import(content=book(CITY), file_name="", by=office, at=AT)

    assert (draft, plan.changes) == (None, [])


def test_stage_import_drops_drafts_that_have_expired(office) -> None:
    importing.stage_import(content=book(CITY), file_name="", by=office, at=AT)

    importing.stage_import(content=book(CITY), file_name="", by=office, at=AT + dt.timedelta(hours=25))

    assert ImportDraft.objects.count() == 1


def test_import_of_a_whole_city_takes_few_statements(office, django_assert_max_num_queries) -> None:
    city = [unit(f"U{n}", "" if n == 0 else f"U{n // 5}") for n in range(100)]
    staff = [person(f"P{n}") for n in range(500)]
    posts = [post(f"P{n}", f"U{n % 100}") for n in range(500)]

    with django_assert_max_num_queries(40):
        bring(office, city, staff, posts)

    assert Post.objects.count() == 500
