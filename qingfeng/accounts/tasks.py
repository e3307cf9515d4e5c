"""Ended sessions leave the database; scheduled in `shell/wiring.py`."""

from __future__ import annotations

from qingfeng.accounts.actions import sign_in
from qingfeng.core import clock, jobs
from qingfeng.core.jobs.running import Run

CLEAR = "accounts.clear_sessions"


@jobs.handler(CLEAR)
def clear_sessions(run: Run) -> str:
    """Drop the sessions that have expired, with the words that lay in them."""
    return f"清理 {sign_in.clear_sessions(at=clock.now())} 个过期的登录"
