"""Compose the explanation of a unit's score on reading, from the frozen inputs and the packed numbers."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from qingfeng.evaluation.scoring import explain_channels, explain_terms, packing, words
from qingfeng.evaluation.scoring import scheme as schemes
from qingfeng.evaluation.scoring.explanation import Explanation, Node
from qingfeng.evaluation.scoring.inputs import Inputs
from qingfeng.evaluation.scoring.layout import Layout
from qingfeng.evaluation.scoring.packing import Packed
from qingfeng.evaluation.scoring.results import GradeReason, Reason


class Reader:
    """Explain units of one round; make one and keep it, since it lays the scheme out once."""

    def __init__(self, given: Inputs) -> None:
        """Lay out the scheme of the inputs."""
        self.given, self.layout = given, Layout(given.scheme, given.quarter)

    @cached_property
    def by_indicator(self) -> list[list[int]]:
        """Return the channel numbers of each indicator."""
        owner = self.layout.channel_indicator
        return [np.flatnonzero(owner == i).tolist() for i in range(len(self.layout.indicators))]

    def explain(self, packed: bytes | Packed, unit: str) -> Explanation:
        """Return the explanation of a unit.

        Raises KeyError for a unit that is not in the inputs, PackError or ValueError where the packed
        numbers are not of this unit and scheme.
        """
        row = self.given.unit_position[unit]
        found = packing.unpack(packed) if isinstance(packed, bytes) else packed
        if found.unit != row or len(found.channel_value) != len(self.layout.channels):
            raise ValueError("packed result of another unit or scheme")
        return _Composer(self, found, row).whole()


def explain(given: Inputs, packed: bytes | Packed, unit: str) -> Explanation:
    """Return the explanation of one unit; for many units of a round keep a ``Reader``.

    Raises as ``Reader.explain``.
    """
    return Reader(given).explain(packed, unit)


class _Composer:
    """Compose one unit's explanation."""

    def __init__(self, reader: Reader, packed: Packed, row: int) -> None:
        self.reader, self.packed, self.row = reader, packed, row
        self.given, self.layout = reader.given, reader.layout
        self.scored = ~np.isnan(packed.channel_value)

    def whole(self) -> Explanation:
        """Return the explanation."""
        packed, units, grades = self.packed, self.given.units, self.given.scheme.settings.grades
        names = [line.name for line in grades]
        reason = GradeReason(packed.grade_reason)
        held = self.given.scheme.settings.downgrades[packed.downgrade].name if packed.downgrade >= 0 else ""
        final = names[packed.grade] if packed.grade >= 0 else ""
        by_score = names[packed.score_grade] if packed.score_grade >= 0 else ""
        text = None if packed.cents < 0 else f"{packed.cents // 100}.{packed.cents % 100:02d}"
        whole = float(np.nansum(packed.dimension_points))
        return Explanation(
            unit=units.codes[self.row],
            unit_name=units.names[self.row],
            grouping=units.groupings[units.grouping[self.row]],
            quarter=str(self.given.quarter),
            total=text,
            raw_total=words.optional(packed.raw_total),
            deduction=packed.deduction,
            bonus=packed.bonus,
            grade=final,
            score_grade=by_score,
            grade_reason=words.GRADE_SLUGS[reason],
            rank=packed.rank,
            ranked=packed.ranked,
            sentence=words.total(whole, packed.bonus, packed.deduction, text)
            if text
            else words.grade(GradeReason.NOT_SCORED, "", "", ""),
            grade_sentence=words.grade(reason, by_score, final, held),
            alerts=self._alerts(),
            limits=self._limits(),
            dimensions=tuple(self._dimension(n, d) for n, d in enumerate(self.given.scheme.dimensions)),
            adjustments=self._adjustments(),
        )

    def _limits(self) -> dict[str, str | None]:
        """Return the numbers of the scheme that the total is held by."""
        chosen = self.given.scheme.settings
        return {
            "bonus_cap": words.number(chosen.bonus_cap),
            "deduction_cap": None if chosen.deduction_cap is None else words.number(chosen.deduction_cap),
        }

    def _alerts(self) -> tuple[str, ...]:
        channels = [self.layout.channels[number] for number in np.flatnonzero(self.packed.alerts)]
        return tuple(c.alert.text for c in channels if isinstance(c, schemes.BallotChannel) and c.alert)

    def _dimension(self, number: int, dimension: schemes.Dimension) -> Node:
        weight, effective = float(dimension.weight), float(self.packed.dimension_weight[number])
        contribution = words.optional(self.packed.dimension_points[number])
        children = tuple(
            self._indicator(self.layout.index.indicators[indicator.code], indicator, number)
            for indicator in dimension.indicators
        )
        return Node(
            kind="dimension",
            code=dimension.code,
            name=dimension.name,
            weight=weight,
            effective_weight=effective,
            value=None if contribution is None else contribution / effective,
            contribution=contribution,
            reason="not_applicable" if contribution is None else "scored",
            sentence=words.part(weight, effective, contribution, "其他维度"),
            data={"weight": words.number(dimension.weight)},
            children=children,
        )

    def _indicator(self, number: int, indicator: schemes.Indicator, dimension: int) -> Node:
        weight, effective = float(indicator.weight), float(self.packed.indicator_weight[number])
        contribution = words.optional(self.packed.indicator_points[number])
        alone = np.isnan(self.packed.dimension_points[dimension])
        takers = "其他维度" if alone else "本维度其他指标"
        channels = self.reader.by_indicator[number]
        total = float(sum(self.layout.share[c] for c in channels if self.scored[c]))
        inner = takers if contribution is None else "本指标其他渠道"
        children = tuple(
            self._channel(
                c, indicator, effective * float(self.layout.share[c]) / total if total else 0.0, inner
            )
            for c in channels
        )
        return Node(
            kind="indicator",
            code=indicator.code,
            name=indicator.name,
            weight=weight,
            effective_weight=effective,
            value=None if contribution is None else contribution / effective,
            contribution=contribution,
            reason="not_applicable" if contribution is None else "scored",
            sentence=words.part(weight, effective, contribution, takers),
            data={"weight": words.number(indicator.weight)},
            children=children,
        )

    def _channel(self, number: int, indicator: schemes.Indicator, effective: float, takers: str) -> Node:
        channel, reason = self.layout.channels[number], Reason(int(self.packed.channel_reason[number]))
        value = words.optional(self.packed.channel_value[number])
        effective = effective if value is not None else 0.0
        contribution = None if value is None else effective * value
        data, children = self._inside(number, channel)
        if reason in {Reason.NOT_DELIVERED, Reason.NOT_DUE}:
            children = ()  # what is there was not reported or is not judged, and must not look counted
        dimension = self.layout.listed[number][0]
        shares = schemes.shares_of(self.given.scheme, dimension, indicator)
        share = shares[[c.code for c in indicator.channels].index(channel.code)]
        return Node(
            kind="channel",
            code=channel.code,
            name=channel.kind.label,
            weight=float(share / sum(shares) * 100),
            effective_weight=effective,
            value=value,
            contribution=contribution,
            reason=words.SLUGS[reason],
            sentence=words.channel(reason, value or 0.0, contribution or 0.0, takers),
            data={"channel": str(channel.kind), "source": channel.source, "share": words.number(share)}
            | {"scale": words.number(schemes.scale_of(indicator, channel))}
            | {"missing_share": words.number(self.given.scheme.settings.missing_share)}
            | data,
            children=children,
        )

    def _inside(self, number: int, channel: schemes.Channel) -> tuple[dict[str, object], tuple[Node, ...]]:
        """Return what a channel's value follows from: numbers and nodes."""
        if isinstance(channel, schemes.ReviewChannel):
            return explain_channels.review(self.given, self.layout, number, self.row)
        if isinstance(channel, schemes.BallotChannel):
            return explain_channels.ballot(self.given, self.layout, channel, self.row)
        return explain_terms.data(self.given, self.layout, number, self.packed)

    def _adjustments(self) -> tuple[Node, ...]:
        entries, texts = self.given.adjustments, self.given.texts
        begin, end = np.searchsorted(entries.unit, [self.row, self.row + 1])
        found: list[Node] = []
        for row in range(int(begin), int(end)):
            adjustment = self.given.scheme.adjustments[entries.adjustment[row]]
            amount, reason = float(entries.points[row]), texts[entries.reason[row]]
            sign = 1 if adjustment.kind == "bonus" else -1
            cap = None if adjustment.cap is None else words.number(adjustment.cap)
            found.append(
                Node(
                    kind="adjustment",
                    code=adjustment.code,
                    name=adjustment.name,
                    contribution=sign * amount,
                    reason=str(adjustment.kind),
                    sentence=f"{'加' if sign > 0 else '扣'}{words.points(amount)}分：{reason}。",
                    data={
                        "points": words.number(amount),
                        "cap": cap,
                        "reason": reason,
                        "reference": texts[entries.reference[row]],
                    },
                )
            )
        return tuple(found)
