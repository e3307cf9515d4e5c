"""Workbooks that people fill: what is read, what is refused, and that what we write reads back."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from qingfeng.core.errors import Fault, FaultyWorkbook, Refused
from qingfeng.core.spreadsheets import cells, reading, writing
from qingfeng.core.spreadsheets.columns import Column, Kind, Limits, Sheet

SHEET = Sheet(
    "登记",
    (
        Column("code", "编码", Kind.CODE, required=True, max_length=8),
        Column("name", "姓名", Kind.NAME),
        Column("note", "备注"),
        Column("day", "日期", Kind.DATE),
        Column("count", "人数", Kind.INTEGER, low=0),
        Column("points", "分值", Kind.DECIMAL, low=0, high=100),
        Column("leads", "负责", Kind.YES_NO),
        Column("level", "层级", Kind.CHOICE, choices=(("town", "镇街"), ("party", "党群"))),
    ),
    examples=({"code": "A01", "name": "示例人", "day": dt.date(2026, 1, 5), "leads": True},),
    help="一行一人",
)
LABELS = [column.label for column in SHEET.columns]


def book(rows: list[list[Any]], name: str = "登记", header: list[str] | None = None) -> bytes:
    """Write raw cells as Excel would, dates as dates."""
    buffer = io.BytesIO()
    made = xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    page = made.add_worksheet(name)
    for number, row in enumerate([LABELS if header is None else header, *rows]):
        for place, value in enumerate(row):
            if value is not None:
                page.write(number, place, value)
    made.close()
    return buffer.getvalue()


def first(*values: Any) -> reading.Row:
    return reading.read(book([list(values)]), [SHEET]).table(SHEET).rows[0]


def faults(content: bytes) -> list[Fault]:
    return reading.read(content, [SHEET]).faults


def test_read_typed_cells_gives_typed_values() -> None:
    row = first("A01", "张　三", " 一 二　", dt.date(2026, 1, 5), 3, 12.5, "是", "镇街")

    assert dict(row.values) == {
        "code": "A01", "name": "张三", "note": "一 二", "day": dt.date(2026, 1, 5),
        "count": 3, "points": Decimal("12.5"), "leads": True, "level": "town",
    }  # fmt: skip


def test_read_numbers_as_text_and_codes_as_numbers_gives_the_same() -> None:
    row = first(101, None, 7, "2026.1.5", "３", "12.50", "否", "party")

    assert (row["code"], row["note"], row["count"], row["points"]) == ("101", "7", 3, Decimal("12.50"))
    assert (row["day"], row["leads"], row["level"]) == (dt.date(2026, 1, 5), False, "party")


@pytest.mark.parametrize(
    "written",
    [
        "2026-01-05",
        "2026/1/5",
        "2026.1.5",
        "2026年1月5日",
        "２０２６－０１－０５",
        " 2026年 1月 5日　",
        "20260105",
    ],
)
def test_read_date_as_text_in_any_usual_form_gives_the_day(written: str) -> None:
    assert first("A", None, None, written)["day"] == dt.date(2026, 1, 5)


@pytest.mark.parametrize(
    ("place", "written", "expected"),
    [
        (0, None, "必填"),
        (0, "ABCDEFGHI", "不超过 8 个字，现有 9 个字"),
        (3, "2026-02-30", "没有这一天"),
        (3, "去年", "应为日期"),
        (3, 46027, "应为日期"),
        (3, "0026-01-05", "年份应在"),
        (3, dt.datetime(2026, 1, 5, 8, 30), "不带钟点"),
        (4, "三", "应为整数"),
        (4, 1.5, "应为整数"),
        (4, -1, "应为整数，不小于 0"),
        (5, "nan", "应为数字，在 0 到 100 之间"),
        (5, 101, "应为数字，在 0 到 100 之间"),
        (5, True, "应为数字"),
        (6, "大概", "应填“是”或“否”"),
        (7, "村居", "应为其中之一：镇街、党群"),
    ],
)
def test_read_misfit_names_row_column_and_what_is_expected(place: int, written: Any, expected: str) -> None:
    row: list[Any] = ["A01", "甲", None, None, None, None, None, None]
    row[place] = written

    found = faults(book([["A00"], row]))

    assert [(f.sheet, f.row, f.column) for f in found] == [("登记", 3, LABELS[place])]
    assert expected in found[0].expected


def test_read_blank_rows_keeps_the_row_numbers() -> None:
    table = reading.read(book([[None], ["　 "], ["A01"], [], ["A02"]]), [SHEET]).table(SHEET)

    assert [row.number for row in table.rows] == [4, 6]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (["编码", "编 码*"], "出现了两次"),
        (["姓名"], "缺少“编码”这一列"),
        (["编码", "性名"], "是不是“姓名”"),
        (["编码", "颜色"], "可用的列：编码"),
    ],
)
def test_read_faulty_header_names_it(header: list[str], expected: str) -> None:
    found = faults(book([], header=header))

    assert len(found) == 1
    assert found[0].row == 1
    assert expected in found[0].expected


def test_read_required_marks_in_the_header_are_no_fault() -> None:
    assert faults(book([["A01", "甲"]], header=["编码（必填）", "姓 名 *"])) == []


def test_read_content_under_no_heading_is_reported_rather_than_lost() -> None:
    found = faults(book([["A01", "甲", "散落"]], header=["编码", "姓名"]))

    assert [(f.row, f.column) for f in found] == [(2, "第 3 列")]


def test_read_missing_sheet_suggests_the_near_name() -> None:
    assert "是不是“登记表”" in faults(book([], name="登记表"))[0].expected


def test_read_merged_cells_and_formula_errors_are_reported() -> None:
    buffer = io.BytesIO()
    made = xlsxwriter.Workbook(buffer, {"in_memory": True})
    page = made.add_worksheet("登记")
    page.write_row(0, 0, LABELS)
    page.merge_range(1, 0, 2, 0, "A01")
    page.write_string(3, 0, "A02")
    page.write_formula(3, 2, "=1/0", None, "#DIV/0!")
    made.close()

    found = faults(buffer.getvalue())

    assert "第 2 至 3 行有合并单元格" in found[0].expected
    assert [f.row for f in found if "C4 的公式出错" in f.expected] == [4]


def rewritten(content: bytes, change: dict[str, bytes]) -> bytes:
    """Return the package with some parts replaced or added."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change.get(name, old.read(name)))
    return buffer.getvalue()


def sheet_xml(cells_xml: str, prolog: str = "") -> bytes:
    body = f'<?xml version="1.0"?>{prolog}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    return f"{body}<sheetData>{cells_xml}</sheetData></worksheet>".encode()


PART = "xl/worksheets/sheet1.xml"
FAR = sheet_xml(
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
)
WIDE = sheet_xml('<row r="1"><c r="XFD1"><v>1</v></c></row>')
LAUGHS = sheet_xml('<row r="1"/>', '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>')


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "不是 Excel 工作簿"),
        (b"a,b\n1,2\n", "不是 Excel 工作簿"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版格式"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
        (b"PK\x03\x04" + b"\0" * 40, "已损坏"),
        (book([["A01"]])[:-200], "已损坏"),
        (rewritten(book([]), {PART: b"<worksheet><sheetData><row>"}), "已损坏"),
        (rewritten(book([]), {PART: LAUGHS}), "已损坏"),
        (rewritten(book([]), {PART: FAR}), "超过 20000 行"),
        (rewritten(book([]), {PART: WIDE}), "超过 200 列"),
    ],
)
def test_read_file_that_is_no_sound_workbook_is_refused_with_a_sentence(
    content: bytes, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        reading.read(content, [SHEET])


def test_read_any_other_zip_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")

    with pytest.raises(Refused, match="不是 Excel 工作簿"):
        reading.read(buffer.getvalue(), [SHEET])


@pytest.mark.parametrize(
    ("limits", "sentence"),
    [(Limits(bytes=100), "文件超过"), (Limits(unpacked=500), "展开后过大"), (Limits(rows=2), "超过 2 行")],
)
def test_read_beyond_a_limit_is_refused(limits: Limits, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        reading.read(book([["A"], ["B"], ["C"]]), [SHEET], limits)


def test_read_formatted_but_empty_rows_far_below_are_no_rows() -> None:
    head = '<row r="1"><c r="A1" t="inlineStr"><is><t>编码</t></is></c></row>'
    styled = head + '<row r="1048576"><c r="A1048576" s="0"/></row>'

    result = reading.read(rewritten(book([]), {PART: sheet_xml(styled)}), [SHEET])

    assert (result.table(SHEET).rows, result.faults) == ([], [])


def test_insist_lists_every_fault_in_the_order_of_the_sheet() -> None:
    result = reading.read(book([["A01", None, None, "坏"], [None, "甲"]]), [SHEET])

    with pytest.raises(FaultyWorkbook) as caught:
        result.insist([SHEET])

    assert [(f.row, f.column) for f in caught.value.faults] == [(2, "日期"), (3, "编码")]


def test_repeated_and_unknown_codes_name_their_rows() -> None:
    table = reading.read(book([["A01"], ["B"], ["A01"]]), [SHEET]).table(SHEET)

    assert [(f.row, f.expected) for f in reading.repeated(table, "code")] == [(4, "与第 2 行重复")]
    assert [f.row for f in reading.unknown(table, "code", {"A01"}, "单位")] == [3]


def test_template_reads_as_empty_and_its_example_as_filled() -> None:
    content = writing.template([SHEET], notes=["先看说明"])

    example = Sheet("示例·登记", SHEET.columns)
    result = reading.read(content, [SHEET, example])

    assert result.faults == []
    assert list(result.table(SHEET).rows) == []
    assert [row["code"] for row in result.table(example).rows] == ["A01"]


ANYTHING = st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), max_size=20).map(cells.text_of)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "code": st.text("ABC0123456789-", min_size=1, max_size=8),
            "name": ANYTHING.map(lambda text: cells.value_of(text, SHEET.by_key["name"])),
            "note": ANYTHING.map(lambda text: text or None),
            "day": st.none() | st.dates(dt.date(1900, 3, 1), dt.date(2100, 12, 31)),
            "count": st.none() | st.integers(0, 10**9),
            "points": st.none() | st.decimals(0, 100, places=2),
            "leads": st.none() | st.booleans(),
            "level": st.none() | st.sampled_from(["town", "party"]),
        }
    ),
    max_size=6,
)


@given(ROWS)
def test_filled_rows_read_back_unchanged(rows: list[dict[str, Any]]) -> None:
    result = reading.read(writing.filled([SHEET], {"登记": rows}), [SHEET])

    assert result.faults == []
    assert [dict(row.values) for row in result.table(SHEET).rows] == rows


@given(st.binary(max_size=300))
def test_read_any_bytes_is_refused_not_broken(junk: bytes) -> None:
    for content in (
        junk,
        b"PK\x03\x04" + junk,
        rewritten(book([]), {PART: b"<worksheet><sheetData>" + junk}),
    ):
        with pytest.raises(Refused):
            reading.read(content, [SHEET])
