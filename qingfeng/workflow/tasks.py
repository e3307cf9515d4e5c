from __future__ import annotations

from qingfeng.core import clock, jobs
from qingfeng.core.jobs.running import Run
from qingfeng.workflow import deadlines

RECOMPUTE = "workflow.recompute"


@jobs.handler(RECOMPUTE)
def recompute(run: Run) -> str:
    """Follow the calendar: a table of holidays that came with an upgrade moves the limits that run."""
    return f"{deadlines.recompute(at=clock.now())} 项期限有变动"
