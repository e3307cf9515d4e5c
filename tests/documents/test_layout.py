from __future__ import annotations

import io
import time
import zipfile
from datetime import date

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm
from hypothesis import given
from hypothesis import strategies as st

from qingfeng.documents.layout import fonts, official, parts, tables, titles
from tests.documents.samples import notice, scores


def opened(text: official.OfficialText):
    return docx.Document(io.BytesIO(official.render(text)))


def faces(paragraph) -> list[tuple[str, str]]:
    return [
        (run.text, run._element.rPr.rFonts.get(qn("w:eastAsia")))
        for run in paragraph.runs
        if run.text.strip()
    ]


def test_render_same_text_twice_gives_same_bytes():
    first = official.render(notice())
    time.sleep(2.1)  # the clock of a zip entry ticks every two seconds

    second = official.render(notice())

    assert first == second


def test_render_other_text_gives_other_bytes():
    assert official.render(notice()) != official.render(notice(number="云纪办〔2026〕13号"))


def test_render_carries_no_moment_of_writing():
    packed = zipfile.ZipFile(io.BytesIO(official.render(notice())))

    assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert opened(notice()).core_properties.modified.date() == date(2026, 4, 15)


def test_render_sets_paper_margins_and_line_grid():
    section = opened(notice()).sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    pitch = int(section._sectPr.find(qn("w:docGrid")).get(qn("w:linePitch")))

    assert [round(edge.mm) for edge in (section.page_width, section.page_height)] == [210, 297]
    assert [round(edge.mm) for edge in margins] == [37, 35, 28, 26]
    assert pitch * 22 <= Mm(225).twips < pitch * 23


def test_render_headings_are_numbered_and_faced_by_level():
    blocks = (
        official.Heading(1, "总体情况"),
        official.Heading(2, "得分情况"),
        official.Heading(3, "镇（街道）。", "云溪镇居首。"),
        official.Heading(4, "主体责任。", "总体较好。"),
        official.Heading(2, "等次分布"),
        official.Heading(1, "工作要求"),
        official.Heading(2, "压实责任"),
    )

    written = [faces(p) for p in opened(notice(*blocks)).paragraphs if p.paragraph_format.first_line_indent]

    assert written[:7] == [
        [("一、总体情况", "黑体")],
        [("（一）得分情况", "楷体_GB2312")],
        [("1.镇（街道）。", "仿宋_GB2312"), ("云溪镇居首。", "仿宋_GB2312")],
        [("（1）主体责任。", "仿宋_GB2312"), ("总体较好。", "仿宋_GB2312")],
        [("（二）等次分布", "楷体_GB2312")],
        [("二、工作要求", "黑体")],
        [("（一）压实责任", "楷体_GB2312")],
    ]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (35, "三十五"), (99, "九十九"), (100, "一百"),
        (101, "一百零一"), (110, "一百一十"), (1001, "一千零一"), (1010, "一千零一十"), (2000, "二千"),
    ],
)  # fmt: skip
def test_chinese_numeral_of_a_heading_reads_as_written(value, words):
    assert parts.chinese_numeral(value) == words


def test_render_names_every_run_in_an_east_asian_face():
    annexes = (official.Annex("得分表", (scores(36, 2),)),)
    runs = opened(notice(scores(3, 2), annexes=annexes)).element.body.iter(qn("w:r"))

    written = [run for run in runs if run.find(qn("w:t")) is not None]

    assert len(written) > 20
    assert all(run.rPr.rFonts.get(qn("w:eastAsia")) in fonts.STANDARD.names() for run in written)


def test_render_attachments_are_listed_without_closing_marks():
    annexes = (official.Annex("得分表", (scores(3, 2),)), official.Annex("等次表", (scores(2, 2),)))

    texts = [p.text for p in opened(notice(annexes=annexes)).paragraphs]

    assert "附件：1．得分表" in texts
    assert "2．等次表" in texts
    assert texts.index("附件：1．得分表") < texts.index("附件1") < texts.index("附件2")


def test_render_single_annex_carries_no_number():
    texts = [p.text for p in opened(notice(annexes=(official.Annex("得分表", (scores(3, 2),)),))).paragraphs]

    assert "附件：得分表" in texts
    assert "附件" in texts


def test_render_repeats_the_head_of_a_table_and_keeps_rows_whole():
    table = opened(notice(scores(3, 40))).tables[0]

    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert table.rows[1]._tr.trPr.find(qn("w:tblHeader")) is None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


@pytest.mark.parametrize(("columns", "turned"), [(7, False), (36, True)])
def test_annex_lies_on_its_side_only_when_its_table_is_too_wide(columns, turned):
    annex = official.Annex("得分表", (scores(columns, 3),))

    section = opened(notice(annexes=(annex,))).sections[1]

    assert official.lies_on_side(annex) is turned
    assert (round(section.page_width.mm) == 297) is turned


def test_annex_stands_as_its_author_says():
    assert official.lies_on_side(official.Annex("得分表", (scores(3, 1),), on_side=True))
    assert not official.lies_on_side(official.Annex("得分表", (scores(36, 1),), on_side=False))


def test_table_with_a_row_of_other_length_is_refused_by_its_row():
    with pytest.raises(ValueError, match="第 2 行有 1 格，表头有 2 列"):
        official.Table(("单位", "得分"), (("云溪镇", "86.42"), ("石桥镇",)))


@pytest.mark.parametrize(("part", "empty"), [("title", " "), ("signed_by", ()), ("mark", official.Mark(()))])
def test_text_without_a_required_part_is_refused(part, empty):
    with pytest.raises(ValueError, match="公文缺少"):
        notice(**{part: empty})


def test_chinese_date_has_no_leading_zeros():
    assert parts.chinese_date(date(2026, 1, 5)) == "2026年1月5日"


def test_title_breaks_between_phrases():
    title = "中共云川市纪律检查委员会关于2026年第一季度全市政治生态状况评价情况的通报"

    assert titles.lines(title) == (
        "中共云川市纪律检查委员会",
        "关于2026年第一季度全市",
        "政治生态状况评价情况的通报",
    )


def test_title_breaks_of_its_author_are_kept():
    assert titles.lines("关于评价的\n通报") == ("关于评价的", "通报")


PIECES = st.sampled_from(
    ["关于", "2026年", "第一季度", "政治生态", "《意见》", "评价", "的", "通报", "云溪镇", "、", "12345"]
)


@given(st.lists(PIECES, min_size=1, max_size=30).map("".join))
def test_title_lines_keep_every_letter_and_fit_the_page(title):
    lines = titles.lines(title)

    assert "".join(lines) == title
    assert all(titles.width(line) <= 20 for line in lines)


@given(st.integers(1, 60), st.integers(0, 5))
def test_fitting_size_never_overflows_the_page(columns, rows):
    table = scores(columns, rows)
    widths = tables.natural_widths(table.head, table.rows)

    size = tables.fitting_size(widths, Mm(225))

    if size is not None:
        taken = sum(width * size.pt / 2 + 2 * tables.padding(size).pt for width in widths)
        assert taken <= Mm(225).pt


def test_warnings_name_each_missing_face_and_no_other():
    found = fonts.warnings(available=frozenset({"黑体", "宋体", "楷体_GB2312"}))

    assert len(found) == 2
    assert "方正小标宋简体" in found[0]
    assert "仿宋_GB2312" in found[1]
    assert fonts.warnings(available=frozenset(fonts.STANDARD.names())) == ()
