from __future__ import annotations

from qingfeng.core import clock, jobs
from qingfeng.core.jobs.running import Run
from qingfeng.decisions.actions import telling

REMIND = "decisions.remind"


@jobs.handler(REMIND)
def remind(run: Run) -> str:
    """Remind whoever has not signed in time."""
    return f"已发出 {telling.remind_of_late(at=clock.now())} 条签批催办"
