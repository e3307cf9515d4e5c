"""The mix of a large urn: time and peak memory, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from bench import bulk, report
from bench import city as cities
from bench.report import Measurement
from config.environment import ROOT
from qingfeng.accounts.models import User
from qingfeng.ballots.actions import keepers, urns
from qingfeng.ballots.models import Code, MixedAnswer, MixedComment, Pool, Receipt, Urn, Vote
from qingfeng.ballots.queries import mixed
from qingfeng.ballots.sealing import boxes, codes, paper
from qingfeng.core import clock
from qingfeng.core.references import Reference
from qingfeng.core.roles import Role

GROUPS, QUESTIONS, EACH = 4, 36, 60
"""Groups of a unit, questions, and about how many ballots a pool has."""
PASSPHRASES = {1: "青山绿水 共此一箱 票不轻开 A", 2: "江河入海 各守一锁 缺一不可 B"}
COMMENT = "请多到村里走走，办事再快一点。"
EVERY = 5
"""One ballot in five has a comment."""
CHILD = """
import json, resource, sys, time
import django
django.setup()
from qingfeng.accounts.models import User
from qingfeng.ballots.actions import mixing
from qingfeng.ballots.models import Urn
from qingfeng.core import clock
urn, user = Urn.objects.get(pk=int(sys.argv[1])), User.objects.get(pk=int(sys.argv[2]))
passphrases = {int(seat): text for seat, text in json.loads(sys.stdin.read()).items()}
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.perf_counter()
mixing.mix(urn=urn, passphrases=passphrases, by=user, at=clock.now())
took = time.perf_counter() - start
print(json.dumps([took, before, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]))
"""


@dataclass
class Filled:
    """A closed urn full of votes, and what must come out of it."""

    urn: Urn
    keeper: User
    counts: Any
    comments: int


def fill(ballots: int) -> Filled:
    """Prepare an urn by the platform's actions and put sealed votes into it, as many as asked."""
    place = cities.found(max(1, ballots // (GROUPS * EACH)))
    now = clock.now()
    urn = urns.prepare(
        subject=Reference("round", 1),
        title="测评",
        questions=[urns.QuestionDraft(f"q{n}", f"第{n}题") for n in range(QUESTIONS)],
        answers=[urns.AnswerDraft(f"a{n}", f"选项{n}", is_valid=n < 3) for n in range(4)],
        pools=[urns.PoolDraft(unit, f"g{n}", f"群体{n}") for unit in place.units for n in range(GROUPS)],
        minimum=5,
        by=place.officer,
        at=now,
    )
    people = {1: place.people[Role.OFFICE], 2: place.people[Role.COMMITTEE_CLERK]}
    for seat, user in people.items():
        keeper = keepers.name(urn=urn, seat=seat, user=user, by=place.officer, at=now)
        keepers.accept(keeper=keeper, passphrase=PASSPHRASES[seat], by=user, at=now)
    urns.open_urn(urn=urn, by=place.officer, at=now)
    filled = _votes(urn, people[1], ballots)
    bulk.analyze()
    urns.close(urn=urn, by=place.officer, at=now)
    return filled


def _votes(urn: Urn, keeper: User, ballots: int) -> Filled:
    """Insert the codes, and the votes sealed as `cast` seals them."""
    pools = list(urn.pools.order_by("pk").values_list("pk", flat=True))
    drawn = np.random.default_rng(1).integers(1, 5, (ballots, QUESTIONS)).astype(np.uint8)
    hashes = [codes.digest(codes.new_code()) for _ in range(ballots)]
    where = [pools[n % len(pools)] for n in range(ballots)]
    first, second = (bytes(keeper.public_key or b"") for keeper in urn.keepers.order_by("seat"))

    def sealed() -> Iterator[tuple[str, bytes]]:
        for number, digest in enumerate(hashes):
            comment = "" if number % EVERY else COMMENT
            ballot = paper.Ballot(drawn[number].tobytes(), comment, codes.new_receipt())
            text = paper.pack(ballot, questions=QUESTIONS, comment_limit=urn.comment_limit)
            yield digest, boxes.seal(text, (first, second), context=digest.encode())

    bulk.insert(
        Code, ("code_hash", "pool", "is_void"), ((h, p, False) for h, p in zip(hashes, where, strict=True))
    )
    bulk.insert(Vote, ("code_hash", "sealed"), sealed())
    counts = np.zeros((len(pools), QUESTIONS, 4), np.int32)
    place = np.arange(ballots) % len(pools)
    for answer in range(4):
        np.add.at(counts[:, :, answer], place, drawn == answer + 1)
    return Filled(urn, keeper, counts, len(range(0, ballots, EVERY)))


def measure(filled: Filled, ballots: int, environment: dict[str, str]) -> list[Measurement]:
    """Mix in a child process, and compare what came out with what was put in."""
    took, before, after = json.loads(_child(filled, environment))
    found = mixed.counts(filled.urn)
    errors = int((found.table != filled.counts).sum()) if len(found.pools) == len(filled.counts) else ballots
    errors += abs(MixedComment.objects.count() - filled.comments) + Vote.objects.count()
    errors += Pool.objects.filter(urn=filled.urn, is_withheld=True).count()
    lost = ballots - min(MixedAnswer.objects.count(), Receipt.objects.filter(is_counted=True).count())
    detail = {"pools": len(filled.counts), "questions": QUESTIONS, "memory_before_mb": before / 1024}
    return [
        Measurement(f"ballots.mix.{ballots}", took, "s", errors, lost, detail=detail),
        Measurement(f"ballots.mix.{ballots}.peak_memory", after / 1024, "MB"),
    ]


def _child(filled: Filled, environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(filled.urn.pk), str(filled.keeper.pk)],
        input=json.dumps(PASSPHRASES),
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def run(server: Any, ballots: int, fresh: Any) -> list[Measurement]:
    """Measure the mix of so many ballots in a database of its own."""
    with fresh(server) as database:
        start = time.perf_counter()
        filled = fill(ballots)
        report.say(f"mixing: {ballots} votes sealed in {time.perf_counter() - start:.0f} s")
        found = measure(filled, ballots, database.environment)
    report.say(f"mixing: {found[0].value:.3g} s, {found[1].value:.0f} MB at most")
    return found
