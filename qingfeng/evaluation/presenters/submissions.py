"""What a unit's own page says: what to do, how much, until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from qingfeng.evaluation.enums import EvidenceState, SubmissionState
from qingfeng.evaluation.models.submissions import EvidenceItem, Submission
from qingfeng.evaluation.presenters.words import days_left, month_day
from qingfeng.evaluation.scoring.scheme import Indicator

EDITABLE = frozenset({SubmissionState.DRAFTING, SubmissionState.RETURNED})


@dataclass(frozen=True)
class Line:
    """One indicator that asks for evidence, and what the unit has offered."""

    indicator: Indicator
    item: EvidenceItem | None
    files: int = 0
    is_signed: bool = False
    proposal: str = ""
    """What the unit handed in last quarter, where nothing is written yet: to be confirmed, not written."""

    @property
    def is_written(self) -> bool:
        return self.item is not None and bool(self.item.text or self.files)

    @property
    def is_returned(self) -> bool:
        return self.item is not None and self.item.state == EvidenceState.RETURNED

    @property
    def state(self) -> tuple[str, str]:
        """Return the word and the tone of its tag."""
        if self.item is None or not self.is_written:
            waiting = ("待确认", "info") if self.proposal else ("还没写", "")
            return ("未报材料", "bad") if self.is_signed else waiting
        if self.item.state == EvidenceState.RETURNED:
            return ("退回补正", "bad")
        if self.item.state == EvidenceState.ACCEPTED:
            return ("已采纳", "good")
        if self.is_signed:
            return ("待审核", "info")
        return ("沿用上季", "good") if self.item.carried_over else ("已写", "good")


@dataclass(frozen=True)
class SubmissionPage:
    """The page of one submission, for the person who looks at it."""

    submission: Submission
    wanted: Sequence[Indicator]
    items: Mapping[str, EvidenceItem]
    file_counts: Mapping[int, int]
    today: dt.date
    is_own: bool
    is_head: bool
    is_liaison: bool
    is_open: bool
    earlier: Mapping[str, str] = field(default_factory=dict)
    """What the unit handed in last quarter, by indicator."""
    is_roomy: bool = field(default=False)

    @cached_property
    def lines(self) -> list[Line]:
        found = []
        for indicator in self.wanted:
            item = self.items.get(indicator.code)
            files = self.file_counts.get(item.pk, 0) if item else 0
            is_new = item is None and self.is_editable
            proposal = self.earlier.get(indicator.code, "") if is_new else ""
            found.append(Line(indicator, item, files, self.is_signed, proposal))
        return found

    @property
    def is_signed(self) -> bool:
        return self.submission.state == SubmissionState.SIGNED

    @property
    def is_editable(self) -> bool:
        return self.is_own and self.is_open and self.submission.state in EDITABLE

    @cached_property
    def returned(self) -> list[Line]:
        return [line for line in self.lines if line.is_returned]

    @cached_property
    def gaps(self) -> list[Line]:
        return [line for line in self.lines if not line.is_written]

    @cached_property
    def proposals(self) -> list[Line]:
        """Return the items of last quarter that wait for a word of the unit."""
        return [line for line in self.lines if line.proposal]

    @property
    def written(self) -> int:
        return len(self.lines) - len(self.gaps)

    @property
    def has_report(self) -> bool:
        return bool(self.submission.self_report.strip())

    @property
    def due(self) -> dt.date:
        """Return the day by which something is due from the unit."""
        if self.is_signed and self.returned:
            dates = [line.item.return_due_on for line in self.returned if line.item]
            return min((date for date in dates if date), default=self.submission.round_unit.round.submit_by)
        return self.submission.return_due_on or self.submission.round_unit.round.submit_by

    @property
    def days_left(self) -> int | None:
        return days_left(self.due, self.today)

    @property
    def is_done(self) -> bool:
        return (self.is_signed and not self.returned) or not self.is_open

    @property
    def title(self) -> str:
        return self._own_title if self.is_own else self._others_title

    @property
    def _own_title(self) -> str:
        if not self.is_open:
            return (
                "材料已报送，本轮填报已经结束" if self.is_signed else "本轮填报已经结束，本单位没有完成报送"
            )
        if self.is_signed:
            return self._signed_title
        if self.submission.state == SubmissionState.SUBMITTED:
            return self._waiting_title
        if self.submission.state == SubmissionState.RETURNED:
            who = "党风室退回了报送" if self.submission.return_due_on else "负责人退回修改"
            return f"{who}，请在 {month_day(self.due)}前改好再提交"
        return self._drafting_title

    @property
    def _signed_title(self) -> str:
        if self.returned:
            return f"有 {len(self.returned)} 项材料被退回，请在 {month_day(self.due)}前补正"
        return f"{self.written} 项材料已报送，现在不用再做什么"

    @property
    def _waiting_title(self) -> str:
        if self.is_head:
            return f"请审签：自评报告和 {self.written} 项材料"
        return "已经提交，等本单位负责人审签"

    @property
    def _drafting_title(self) -> str:
        left = len(self.gaps)
        if not left and self.has_report:
            return f"{len(self.lines)} 项材料都写好了，可以提交审签"
        todo = self._todo(left) if left else "还没写自评报告"
        return f"请在 {month_day(self.due)}前报送 {len(self.lines)} 项材料，{todo}"

    def _todo(self, left: int) -> str:
        known = len(self.proposals)
        if not known:
            return f"还有 {left} 项没写"
        fresh = left - known
        rest = f"，{fresh} 项要写" if fresh else ""
        return f"{known} 项上季报过、确认有没有变化就行{rest}"

    @property
    def _others_title(self) -> str:
        unit = self.submission.round_unit.short_name
        state = self.submission.get_state_display()
        return f"{unit}{state}，{len(self.lines)} 项材料写了 {self.written} 项"

    @property
    def steps(self) -> list[tuple[str, str, str]]:
        """Return the four steps with where the unit stands."""
        handed_in = self.submission.state in {SubmissionState.SUBMITTED, SubmissionState.SIGNED}
        done = [self.has_report, not self.gaps or handed_in, handed_in, self.is_signed]
        now = next((place for place, step in enumerate(done) if not step), len(done))
        names = ("写自评", f"写材料 {self.written}/{len(self.lines)}", "交负责人", "审签报送")
        states = ["done" if step else "now" if place == now else "later" for place, step in enumerate(done)]
        return [(name, state, "") for name, state in zip(names, states, strict=True)]


@dataclass(frozen=True)
class EvidencePage:
    """The page of one indicator's evidence."""

    page: SubmissionPage
    line: Line

    @property
    def place(self) -> int:
        return self.page.lines.index(self.line) + 1

    @property
    def previous(self) -> Line | None:
        return self.page.lines[self.place - 2] if self.place > 1 else None

    @property
    def next(self) -> Line | None:
        return self.page.lines[self.place] if self.place < len(self.page.lines) else None

    @property
    def is_editable(self) -> bool:
        """Say whether the unit may write: before sign-off everything, afterwards what was returned."""
        answers = self.page.is_own and self.page.is_open and self.page.is_signed and self.line.is_returned
        return self.page.is_editable or answers

    @property
    def why_not(self) -> str:
        if self.is_editable or not self.page.is_own:
            return ""
        if not self.page.is_open:
            return "本轮填报已经结束，材料不能再改。"
        if self.page.is_signed:
            return "材料已经报送。需要修改的，请评分部门退回这一项。"
        return "材料正在等负责人审签，不能修改。要改的，请负责人退回。"
