"""Turn a .docx into a PDF for looking at, by LibreOffice where it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from qingfeng.documents.layout import fonts

SECONDS = 120
_HINT = (
    "本机没有安装 LibreOffice，无法生成预览；请由管理员执行 apt-get install libreoffice-writer，"
    "或下载后用 WPS、Word 查看。"
)


class ConversionFailed(Exception):
    """Say in the user's words why there is no preview."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A PDF, and what in it is not as it will be printed."""

    pdf: bytes
    warnings: tuple[str, ...]


def available() -> bool:
    """Tell whether this machine can make previews."""
    return shutil.which("soffice") is not None


def to_pdf(docx: bytes) -> Preview:
    """Convert a .docx; raises ConversionFailed where LibreOffice is missing, too slow, or gives nothing."""
    program = shutil.which("soffice")
    if program is None:
        raise ConversionFailed(_HINT)
    with tempfile.TemporaryDirectory(prefix="qingfeng-preview-") as name:
        folder = Path(name)
        (folder / "in.docx").write_bytes(docx)
        _run(program, folder)
        made = folder / "in.pdf"
        if not made.exists():
            raise ConversionFailed("未能生成预览，请下载后用 WPS 或 Word 查看。")
        return Preview(made.read_bytes(), fonts.warnings(available=fonts.installed()))


def _run(program: str, folder: Path) -> None:
    (folder / "fonts.conf").write_text(_font_map(folder), encoding="utf-8")
    command = [
        program, "--headless", "--norestore", f"-env:UserInstallation=file://{folder}/profile",
        "--convert-to", "pdf", "--outdir", str(folder), str(folder / "in.docx"),
    ]  # fmt: skip
    environment = os.environ | {"HOME": str(folder), "FONTCONFIG_FILE": str(folder / "fonts.conf")}
    try:
        subprocess.run(  # noqa: S603 - a fixed program on a file that we named
            command, env=environment, check=False, capture_output=True, timeout=SECONDS
        )
    except subprocess.TimeoutExpired as slow:
        raise ConversionFailed(f"生成预览超过 {SECONDS} 秒，已停止。请下载后用 WPS 或 Word 查看。") from slow


def _font_map(folder: Path) -> str:
    """Name a free face for each licensed one that is missing; a face that is installed is used as it is."""
    have = fonts.installed()
    rules = "".join(
        f'<match target="pattern"><test name="family"><string>{name}</string></test>'
        f'<edit name="family" mode="assign" binding="strong"><string>{face}</string></edit>'
        f'<edit name="weight" mode="assign" binding="strong"><const>{weight}</const></edit></match>'
        for name, (face, weight) in fonts.PREVIEW_FACES.items()
        if name not in have
    )
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f'<include ignore_missing="yes">/etc/fonts/fonts.conf</include><cachedir>{folder}/cache</cachedir>'
        f"{rules}</fontconfig>"
    )
