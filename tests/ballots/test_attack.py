"""The operator with the whole database and every log joins voters with ballots no better than by chance.

Real server, full middleware, eight voters at once, PostgreSQL. The same attack must break three naive ways of
keeping the ballots, planted beside the urn and filled by the same traffic, or it proves nothing.

"No better than by chance": each method's hits stay within a binomial bound that blind guessing exceeds with a
probability of ERROR divided by the number of all guesses, so that one run in a million fails for nothing.
(The hits of a random order scatter as a binomial's up to terms of 1/n.)
"""

from __future__ import annotations

import contextlib
import hashlib
import random
import secrets
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from bench import ballots as bench
from bench import voters
from qingfeng.ballots.forms.voting import ANSWER
from qingfeng.ballots.models import MixedAnswer, MixedComment, Receipt, Vote
from qingfeng.ballots.sealing import codes
from tests.ballots import attack, planted, stories
from tests.ballots.attack import Known, Row, Tables
from tests.plumbing import cluster as clusters
from tests.plumbing import databases

pytestmark = [pytest.mark.postgres, pytest.mark.server]
UNITS, EACH, QUESTIONS = 2, 300, 36
ERROR = 1e-6
TARGETS = 3 + UNITS * QUESTIONS
"""Columns that are attacked: comments of each unit, receipts, each question of each unit."""
RECOVERED = 0.99
TWICE = 20
"""Every so many voters click twice: what a database logs of a refused second row would be a clue."""
CHOICES = ("good", "fair", "bad", "unknown")


@dataclass
class Evidence:
    """What the operator has, and in `truth` what the voters really did, by code hash: to score him by."""

    known: list[Known]
    pools: Mapping[str, int]
    before: Tables
    after: Tables
    held: Mapping[str, Mapping[str, Row]]
    log: str
    planted_log: str
    answers: Mapping[str, Sequence[int]]
    comments: Mapping[str, str]
    receipts: Mapping[str, str]


class Traffic:
    """Every voter's errand, with what he wrote and when he was done."""

    def __init__(self, hall: stories.Hall, host: str) -> None:
        self.hall, self.host = hall, host
        self.known: list[Known] = []
        self.pools: dict[str, int] = {}
        self.answers: dict[str, list[int]] = {}
        self.comments: dict[str, str] = {}
        self.receipts: dict[str, str] = {}
        self.again: list[voters.Errand] = []

    def errands(self) -> list[voters.Errand]:
        every = [(pool.pk, code) for pool in self.hall.pools for code in self.hall.codes[pool.pk]]
        random.SystemRandom().shuffle(every)
        return [self._errand(pool, code, number) for number, (pool, code) in enumerate(every)]

    def _errand(self, pool: int, code: str, number: int) -> voters.Errand:
        digest = codes.digest(code)
        places = [secrets.randbelow(len(CHOICES)) for _ in range(QUESTIONS)]
        comment = f"意见{secrets.token_hex(8)}"
        self.pools[digest], self.comments[digest] = pool, comment
        self.answers[digest] = [place + 1 for place in places]
        fields = {f"{ANSWER}q{n}": CHOICES[place] for n, place in enumerate(places, start=1)}
        fields |= {"code": code, "comment": comment}
        kept: list[str] = []
        page = voters.get(self.host, f"/b/{code}/", "Cookie: sessionid=abc\r\nUser-Agent: 手机\r\n")
        went_well = yield from voters.open_and_vote(self.host, page, fields, "/b/cast/", keep=kept)
        self.known.append(Known(digest, time.time()))
        self.receipts[digest] = kept[0]
        if number % TWICE == 0:
            yield voters.get(self.host, f"/b/{code}/")
            yield voters.post(self.host, "/b/cast/", {**fields, "receipt": kept[0], "seal": "x"})
        return went_well


@contextlib.contextmanager
def logged(server: clusters.Cluster, name: str) -> Iterator[Callable[[], str]]:
    """Let the database log what a production server logs, and read what it wrote meanwhile."""
    path = Path(server.folder) / "log"
    start = path.stat().st_size

    def written() -> str:
        return path.read_bytes()[start:].decode()

    for setting in ("log_min_messages = 'warning'", "log_min_error_statement = 'error'"):
        server.execute(f'ALTER DATABASE "{name}" SET {setting}')
    yield written


@pytest.fixture(scope="module")
def evidence(
    make_database: Any, django_db_blocker: Any, postgres_cluster: Any, tmp_path_factory: Any
) -> Iterator[Evidence]:
    """Let everybody vote over HTTP, close, mix, and take everything there is."""
    database = make_database("postgres")
    with django_db_blocker.unblock(), databases.switched_to(database):
        yield _gathered(database, postgres_cluster, tmp_path_factory.mktemp("attack"))
        connection.close()


def _gathered(database: databases.Database, server: clusters.Cluster, folder: Path) -> Evidence:
    with connection.cursor() as cursor:
        for table in planted.TABLES:
            cursor.execute(planted.CREATE.format(table))
    hall = stories.opened(units=UNITS, groups=("staff",), size=EACH, questions=QUESTIONS)
    log, naive = folder / "log", folder / "naive.log"
    name = str(connection.settings_dict["NAME"])
    environment = {
        "DJANGO_SETTINGS_MODULE": "tests.ballots.planted",
        "PLANTED_LOG": str(naive),
        "QINGFENG_LOG_LEVEL": "DEBUG",
        "QINGFENG_STATE": str(folder),
        "QINGFENG_PLAIN_STATIC": "1",
        "QINGFENG_SECRET_KEY": "x" * 64,
    }
    with (
        logged(server, name) as database_log,
        log.open("wb") as file,
        bench.served(database.url, log=file, **environment) as address,
    ):
        traffic = Traffic(hall, f"{address[0]}:{address[1]}")
        outcome = voters.run(address, traffic.errands())
        texts = database_log()
    assert outcome.errors == 0
    _plant_keyed(traffic)
    before = attack.take(database.url)
    stories.mixed(stories.closed(hall))
    after = attack.take(database.url)
    held = {f"{when}.{table}": rows for when, tables in (("before", before), ("after", after))
            for table, rows in attack.clues(tables, traffic.known).items()}  # fmt: skip
    return Evidence(
        traffic.known, traffic.pools, before, after, held, texts + log.read_text("utf-8"),
        naive.read_text("utf-8"), traffic.answers, traffic.comments, traffic.receipts,
    )  # fmt: skip


def _plant_keyed(traffic: Traffic) -> None:
    """Keep ballots in random order under keys made of the codes' hashes."""
    for digest in random.SystemRandom().sample(list(traffic.comments), len(traffic.comments)):
        key = uuid.UUID(hashlib.sha256(digest.encode()).hexdigest()[:32])
        planted.keep("planted_keyed", traffic.comments[digest], key)


def best(guesses: Iterator[attack.Guess], truth: Mapping[str, Any]) -> tuple[float, str]:
    """Return the share of voters that the best method recovers, and the method."""
    found = [(attack.hits(guess, truth) / len(truth), guess.method) for guess in guesses]
    return max(found)


def beyond_chance(
    guesses: Iterator[attack.Guess], truth: Mapping[str, Any], share: Callable[[attack.Guess], float]
) -> list[str]:
    """Return the methods that did better than blind guessing."""
    tried = list(guesses)
    found = []
    for guess in tried:
        most = attack.most_by_chance(len(truth), share(guess), ERROR / (TARGETS * len(tried)))
        count = attack.hits(guess, truth)
        if count > most:
            found.append(f"{guess.method}: {count} of {len(truth)}, by chance at most {most}")
    return found


def comment_of(row: Row) -> Any:
    return row.values["comment"]


@pytest.mark.parametrize("table", planted.TABLES)
def test_attack_breaks_each_naive_way_of_keeping_ballots(evidence: Evidence, table: str) -> None:
    rows = evidence.after[table]

    recovered, method = best(
        attack.attack(evidence.known, evidence.held, rows, comment_of), evidence.comments
    )

    assert recovered >= RECOVERED, method


def test_attack_breaks_a_log_that_has_a_line_a_ballot(evidence: Evidence) -> None:
    lines = attack.lines_of(evidence.planted_log)
    truth = {digest: f"INFO planted {comment}" for digest, comment in evidence.comments.items()}

    recovered, method = best(
        attack.attack(evidence.known, evidence.held, lines, lambda row: row.values["text"]), truth
    )

    assert recovered >= RECOVERED, method


def test_everybody_voted_and_all_was_mixed(evidence: Evidence) -> None:
    """Otherwise the next tests attack nothing."""
    assert len(evidence.known) == UNITS * EACH
    assert {name.rsplit(".", 1)[1] for name in evidence.held} >= {"ballots_code", "ballots_vote"}
    assert len(rows_of(evidence, MixedAnswer)) == UNITS * EACH
    assert len(rows_of(evidence, MixedComment)) == UNITS * EACH
    assert not rows_of(evidence, Vote)


def rows_of(evidence: Evidence, model: Any, tables: Tables | None = None) -> list[Row]:
    return list((tables or evidence.after)[model._meta.db_table])


def of_pool(evidence: Evidence, pool: int) -> list[Known]:
    return [one for one in evidence.known if evidence.pools[one.digest] == pool]


def pools(evidence: Evidence) -> list[int]:
    return sorted(set(evidence.pools.values()))


def test_comments_are_joined_with_voters_no_better_than_by_chance(evidence: Evidence) -> None:
    for pool in pools(evidence):
        known = of_pool(evidence, pool)
        rows = [row for row in rows_of(evidence, MixedComment) if row.values["pool_id"] == pool]
        truth = {one.digest: evidence.comments[one.digest] for one in known}

        guesses = attack.attack(known, evidence.held, rows, lambda row: row.values["text"])

        assert beyond_chance(guesses, truth, lambda guess: guess.width / EACH) == []


def test_receipts_are_joined_with_voters_no_better_than_by_chance(evidence: Evidence) -> None:
    rows, total = rows_of(evidence, Receipt), UNITS * EACH

    guesses = attack.attack(evidence.known, evidence.held, rows, lambda row: row.values["text"])

    assert beyond_chance(guesses, evidence.receipts, lambda guess: guess.width / total) == []


def test_answers_are_joined_with_voters_no_better_than_by_chance(evidence: Evidence) -> None:
    for pool in pools(evidence):
        known = of_pool(evidence, pool)
        rows = [row for row in rows_of(evidence, MixedAnswer) if row.values["pool_id"] == pool]
        guesses = list(
            attack.attack(known, evidence.held, rows, lambda row: bytes(row.values["packed"]), window=0)
        )

        for question in range(QUESTIONS):
            truth = {one.digest: evidence.answers[one.digest][question] for one in known}
            share = sum(list(truth.values()).count(place) ** 2 for place in set(truth.values())) / EACH**2
            told = (_column(guess, question) for guess in guesses)
            assert beyond_chance(told, truth, lambda guess, share=share: share) == []  # type: ignore[misc]


def _column(guess: attack.Guess, question: int) -> attack.Guess:
    """Read one question's answer off the rows that a method gives to each voter."""
    answers = {digest: [row[question] for row in rows] for digest, rows in guess.candidates.items()}
    return attack.Guess(guess.method, answers, guess.width)


def test_no_row_of_the_mixed_answers_is_anybodys_ballot(evidence: Evidence) -> None:
    whole = {bytes(answers) for answers in evidence.answers.values()}
    mixed = {bytes(row.values["packed"]) for row in rows_of(evidence, MixedAnswer)}

    assert whole & mixed == set()


def test_before_the_mix_no_comment_or_receipt_is_readable_and_all_votes_look_alike(
    evidence: Evidence,
) -> None:
    shipped = {name: rows for name, rows in evidence.before.items() if name not in planted.TABLES}
    text = repr([[dict(row.values) for row in rows] for rows in shipped.values()])
    sizes = {len(bytes(row.values["sealed"])) for row in rows_of(evidence, Vote, evidence.before)}

    assert [one for one in (*evidence.comments.values(), *evidence.receipts.values()) if one in text] == []
    assert len(sizes) == 1


def test_logs_hold_no_line_of_the_voting(evidence: Evidence) -> None:
    """The web server logs at DEBUG, the database as shipped; the planted log shows that lines are seen."""
    start, end = min(one.at for one in evidence.known), max(one.at for one in evidence.known)
    tokens = [*evidence.comments.values(), *evidence.receipts.values(), *evidence.pools]

    def told(log: str) -> list[str]:
        moments = [row.values["at"].timestamp() for row in attack.lines_of(log)]
        timed = [str(moment) for moment in moments if start <= moment <= end]
        return timed + [token for token in tokens if token in log]

    assert told(evidence.log) == []
    assert len(told(evidence.planted_log)) >= 2 * UNITS * EACH * RECOVERED


def test_bound_of_chance_is_one() -> None:
    """The binomial bound, against a known tail, and against a blind guesser."""
    assert attack.most_by_chance(10, 0.5, 0.0107) == 9  # ten of ten: 1/1024, nine or more: 11/1024
    assert attack.most_by_chance(10, 0.5, 0.011) == 8
    assert attack.most_by_chance(10, 0.5, 0.06) == 7
    assert attack.most_by_chance(10, 1.0, 0.5) == 10
