"""Votes that meet the close, a void code, another vote, or a killed mix: really committed, both databases."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from config.environment import ROOT
from qingfeng.ballots.actions import codes, mixing, urns, votes
from qingfeng.ballots.enums import UrnState
from qingfeng.ballots.models import Code, Keeper, MixedAnswer, Receipt, Urn, Vote
from qingfeng.ballots.sealing import codes as made
from qingfeng.core.errors import Refused
from tests.ballots import stories

VOTERS = 8


def cast_each(hall: stories.Hall, sheet: list[str]) -> list[str]:
    """Cast every code's vote, eight at a time; return for each the refusal or an empty string."""
    chosen = stories.answers(hall.urn, "good")

    def one(code: str) -> str:
        try:
            votes.cast(code=code, answers=chosen, comment="", receipt=made.new_receipt())
        except Refused as refusal:
            return refusal.sentences[0]
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(VOTERS) as crowd:
        return list(crowd.map(one, sheet))


def test_votes_of_one_code_at_once_leave_one(each_db) -> None:
    hall = stories.opened(units=1, groups=("all",))
    code = hall.codes[hall.pools[0].pk][0]

    said = cast_each(hall, [code] * 16)

    assert Counter(bool(sentence) for sentence in said) == {False: 1, True: 15}
    assert {sentence for sentence in said if sentence} == {"这张测评码已经投过票了，每张只能投一次。"}
    assert Vote.objects.count() == 1


def test_votes_racing_with_the_close_are_counted_or_refused(each_db) -> None:
    hall = stories.opened(units=1, groups=("all",), size=160)
    sheet = hall.codes[hall.pools[0].pk]
    begun = threading.Event()

    def close() -> None:
        begun.wait()
        try:
            stories.closed(hall)
        finally:
            connection.close()

    closing = threading.Thread(target=close)
    closing.start()
    first = cast_each(hall, sheet[:40])
    begun.set()
    said = first + cast_each(hall, sheet[40:])
    closing.join()

    done = said.count("")
    assert set(said) <= {"", "投票已经截止。"}
    assert Vote.objects.count() == done
    stories.mixed(hall)
    assert MixedAnswer.objects.count() == Receipt.objects.filter(is_counted=True).count() == done


def test_votes_racing_with_the_voiding_of_codes_leave_no_used_code_void(each_db) -> None:
    hall = stories.opened(units=1, groups=("all",), size=120)
    pool = hall.pools[0]
    begun = threading.Event()

    def void() -> None:
        begun.wait()
        try:
            codes.void_unused(pool=pool, by=hall.officer, at=stories.AT)
        finally:
            connection.close()

    voiding = threading.Thread(target=void)
    voiding.start()
    sheet = hall.codes[pool.pk]
    first = cast_each(hall, sheet[:20])
    begun.set()
    said = first + cast_each(hall, sheet[20:])
    voiding.join()

    used = set(Vote.objects.values_list("code_hash", flat=True))
    void_ones = set(Code.objects.filter(is_void=True).values_list("code_hash", flat=True))
    assert not used & void_ones
    assert len(used) == said.count("")
    assert len(used) + len(void_ones) == 120


@pytest.mark.postgres
def test_voters_of_one_urn_do_not_wait_for_each_other(postgres_db) -> None:
    """One vote lies uncommitted, and others go past it; the close waits for it."""
    hall = stories.opened(units=1, groups=("all",))
    sheet = hall.codes[hall.pools[0].pk]
    held, go = threading.Event(), threading.Event()

    def slow() -> None:

        with transaction.atomic():
            votes.cast(
                code=sheet[0],
                answers=stories.answers(hall.urn, "bad"),
                comment="",
                receipt=made.new_receipt(),
            )
            held.set()
            go.wait()
        connection.close()

    def close() -> None:
        stories.closed(hall)
        connection.close()

    waiting, closing = threading.Thread(target=slow), threading.Thread(target=close)
    waiting.start()
    held.wait()
    said = cast_each(hall, sheet[1:4])
    closing.start()
    closing.join(timeout=1)
    still_open = Urn.objects.get(pk=hall.urn.pk).state
    go.set()
    waiting.join()
    closing.join()

    assert said == ["", "", ""]
    assert still_open == UrnState.OPEN
    assert Vote.objects.count() == 4
    assert Urn.objects.get(pk=hall.urn.pk).state == UrnState.CLOSED


KILLED = """
import os, signal, sys
import django
django.setup()
from qingfeng.accounts.models import User
from qingfeng.ballots.actions import mixing
from qingfeng.ballots.models import Receipt, Urn, Vote
from qingfeng.core import events
from qingfeng.ballots.events import UrnMixed
from tests.ballots import stories

def die(event):
    assert Vote.objects.count() == 0 and Receipt.objects.count() > 0
    os.kill(os.getpid(), signal.SIGKILL)

events.subscribe(UrnMixed, die)
urn = Urn.objects.get()
mixing.mix(urn=urn, passphrases=stories.PHRASES, by=User.objects.get(pk=int(sys.argv[1])), at=stories.AT)
"""


def test_mix_killed_before_its_commit_did_nothing_and_a_second_run_does_it(each_db, tmp_path) -> None:
    hall = stories.opened()
    given = stories.vote_all(hall)
    stories.closed(hall)
    sealed = set(Vote.objects.values_list("code_hash", flat=True))
    connection.close()

    process = subprocess.run(
        [sys.executable, "-c", KILLED, str(hall.keepers[1].pk)],
        cwd=ROOT,
        env={**each_db.environment, "QINGFENG_STATE": str(tmp_path)},
        check=False,
    )

    assert process.returncode == -9
    assert set(Vote.objects.values_list("code_hash", flat=True)) == sealed
    assert MixedAnswer.objects.count() == Receipt.objects.count() == 0
    assert None not in Keeper.objects.values_list("wrapped_key", flat=True)
    assert Urn.objects.get().state == UrnState.CLOSED
    stories.mixed(hall)
    assert MixedAnswer.objects.count() == sum(len(rows) for rows in given.values())
    mixing.mix(urn=hall.urn, passphrases={}, by=hall.keepers[2], at=stories.AT)
    assert MixedAnswer.objects.count() == sum(len(rows) for rows in given.values())


def test_second_mix_at_once_waits_and_finds_it_done(each_db) -> None:
    hall = stories.opened()
    given = stories.vote_all(hall)
    stories.closed(hall)

    def one(_: int) -> str:
        try:
            urn = Urn.objects.get(pk=hall.urn.pk)
            return mixing.mix(urn=urn, passphrases=stories.PHRASES, by=hall.keepers[1], at=stories.AT).state
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        states = list(both.map(one, range(2)))

    assert states == [UrnState.MIXED, UrnState.MIXED]
    assert MixedAnswer.objects.count() == sum(len(rows) for rows in given.values())


def test_urn_made_void_leaves_neither_votes_nor_keys(each_db) -> None:
    hall = stories.opened()
    stories.vote_all(hall)

    urns.make_void(urn=hall.urn, reason="会场停电", by=hall.leader, at=stories.AT)

    assert Vote.objects.count() == 0
    assert set(Keeper.objects.values_list("wrapped_key", flat=True)) == {None}
