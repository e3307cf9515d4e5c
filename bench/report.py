"""What was measured: one object a measurement, a table for the eye and a file for the machine."""

from __future__ import annotations

import json
import os
import platform
import sys
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import django
import numpy as np

from qingfeng.core import clock

OUT = Path(__file__).resolve().parent / "out/results.json"


@dataclass
class Measurement:
    """One figure. `errors` and `lost` are counts; `ratio` is the value against `ratio_to`'s value."""

    name: str
    value: float
    unit: str
    errors: int | None = None
    lost: int | None = None
    ratio_to: str = ""
    ratio: float | None = None
    target: str = ""
    met: bool | None = None
    detail: dict[str, Any] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """Return the object as it stands in the file; what does not apply is left out."""
        shown = {"name": self.name, "value": rounded(self.value), "unit": self.unit}
        ratio = None if self.ratio is None else rounded(self.ratio)
        optional = {
            "errors": self.errors,
            "lost": self.lost,
            "ratio_to": self.ratio_to or None,
            "ratio": ratio,
            "target": self.target or None,
            "met": self.met,
            "detail": self.detail or None,
        }
        return shown | {key: value for key, value in optional.items() if value is not None}


def rounded(value: float) -> float:
    """Keep four significant digits: a shared machine gives no more."""
    return float(f"{value:.4g}")


def machine() -> dict[str, Any]:
    """Say what it ran on, and how busy that was."""
    cpu = [line for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    memory = next((line for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), "")
    return {
        "at": clock.now().isoformat(timespec="seconds"),
        "system": platform.platform(),
        "cpu": cpu[0].split(":", 1)[1].strip() if cpu else platform.processor(),
        "cores": os.cpu_count(),
        "memory": memory.partition(":")[2].strip(),
        "load": [round(value, 2) for value in os.getloadavg()],
        "python": platform.python_version(),
        "django": django.get_version(),
        "numpy": np.__version__,
    }


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def write(found: list[Measurement], facts: dict[str, Any], path: Path = OUT) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    plain = {"machine": facts, "measurements": [each.plain() for each in found]}
    path.write_text(json.dumps(plain, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


COLUMNS = ("measurement", "value", "ratio", "target", "errors", "lost", "")


def table(found: list[Measurement]) -> str:
    """Lay the measurements out in columns."""
    rows = [COLUMNS, *(_cells(each) for each in found)]
    widths = [max(_width(row[n]) for row in rows) for n in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    )


def _cells(each: Measurement) -> tuple[str, ...]:
    ratio = "" if each.ratio is None else f"{rounded(each.ratio):g} × {each.ratio_to}"
    met = {None: "", True: "met", False: "MISSED"}[each.met]
    counts = ["" if count is None else str(count) for count in (each.errors, each.lost)]
    return each.name, f"{rounded(each.value):g} {each.unit}", ratio, each.target, *counts, met


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def say(sentence: str) -> None:
    """Tell whoever waits what is being done."""
    sys.stderr.write(f"{sentence}\n")
