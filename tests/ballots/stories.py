"""How an urn comes to each of its states: by the platform's own actions."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from qingfeng.accounts.models import User
from qingfeng.ballots.actions import codes, keepers, mixing, urns, votes
from qingfeng.ballots.models import Keeper, Pool, Urn
from qingfeng.ballots.sealing import codes as sealed_codes
from qingfeng.core.references import Reference
from qingfeng.core.roles import Role
from qingfeng.organizations.models import Unit
from tests import stories
from tests.factories.organizations import UnitFactory

AT = dt.datetime(2026, 3, 25, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
PHRASES = {1: "云溪镇 老街 第七棵 银杏树下", 2: "石桥镇的 清晨 有三只 白鹭飞过"}
ANSWERS = (
    urns.AnswerDraft("good", "满意"),
    urns.AnswerDraft("fair", "基本满意"),
    urns.AnswerDraft("bad", "不满意"),
    urns.AnswerDraft("unknown", "不了解", is_valid=False),
)
SUBJECTS = itertools.count(1)


@dataclass
class Hall:
    """The people of a ballot, its urn, and the codes that were handed out, by pool."""

    officer: User
    leader: User
    keepers: dict[int, User]
    units: list[Unit]
    urn: Urn
    codes: dict[int, list[str]] = field(default_factory=dict)

    @property
    def pools(self) -> list[Pool]:
        return list(self.urn.pools.select_related("unit").order_by("pk"))


def prepared(
    *, units: int = 2, groups: Sequence[str] = ("cadres", "masses"), size: int = 8, questions: int = 3
) -> Hall:
    officer = stories.user_with(Role.CONDUCT_OFFICE, name="党风室经办")
    listed = [UnitFactory.create() for _ in range(units)]
    urn = urns.prepare(
        subject=Reference("round", next(SUBJECTS)),
        title="一季度测评",
        questions=[urns.QuestionDraft(f"q{n}", f"第{n}题") for n in range(1, questions + 1)],
        answers=ANSWERS,
        pools=[urns.PoolDraft(unit, group, f"群体{group}", size) for unit in listed for group in groups],
        minimum=5,
        by=officer,
        at=AT,
    )
    people = {
        1: stories.user_with(Role.OFFICE, name="办公室保管人"),
        2: stories.user_with(Role.CASE_OFFICE, name="案管室保管人"),
    }
    leader = stories.user_with(Role.SECRETARY, name="书记")
    return Hall(officer, leader, people, listed, urn)


def kept(hall: Hall) -> Hall:
    """Let both keepers set their passphrases."""
    for seat, user in hall.keepers.items():
        keeper = keepers.name(urn=hall.urn, seat=seat, user=user, by=hall.officer, at=AT)
        keepers.accept(keeper=keeper, passphrase=PHRASES[seat], by=user, at=AT)
    return hall


def opened(**how: int | Sequence[str]) -> Hall:
    """Return a hall in which people may vote, every person with a code."""
    hall = kept(prepared(**how))  # type: ignore[arg-type]
    for pool in hall.pools:
        hall.codes[pool.pk] = codes.issue(pool=pool, count=pool.size, by=hall.officer, at=AT)
    urns.open_urn(urn=hall.urn, by=hall.officer, at=AT)
    return hall


def answers(urn: Urn, *chosen: str) -> dict[str, str]:
    """Return one answer a question; a single one stands for all."""
    wanted = chosen if len(chosen) == len(urn.questions) else chosen * len(urn.questions)
    return dict(zip(urn.question_codes, wanted, strict=True))


def vote(hall: Hall, pool: Pool, number: int, *chosen: str, comment: str = "") -> str:
    """Let one person of a pool vote; return the receipt."""
    receipt = sealed_codes.new_receipt()
    votes.cast(
        code=hall.codes[pool.pk][number],
        answers=answers(hall.urn, *(chosen or ("good",))),
        comment=comment,
        receipt=receipt,
    )
    return receipt


def vote_all(
    hall: Hall, turnout: Mapping[int, int] | None = None, seed: int = 7
) -> dict[int, list[dict[str, str]]]:
    """Let people of every pool vote at random; return what they chose, pool by pool."""
    dice = random.Random(seed)
    given: dict[int, list[dict[str, str]]] = {}
    for pool in hall.pools:
        count = pool.size if turnout is None else turnout.get(pool.pk, 0)
        for code in hall.codes[pool.pk][:count]:
            chosen = {question: dice.choice(["good", "fair", "bad"]) for question in hall.urn.question_codes}
            votes.cast(code=code, answers=chosen, comment="", receipt=sealed_codes.new_receipt())
            given.setdefault(pool.pk, []).append(chosen)
    return given


def closed(hall: Hall) -> Hall:
    urns.close(urn=hall.urn, by=hall.officer, at=AT)
    return hall


def mixed(hall: Hall) -> Hall:
    mixing.mix(urn=hall.urn, passphrases=PHRASES, by=hall.keepers[1], at=AT)
    return hall


def keeper(hall: Hall, seat: int) -> Keeper:
    return hall.urn.keepers.get(seat=seat)
