"""Build the columns of reviews and checklist findings, and check who may score what."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qingfeng.evaluation.scoring import inputs, rows, terms
from qingfeng.evaluation.scoring import scheme as schemes
from qingfeng.evaluation.scoring.columns import Context, InputFault, Table
from qingfeng.evaluation.scoring.inputs import Bools, Index, Ints

Pair = tuple[inputs.Reviews, inputs.Findings]


def build(context: Context, given: Sequence[rows.ReviewRow], owners: Ints) -> Pair:
    """Return reviews and findings in the order given, with provisional text ids; faults are noted."""
    table, scheme, index, pool = context.table("reviews", given), context.scheme, context.index, context.pool
    unit = table.codes("unit", context.known, "应为“单位”表中的单位编码")
    channel = table.codes("channel", index.channels, "应为方案中的渠道编码")
    department = table.codes("department", index.departments, "应为方案中的评分部门编码")
    score = table.numbers("score")
    _check_scores(scheme, table, channel, score)
    _check_scorers(scheme, table, (unit, channel, department), owners)
    ref = np.fromiter((row.ref for row in given), np.int64, len(given))
    reviewer, reason = (pool.ids(table.texts(name), len(given)) for name in ("reviewer", "reason"))
    keys = (unit, channel, department, reviewer)
    table.distinct(keys, "reviewer", "同一评审人对同一单位同一渠道只能评一次")
    reviews = inputs.Reviews(
        unit, channel.astype(np.int16), department.astype(np.int16), reviewer, score, reason, ref
    )
    return reviews, _findings(context, given, channel)


def finish(reviews: inputs.Reviews, findings: inputs.Findings, final: Ints) -> Pair:
    """Return both sorted (reviews by unit, channel, department, reviewer), with final text ids."""
    reviewer, reason = final[reviews.reviewer], final[reviews.reason]
    order = np.lexsort((reviewer, reviews.department, reviews.channel, reviews.unit))
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    sorted_reviews = inputs.Reviews(
        reviews.unit[order],
        reviews.channel[order],
        reviews.department[order],
        reviewer[order],
        reviews.score[order],
        reason[order],
        reviews.ref[order],
    )
    review = place[findings.review] if len(place) else findings.review
    texts = final[findings.note]
    by = np.lexsort((texts, findings.quantity, findings.item, review))
    return sorted_reviews, inputs.Findings(
        review[by], findings.item[by], findings.quantity[by], findings.points[by], texts[by]
    )


def expected(scheme: schemes.Scheme, index: Index) -> tuple[Bools, dict[tuple[int, int], list[int]]]:
    """Return who scores: (channels, departments) first scorers.

    And by (channel, substitute) the departments stood in for.
    """
    first = np.zeros((len(index.channels) + 1, len(index.departments) + 1), np.bool_)
    stands_in: dict[tuple[int, int], list[int]] = {}
    for number, (_, _, channel) in enumerate(scheme.channels()):
        if not isinstance(channel, schemes.ReviewChannel):
            continue
        for reviewer in channel.reviewers:
            department = index.departments[reviewer.department]
            first[number, department] = True
            if reviewer.substitute:
                key = (number, index.departments[reviewer.substitute])
                stands_in.setdefault(key, []).append(department)
    return first, stands_in


def _check_scores(scheme: schemes.Scheme, table: Table, channel: Ints, score: inputs.Floats) -> None:
    """Note scores out of range, and scores on channels that are no reviews."""
    listed = list(scheme.channels())
    weights = np.array([float(indicator.weight) for _, indicator, _ in listed] + [np.inf])
    is_review = np.array([isinstance(c, schemes.ReviewChannel) for _, _, c in listed] + [True])
    items = np.array([bool(getattr(c, "items", ())) for _, _, c in listed] + [True])
    table.check(~is_review[channel], "channel", "应为部门评审渠道")
    table.check(
        (score < 0) | (score > weights[channel]),
        "score",
        lambda row: f"得分应在 0 至 {weights[channel[row]]:g} 之间",
    )
    table.check(np.isnan(score) & is_review[channel] & ~items[channel], "score", "应填写得分")
    both = np.fromiter((bool(r.findings) for r in table.rows), np.bool_, len(table.rows)) & ~np.isnan(score)
    table.check(both, "score", "得分与细则扣分只能填一种")


def _check_scorers(scheme: schemes.Scheme, table: Table, keys: tuple[Ints, Ints, Ints], owners: Ints) -> None:
    """Note reviews of one's own unit, and reviews by departments that do not score the indicator."""
    unit, channel, department = keys
    first, stands_in = expected(scheme, Index(scheme))
    owner = np.append(owners, -1)
    own = (department >= 0) & (unit >= 0) & (owner[department] == unit)
    table.check(own, "department", "评分部门不得给本单位评分，应由方案指定的代评部门评分")
    for row in np.flatnonzero(~first[channel, department] & ~own & (channel >= 0) & (department >= 0)):
        represented = stands_in.get((int(channel[row]), int(department[row])), [])
        if unit[row] < 0 or not any(owners[other] == unit[row] for other in represented):
            table.fail(int(row), "department", "该部门不是这项指标的评分部门，也不是本单位的代评部门")


def _findings(context: Context, given: Sequence[rows.ReviewRow], channel: Ints) -> inputs.Findings:
    """Return the findings of all reviews; the fault of a finding is noted on its review."""
    listed = [(review, finding) for review, row in enumerate(given) for finding in row.findings]
    table = context.table("findings", [finding for _, finding in listed])
    channels = [c for _, _, c in context.scheme.channels()]
    item = np.full(len(listed), -1, np.int16)
    for number, (review, finding) in enumerate(listed):
        fed = channels[channel[review]] if channel[review] >= 0 else None
        if not isinstance(fed, schemes.ReviewChannel):
            continue
        places = {entry.code: place for place, entry in enumerate(fed.items)}
        item[number] = places.get(finding.item, -1)
        sentence = "应为该渠道的评分细则编码"
        if item[number] >= 0:
            sentence = _finding_fault(fed.items[item[number]], finding)
        if sentence:
            context.faults.append(InputFault("reviews", review, "findings", finding.item, sentence))
    review_numbers = np.array([review for review, _ in listed], np.int32)
    notes = context.pool.ids(table.texts("note"), len(listed))
    return inputs.Findings(review_numbers, item, table.numbers("quantity"), table.numbers("points"), notes)


def _finding_fault(item: terms.Item, finding: rows.FindingRow) -> str:
    """Say what is wrong with a finding, or nothing."""
    if finding.quantity < 0 or (item.per == terms.Per.RATIO and finding.quantity > 100):
        return "数量不能小于 0；比率应在 0 至 100 之间"
    if item.points_high is None:
        return "该细则的分值是固定的，不能另选分值" if finding.points is not None else ""
    if finding.points is None or not item.points <= finding.points <= item.points_high:
        return f"应在 {item.points} 至 {item.points_high} 分之间选定分值"
    return "" if finding.note.strip() else "选定分值要写明理由"
