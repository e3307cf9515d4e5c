"""The round's sealed urn: the questions that are due, and a pool for each unit and respondent group."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction

from qingfeng.ballots.actions import urns as sealed
from qingfeng.ballots.models import Urn
from qingfeng.core import references
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused
from qingfeng.evaluation import rules
from qingfeng.evaluation.actions import common
from qingfeng.evaluation.models.data import BallotTally
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.queries import data as queries
from qingfeng.evaluation.queries import rounds
from qingfeng.evaluation.scoring import scheme as core


@transaction.atomic
def prepare_urn(
    *,
    round: Round,
    by: Actor,
    at: dt.datetime,
    sizes: Mapping[tuple[int, str], int] | None = None,
    closes_on: dt.date | None = None,
) -> Urn:
    """Prepare the urn of an open round; `sizes` is (unit id, group) → people, and can be set later.

    Raises `Refused` where nothing is asked this quarter, or paper tallies were imported already.
    """
    rules.prepare_ballots.check(by, round)
    row = common.hold_open(round, "准备票箱")
    asking = _asking(row)
    if not asking:
        raise Refused("本季度没有需要测评的题目")
    if BallotTally.objects.filter(round_unit__round=row).exists():
        raise Refused("本轮已经导入纸质票的票数，不能再用票箱投票")
    scheme = rounds.scheme_of(row)
    channels = [channel for group in asking.values() for channel in group]
    return sealed.prepare(
        subject=references.reference_to(row),
        title=f"{row.label}政治生态测评",
        questions=_questions(row, scheme, asking),
        answers=_answers(scheme, channels),
        pools=_pools(row, scheme, channels, sizes or {}),
        minimum=scheme.settings.minimum_ballots,
        closes_on=closes_on,
        by=by,
        at=at,
    )


def _asking(round: Round) -> dict[str, list[core.BallotChannel]]:
    """Return every due channel by its question: two may ask the same one of different groups."""
    found: dict[str, list[core.BallotChannel]] = {}
    for _, indicator in rounds.due_indicators(round):
        for channel in indicator.channels:
            if isinstance(channel, core.BallotChannel):
                found.setdefault(channel.question, []).append(channel)
    return found


def _questions(
    round: Round, scheme: core.Scheme, asking: Mapping[str, Sequence[core.BallotChannel]]
) -> list[sealed.QuestionDraft]:
    return [
        sealed.QuestionDraft(
            code=entry.code,
            text=entry.name,
            answers=_unique(a.code for c in asking[entry.code] for a in core.answers_of(scheme, c)),
            groups=_unique(share.group for c in asking[entry.code] for share in c.groups),
        )
        for entry in queries.due_questions(round)
    ]


def _answers(scheme: core.Scheme, channels: Sequence[core.BallotChannel]) -> list[sealed.AnswerDraft]:
    """Return every answer that is offered; one that scores nothing is no valid vote."""
    offered: dict[str, sealed.AnswerDraft] = {}
    for channel in channels:
        for answer in core.answers_of(scheme, channel):
            draft = sealed.AnswerDraft(answer.code, answer.name, answer.score is not None)
            if offered.setdefault(answer.code, draft).is_valid != draft.is_valid:
                raise Refused(f"方案中选项“{answer.name}”在有的题目计入有效票、在有的不计入，不能用票箱投票")
    return list(offered.values())


def _pools(
    round: Round,
    scheme: core.Scheme,
    channels: Sequence[core.BallotChannel],
    sizes: Mapping[tuple[int, str], int],
) -> list[sealed.PoolDraft]:
    asked = {share.group for channel in channels for share in channel.groups}
    groups = [group for group in scheme.groups if group.code in asked]
    units = rounds.taking_part(round).select_related("unit").order_by("position")
    return [
        sealed.PoolDraft(row.unit, group.code, group.name, sizes.get((row.unit_id, group.code), 0))
        for row in units
        for group in groups
    ]


def _unique(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes))
