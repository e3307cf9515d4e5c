"""What the guards read: the project's own files, parsed once."""

from __future__ import annotations

import ast
import functools
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@functools.cache
def tracked(*suffixes: str) -> tuple[Path, ...]:
    """Return the files git knows or would add (not the ignored ones) with one of the endings."""
    out = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    paths = (ROOT / line for line in out.splitlines())
    return tuple(path for path in paths if path.suffix in suffixes and path.exists())


def modules(*parts: str) -> Iterator[Path]:
    """Yield the Python files below a folder of the root, without migrations."""
    base = ROOT.joinpath(*parts)
    for path in tracked(".py"):
        if path.is_relative_to(base) and "migrations" not in path.parts:
            yield path


@functools.cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def where(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}:{line}"
