"""Ballots over HTTP: the server as in production, eight voters at once, the load on the same cores."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import IO

from django.conf import settings
from django.db import connection

from bench import bulk, report, voters
from bench import city as cities
from bench.report import Measurement
from qingfeng.accounts.models import Grant, User
from qingfeng.ballots.actions import codes, keepers, mixing, urns
from qingfeng.ballots.forms import voting as forms
from qingfeng.ballots.models import MixedAnswer, Receipt, Urn
from qingfeng.ballots.queries import voting
from qingfeng.ballots.sealing import codes as receipts
from qingfeng.core import clock
from qingfeng.core.references import Reference
from qingfeng.core.roles import Role
from tests.plumbing import cluster as clusters

QUESTIONS = 36
COMMENT = "请多到村里走走，办事再快一点。"
PASSPHRASES = ("青山绿水 共此一箱 票不轻开 A", "江河入海 各守一锁 缺一不可 B")
POST_RATE, BOTH_RATE, ALIKE = 300, 150, 0.8
ANSWERS = ("满意", "基本满意", "不满意", "不了解")
Fresh = Callable[[clusters.Cluster], AbstractContextManager[object]]


@dataclass
class Booth:
    """An open urn with its codes, and the ballots that went in with thanks."""

    urn: Urn
    officer: User
    holders: list[User]
    codes: list[str]
    given: list[str] = field(default_factory=list)


def run(server: clusters.Cluster, count: int, fresh: Fresh) -> list[Measurement]:
    """Measure posting alone, and page and post, on one unit and on sixty, each in a database of its own."""
    found: list[Measurement] = []
    for way, target in (("post", POST_RATE), ("page_and_post", BOTH_RATE)):
        made = []
        for units in (60, 1):
            with fresh(server):
                made.append(_measure(server, way, units, count, target))
        sixty, one = made
        one.ratio_to, one.ratio = sixty.name, one.value / sixty.value
        one.target += f", ≥ {ALIKE} × 60 units"
        one.met = bool(one.met) and one.ratio >= ALIKE
        found += [one, sixty]
    return found


def _measure(server: clusters.Cluster, way: str, units: int, count: int, target: int) -> Measurement:
    name = f"ballot_{way}_{'one_unit' if units == 1 else f'{units}_units'}"
    report.say(f"{name}: {count} ballots")
    booth = prepare(units, count)
    url = server.url(str(connection.settings_dict["NAME"]))
    load = os.getloadavg()[0]
    with served(url) as address:
        host = f"{address[0]}:{address[1]}"
        voters.run(address, [warm(host) for _ in range(400)])
        ready = list(errands(booth, way, host))
        outcome = voters.run(address, ready)
    lost = count_lost(booth)
    met = outcome.errors == 0 and lost == 0 and outcome.rate >= target
    measured = Measurement(
        name, outcome.rate, "ballots/s", outcome.errors, lost, target=f"≥ {target}/s", met=met
    )
    measured.detail = {
        "p50_ms": round(1000 * outcome.percentile(0.5), 2),
        "p95_ms": round(1000 * outcome.percentile(0.95), 2),
        "ballots": count,
        "voters_at_once": voters.AT_ONCE,
        "load_before": round(load, 2),
    }
    return measured


def prepare(units: int, count: int) -> Booth:
    """Open an urn by the platform's own actions, with codes for so many voters over so many units."""
    place = cities.found(units)
    people = [_keeper(place.people[Role.OFFICE], number) for number in (1, 2)]
    now, by = clock.now(), place.officer
    sizes = [count // units + (n < count % units) for n in range(units)]
    urn = urns.prepare(
        subject=Reference("round", 1),
        title="2026 年第四季度政治生态评价",
        questions=[
            urns.QuestionDraft(f"Q{n}", f"单位落实第 {n} 项规定和要求的情况") for n in range(1, QUESTIONS + 1)
        ],
        answers=[urns.AnswerDraft(str(n), label, n < 4) for n, label in enumerate(ANSWERS, start=1)],
        pools=[
            urns.PoolDraft(unit, "staff", "干部职工", size)
            for unit, size in zip(place.units, sizes, strict=True)
        ],
        minimum=5,
        by=by,
        at=now,
    )
    for seat, (user, passphrase) in enumerate(zip(people, PASSPHRASES, strict=True), start=1):
        keeper = keepers.name(urn=urn, seat=seat, user=user, by=by, at=now)
        keepers.accept(keeper=keeper, passphrase=passphrase, by=user, at=now)
    urn = urns.open_urn(urn=urn, by=by, at=now)
    printed = [
        codes.issue(pool=pool, count=pool.size, by=by, at=now)
        for pool in urn.pools.select_related("urn").order_by("pk")
    ]
    turns = [code for row in zip(*printed, strict=False) for code in row]  # the units in turns, as they come
    bulk.analyze()
    return Booth(urn, by, people, turns)


def _keeper(pattern: User, number: int) -> User:
    user = User.objects.create(
        username=f"bench.keeper{number}", name=f"保管{number}", password_changed_at=clock.now()
    )
    Grant.objects.create(user=user, role=Role.CASE_OFFICE, starts_on=dt.date(2020, 1, 1), reason="任职文件")
    return user


def answers() -> dict[str, str]:
    return {f"{forms.ANSWER}Q{n}": str(1 + secrets.randbelow(4)) for n in range(1, QUESTIONS + 1)} | {
        "comment": COMMENT
    }


def warm(host: str) -> voters.Errand:
    """Ask for a page that needs nothing, so that the processes are awake."""
    answer = yield voters.get(host, "/b/")
    return answer.status == 200


def errands(booth: Booth, way: str, host: str) -> Iterator[voters.Errand]:
    """Make ready what each voter sends; for posting alone the papers are filled in beforehand."""
    for code in booth.codes:
        fields = {"code": code, **answers()}
        if way == "post":
            receipt, found = receipts.new_receipt(), voting.paper(code)
            paper = found.asked.name if found else ""
            seal = forms.seal_of(code, receipt, paper)
            fields |= {"receipt": receipt, "paper": paper, "seal": seal}
            booth.given.append(receipt)
            yield voters.vote(voters.post(host, "/b/cast/", fields), receipt)
        else:
            page = voters.get(host, f"/b/{code}/")
            yield voters.open_and_vote(host, page, fields, "/b/cast/", keep=booth.given)


def count_lost(booth: Booth) -> int:
    """Close and mix the urn, and count the ballots that were thanked for and are not in the mixed tables."""
    now = clock.now()
    urns.close(urn=booth.urn, by=booth.officer, at=now)
    passphrases = dict(enumerate(PASSPHRASES, start=1))
    mixing.mix(urn=booth.urn, passphrases=passphrases, by=booth.holders[0], at=now)
    there = set(Receipt.objects.filter(urn=booth.urn).values_list("text", flat=True))
    rows = MixedAnswer.objects.filter(pool__urn=booth.urn).count()
    return max(sum(receipt not in there for receipt in booth.given), len(booth.given) - rows)


@contextlib.contextmanager
def served(url: str, *, log: IO[bytes] | None = None, **more: str) -> Iterator[tuple[str, int]]:
    """Start granian with two workers of four threads on the database; stop it at the end."""
    port = _free_port()
    environment = {**os.environ, "DATABASE_URL": url, "QINGFENG_HOSTS": "127.0.0.1", **more}
    command = [
        *(sys.executable, "-m", "granian", "config.wsgi:application", "--interface", "wsgi"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", "2", "--blocking-threads", "4"),
        *("--backpressure", "64", "--log-level", "warning"),
    ]
    child = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log)
    try:
        _wait(f"http://127.0.0.1:{port}/b/", child)
        yield "127.0.0.1", port
    finally:
        child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(15)
        child.kill()


def _wait(url: str, child: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + 60
    while child.poll() is None and time.monotonic() < limit:
        with (
            contextlib.suppress(urllib.error.URLError, OSError),
            urllib.request.urlopen(url, timeout=2) as answer,
        ):
            if answer.status == 200:
                return
        time.sleep(0.2)
    raise RuntimeError("the web server did not start")


def _free_port() -> int:
    with voters.SOCKET() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
