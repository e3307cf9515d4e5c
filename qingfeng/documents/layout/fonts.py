"""The faces of an official document, and which of them a machine lacks."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class Fonts:
    """Name the five faces of GB/T 9704-2012 as WPS and Word list them."""

    mark: str = "方正小标宋简体"
    title: str = "方正小标宋简体"
    body: str = "仿宋_GB2312"
    second: str = "楷体_GB2312"
    first: str = "黑体"
    number: str = "宋体"

    def names(self) -> tuple[str, ...]:
        """List every face once, in the order in which a document uses them."""
        return tuple(dict.fromkeys(getattr(self, field.name) for field in fields(self)))


STANDARD = Fonts()

# What a preview shows instead: free faces, serif for serif, and the weight that comes nearest.
PREVIEW_FACES = {
    "方正小标宋简体": ("Noto Serif CJK SC", "bold"),
    "仿宋_GB2312": ("Noto Serif CJK SC", "regular"),
    "楷体_GB2312": ("Noto Serif CJK SC", "medium"),
    "黑体": ("Noto Sans CJK SC", "medium"),
    "宋体": ("Noto Serif CJK SC", "regular"),
}


def installed() -> frozenset[str]:
    """List the font families of this machine; empty where fontconfig is missing."""
    program = shutil.which("fc-list")
    if program is None:
        return frozenset()
    listing = subprocess.run(  # noqa: S603 - a fixed program, fixed arguments
        [program, ":", "family"], capture_output=True, text=True, check=False, timeout=30
    )
    names = (name.strip() for line in listing.stdout.splitlines() for name in line.split(","))
    return frozenset(name for name in names if name)


def warnings(fonts: Fonts = STANDARD, *, available: frozenset[str]) -> tuple[str, ...]:
    """Word one warning for each face that a conversion on this machine would replace."""
    return tuple(
        f"本机没有“{name}”字体，转换时以“{PREVIEW_FACES.get(name, ('默认字体', ''))[0]}”代替，"
        "版面仅供预览，正式印制请在装有该字体的电脑上用 WPS 或 Word 打开。"
        for name in fonts.names()
        if name not in available
    )
