"""Explain review and ballot channels: who scored what and why, and how each respondent group voted."""

from __future__ import annotations

import numpy as np

from qingfeng.evaluation.scoring import inputs, reviewing, terms, words
from qingfeng.evaluation.scoring import scheme as schemes
from qingfeng.evaluation.scoring.explanation import Node
from qingfeng.evaluation.scoring.inputs import Inputs
from qingfeng.evaluation.scoring.layout import Layout, Slot

Inside = tuple[dict[str, object], tuple[Node, ...]]


def review(given: Inputs, layout: Layout, number: int, row: int) -> Inside:
    """Return a review channel's scorers, each with the reviews that count for this unit."""
    channel = layout.channels[number]
    assert isinstance(channel, schemes.ReviewChannel)
    reviews = given.reviews
    begin, end = np.searchsorted(reviews.unit, [row, row + 1])
    block = np.arange(begin, end)[reviews.channel[begin:end] == number]
    slots = [slot for slot in layout.slots if slot.channel == number]
    nodes = tuple(_scorer(given, layout, slot, block, row) for slot in slots)
    data: dict[str, object] = {
        "base": words.number(reviewing.base_of(channel, float(layout.scale[number]))),
        "parts": {
            item.code: words.number(item.points)
            for item in channel.items
            if item.is_part and layout.is_active(item.period)
        },
    }
    return data, nodes


def _scorer(given: Inputs, layout: Layout, slot: Slot, block: inputs.Ints, row: int) -> Node:
    """Return a scorer's node: the department, or its substitute where the unit is its own."""
    departments, channel = given.scheme.departments, layout.channels[slot.channel]
    assert isinstance(channel, schemes.ReviewChannel)
    is_own = int(given.department_unit[slot.department]) == row
    scorer = slot.substitute if is_own else slot.department
    if scorer >= 0 and int(given.department_unit[scorer]) == row:
        scorer = -1  # the substitute's own unit too: nobody scores
    rows = [int(r) for r in block if given.reviews.department[r] == scorer] if scorer >= 0 else []
    nodes = tuple(_review(given, layout, channel, slot.channel, r) for r in rows)
    name = departments[scorer].name if scorer >= 0 else departments[slot.department].name
    values = [node.value for node in nodes if node.value is not None]
    mean = sum(values) / len(values) if values else None
    spread = float(np.std(values)) if values else 0.0
    stands_in = (
        f"{departments[slot.department].name}回避本单位，由{name}代评。" if is_own and scorer >= 0 else ""
    )
    result = (
        "没有有效评审，不计入。" if mean is None else f"{len(values)}人评审，平均得分率{words.percent(mean)}"
    )
    if mean is not None:
        result += f"，离散度{words.percent(spread)}。" if len(values) > 1 else "。"
    return Node(
        kind="scorer",
        code=departments[scorer].code if scorer >= 0 else departments[slot.department].code,
        name=name,
        weight=slot.weight,
        value=mean,
        reason="substitute" if is_own else "scorer",
        sentence=stands_in + result,
        data={"weight": words.number(slot.weight), "count": len(values), "spread": words.number(spread)},
        children=nodes,
    )


def _review(given: Inputs, layout: Layout, channel: schemes.ReviewChannel, number: int, row: int) -> Node:
    reviews, texts = given.reviews, given.texts
    score = float(reviews.score[row])
    begin, end = np.searchsorted(given.findings.review, [row, row + 1])
    nodes = tuple(_finding(given, layout, channel, r) for r in range(int(begin), int(end)))
    value = words.optional(_one_fraction(given, layout, row))
    reason = texts[reviews.reason[row]]
    scale = words.points(float(layout.scale[number]))
    if not np.isnan(score):
        result = f"评{words.points(score)}分（满分{scale}分）"
    else:
        result = "按细则评分" if nodes else "按细则评分，没有扣分，计满分"
    return Node(
        kind="review",
        code=str(int(reviews.ref[row])),
        name=texts[reviews.reviewer[row]],
        value=value,
        reason="score" if not np.isnan(score) else "findings",
        sentence=f"{result}：{reason}" if reason else f"{result}。",
        data={
            "score": None if np.isnan(score) else words.number(score),
            "reason": reason,
            "reviewer": texts[reviews.reviewer[row]],
            "ref": int(reviews.ref[row]),
        },
        children=nodes,
    )


def _one_fraction(given: Inputs, layout: Layout, row: int) -> float:
    """Return one review's result by the engine's own formula."""
    begin, end = np.searchsorted(given.findings.review, [row, row + 1])
    reviews, findings = given.reviews, given.findings
    part = slice(row, row + 1)
    one = inputs.Reviews(*(getattr(reviews, name)[part] for name in inputs.Reviews.__dataclass_fields__))
    its = inputs.Findings(
        findings.review[begin:end] - row,
        *(getattr(findings, name)[begin:end] for name in ("item", "quantity", "points", "note")),
    )
    return float(reviewing.fractions_of(one, its, layout)[0])


def _finding(given: Inputs, layout: Layout, channel: schemes.ReviewChannel, row: int) -> Node:
    findings = given.findings
    item = channel.items[findings.item[row]]
    chosen = float(findings.points[row])
    points = words.number(item.points) if np.isnan(chosen) else words.number(chosen)
    quantity, note = float(findings.quantity[row]), given.texts[findings.note[row]]
    is_active = layout.is_active(item.period)
    unit = "%" if item.per == terms.Per.RATIO else "次"
    verb = "扣" if item.effect == terms.Effect.DEDUCT else "计"
    sentence = f"{item.label}：{words.number(quantity)}{unit}，每项{verb}{points}分"
    sentence += f"（{note}）。" if note else "。"
    if not is_active and item.period is not None:
        sentence += f"该项{item.period.label}评定一次，本季度不计。"
    return Node(
        kind="finding",
        code=item.code,
        name=item.label,
        reason="counted" if is_active else "not_due",
        sentence=sentence,
        data={
            "points": points,
            "quantity": words.number(quantity),
            "effect": str(item.effect),
            "per": str(item.per),
            "cap": None if item.cap is None else words.number(item.cap),
            "is_part": item.is_part,
        },
    )


def ballot(given: Inputs, layout: Layout, channel: schemes.BallotChannel, row: int) -> Inside:
    """Return a ballot channel's groups; those with too few valid votes show no numbers."""
    answers = schemes.answers_of(given.scheme, channel)
    question = layout.index.questions[channel.question]
    names = {entry.code: entry.name for entry in given.scheme.groups}
    minimum = given.scheme.settings.minimum_ballots
    nodes: list[Node] = []
    for share in channel.groups:
        votes = given.tallies[row, question, layout.index.groups[share.group]]
        counted = {answer.code: int(votes[layout.index.answers[answer.code]]) for answer in answers}
        valid = sum(counted[answer.code] for answer in answers if answer.score is not None)
        enough = valid >= minimum
        scores = {a.code: words.number(a.score) for a in answers if a.score is not None}
        gained = sum(counted[code] * float(score) for code, score in scores.items())
        mean = gained / (valid * 100.0) if enough else None
        spoken = "、".join(f"{answer.name}{counted[answer.code]}票" for answer in answers)
        result = f"有效票不足{minimum}票，不计入，不显示票数。"
        if mean is not None:
            result = f"{spoken}，得分率{words.percent(mean)}。"
        nodes.append(
            Node(
                kind="group",
                code=share.group,
                name=names[share.group],
                weight=float(share.weight),
                value=mean,
                reason="counted" if enough else "too_few_ballots",
                sentence=result,
                data={"weight": words.number(share.weight), "scores": scores}
                | ({"votes": counted} if enough else {}),
            )
        )
    asked = next(entry.name for entry in given.scheme.questions if entry.code == channel.question)
    return {"question": asked, "minimum": minimum}, tuple(nodes)
