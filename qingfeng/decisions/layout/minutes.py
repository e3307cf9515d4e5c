"""The minutes of a meeting (会议纪要) as an official document, out of what was recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from qingfeng.documents.layout import official


@dataclass(frozen=True)
class Item:
    """One item as the minutes tell it."""

    title: str
    office: str
    discussion: str
    result: str
    text: str
    votes: str
    recusals: Sequence[str]
    presider: str
    corrections: Sequence[str]


@dataclass(frozen=True)
class Minutes:
    """Everything that the minutes say."""

    head_name: str
    body_name: str
    year: int
    number: int
    held_at: dt.datetime
    place: str
    chair: str
    chair_note: str
    present: Sequence[str]
    absent: Sequence[str]
    observers: Sequence[str]
    recorder: str
    items: Sequence[Item]
    corrections: Sequence[str]
    office: str

    @property
    def title(self) -> str:
        return f"{self.year}年第{self.number}次常委会会议纪要"


def compose(minutes: Minutes) -> official.OfficialText:
    """Write the minutes as a text that `documents` lays out."""
    day = minutes.held_at.date()
    blocks: list[official.Block] = [official.Paragraph(line) for line in _opening(minutes)]
    for item in minutes.items:
        blocks.append(official.Heading(1, item.title))
        blocks += [official.Paragraph(line) for line in _of_item(item)]
    blocks += [official.Paragraph(f"更正：{line}") for line in minutes.corrections]
    blocks += [official.Paragraph(line) for line in _people(minutes)]
    return official.OfficialText(
        mark=official.Mark((minutes.head_name,), "常委会会议纪要"),
        title=minutes.title,
        blocks=tuple(blocks),
        signed_by=(minutes.body_name,),
        dated=day,
        imprint=official.Imprint(minutes.office, day) if minutes.office else None,
    )


def _opening(minutes: Minutes) -> list[str]:
    at = minutes.held_at
    when = f"{at.year}年{at.month}月{at.day}日{at.hour}时{at.minute:02d}分"
    chair = f"{minutes.chair}同志主持会议"
    if minutes.chair_note:
        chair += f"（{minutes.chair_note}）"
    return [f"{when}，在{minutes.place}召开常委会会议。{chair}。现将会议议定事项纪要如下："]


def _of_item(item: Item) -> list[str]:
    lines = []
    if item.office:
        lines.append(f"会议听取了{item.office}的汇报。")
    if item.recusals:
        lines.append("；".join(item.recusals) + "。")
    if item.presider:
        lines.append(f"本议题由{item.presider}同志主持。")
    lines += [line for line in item.discussion.splitlines() if line.strip()]
    lines.append(f"会议决定：{item.text}")
    lines.append(f"议决结果：{item.result}。{item.votes}")
    lines += [f"更正：{line}" for line in item.corrections]
    return lines


def _people(minutes: Minutes) -> list[str]:
    lines = [f"出席：{'、'.join(minutes.present)}"]
    if minutes.absent:
        lines.append(f"请假和缺席：{'；'.join(minutes.absent)}")
    if minutes.observers:
        lines.append(f"列席：{'、'.join(minutes.observers)}")
    lines.append(f"记录：{minutes.recorder}")
    return lines
