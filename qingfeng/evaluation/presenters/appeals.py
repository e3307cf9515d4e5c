"""What the pages of appeals say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qingfeng.core.listing import Column
from qingfeng.evaluation.enums import AppealState, AppealSubject
from qingfeng.evaluation.models.appeals import Appeal, AppealCorrection
from qingfeng.evaluation.presenters.words import minute
from qingfeng.evaluation.queries.changes import Step

TONES = {
    AppealState.DRAFT: "",
    AppealState.FILED: "warn",
    AppealState.REVIEWING: "warn",
    AppealState.GRANTED: "good",
    AppealState.PARTLY: "good",
    AppealState.REJECTED: "",
    AppealState.WITHDRAWN: "",
    AppealState.EXPIRED: "",
}
SEALED = (
    "民主测评是匿名的：每张票的内容从投票起就封存，谁也看不到、改不了。对测评的异议只能请求重新计票，"
    "核对票数是否数对；不能对哪张票怎么投提出异议。"
)

COLUMNS = (
    Column("number", "编号", lambda row: row.number or "未提出", ("number",)),
    Column("unit", "单位", lambda row: row.round_unit.short_name, ("round_unit__position",)),
    Column("title", "申诉的分值", lambda row: row.title, ("indicator", "title")),
    Column("kind", "对象", lambda row: row.get_subject_kind_display(), ("subject_kind",)),
    Column("state", "状态", lambda row: row.get_state_display(), ("state",)),
    Column("filed", "提出时间", lambda row: minute(row.filed_at), ("filed_at",)),
    Column("decided", "决定时间", lambda row: minute(row.decided_at), ("decided_at",)),
)


def tone(appeal: Appeal) -> str:
    return TONES[AppealState(appeal.state)]


def list_title(counts: Mapping[str, int]) -> str:
    """Say how many appeals there are and how many wait."""
    total = sum(counts.values())
    waiting = counts.get(AppealState.FILED, 0) + counts.get(AppealState.REVIEWING, 0)
    if not total:
        return "这一轮还没有申诉"
    return f"{total} 件申诉，{waiting} 件还没有决定" if waiting else f"{total} 件申诉，都已办结"


def title(appeal: Appeal) -> str:
    """Say which appeal it is and where it stands."""
    ends = {
        AppealState.DRAFT: "还没有提出，等负责人签字",
        AppealState.FILED: "已提出，等党风室受理",
        AppealState.REVIEWING: "正在复核",
        AppealState.GRANTED: "已予以更正",
        AppealState.PARTLY: "已部分更正",
        AppealState.REJECTED: "维持原分",
        AppealState.WITHDRAWN: "单位已撤回",
        AppealState.EXPIRED: "期满没有提出",
    }
    name = f"第 {appeal.number} 号申诉" if appeal.number else "申诉"
    return f"{name}{ends[AppealState(appeal.state)]}"


def mark(appeal: Appeal) -> str:
    """Say beside a point what became of the appeal against it."""
    if appeal.state in {AppealState.GRANTED, AppealState.PARTLY}:
        done = "经申诉更正" if appeal.corrected_in_id else "申诉已支持，正在重算"
        return f"{done}（第 {appeal.number} 号）"
    name = f"第 {appeal.number} 号申诉" if appeal.number else "申诉"
    return f"{name}：{appeal.get_state_display()}"


@dataclass(frozen=True)
class AppealPage:
    """One appeal with the point's explanation on one side and the unit's grounds on the other."""

    appeal: Appeal
    corrections: Sequence[AppealCorrection]
    history: Sequence[Step]
    today: dt.date
    deciders: str

    @property
    def title(self) -> str:
        return title(self.appeal)

    @property
    def tone(self) -> str:
        return tone(self.appeal)

    @property
    def is_tally(self) -> bool:
        return self.appeal.subject_kind == AppealSubject.TALLY

    @property
    def sealed(self) -> str:
        return SEALED

    @property
    def comment_words(self) -> str:
        """Say who is asked for the comment, and until when."""
        who = self.appeal.comment_unit.short_name if self.appeal.comment_unit else "经办人"
        due = self.appeal.comment_due_on
        if due is None:
            return "受理以后，请评定这一分的部门作书面说明。"
        late = "，已逾期" if due < self.today else ""
        return f"等{who}作书面说明，{due:%Y-%m-%d} 前交{late}。"

    @property
    def entries(self) -> list[dict[str, Any]]:
        """Tell what happened, newest first."""
        found: list[dict[str, Any]] = [
            {
                "at": minute(step.change.at),
                "what": step.label,
                "who": step.change.who,
                "note": step.change.note,
            }
            for step in self.history
        ]
        first = {"at": minute(self.appeal.written_at), "what": "起草", "who": self.appeal.written_by.name}
        return [*found, first]
