"""Scoring from stored rows to stored results, against reading the same rows and adding them up in NumPy."""

from __future__ import annotations

import datetime as dt
import gc
import itertools
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db import connection, transaction

from bench import bulk, city, parts, report
from bench.report import Measurement
from qingfeng.evaluation.actions import computing, gathering, results
from qingfeng.evaluation.models.results import Revision, Snapshot, UnitResult
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.queries import frozen
from qingfeng.evaluation.scoring import engine, freezing, packing

LIMIT, GROWTH, SMALL = 5.0, 11.0, 0.2
INDICATORS = 36

ROWS = {
    "reviews": """SELECT s.round_unit_id, s.thousandths FROM evaluation_reviewscore s
        JOIN evaluation_reviewsheet h ON h.id = s.sheet_id WHERE h.round_id = %s""",
    "findings": """SELECT s.round_unit_id, s.findings FROM evaluation_reviewscore s
        JOIN evaluation_reviewsheet h ON h.id = s.sheet_id
        WHERE h.round_id = %s AND s.thousandths IS NULL""",
    "tallies": """SELECT t.round_unit_id, t.counts FROM evaluation_ballottally t
        JOIN evaluation_roundunit u ON u.id = t.round_unit_id WHERE u.round_id = %s""",
    "values": """SELECT v.round_unit_id, v.value FROM evaluation_datavalue v
        JOIN evaluation_datatask t ON t.id = v.task_id WHERE t.round_id = %s""",
    "evidence": """SELECT p.round_unit_id, 1 FROM evaluation_evidenceitem e
        JOIN evaluation_submission p ON p.id = e.submission_id
        JOIN evaluation_roundunit u ON u.id = p.round_unit_id WHERE u.round_id = %s""",
    "facts": """SELECT u.id, f.quantity FROM evaluation_fact f
        JOIN evaluation_roundunit u ON u.unit_id = f.unit_id WHERE u.round_id = %s""",
}
"""The yardstick reads no more than what it adds up: the unit of each row and its number."""


@dataclass
class Timed:
    """What one size took: medians of the repetitions, in seconds."""

    units: int
    rows: int
    scoring: float
    reading: float
    ratio: float
    acting: float
    stages: dict[str, float]
    errors: int
    lost: int
    samples: dict[str, list[float]] = field(default_factory=dict)


def prepare(units: int) -> Round:
    """Fill a database with the last year's fourth quarter, in which all 36 indicators are due."""
    place = city.found(units)
    round = city.open_round(place, dt.date.today().year - 1, 4)
    parts.Filling(place, round).fill()
    bulk.analyze()
    return round


def measure(round: Round, units: int, repetitions: int) -> Timed:
    """Take both in turn so many times, after one turn that is not counted."""
    officer = round.created_by
    _read_and_add(round)
    _score(round, officer)
    scoring, reading = [], []
    processor: list[float] = []
    for _ in range(repetitions):
        reading.append(_seconds(lambda: _read_and_add(round)))
        scoring.append(_seconds(lambda: _score(round, officer), processor))
    ratios = [one / other for one, other in zip(scoring, reading, strict=True)]
    errors, lost = _check(round, officer)
    acting = [_seconds(lambda: _act(round, officer)) for _ in range(min(3, repetitions))]
    total = statistics.median(scoring)
    return Timed(
        units=units,
        rows=_count_rows(round),
        scoring=total,
        reading=statistics.median(reading),
        ratio=statistics.median(ratios),
        acting=statistics.median(acting),
        stages=_stages(round, officer, min(3, repetitions)),
        errors=errors,
        lost=lost,
        samples={"scoring": scoring, "reading": reading, "processor": processor},
    )


def _seconds(act: Callable[[], Any], processor: list[float] | None = None) -> float:
    """Time an act by the clock; its processor time goes into a list, for a machine that others use too."""
    gc.collect()
    start, used = time.perf_counter(), time.process_time()
    act()
    if processor is not None:
        processor.append(time.process_time() - used)
    return time.perf_counter() - start


def _score(round: Round, officer: Any, look: Callable[[Revision], None] | None = None) -> None:
    """Go from stored rows to stored results, the worker having nothing in memory yet; then undo it."""
    frozen.forget()
    with transaction.atomic():
        taken = results.take_snapshot(round, by=officer, at=_at(round))
        frozen.forget()
        snapshot = Snapshot.objects.select_related("round").get(pk=taken.pk)
        revision = computing.store(snapshot, None, by=officer, at=_at(round))
        if look:
            look(revision)
        transaction.set_rollback(True)


def _act(round: Round, officer: Any) -> None:
    """Freeze and compute by the two actions, with all they keep books of; undo it."""
    frozen.forget()
    with transaction.atomic():
        taken = results.freeze(round=round, by=officer, at=_at(round), with_gaps=True)
        frozen.forget()
        snapshot = Snapshot.objects.select_related("round").get(pk=taken.pk)
        results.compute(snapshot=snapshot, by=officer, at=_at(round))
        transaction.set_rollback(True)
    round.refresh_from_db()


def _at(round: Round) -> dt.datetime:
    return dt.datetime.combine(round.announce_by, dt.time(9), city.CHINA)


def _read_and_add(round: Round) -> Any:
    """Read the round's rows and add each unit's numbers up."""
    total: Any = np.zeros(1)
    with connection.cursor() as cursor:
        for name, statement in ROWS.items():
            cursor.execute(statement, [round.pk])
            found = cursor.fetchall()
            if not found:
                continue
            units, numbers = zip(*found, strict=True)
            if name == "tallies":
                numbers = tuple(_sum_of(counts) for counts in numbers)
            elif name == "findings":
                numbers = tuple(
                    sum(float(entry["quantity"]) for entry in json.loads(text)) for text in numbers
                )
            added = np.bincount(np.array(units), np.nan_to_num(np.array(numbers, np.float64)))
            total = added if len(total) == 1 else total + np.resize(added, len(total))
    return total


def _sum_of(counts: str) -> int:
    return sum(number for answers in json.loads(counts).values() for number in answers.values())


def _count_rows(round: Round) -> int:
    with connection.cursor() as cursor:
        total = 0
        for name, statement in ROWS.items():
            if name != "findings":  # they are among the reviews
                cursor.execute(f"SELECT count(*) FROM ({statement}) AS counted", [round.pk])
                total += int(cursor.fetchone()[0])
    return total


def _stages(round: Round, officer: Any, repetitions: int) -> dict[str, float]:
    """Take the stages apart, each by itself: medians, which need not add up to the whole."""
    samples = [_stages_once(round, officer) for _ in range(repetitions)]
    return {name: statistics.median(one[name] for one in samples) for name in samples[0]}


def _stages_once(round: Round, officer: Any) -> dict[str, float]:
    made: dict[str, Any] = {}

    def keep(name: str, act: Callable[[], Any]) -> float:
        return _seconds(lambda: made.__setitem__(name, act()))

    stages = {"read": keep("inputs", lambda: gathering.gather(round))}
    stages["freeze"] = keep("bytes", lambda: freezing.to_bytes(made["inputs"]))
    stages["freeze"] += keep("digest", lambda: freezing.digest(made["inputs"]))
    stages["thaw"] = keep("thawed", lambda: freezing.digest(freezing.from_bytes(made["bytes"])))
    stages["compute"] = keep("results", lambda: engine.compute(made["inputs"]))
    stages["pack"] = keep("packed", lambda: packing.pack(made["results"]))
    with transaction.atomic():
        snapshot = results.take_snapshot(round, by=officer, at=_at(round))
        revision = Revision.objects.create(round=round, number=1, snapshot=snapshot, computed_at=_at(round))
        whole = _seconds(lambda: computing.store_units(revision, made["inputs"], made["results"]))
        transaction.set_rollback(True)
    return stages | {"store": max(0.0, whole - stages["pack"])}


def _check(round: Round, officer: Any) -> tuple[int, int]:
    """Return the stored results that differ from their packed numbers, and the units without a result."""
    counts: list[int] = []

    def look(revision: Revision) -> None:
        rows = UnitResult.objects.filter(revision=revision).values_list("hundredths", "packed")
        stored = [(cents, packing.unpack(bytes(packed)).cents) for cents, packed in rows]
        wanted = round.units.filter(left_at__isnull=True).count()
        wrong = sum(cents is None or cents != packed for cents, packed in stored)
        counts.extend([wrong, wanted - len(stored)])

    _score(round, officer, look)
    return counts[0], counts[1]


def measurements(timed: dict[int, Timed]) -> list[Measurement]:
    """Say what the sizes mean, the largest first."""
    sizes = sorted(timed, reverse=True)
    found: list[Measurement] = []
    for units in sizes:
        found += _of_one(timed[units], largest=units == sizes[0])
    for large, small in itertools.pairwise(sizes):
        if large == 10 * small:
            found.append(_growth(timed[large], timed[small]))
    return found


def _of_one(one: Timed, *, largest: bool) -> list[Measurement]:
    name, yardstick = f"scoring.{one.units}", f"scoring.{one.units}.read_and_add"
    whole = Measurement(name, one.scoring, "s", one.errors, one.lost, yardstick, one.ratio)
    whole.detail = {"rows": one.rows, "indicators": INDICATORS, "samples": one.samples}
    if largest:
        whole.target, whole.met = f"≤ {LIMIT:g} × reading", one.ratio <= LIMIT
    elif one.units <= 200:
        whole.target, whole.met = f"< {SMALL:g} s", one.scoring < SMALL
    stages = [
        Measurement(f"{name}.{stage}", value, "s", ratio_to=name, ratio=value / one.scoring)
        for stage, value in one.stages.items()
    ]
    acting = Measurement(f"{name}.actions", one.acting, "s", ratio_to=name, ratio=one.acting / one.scoring)
    return [whole, Measurement(yardstick, one.reading, "s"), *stages, acting]


def _growth(large: Timed, small: Timed) -> Measurement:
    ratio = large.scoring / small.scoring
    return Measurement(
        f"scoring.growth.{small.units}-{large.units}",
        ratio,
        "×",
        ratio_to=f"scoring.{small.units}",
        ratio=ratio,
        target=f"≤ {GROWTH:g} ×",
        met=ratio <= GROWTH,
    )


def run(server: Any, sizes: list[int], repetitions: int, fresh: Any) -> list[Measurement]:
    """Measure every size in a database of its own."""
    timed = {}
    for units in sizes:
        with fresh(server):
            start = time.perf_counter()
            round = prepare(units)
            report.say(f"scoring: {units} units prepared in {time.perf_counter() - start:.0f} s")
            often = repetitions if units > 2000 else repetitions * 3
            timed[units] = one = measure(round, units, often)
            report.say(f"scoring: {one.scoring:.3g} s, {one.ratio:.2f} × reading and adding up")
    return measurements(timed)
