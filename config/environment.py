"""The one place that reads the environment: every variable, its type and its default."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlparse

ROOT = Path(__file__).resolve().parent.parent


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def flag(name: str, default: bool = False) -> bool:
    return text(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def number(name: str, default: int) -> int:
    return int(text(name, str(default)))


def names(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def state_directory() -> Path:
    """Return the folder of everything that is written at run time (QINGFENG_STATE, default `var/`)."""
    path = Path(text("QINGFENG_STATE", str(ROOT / "var")))
    path.mkdir(parents=True, exist_ok=True)
    return path


def key_from_file(path: Path) -> str:
    """Read a secret kept beside the data, made at the first start with 64 random bytes and mode 0600."""
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(64))
    return path.read_text(encoding="ascii").strip()


def secret(name: str, path: Path) -> str:
    """Return a secret from the environment, or from its file."""
    return text(name) or key_from_file(path)


def database(state: Path) -> dict[str, object]:
    """Return the database settings: DATABASE_URL (postgresql://…), or SQLite in the state folder."""
    url = text("DATABASE_URL")
    if url.startswith(("postgres://", "postgresql://")):
        parts = urlparse(url)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
        }
    path = url.removeprefix("sqlite:///") if url else str(state / "qingfeng.sqlite3")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }
