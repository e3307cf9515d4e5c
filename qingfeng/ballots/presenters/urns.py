"""Words of an urn's page: how far it is, what comes next, who may do it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone

from qingfeng.accounts.models import User
from qingfeng.ballots import rules, states
from qingfeng.ballots.enums import UrnState
from qingfeng.ballots.models import SEATS, Keeper, Urn
from qingfeng.core.listing import Column
from qingfeng.core.rules import Rule
from qingfeng.workflow import engine
from qingfeng.workflow.transitions import Transition

COLUMNS = (
    Column("title", "名称", lambda urn: urn.title, ("title",)),
    Column("state", "状态", lambda urn: urn.get_state_display(), ("state",)),
    Column("questions", "题数", lambda urn: len(urn.questions), numeric=True),
    Column("closes", "投票截止", lambda urn: urn.closes_on, ("closes_on",)),
    Column("prepared", "建立", lambda urn: timezone.localtime(urn.prepared_at).date(), ("prepared_at",)),
)
WAYS = ("指定保管人、设置口令", "启用票箱", "投票", "截止", "开箱混票")
PLACE = {UrnState.PREPARING: 0, UrnState.OPEN: 2, UrnState.CLOSED: 4, UrnState.MIXED: 5}
TITLES = {
    UrnState.OPEN: "正在投票，票箱封着",
    UrnState.CLOSED: "投票已截止，等两位保管人开箱",
    UrnState.MIXED: "已开箱，选票已打乱，谁投的再也查不出",
    UrnState.VOID: "票箱已作废，选票没有打开就销毁了",
    UrnState.LOST: "口令遗失，选票打不开，已销毁",
}


@dataclass(frozen=True)
class Step:
    """A step on the page: what it is called, where it is taken, and why it cannot be."""

    label: str
    url: str
    why: str = ""


def list_title(rows: Sequence[Urn]) -> str:
    """Return the sentence of the list."""
    running = sum(urn.state == UrnState.OPEN for urn in rows)
    waiting = sum(urn.state == UrnState.CLOSED for urn in rows)
    if running or waiting:
        parts = [f"{running} 个票箱正在投票" if running else "", f"{waiting} 个等着开箱" if waiting else ""]
        return "，".join(part for part in parts if part)
    return "没有正在投票的票箱"


def title(urn: Urn, keepers: Sequence[Keeper]) -> str:
    """Return the sentence of an urn's page."""
    if urn.state != UrnState.PREPARING:
        return TITLES[UrnState(urn.state)]
    if len(keepers) < len(SEATS):
        return "票箱还没有启用，先指定两位保管人"
    waiting = [keeper.user.name for keeper in keepers if keeper.accepted_at is None]
    return f"等{'、'.join(waiting)}设置口令" if waiting else "可以启用票箱了"


def steps(urn: Urn, keepers: Sequence[Keeper]) -> list[tuple[str, str]]:
    """Return the way of an urn with what is done of it; a discarded urn has none."""
    if urn.state not in PLACE:
        return []
    place = PLACE[UrnState(urn.state)]
    ready = sum(keeper.accepted_at is not None for keeper in keepers) == len(SEATS)
    if urn.state == UrnState.PREPARING and ready:
        place = 1
    return [
        (name, "done" if number < place else "now" if number == place else "later")
        for number, name in enumerate(WAYS)
    ]


def _to(name: str, urn: Urn) -> str:
    return reverse(f"ballots:{name}", args=[urn.pk])


def _step(urn: Urn, user: User, name: str, transition: Transition, rule: Rule) -> Step:
    return Step(transition.label, _to(name, urn), engine.why_not(urn, transition, rule, user))


def next_step(user: User, urn: Urn, keepers: Sequence[Keeper]) -> Step | None:
    """Return the one step that carries the urn on, for this person."""
    own = next((keeper for keeper in keepers if keeper.user_id == user.pk), None)
    if urn.state == UrnState.PREPARING:
        return _preparing(user, urn, keepers, own)
    if urn.state == UrnState.OPEN:
        return _step(urn, user, "close", states.CLOSE, rules.close_urn)
    if urn.state == UrnState.CLOSED:
        return _step(urn, user, "mix", states.MIX, rules.mix_urn)
    return Step("查看公布内容", _to("published", urn)) if urn.state == UrnState.MIXED else None


def _preparing(user: User, urn: Urn, keepers: Sequence[Keeper], own: Keeper | None) -> Step:
    if own is not None:
        return Step("设置口令" if own.accepted_at is None else "换一个口令", _to("passphrase", urn))
    if len(keepers) < len(SEATS):
        return Step("指定保管人", _to("keepers", urn), rules.arrange_urn.why_not(user, urn))
    why = "" if all(keeper.accepted_at for keeper in keepers) else "两位保管人都设置口令之后才能启用"
    found = _step(urn, user, "open", states.OPEN, rules.open_urn)
    return Step(found.label, found.url, found.why or why)


def other_steps(user: User, urn: Urn, keepers: Sequence[Keeper]) -> list[Step]:
    """Return the quiet steps that this person may take now."""
    found: list[Step] = []
    if urn.state == UrnState.PREPARING and len(keepers) == len(SEATS):
        found.append(Step("改换保管人", _to("keepers", urn), rules.arrange_urn.why_not(user, urn)))
    own = any(keeper.user_id == user.pk and keeper.wrapped_key for keeper in keepers)
    if own and urn.state in {UrnState.OPEN, UrnState.CLOSED}:
        found.append(Step("试一试口令", _to("try", urn)))
    if urn.state in states.VOID.from_:
        found.append(Step("作废票箱", _to("void", urn), rules.discard_urn.why_not(user, urn)))
    if urn.state in states.LOSE.from_:
        found.append(Step("登记口令遗失", _to("lost", urn), rules.discard_urn.why_not(user, urn)))
    return [step for step in found if not step.why]


def keeper_rows(keepers: Sequence[Keeper]) -> list[dict[str, Any]]:
    """Return who keeps which seat and since when, or that nobody does yet."""
    by_seat = {keeper.seat: keeper for keeper in keepers}
    names = {1: "第一保管人", 2: "第二保管人"}
    return [{"seat": names[seat], "keeper": by_seat.get(seat)} for seat in SEATS]
