"""Sample figures of the charts."""

from __future__ import annotations

from typing import Any

DIMENSIONS = [("政治建设", 30), ("以上率下", 20), ("选人用人", 14), ("廉洁纪律", 20), ("作风建设", 16)]
OWN = [26.1, 15.6, 12.0, 15.4, 13.26]
AVERAGE = [25.3, 16.4, 11.8, 16.2, 13.0]
PERIODS = ["25Q2", "25Q3", "25Q4", "26Q1", "26Q2", "26Q3"]
SCORES = [74.2, 77.0, 79.31, 78.9, 80.52, 82.36]
CLASS_AVERAGES = [80.0, 80.4, 81.0, 81.2, 81.5, 82.0]
BANDS = [
    {"name": "优秀", "tone": "excellent", "from": 90, "to": 100},
    {"name": "较好", "tone": "good", "from": 80, "to": 90},
    {"name": "一般", "tone": "fair", "from": 70, "to": 80},
    {"name": "差", "tone": "poor", "from": 60, "to": 70},
]
CODES = [
    f"{letter}{number}"
    for letter, count in zip("ABCDE", (10, 7, 6, 7, 6), strict=True)
    for number in range(1, count + 1)
]
UNITS = [
    "云溪镇",
    "石桥镇",
    "白塔镇",
    "柳河镇",
    "青山镇",
    "东岭镇",
    "翠屏街道",
    "城关街道",
    "市水利局",
    "市住房和城乡建设局",
    "市财政局",
    "市供销社",
]

RADAR: dict[str, Any] = {
    "axes": [{"name": name, "max": top} for name, top in DIMENSIONS],
    "own": {"name": "云溪镇", "values": OWN},
    "average": {"name": "镇街类平均", "values": AVERAGE},
}
TREND: dict[str, Any] = {
    "periods": PERIODS,
    "own": {"name": "云溪镇", "values": SCORES},
    "average": {"name": "镇街类平均", "values": CLASS_AVERAGES},
    "bands": BANDS,
    "min": 60,
    "max": 100,
}


def _rate(row: int, column: int) -> float | None:
    # A spread without chance, so that two screenshots are the same.
    mixed = (row * 37 + column * 53 + row * column * 13) % 97
    return None if mixed == 5 else 100 - (mixed % 13) * (3.1 if mixed % 5 == 0 else 1.4)


def _words(rate: float | None) -> str:
    return "不适用，权重已分给其他指标" if rate is None else f"得满分的 {rate:.0f}%"


HEATMAP: dict[str, Any] = {
    "rows": [{"name": name, "href": "?part=portrait"} for name in UNITS],
    "columns": [{"code": code, "name": "二级指标名称"} for code in CODES],
    "cells": [
        [row, column, _rate(row, column), _words(_rate(row, column))]
        for row in range(len(UNITS))
        for column in range(len(CODES))
    ],
}
BARS: dict[str, Any] = {
    "items": [
        {"name": "翠屏街道", "value": 91.04, "tone": "excellent", "note": "上季第 2"},
        {"name": "青山镇", "value": 86.2, "tone": "good", "note": "上季第 1"},
        {"name": "柳河镇", "value": 84.75, "tone": "good", "note": "上季第 4"},
        {"name": "云溪镇", "value": 82.36, "tone": "good", "note": "上季第 8"},
        {"name": "石桥镇", "value": 78.1, "tone": "fair", "note": "上季第 6"},
        {"name": "东岭镇", "value": 68.92, "tone": "poor", "note": "上季第 9"},
    ],
    "max": 100,
    "average": 82.0,
}
DISTRIBUTION: dict[str, Any] = {
    "classes": ["镇街", "党群", "政府部门", "国企事业", "垂管", "派驻"],
    "grades": [
        {"name": "优秀", "tone": "excellent", "counts": [3, 4, 8, 3, 1, 1]},
        {"name": "较好", "tone": "good", "counts": [6, 9, 14, 6, 4, 3]},
        {"name": "一般", "tone": "fair", "counts": [3, 2, 5, 4, 1, 0]},
        {"name": "差", "tone": "poor", "counts": [1, 0, 1, 2, 0, 0]},
    ],
}

ALL: dict[str, Any] = {
    "radar": RADAR,
    "radar_rows": list(zip(DIMENSIONS, OWN, AVERAGE, strict=True)),
    "trend": TREND,
    "trend_rows": list(zip(PERIODS, SCORES, CLASS_AVERAGES, strict=True)),
    "heatmap": HEATMAP,
    "heatmap_rows": [
        (name, [_rate(row, column) for column in range(len(CODES))]) for row, name in enumerate(UNITS)
    ],
    "codes": CODES,
    "bars": BARS,
    "distribution": DISTRIBUTION,
}
