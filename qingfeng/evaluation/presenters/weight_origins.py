"""Where a scheme's weights come from, as its page and its workbook say it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from qingfeng.core import clock
from qingfeng.evaluation.models.schemes import SchemeVersion
from qingfeng.evaluation.presenters import studies
from qingfeng.evaluation.queries.studies import Origin
from qingfeng.evaluation.scoring import scheme as core


@dataclass(frozen=True)
class OriginLine:
    """Where some weights come from, as the scheme's page and its workbook say it."""

    what: str
    words: str
    experts: str
    ratio: str
    date: str
    note: str
    url: str


def origin_lines(version: SchemeVersion, scheme: core.Scheme, origins: Sequence[Origin]) -> list[OriginLine]:
    names = studies.dimension_names(scheme)
    found = []
    for one in origins:
        study, result = one.study, one.study.result
        ratio = studies.ratio_words(result["ratio"])
        experts = "、".join(entry["name"] for entry in result["experts"])
        date = clock.spoken(study.applied_at)[:10]
        notes = [f"沿用第 {study.version.number} 版"] if one.is_inherited else []
        notes += [] if one.is_unchanged else ["之后又修改过"]
        words = f"权重来源：层次分析法，{len(result['experts'])} 位专家，一致性比率 {ratio}"
        found.append(
            OriginLine(
                studies.subject_of(study, names),
                words,
                experts,
                ratio,
                date,
                "，".join(notes),
                reverse("evaluation:weight_study", args=[study.pk]),
            )
        )
    return found


def origin_rows(
    version: SchemeVersion, scheme: core.Scheme, origins: Sequence[Origin]
) -> list[dict[str, str]]:
    """Return the lines of the sheet that goes out with a scheme."""
    return [
        {
            "what": line.what,
            "words": line.words,
            "experts": line.experts,
            "ratio": line.ratio,
            "date": line.date,
            "note": line.note,
        }
        for line in origin_lines(version, scheme, origins)
    ]
