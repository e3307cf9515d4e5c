"""The demo city votes: an urn with two keepers, codes for each group of a unit, ballots, and the mix."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from qingfeng.ballots.actions import codes, keepers, mixing, votes
from qingfeng.ballots.actions import urns as sealed
from qingfeng.ballots.queries import scope
from qingfeng.ballots.sealing.codes import new_receipt
from qingfeng.core import references
from qingfeng.evaluation.actions import urns
from qingfeng.shell.demo import roster, words
from qingfeng.shell.demo.chance import dice, quality
from qingfeng.shell.demo.quarter import Quarter

VOTERS = {"leaders": (4, 7), "staff": (6, 10), "public": (5, 9), "delegates": (3, 7)}
"""How many people of a group are asked about a unit; some groups stay below the minimum."""


def set_up(play: Quarter) -> None:
    """Prepare the round's urn, let two keepers set their passphrases, and let people vote."""
    at = play.calendar.at("opens_on")
    urn: Any = urns.prepare_urn(
        round=play.round, by=play.officer, at=at, closes_on=play.calendar.dates["cutoff_on"]
    )
    for seat, (username, passphrase) in enumerate(roster.KEEPERS.items(), start=1):
        keeper = keepers.name(urn=urn, seat=seat, user=play.people[username], by=play.officer, at=at)
        keepers.accept(keeper=keeper, passphrase=passphrase, by=play.people[username], at=at)
    sizes = {pool.pk: _people(play, pool) for pool in pools(play)}
    sealed.set_sizes(urn=urn, sizes=sizes, by=play.officer, at=at)
    sealed.open_urn(urn=urn, by=play.officer, at=at)


def pools(play: Quarter) -> list[Any]:
    """Return those who are asked about a unit as a group, one after the other."""
    urn: Any = scope.of_subject(references.reference_to(play.round))
    return list(urn.pools.select_related("unit", "urn").order_by("pk")) if urn is not None else []


def vote(play: Quarter, rows: Iterable[Any]) -> None:
    """Hand out the codes of some pools, and let most of those who got one vote."""
    for pool in rows:
        unit, group = pool.unit.code, pool.group
        chosen = dice("answers", play.calendar.name, unit, group)
        good = quality(unit, play.calendar.name)
        made = codes.issue(pool=pool, count=pool.size, by=play.officer, at=play.calendar.at("submit_by"))
        for code in made:
            if chosen.random() < play.calendar.abstention:
                continue
            comment = chosen.choice(words.COMMENTS) if chosen.random() < 0.04 else ""
            answers = _answers(pool, good, chosen)
            votes.cast(code=code, answers=answers, comment=comment, receipt=new_receipt())


def _answers(pool: Any, good: float, chosen: Any) -> dict[str, str]:
    weights = [0.1 + good, 0.4, 0.05 + 0.9 * (1 - good), 0.08]
    found = {}
    for question in pool.urn.questions:
        offered = [answer["code"] for answer in pool.urn.answers_of(question)]
        found[question["code"]] = chosen.choices(offered, weights[: len(offered)])[0]
    return found


def count(play: Quarter) -> None:
    """Close the urn; both keepers come and mix it."""
    at = play.calendar.at("cutoff_on", -1)
    urn: Any = scope.of_subject(references.reference_to(play.round))
    sealed.close(urn=urn, by=play.officer, at=at)
    first = play.people[next(iter(roster.KEEPERS))]
    passphrases = dict(enumerate(roster.KEEPERS.values(), start=1))
    mixing.mix(urn=urn, passphrases=passphrases, by=first, at=at)


def _people(play: Quarter, pool: Any) -> int:
    return dice("voters", play.calendar.name, pool.unit.code, pool.group).randint(*VOTERS[pool.group])
