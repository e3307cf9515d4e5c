"""From where a person signs in: network address and, in two words, which browser on which machine."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

BROWSERS = (
    ("Edg/", "Edge"),
    ("QQBrowser", "QQ 浏览器"),
    ("UOSBrowser", "统信浏览器"),
    ("MicroMessenger", "微信"),
    ("Firefox/", "火狐"),
    ("Chrome/", "Chrome 内核浏览器"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "安卓"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "鸿蒙"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
"""Marks in the words of a browser about itself, the more telling first."""


def words_of(user_agent: str) -> str:
    """Say in two words which browser on which machine it is."""
    name = next((name for mark, name in BROWSERS if mark in user_agent), "其他浏览器")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "其他系统")
    return f"{name} · {system}"


def browser_words(meta: Mapping[str, Any]) -> str:
    return words_of(str(meta.get("HTTP_USER_AGENT", "")))


def session_digest(key: str) -> str:
    """Name a session on a page without its key, which would be the way in."""
    return hashlib.sha256(f"session:{key}".encode()).hexdigest()[:24]
