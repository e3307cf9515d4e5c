"""The errors of the house. Each carries a sentence in the user's words."""

from __future__ import annotations

from dataclasses import dataclass


class Denied(Exception):
    """A rule refuses. `sentence` is shown on the page, in the audit book and by the disabled button."""

    def __init__(self, sentence: str, rule: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.rule = rule


class WrongState(Denied):
    """The step does not start from the state the thing is in."""


class Conflict(Exception):
    """Somebody else changed the thing since the page was opened; nothing was overwritten."""

    def __init__(
        self, sentence: str = "您打开页面之后，别人已经修改过这份内容。请刷新后核对，再保存一次。"
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Refused(Exception):
    """The input cannot be accepted, for the reasons given in the user's words."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("；".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True)
class Fault:
    """One fault in a sheet: where it stands, what is there, and what is expected."""

    sheet: str
    row: int
    column: str
    value: str
    expected: str

    def __str__(self) -> str:
        return f"《{self.sheet}》第 {self.row} 行“{self.column}”：{self.expected}"


class FaultyWorkbook(Exception):
    """A workbook has faults; all are listed and nothing was imported."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults
