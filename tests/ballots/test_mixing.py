"""The mix: what comes out, what is gone, and what a wrong passphrase changes."""

from __future__ import annotations

from collections import Counter

import pytest

from qingfeng.ballots.actions import mixing
from qingfeng.ballots.enums import UrnState
from qingfeng.ballots.models import Keeper, MixedAnswer, MixedComment, Pool, Receipt, Vote
from qingfeng.core.errors import Denied, Refused, WrongState
from tests.ballots import stories

pytestmark = pytest.mark.django_db


def column(hall: stories.Hall, pool: Pool, question: int) -> Counter[str]:
    names = hall.urn.answer_codes
    packed = MixedAnswer.objects.filter(pool=pool).values_list("packed", flat=True)
    return Counter(names[bytes(row)[question] - 1] for row in packed)


def test_mixed_answers_are_what_was_cast_by_pool_and_question() -> None:
    hall = stories.opened()
    given = stories.vote_all(hall)

    stories.mixed(stories.closed(hall))

    for pool in hall.pools:
        for number, question in enumerate(hall.urn.question_codes):
            assert column(hall, pool, number) == Counter(row[question] for row in given[pool.pk])


def test_mix_leaves_no_vote_and_no_private_key() -> None:
    hall = stories.opened()
    stories.vote_all(hall)

    stories.mixed(stories.closed(hall))

    assert Vote.objects.count() == 0
    assert set(Keeper.objects.values_list("wrapped_key", flat=True)) == {None}
    assert hall.urn.state == UrnState.MIXED


def test_mix_keeps_every_receipt_and_comment_once() -> None:
    hall = stories.opened(units=1, groups=("all",), size=6)
    pool = hall.pools[0]
    receipts = [stories.vote(hall, pool, n, comment="多到村里来" if n == 2 else "") for n in range(pool.size)]

    stories.mixed(stories.closed(hall))

    assert sorted(Receipt.objects.filter(is_counted=True).values_list("text", flat=True)) == sorted(receipts)
    assert list(MixedComment.objects.values_list("pool", "text")) == [(pool.pk, "多到村里来")]


def test_pool_under_the_minimum_leaves_neither_answers_nor_comments() -> None:
    hall = stories.opened(units=1, groups=("few", "many"), size=8)
    few, many = hall.pools
    mine = [stories.vote(hall, few, n, "bad", comment="秘密") for n in range(4)]
    for number in range(5):
        stories.vote(hall, many, number)

    stories.mixed(stories.closed(hall))

    assert set(MixedAnswer.objects.values_list("pool", flat=True)) == {many.pk}
    assert MixedComment.objects.count() == 0
    few.refresh_from_db()
    assert (few.is_withheld, few.turnout) == (True, 0)
    uncounted = set(Receipt.objects.filter(is_counted=False).values_list("text", flat=True))
    assert set(mine) < uncounted
    assert len(uncounted) == 5


def test_question_with_too_few_valid_votes_is_blank_in_every_row() -> None:
    hall = stories.opened(units=1, groups=("all",), size=8)
    pool = hall.pools[0]
    for number in range(8):
        stories.vote(hall, pool, number, "good", "good" if number < 4 else "unknown", "bad")

    stories.mixed(stories.closed(hall))

    rows = [bytes(row) for row in MixedAnswer.objects.values_list("packed", flat=True)]
    assert [sorted(set(part)) for part in zip(*rows, strict=True)] == [[1], [0], [3]]


def test_pool_in_which_nobody_knows_is_withheld_with_its_comments() -> None:
    hall = stories.opened(units=1, groups=("all",), size=8)
    for number in range(8):
        stories.vote(hall, hall.pools[0], number, "unknown", comment="不清楚")

    stories.mixed(stories.closed(hall))

    assert MixedAnswer.objects.count() == MixedComment.objects.count() == 0
    assert hall.pools[0].turnout == 5
    assert Receipt.objects.filter(is_counted=False).count() == 10


@pytest.mark.parametrize("seat", [1, 2])
def test_mix_with_a_wrong_passphrase_names_the_keeper_and_changes_nothing(seat: int) -> None:
    hall = stories.closed(stories.opened())
    before = Vote.objects.count()
    wrong = stories.PHRASES | {seat: "错误的口令 再试一次 也不行"}

    with pytest.raises(Refused, match=hall.keepers[seat].name):
        mixing.mix(urn=hall.urn, passphrases=wrong, by=hall.keepers[1], at=stories.AT)

    hall.urn.refresh_from_db()
    assert hall.urn.state == UrnState.CLOSED
    assert Vote.objects.count() == before
    assert None not in Keeper.objects.values_list("wrapped_key", flat=True)


def test_mix_by_somebody_who_keeps_no_key_is_refused() -> None:
    hall = stories.closed(stories.opened())

    with pytest.raises(Denied, match="两位保管人"):
        mixing.mix(urn=hall.urn, passphrases=stories.PHRASES, by=hall.officer, at=stories.AT)


def test_mix_of_an_open_urn_is_refused() -> None:
    hall = stories.opened()

    with pytest.raises(WrongState, match="投票中"):
        stories.mixed(hall)


def test_mix_run_again_finds_its_work_done() -> None:
    hall = stories.opened()
    stories.vote_all(hall)
    stories.mixed(stories.closed(hall))
    before = sorted(MixedAnswer.objects.values_list("key", flat=True))

    stories.mixed(hall)

    assert sorted(MixedAnswer.objects.values_list("key", flat=True)) == before


def test_altered_vote_is_counted_as_damaged_and_stops_nobody() -> None:
    hall = stories.opened(units=1, groups=("all",), size=8)
    for number in range(8):
        stories.vote(hall, hall.pools[0], number)
    Vote.objects.filter(pk=Vote.objects.order_by("pk")[0].pk).update(sealed=b"x" * 900)

    stories.mixed(stories.closed(hall))

    assert MixedAnswer.objects.count() == 7
    assert hall.urn.damaged == 1


def test_votes_exchanged_between_two_codes_are_damaged() -> None:
    hall = stories.opened(units=1, groups=("all",), size=8)
    for number in range(8):
        stories.vote(hall, hall.pools[0], number)
    first, second = Vote.objects.order_by("pk")[:2]
    Vote.objects.filter(pk=first.pk).update(sealed=second.sealed)
    Vote.objects.filter(pk=second.pk).update(sealed=first.sealed)

    stories.mixed(stories.closed(hall))

    assert hall.urn.damaged == 2
