"""What a backup says of itself: every table and file with count, size and SM3. Plain data in and out."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from qingfeng.core.errors import Refused

FORMAT = 1
NAME = "manifest.json"
BLOCK = 1024 * 1024


@dataclass(frozen=True)
class Table:
    """How many rows a table has, and the SM3 of them all in the order of the primary key."""

    rows: int
    sm3: str


@dataclass(frozen=True)
class Contents:
    """What a database holds: the server's words for itself, tables, counters, SM3 of its structure."""

    server: str
    tables: dict[str, Table]
    sequences: dict[str, int]
    structure: str


@dataclass(frozen=True)
class Facts:
    """What else stood in the database at that moment."""

    migrations: list[str]
    audit: dict[str, Any]
    """`sequence` and `digest` of the newest seal, and how many entries there are."""
    files: list[str]
    """The digests of all stored files."""
    open_urns: int


@dataclass(frozen=True)
class File:
    """Size in bytes and SM3 of a file of the backup."""

    size: int
    sm3: str


@dataclass(frozen=True)
class Manifest:
    """The whole of a backup; `files` hold every path but the manifest's own, relative to the backup."""

    made_at: str
    platform: str
    vendor: str
    contents: Contents
    facts: Facts
    files: dict[str, File]
    missing: list[str] = field(default_factory=list)
    """Stored files that the disk did not have, or whose bytes were not theirs any more."""
    has_keys: bool = False
    format: int = FORMAT


def write(folder: Path, manifest: Manifest) -> None:
    """Write the manifest and wait until it is on disk."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1, sort_keys=True)
    with (folder / NAME).open("x", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def read(folder: Path) -> Manifest:
    """Read a backup's manifest. Raises Refused where the folder is no whole backup of a known format."""
    try:
        given = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if given["format"] != FORMAT:
            raise Refused(f"备份格式 {given['format']} 不认识，请用当时的版本恢复")
        given["contents"]["tables"] = {k: Table(**v) for k, v in given["contents"]["tables"].items()}
        given["contents"] = Contents(**given["contents"])
        given["facts"] = Facts(**given["facts"])
        given["files"] = {name: File(**about) for name, about in given["files"].items()}
        return Manifest(**given)
    except FileNotFoundError:
        raise Refused(f"{folder} 不是一份完整的备份：没有 {NAME}") from None
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        raise Refused(f"{folder / NAME} 读不出来，这份备份不能用") from None


def sm3() -> Any:
    """Return a new SM3 state (GB/T 32905-2016)."""
    return hashlib.new("sm3")


def weigh(path: Path) -> File:
    """Read a file through; return its size and SM3."""
    state, size = sm3(), 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            state.update(block)
            size += len(block)
    return File(size, state.hexdigest())


def paths_in(folder: Path) -> Iterator[str]:
    """Yield every file below the folder, relative to it, in a stable order."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            yield (Path(place) / name).relative_to(folder).as_posix()
