"""Load the schemes that ship with the product from ``evaluation/schemes``."""

from __future__ import annotations

import csv
import functools
import json
import re
from pathlib import Path
from typing import Any

from qingfeng.evaluation.scoring import scheme as schemes
from qingfeng.evaluation.scoring import scheme_json

FOLDER = Path(__file__).resolve().parent.parent / "schemes"
DEFAULT = "indicators_5x36"
EXAMPLE = "questionnaire_45_45_10"

# Marks in the table's basis column: [V …] the text was read, [V title], [V cited] in part, [M …] from memory.
MARKS = (
    ("V-low", "secondary"),
    ("V title", "secondary"),
    ("V cited", "secondary"),
    ("V", "read"),
    ("M", "unconfirmed"),
    ("art. no. M", "unconfirmed"),
    ("P", "proposal"),
)
WORDS = (
    ("ratio copied from 某镇 2/3/4/6/8/12 table scaled ×0.2", "某镇2/3/4/6/8/12扣分表按0.2折算"),
    ("township scoring practice", "乡镇履责评价做法"),
    ("practice: ", "做法："),
    (" practice", "做法"),
    ("practice", "做法"),
    ("seed ", "典型经验文章："),
    ("seed", "典型经验文章"),
)


@functools.cache
def default_scheme() -> schemes.Scheme:
    """Return the 5 × 36 scheme: names, weights and texts from the table.

    Channels from the JSON beside it.
    """
    values = json.loads((FOLDER / f"{DEFAULT}.json").read_text("utf-8"))
    indicators = values.pop("indicators")
    first = values.pop("fact_order")
    with (FOLDER / values.pop("indicators_csv")).open(encoding="utf-8-sig", newline="") as lines:
        table = list(csv.DictReader(lines))
    ordered = first + [row["二级编码"] for row in table if row["二级编码"] not in first]
    places = {code: number for number, code in enumerate(ordered, start=1)}
    dimensions: dict[str, dict[str, Any]] = {}
    for row in table:
        code = row["一级编码"]
        fresh: dict[str, Any] = {
            "code": code,
            "name": row["一级指标"],
            "weight": row["一级权重"],
            "indicators": [],
        }
        code = row["二级编码"]
        indicator = _indicator(row) | indicators[code] | {"order": places[code]}
        dimensions.setdefault(row["一级编码"], fresh)["indicators"].append(indicator)
    return scheme_json.from_plain(values | {"dimensions": list(dimensions.values())})


@functools.cache
def example_scheme() -> schemes.Scheme:
    """Return the example with three sources.

    Questionnaire 45 %, supervision data 45 %, performance 10 %, less deductions.
    """
    return scheme_json.from_json((FOLDER / f"{EXAMPLE}.json").read_text("utf-8"))


def _indicator(row: dict[str, str]) -> dict[str, Any]:
    """Return the fields of an indicator that stand in the table."""
    return {
        "code": row["二级编码"],
        "name": row["二级指标"],
        "weight": row["权重"],
        "evidence": row["佐证材料"],
        "rule_text": row["建议计分规则"].replace("见§1.5", "见降等情形设置"),
        "method_text": f"{row['评分方式']}（{row['评分主体']}）",
        "mark": row["来源"],
        "basis": [_basis(part) for part in row["依据"].split(";") if part.strip()],
    }


def _basis(text: str) -> dict[str, str]:
    """Split a basis from its mark; the notes' source numbers are left out."""
    found = re.findall(r"\[([^\]]*)\]", text)
    words = " ".join(re.sub(r"\[[^\]]*\]", "", text).split())
    for note, chinese in WORDS:
        words = words.replace(note, chinese)
    mark = next((name for sign, name in MARKS if found and found[0].startswith(sign)), "none")
    return {"text": words, "mark": mark}
