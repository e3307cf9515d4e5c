"""Say judgements in words, in both directions, and read the words back."""

from __future__ import annotations

from collections.abc import Sequence

from qingfeng.evaluation.scoring import ahp

DEGREES = {
    1: "同样重要",
    2: "介于同样和稍微之间",
    3: "稍微重要",
    4: "介于稍微和明显之间",
    5: "明显重要",
    6: "介于明显和强烈之间",
    7: "强烈重要",
    8: "介于强烈和极端之间",
    9: "极端重要",
}
"""Saaty's nine degrees, in the words that Chinese textbooks use for them."""


def degree(judgement: int) -> str:
    """Name the degree of a judgement, whoever of the two it favours."""
    return DEGREES[abs(judgement)]


def sentence(judgement: int, first: str, second: str) -> str:
    """Say a judgement whole: 甲比乙明显重要（5）."""
    if judgement == 1:
        return f"{first}和{second}同样重要（1）"
    more, less = (first, second) if judgement > 0 else (second, first)
    return f"{more}比{less}{degree(judgement)}（{abs(judgement)}）"


def figure(judgement: int) -> str:
    """Write a judgement as the entry of a matrix: 5, 1, 1/3."""
    return str(judgement) if judgement > 0 else f"1/{-judgement}"


def choice(judgement: int) -> str:
    """Name a judgement without the names of the two things, as a cell of a table offers it."""
    if judgement == 1:
        return "同样重要 1"
    return f"{'前' if judgement > 0 else '后'}者{degree(judgement)} {abs(judgement)}"


CHOICES = tuple((str(judgement), choice(judgement)) for judgement in reversed(ahp.SCALE))
"""Every judgement as a choice, from the first being extremely more important to the second being so."""


def field_of(pair: ahp.Pair) -> str:
    """Name the field in which a pair is judged."""
    return f"p-{pair[0]}|{pair[1]}"


def misfit(one: ahp.Deviation, names: Sequence[str]) -> str:
    """Say of a pair what was judged, which way it is out, and what the other judgements make of it."""
    first, second = names[one.first], names[one.second]
    now = sentence(ahp.judgement_of(one.given), first, second)
    way = f"把{first}看得偏重" if one.is_too_high else f"把{first}看得偏轻"
    better = sentence(one.suggested, first, second)
    return f"“{first}”与“{second}”：现为“{now}”，{way}；按其余判断推算，宜为“{better}”"


def refusal(weighing: ahp.Weighing, names: Sequence[str], limit: float, most: int = 3) -> list[str]:
    """Say why judgements cannot be used, and which of them contradict the others most."""
    head = f"一致性比率 {weighing.ratio:.3f}，超过 {limit:.2f}，判断前后矛盾较多，不能采用。请先核对："
    return [head, *(misfit(one, names) for one in weighing.deviations[:most])]
