"""Scoring a round of ballots alone, from mixed rows to stored results, against reading and adding them up."""

from __future__ import annotations

import dataclasses
import statistics
import time
import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import numpy as np
from django.db import connection

from bench import bulk, report, scoring
from bench import city as cities
from bench.report import Measurement
from qingfeng.ballots.enums import UrnState
from qingfeng.ballots.models import MixedAnswer, Pool, Urn
from qingfeng.ballots.queries import mixed
from qingfeng.core import clock
from qingfeng.evaluation.actions import schemes, urns
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.models.schemes import SchemeVersion
from qingfeng.evaluation.scoring import scheme as core
from qingfeng.evaluation.scoring import scheme_json, shipped

QUESTIONS, LIMIT, SMALL = 36, 5.0, 0.2
ODDS = (0.55, 0.27, 0.1, 0.08)
GROUPS = (("staff", Decimal(60), 3), ("public", Decimal(40), 2))
"""Group, weight, and its part of each five ballots."""
ROWS = """SELECT m.pool_id, m.packed FROM ballots_mixedanswer m
    JOIN ballots_pool p ON p.id = m.pool_id WHERE p.urn_id = %s"""


def scheme() -> core.Scheme:
    """Return a scheme of 36 indicators, each a ballot question put to two groups."""
    base = shipped.default_scheme()
    shares = tuple(core.GroupShare(code, weight) for code, weight, _ in GROUPS)
    weights = [Decimal(3)] * 28 + [Decimal(2)] * 8
    indicators = tuple(
        core.Indicator(
            f"B{n}",
            f"第{n}项",
            weights[n],
            (core.BallotChannel(f"B{n}.ballot", f"q{n}", shares),),
            order=n + 1,
        )
        for n in range(QUESTIONS)
    )
    return core.Scheme(
        code="bench-ballots",
        name="测评",
        dimensions=(core.Dimension("B", "测评", Decimal(100), indicators),),
        departments=base.departments,
        groups=tuple(group for group in base.groups if group.code in {code for code, _, _ in GROUPS}),
        answers=base.answers,
        questions=tuple(core.Named(f"q{n}", f"第{n}题") for n in range(QUESTIONS)),
        settings=dataclasses.replace(core.Scheme("x", "x", ()).settings),
    )


def prepare(units: int, each: int) -> Round:
    """Fill a database with a round of so many units whose urn was mixed, with so many ballots for each."""
    place = cities.found(units)
    place.version = published(place)
    round = cities.open_round(place, 2025, 4)
    urn = urns.prepare_urn(round=round, by=place.officer, at=clock.now())
    pools = list(urn.pools.order_by("pk").values_list("pk", "group"))
    sizes = {code: each * part // 5 for code, _, part in GROUPS}
    bulk.insert(MixedAnswer, ("key", "pool", "packed"), _rows(pools, sizes))
    Pool.objects.filter(urn=urn).update(turnout=min(sizes.values()))
    Urn.objects.filter(pk=urn.pk).update(state=UrnState.MIXED)
    bulk.analyze()
    return round


def published(place: cities.City) -> SchemeVersion:
    """Return a published version of the scheme, by the platform's actions."""
    made = scheme()
    by, at = place.officer, clock.now()
    draft = schemes.create_scheme(slug=made.code, name=made.name, based_on=place.version, by=by, at=at)
    body = scheme_json.to_plain(made)
    filled = schemes.replace_body(version=draft, body=body, digest=draft.digest, by=by, at=at)
    return schemes.publish(version=filled, by=by, at=at)


def _rows(pools: list[tuple[int, str]], sizes: dict[str, int]) -> Iterator[tuple[uuid.UUID, int, bytes]]:
    dice = np.random.default_rng(3)
    ids = dice.permutation(np.repeat([pk for pk, _ in pools], [sizes[group] for _, group in pools]))
    for start in range(0, len(ids), 50_000):
        part = ids[start : start + 50_000].tolist()
        drawn = dice.choice(np.arange(1, 5, dtype=np.uint8), (len(part), QUESTIONS), p=ODDS)
        for pool, row in zip(part, drawn, strict=True):
            yield uuid.uuid4(), pool, row.tobytes()


def read_and_add(urn: Urn) -> Any:
    """Read the same rows by plain SQL and add each pool's answers up, question by question."""
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [urn.pk])
        ids, packed = zip(*cursor.fetchall(), strict=True)
    answers = np.frombuffer(b"".join(packed), np.uint8).reshape(-1, QUESTIONS)
    _, place = np.unique(np.array(ids), return_inverse=True)
    return np.stack([np.bincount(place, answers[:, n]) for n in range(QUESTIONS)], axis=1)


def measure(round: Round, units: int, each: int, repetitions: int, *, largest: bool) -> list[Measurement]:
    """Take both in turn so many times, after one turn that is not counted."""
    urn, officer = Urn.objects.get(), round.created_by
    read_and_add(urn)
    scoring._score(round, officer)
    took: list[float] = []
    reading: list[float] = []
    for _ in range(repetitions):
        reading.append(scoring._seconds(lambda: read_and_add(urn)))
        took.append(scoring._seconds(lambda: scoring._score(round, officer)))
    errors, lost = scoring._check(round, officer)
    counting = statistics.median(scoring._seconds(lambda: mixed.counts(urn)) for _ in range(repetitions))
    lost += units * each - int(mixed.counts(urn).table[:, 0].sum())
    ratio = statistics.median(one / other for one, other in zip(took, reading, strict=True))
    name, total = f"scoring.ballots.{units}", statistics.median(took)
    whole = Measurement(name, total, "s", errors, lost, f"{name}.read_and_add", ratio)
    whole.detail = {
        "ballots": units * each,
        "questions": QUESTIONS,
        "samples": {"scoring": took, "reading": reading},
    }
    if largest:
        whole.target, whole.met = f"≤ {LIMIT:g} × reading", ratio <= LIMIT
    else:
        whole.target, whole.met = f"< {SMALL:g} s", total < SMALL
    return [
        whole,
        Measurement(f"{name}.read_and_add", statistics.median(reading), "s"),
        Measurement(f"{name}.count", counting, "s", ratio_to=name, ratio=counting / total),
    ]


def run(server: Any, sizes: list[tuple[int, int]], repetitions: int, fresh: Any) -> list[Measurement]:
    """Measure every (units, ballots for each), the largest first, in a database of its own."""
    found: list[Measurement] = []
    for units, each in sizes:
        with fresh(server):
            start = time.perf_counter()
            round = prepare(units, each)
            report.say(f"balloting: {units * each} ballots prepared in {time.perf_counter() - start:.0f} s")
            found += measure(round, units, each, repetitions, largest=(units, each) == sizes[0])
            report.say(f"balloting: {found[-3].value:.3g} s, {found[-3].ratio:.2f} × reading and adding up")
    return found
