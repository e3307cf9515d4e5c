"""What the pages of a year say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from qingfeng.core.listing import Column
from qingfeng.evaluation.presenters.portraits import tone_of
from qingfeng.evaluation.queries.annual import Quarter, Year, YearRow

NAMES = ("第一季度", "第二季度", "第三季度", "第四季度")


@dataclass(frozen=True)
class Beside:
    """What stands beside a unit's figures: bulletins by quarter, interviews, granted appeals."""

    bulletins: Mapping[int, Sequence[str]]
    interviews: Mapping[int, int] | None
    appeals: Mapping[int, int]


def columns(year: Year, beside: Beside) -> list[Column]:
    """Return the columns of the reference table; a row is a unit, its year is looked up."""

    def told(read: Any) -> Any:
        return lambda unit: read(year.rows[unit.pk])

    found = [
        Column("unit", "单位", lambda unit: unit.short_name, ("code",)),
        Column("class", "类别", told(lambda row: row.class_name), ("class_order", "-mean_then")),
    ]
    found += [Column(f"q{n}", NAMES[n - 1], told(_quarter(n)), (f"q{n}",), numeric=True) for n in range(1, 5)]
    return [
        *found,
        Column("mean", "年度平均", told(lambda row: row.mean), ("mean_then",), numeric=True),
        Column("grade", "年度等次", told(lambda row: year.grade_names.get(row.grade, "")), ("-mean_then",)),
        Column("rank", "类内名次", told(lambda row: row.rank), numeric=True),
        Column("counted", "计入季度", told(lambda row: row.counted), numeric=True),
        Column("bulletins", "列名的通报", told(lambda row: bulletins(row, beside))),
        Column("interviews", "被约谈次数", told(lambda row: interviews(row, beside)), numeric=True),
        Column("appeals", "申诉获支持", told(lambda row: beside.appeals.get(row.unit.pk, 0)), numeric=True),
        Column("note", "说明", told(lambda row: note(row, year))),
    ]


def _quarter(number: int) -> Any:
    return lambda row: quarter_value(row.quarters[number - 1])


def quarter_value(quarter: Quarter) -> Decimal | str:
    return quarter.why if quarter.score is None else quarter.score


def quarter_words(quarter: Quarter) -> str:
    return quarter.why if quarter.score is None else f"{quarter.score:.2f}"


def bulletins(row: YearRow, beside: Beside) -> str:
    """Name the issued bulletins that list the unit."""
    found = [
        number
        for quarter in row.quarters
        if quarter.result is not None
        for number in beside.bulletins.get(quarter.number, ())
    ]
    return "、".join(found)


def interviews(row: YearRow, beside: Beside) -> int | None:
    return None if beside.interviews is None else beside.interviews.get(row.unit.pk, 0)


def note(row: YearRow, year: Year) -> str:
    """Say what the figures do not: merged units, and quarters that are missing."""
    found = []
    if row.merged_into is not None:
        found.append(f"已并入{row.merged_into.short_name}")
    for one in row.absorbed:
        scores = "、".join(
            f"{NAMES[quarter.number - 1]} {quarter.score:.2f}"
            for quarter in one.quarters
            if quarter.score is not None
        )
        found.append(f"{one.unit.short_name}并入前：{scores}（不计入本单位平均）")
    return "；".join(found)


def title(year: Year, units: int) -> str:
    """Say how many units, and how many quarters are behind the figures."""
    quarters = len(year.revisions)
    left = 4 - quarters
    tail = f"，还有 {left} 个季度没有公布" if left else ""
    return f"{year.year}年度 {units} 个单位，按 {quarters} 个已公布季度平均{tail}"


def weight_words(year: Year) -> str:
    if len(set(year.weights.values())) == 1:
        how = "四个季度份量相同"
    else:
        how = "份量 " + "、".join(f"{NAMES[n - 1]} {weight}" for n, weight in year.weights.items())
    return f"{how}；缺的季度不按零分，连同份量不计。年度等次只按分数线，不再重复限额和降等。"


def grades(year: Year) -> list[tuple[str, str]]:
    return [(code, name) for code, name in year.grade_names.items()]


def unit_title(row: YearRow, year: Year) -> str:
    if row.mean is None:
        return f"{row.unit.short_name}：{year.year}年度没有可计的季度"
    return row.unit.short_name


def chart(row: YearRow, year: Year, class_means: Mapping[int, float | None]) -> dict[str, Any]:
    """Return the year as a curve over its four quarters, with the class's average."""
    scores = [None if one.score is None else float(one.score) for one in row.quarters]
    averages = [class_means.get(one.number) for one in row.quarters]
    known = [value for value in [*scores, *averages] if value is not None]
    low = min(60, int(min(known, default=60) // 10 * 10))
    bands, top = [], 100.0
    for place, (code, least) in enumerate(year.lines):
        bottom = max(float(least), low)
        if bottom < top:
            tone = tone_of(code, place)
            bands.append({"name": year.grade_names[code], "tone": tone, "from": bottom, "to": top})
        top = bottom
    return {
        "periods": [f"{year.year % 100}Q{one.number}" for one in row.quarters],
        "own": {"name": row.unit.short_name, "values": scores},
        "average": {"name": f"{row.class_name}类平均", "values": averages},
        "bands": bands,
        "min": low,
        "max": 100,
    }


def class_means(row: YearRow, year: Year) -> dict[int, float | None]:
    """Return the class's announced averages by quarter, in which the unit stood."""
    found: dict[int, float | None] = {}
    for number, revision in year.revisions.items():
        found[number] = revision.summary["classes"].get(row.class_name, {}).get("total")
    return found


@dataclass(frozen=True)
class QuarterLine:
    """One quarter in the table beneath the curve."""

    name: str
    score: Decimal | None
    grade: str
    rank: int | None
    ranked: int
    mean: float | None
    why: str
    round_pk: int | None


def quarter_lines(row: YearRow, year: Year) -> list[QuarterLine]:
    means = class_means(row, year)
    found = []
    for one in row.quarters:
        result = one.result
        names = result.revision.summary.get("grade_names", {}) if result else {}
        found.append(
            QuarterLine(
                NAMES[one.number - 1],
                one.score,
                names.get(result.grade, "") if result else "",
                result.rank if result else None,
                result.ranked if result else 0,
                means.get(one.number),
                one.why,
                result.revision.round_id if result else None,
            )
        )
    return found


@dataclass(frozen=True)
class Shown:
    """One unit's line in the list."""

    row: YearRow
    quarters: list[QuarterLine]
    grade: str
    bulletins: str
    interviews: int | None
    appeals: int
    note: str


def shown(row: YearRow, year: Year, beside: Beside) -> Shown:
    return Shown(
        row,
        quarter_lines(row, year),
        year.grade_names.get(row.grade, ""),
        bulletins(row, beside),
        interviews(row, beside),
        beside.appeals.get(row.unit.pk, 0),
        note(row, year),
    )


def unit_facts(row: YearRow, year: Year, beside: Beside) -> list[tuple[str, Any]]:
    place = f"{row.class_name}类第 {row.rank}，共 {row.ranked} 个单位" if row.rank else ""
    times = interviews(row, beside)
    return [
        ("年度平均", "" if row.mean is None else f"{row.mean:.2f}"),
        ("类内名次", place),
        ("计入季度", f"{row.counted} 个"),
        ("列名的通报", bulletins(row, beside)),
        ("被约谈", "" if times is None else f"{times} 次"),
        ("申诉获支持", f"{beside.appeals.get(row.unit.pk, 0)} 件"),
        ("说明", note(row, year)),
    ]
