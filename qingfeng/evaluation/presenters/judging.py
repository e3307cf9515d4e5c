"""What the page of one expert's matrix says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from qingfeng.evaluation import rules
from qingfeng.evaluation.enums import ExpertState, StudyState
from qingfeng.evaluation.models.studies import StudyExpert, WeightStudy
from qingfeng.evaluation.presenters import studies as words
from qingfeng.evaluation.queries.studies import Opinion
from qingfeng.evaluation.scoring import ahp, ahp_words

VIEWS = (("pairs", "逐对比较"), ("table", "半矩阵表"))


@dataclass(frozen=True)
class Cell:
    """One pair on the page: the name of its field and what is judged."""

    field: str
    first: str
    second: str
    value: str
    words: str
    figure: str


def cells(names: Mapping[str, str], judged: Mapping[ahp.Pair, int]) -> dict[ahp.Pair, Cell]:
    found = {}
    for pair in ahp.pairs_of(list(names)):
        value = judged.get(pair)
        first, second = names[pair[0]], names[pair[1]]
        found[pair] = Cell(
            ahp_words.field_of(pair),
            first,
            second,
            "" if value is None else str(value),
            "" if value is None else ahp_words.sentence(value, first, second),
            "" if value is None else ahp_words.figure(value),
        )
    return found


def groups(names: Mapping[str, str], judged: Mapping[ahp.Pair, int]) -> list[tuple[str, list[Cell]]]:
    """Return the pairs by their first, each once."""
    found = cells(names, judged)
    codes = list(names)
    return [
        (names[first], [found[first, second] for second in codes[place + 1 :]])
        for place, first in enumerate(codes[:-1])
    ]


def table(names: Mapping[str, str], judged: Mapping[ahp.Pair, int]) -> list[dict[str, Any]]:
    """Return the half matrix: choices above the diagonal, 1 on it, reciprocals below."""
    found, codes = cells(names, judged), list(names)
    rows = []
    for place, first in enumerate(codes):
        left = []
        for second in codes[:place]:
            value = judged.get((second, first))
            turned = None if value is None else (value if value == 1 else -value)
            left.append("" if turned is None else ahp_words.figure(turned))
        right = [found[first, second] for second in codes[place + 1 :]]
        rows.append({"code": first, "name": names[first], "left": left, "right": right})
    return rows


MORE = [(str(number), ahp_words.DEGREES[number]) for number in range(9, 1, -1)]
LESS = [(str(-number), ahp_words.DEGREES[number]) for number in range(2, 10)]
FIGURES = [(str(one), ahp_words.figure(one)) for one in reversed(ahp.SCALE)]


def judging_title(opinion: Opinion, study: WeightStudy, limit: float) -> str:
    """Say how far the matrix is."""
    total = len(ahp.pairs_of(study.items))
    if opinion.expert.state == ExpertState.SUBMITTED:
        return "已经提交，谢谢您"
    if len(opinion.missing) == total:
        return f"请您比一比：{len(study.items)} 项当中，哪些更重要"
    if opinion.missing:
        return f"已比较 {total - len(opinion.missing)} 处，还有 {len(opinion.missing)} 处"
    sound = opinion.weighing is not None and opinion.weighing.is_consistent(limit)
    return "都比较好了，可以提交" if sound else "都比较好了，但前后有矛盾，请核对下面几处"


def shares(names: Mapping[str, str], opinion: Opinion) -> list[tuple[str, str]]:
    """Return what each thing would weigh by one expert's judgements."""
    if opinion.weighing is None:
        return []
    pairs = zip(names.values(), opinion.weighing.weights, strict=True)
    return [(name, words.percent(one)) for name, one in pairs]


def address(expert: StudyExpert, view: str = "") -> str:
    found = reverse("evaluation:judging", args=[expert.pk])
    return f"{found}?as={view}" if view == "table" else found


def standing(expert: StudyExpert, user: Any) -> dict[str, Any]:
    """Return what may be done with the matrix now, and by whom."""
    study = expert.study
    is_asked = study.state == StudyState.JUDGING
    is_open = is_asked and expert.state == ExpertState.JUDGING
    return {
        "is_officer": rules.arrange_study.allows(user, study),
        "is_editable": is_open and rules.judge.allows(user, expert),
        "why_not": rules.judge.why_not(user, expert) if is_open else "",
        "can_return": is_asked and expert.state == ExpertState.SUBMITTED,
        "can_leave": is_asked and expert.state != ExpertState.LEFT,
        "tone": words.EXPERT_TONES.get(ExpertState(expert.state), ""),
    }


def filling(
    names: Mapping[str, str], judged: Mapping[ahp.Pair, int], expert: StudyExpert, view: str
) -> dict[str, Any]:
    """Return the fields, pair by pair or as a half matrix."""
    return {
        "view": view,
        "tabs": [
            {"label": label, "url": address(expert, key), "active": key == view} for key, label in VIEWS
        ],
        "groups": groups(names, judged) if view == "pairs" else [],
        "table": table(names, judged) if view == "table" else [],
        "codes": list(names),
        "more": MORE,
        "less": LESS,
        "scale": FIGURES,
        "total": len(ahp.pairs_of(list(names))),
    }
