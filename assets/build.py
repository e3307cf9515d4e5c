"""Build what the browser needs: npm packages and our sources become named files in assets-built/."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "assets"
MODULES = ROOT / "node_modules"
TARGET = ROOT / "assets-built"
LOCK = ROOT / "package-lock.json"
STAMP = ".stamp"


class BuildFailed(Exception):
    """The assets could not be built; the text says what to do."""


def digest(paths: list[Path]) -> str:
    """Return one hash of the names and contents of the files given."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(str(path.relative_to(ROOT)).encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def sources() -> list[Path]:
    """Return every file that the built files depend on."""
    ours = [path for path in SOURCES.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return [*ours, LOCK, ROOT / "package.json"]


def is_stamped(folder: Path, stamp: str) -> bool:
    """Say whether the folder was finished from exactly these inputs."""
    mark = folder / STAMP
    return mark.is_file() and mark.read_text(encoding="ascii").strip() == stamp


def environment() -> dict[str, str]:
    """Put the Node of this virtual environment first, so that a machine without Node can build."""
    own = str(Path(sys.executable).parent)
    return {**os.environ, "PATH": os.pathsep.join([own, os.environ.get("PATH", "")])}


def program(name: str) -> str:
    """Return the path of node or npm. Raises BuildFailed when there is none."""
    found = shutil.which(name, path=environment()["PATH"])
    if found is None:
        raise BuildFailed(f"{name} is missing: pip install --require-hashes -r requirements-build.txt")
    return found


def run(*command: str) -> None:
    """Run a command in the project's root. Raises BuildFailed when it fails."""
    # The commands are the literal ones of this file.
    done = subprocess.run(command, cwd=ROOT, env=environment(), check=False)  # noqa: S603
    if done.returncode:
        raise BuildFailed(f"failed with code {done.returncode}: {' '.join(command)}")


def install_packages() -> None:
    """Install the locked packages, unless node_modules was made from this very lock."""
    stamp = digest([LOCK])
    if is_stamped(MODULES, stamp):
        return
    run(program("npm"), "ci", "--no-progress", "--loglevel=error")
    (MODULES / STAMP).write_text(stamp + "\n", encoding="ascii")


def build() -> bool:
    """Build when an input has changed, and say whether anything was done."""
    stamp = digest(sources())
    if is_stamped(TARGET, stamp):
        return False
    install_packages()
    # Built beside the old files and swapped in whole: a failed build leaves the last good one served.
    fresh = ROOT / "assets-built.new"
    shutil.rmtree(fresh, ignore_errors=True)
    run(program("node"), "assets/build.mjs", str(fresh / "qingfeng"))
    (fresh / STAMP).write_text(stamp + "\n", encoding="ascii")
    shutil.rmtree(TARGET, ignore_errors=True)
    fresh.rename(TARGET)
    return True


def main() -> int:
    """Build from the command line."""
    started = time.monotonic()
    try:
        done = build()
    except BuildFailed as problem:
        print(f"assets: {problem}", file=sys.stderr)
        return 1
    print(f"assets: {'built' if done else 'unchanged'} in {time.monotonic() - started:.1f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
