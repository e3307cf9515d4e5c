#!/usr/bin/env python3
"""Count a published ballot again, from its file alone: no database, no platform, no library.

    python3 recount.py publication.json

Prints every pool's votes by question and answer, compares them with the figures in the file, and ends with
0 where all agree, with 1 where something differs. It is sent along with the file and imports nothing but what
every Python has: whoever doubts the platform need not trust it.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

FORMAT = "qingfeng-ballot-1"


def recount(published: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a row for each pool and question: votes by answer, and how many of them are valid."""
    valid = {answer["code"] for answer in published["answers"] if answer["is_valid"]}
    counted = []
    for pool in published["pools"]:
        for question in published["questions"]:
            votes = Counter(pool["votes"].get(question["code"], []))
            number = sum(count for code, count in votes.items() if code in valid)
            counted.append(
                {
                    "unit": pool["unit"],
                    "group": pool["group"],
                    "question": question["code"],
                    "votes": {a["code"]: votes.get(a["code"], 0) for a in published["answers"]},
                    "valid": number,
                }
            )
    return counted


def faults_of(published: dict[str, Any]) -> list[str]:
    """Return where the file contradicts itself, its figures, or its own rules; nothing where all agree."""
    if published.get("format") != FORMAT:
        return [f"文件不是无记名测评公布文件（{FORMAT}）"]
    counted = recount(published)
    faults = [*_against_figures(published, counted), *_against_minimum(published, counted)]
    faults += _unknown_answers(published)
    receipts = published["receipts"]
    if len(set(receipts["counted"])) != len(receipts["counted"]):
        faults.append("计入统计的回执有重复")
    ballots = sum(_ballots_of(pool) for pool in published["pools"])
    if ballots != len(receipts["counted"]):
        faults.append(f"计入统计的回执 {len(receipts['counted'])} 个，选票 {ballots} 张，两者不符")
    return faults


def _ballots_of(pool: dict[str, Any]) -> int:
    """Return how many ballots a pool has: each question that is shown has one answer of each."""
    return max((len(votes) for votes in pool["votes"].values()), default=0)


def _against_figures(published: dict[str, Any], counted: list[dict[str, Any]]) -> list[str]:
    stated = {(row["unit"], row["group"], row["question"]): row for row in published["figures"]}
    faults = []
    for row in counted:
        key = (row["unit"], row["group"], row["question"])
        other = stated.pop(key, None)
        if other is None or other["votes"] != row["votes"] or other["valid"] != row["valid"]:
            faults.append(f"{' / '.join(key)}：平台公布的票数与重新计算的不符")
    return faults + [f"{' / '.join(key)}：平台公布了文件里没有的票数" for key in stated]


def _against_minimum(published: dict[str, Any], counted: list[dict[str, Any]]) -> list[str]:
    return [
        f"{row['unit']} / {row['group']} / {row['question']}：有效票不足 {published['minimum']} 张，不应公布"
        for row in counted
        if sum(row["votes"].values()) and row["valid"] < published["minimum"]
    ]


def _unknown_answers(published: dict[str, Any]) -> list[str]:
    known = {answer["code"] for answer in published["answers"]}
    faults = []
    for pool in published["pools"]:
        sizes = {len(votes) for votes in pool["votes"].values()}
        if len(sizes) > 1 or any(set(votes) - known for votes in pool["votes"].values()):
            faults.append(f"{pool['unit']} / {pool['group']}：各题票数不一，或有未定义的选项")
    return faults


def report(published: dict[str, Any]) -> str:
    """Return the recount as lines for a person."""
    names = {answer["code"]: answer["label"] for answer in published["answers"]}
    lines = [published["title"]]
    for row in recount(published):
        if sum(row["votes"].values()):
            spoken = "，".join(f"{names[code]} {count}" for code, count in row["votes"].items())
            where = f"{row['unit']} / {row['group']} / {row['question']}"
            lines.append(f"{where}：{spoken}；有效票 {row['valid']}")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Count the file named on the command line, and return the exit code."""
    if len(arguments) != 1:
        print("用法：python3 recount.py 公布文件.json")
        return 2
    try:
        published = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
        faults = faults_of(published)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as reason:
        print(f"无法读取公布文件：{reason.__class__.__name__}")
        return 2
    if faults:
        print("\n".join(faults))
        return 1
    print(report(published))
    print(f"重新计算的票数与平台公布的一致；计入统计的回执 {len(published['receipts']['counted'])} 个。")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
