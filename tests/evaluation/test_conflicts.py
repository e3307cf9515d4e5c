"""Two people at once, on a SQLite file and on PostgreSQL: one wins, the other is told, nothing is lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from qingfeng.core.actors import SYSTEM
from qingfeng.core.errors import Conflict, WrongState
from qingfeng.evaluation.actions import results, reviews, rounds
from qingfeng.evaluation.models.results import Revision, UnitResult
from qingfeng.evaluation.models.reviews import ReviewChange, ReviewScore
from qingfeng.evaluation.models.rounds import Round, RoundUnit
from qingfeng.evaluation.queries import reviews as queries
from tests.evaluation import stories


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts in threads that start at once; return what each gave or raised."""
    gate = threading.Barrier(len(acts))
    found: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        gate.wait()
        try:
            found[place] = act()
        except Exception as error:
            found[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_save_scores_by_two_people_at_once_keeps_one_and_tells_the_other(each_db) -> None:
    place = stories.city(towns=2)
    sheet = stories.sheet_of(stories.in_review(place), "A1.review", "zuzhi")

    def save(points: int) -> Callable[[], Any]:
        entries = [
            reviews.Entry(unit.pk, points=stories.D(points), reason="核对")
            for unit in queries.units_of(sheet)
        ]
        return lambda: reviews.save_scores(
            sheet=sheet, entries=entries, lock=0, by=place.scorers["zuzhi"], at=stories.REVIEWING
        )

    outcome = together(save(20), save(25))

    assert sum(isinstance(entry, Conflict) for entry in outcome) == 1
    won = 20000 if isinstance(outcome[1], Conflict) else 25000
    assert set(ReviewScore.objects.values_list("thousandths", flat=True)) == {won}
    assert ReviewChange.objects.count() == 3


def test_open_round_twice_at_once_lays_it_out_once(each_db) -> None:
    place = stories.city(towns=2)
    round = stories.planned(place)

    def open_it() -> Callable[[], Any]:
        mine = Round.objects.get(pk=round.pk)
        return lambda: rounds.open_round(round=mine, by=place.officer, at=stories.OPENING)

    outcome = together(open_it(), open_it())

    assert sum(isinstance(entry, WrongState) for entry in outcome) == 1
    assert RoundUnit.objects.count() == 3


def test_compute_twice_at_once_makes_one_revision(each_db) -> None:
    place = stories.city(towns=2)
    snapshot = stories.snapshot_of(stories.frozen(place))

    def compute() -> Any:
        return results.compute(snapshot=snapshot, by=SYSTEM, at=stories.TRIAL)

    outcome = together(compute, compute)

    assert outcome[0] == outcome[1]
    assert Revision.objects.count() == 1
    assert UnitResult.objects.count() == 3


def test_save_scores_while_the_round_is_being_frozen_waits_and_is_refused(each_db) -> None:
    """What is saved stands in the frozen copy, or is refused: never saved beside it."""
    place = stories.city(towns=2)
    round = stories.in_review(place)
    sheet = stories.sheet_of(round, "A1.review", "zuzhi")
    frozen = threading.Event()

    def freeze() -> None:
        with transaction.atomic():
            results.freeze(round=round, with_gaps=True, by=place.officer, at=stories.CUTOFF)
            frozen.set()
            time.sleep(0.5)

    def save() -> Any:
        frozen.wait(10)
        entries = [reviews.Entry(unit.pk, points=stories.D(30)) for unit in queries.units_of(sheet)]
        return reviews.save_scores(
            sheet=sheet, entries=entries, lock=0, by=place.scorers["zuzhi"], at=stories.REVIEWING
        )

    outcome = together(freeze, save)

    assert isinstance(outcome[1], WrongState)
    assert not ReviewScore.objects.exists()
