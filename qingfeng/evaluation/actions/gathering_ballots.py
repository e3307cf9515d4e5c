"""Gather the ballots: straight from the rows that the urn's mix left, or from tallies of paper ballots."""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np
from django.db.models import TextField
from django.db.models.functions import Cast

from qingfeng.ballots.models import Pool, Urn
from qingfeng.ballots.queries import mixed
from qingfeng.evaluation.actions import columnar
from qingfeng.evaluation.models.data import BallotTally
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.queries import ballots, rounds
from qingfeng.evaluation.scoring import inputs


def tallies(round: Round, index: inputs.Index, place: Mapping[int, int]) -> inputs.Ints:
    """Return votes by (unit, question, group, answer); `place` is round unit id → row."""
    urn = ballots.urn_of(round)
    shape = (len(place), len(index.questions), len(index.groups), len(index.answers))
    found = np.zeros(shape, np.int32)
    if urn is None:
        _add_paper(found, round, index, place)
    else:
        _add_mixed(found, urn, round, index, place)
    return found


def _add_mixed(
    found: inputs.Ints, urn: Urn, round: Round, index: inputs.Index, place: Mapping[int, int]
) -> None:
    """Count the urn's rows; what was withheld is not there, so it is no vote here either."""
    counted = mixed.counts(urn)
    own = dict(rounds.taking_part(round).values_list("unit_id", "pk"))
    pools = Pool.objects.filter(urn=urn).values_list("pk", "unit_id", "group")
    where = {pk: (place[own[unit]], index.groups[group]) for pk, unit, group in pools if unit in own}
    kept = [at for at, pk in enumerate(counted.pools) if pk in where]
    if not kept:
        return
    unit, group = (np.array(part) for part in zip(*(where[counted.pools[at]] for at in kept), strict=True))
    question = np.array([index.questions[code] for code in urn.question_codes])
    answer = np.array([index.answers[code] for code in urn.answer_codes])
    cells = (unit[:, None, None], question[None, :, None], group[:, None, None], answer[None, None, :])
    found[cells] = counted.table[kept]


def _add_paper(found: inputs.Ints, round: Round, index: inputs.Index, place: Mapping[int, int]) -> None:
    shape = found.shape
    rows = BallotTally.objects.filter(round_unit__round=round, round_unit__left_at__isnull=True)
    text = Cast("counts", TextField())
    unit_ids, groups, counts = columnar.read(rows.values_list("round_unit_id", "group", text), 3)
    units = columnar.Ids(place).places_of(unit_ids).tolist()
    parsed = json.loads(f"[{','.join(counts)}]")  # one parse is much quicker than one a row
    places: list[int] = []
    numbers: list[int] = []
    whole, row, block = np.prod(shape[1:], dtype=int), shape[2] * shape[3], shape[3]
    for unit, group, asked in zip(units, groups, parsed, strict=True):
        base = unit * whole + index.groups[group] * block
        for question, answers in asked.items():
            start = base + index.questions[question] * row
            places += [start + index.answers[answer] for answer in answers]
            numbers += answers.values()
    found.ravel()[places] = numbers
