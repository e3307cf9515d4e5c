"""The bench of the mix and of scoring ballots, at a tiny size."""

from __future__ import annotations

import pytest

from bench import balloting, mixing
from qingfeng.ballots.models import MixedAnswer
from qingfeng.evaluation.models.results import Revision


@pytest.mark.django_db
def test_scoring_of_ballots_reads_every_row_and_leaves_nothing_behind() -> None:
    round = balloting.prepare(6, 40)

    found = {each.name: each for each in balloting.measure(round, 6, 40, 1, largest=False)}

    whole = found["scoring.ballots.6"]
    assert (whole.errors, whole.lost) == (0, 0)
    assert whole.detail["ballots"] == MixedAnswer.objects.count() == 240
    assert whole.ratio is not None
    assert not Revision.objects.exists()


def test_mix_of_the_bench_gives_back_what_was_put_in(each_db, tmp_path) -> None:
    filled = mixing.fill(240)

    whole, memory = mixing.measure(filled, 240, {**each_db.environment, "QINGFENG_STATE": str(tmp_path)})

    assert (whole.name, whole.errors, whole.lost) == ("ballots.mix.240", 0, 0)
    assert memory.value > 20


def test_mix_that_differs_from_what_was_put_in_is_an_error(sqlite_file_db, tmp_path) -> None:
    filled = mixing.fill(240)
    filled.counts[0, 0, 0] += 1

    whole, _ = mixing.measure(filled, 240, {**sqlite_file_db.environment, "QINGFENG_STATE": str(tmp_path)})

    assert whole.errors == 1
