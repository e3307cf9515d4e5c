"""The declaration of a workbook that people fill: its sheets, their columns, and what each cell must be.

One declaration serves the template, the reader with its fault list, and the export that reads back unchanged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any


class Kind(Enum):
    """What a cell holds, with the word shown on the explanation sheet."""

    TEXT = "文字"
    NAME = "姓名"
    CODE = "编码"
    DATE = "日期"
    INTEGER = "整数"
    DECIMAL = "数字"
    YES_NO = "是或否"
    CHOICE = "选项"


@dataclass(frozen=True)
class Column:
    """A column: the key the code reads it by, its heading, and what is accepted in it.

    `choices` are (stored value, label) pairs; both are accepted, the label is written. `low` and `high` bound
    a number, both inclusive. `help` is one sentence for the explanation sheet.
    """

    key: str
    label: str
    kind: Kind = Kind.TEXT
    required: bool = False
    choices: Sequence[tuple[str, str]] = ()
    max_length: int = 200
    low: Decimal | int | None = None
    high: Decimal | int | None = None
    help: str = ""
    width: int = 16


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, its columns, and filled rows for the example sheet."""

    name: str
    columns: Sequence[Column]
    required: bool = True
    examples: Sequence[Mapping[str, Any]] = ()
    help: str = ""
    by_key: Mapping[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {column.key: column for column in self.columns})


@dataclass(frozen=True)
class Limits:
    """How large a workbook may be before it is refused unread."""

    bytes: int = 10 * 1024 * 1024
    unpacked: int = 200 * 1024 * 1024
    parts: int = 2_000
    rows: int = 20_000
    columns: int = 200
