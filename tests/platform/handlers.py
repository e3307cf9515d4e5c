"""Handlers of the tests' own kinds of job."""

from __future__ import annotations

import time

from qingfeng.audit import actions as audit
from qingfeng.core import clock, jobs
from qingfeng.core.actors import SYSTEM
from qingfeng.core.errors import Refused
from qingfeng.core.jobs import progress, running
from qingfeng.core.jobs.running import Run

STEPS = 30


def write(action: str, number: int = 0) -> None:
    audit.record(action=action, by=SYSTEM, at=clock.now(), detail={"n": number})


@jobs.handler("test.whole")
def whole(run: Run) -> str:
    write("whole")
    progress.advance(1, 2, "写了一半")
    time.sleep(run.args.get("seconds", 0))
    write("whole")
    return "写好了"


@jobs.handler("test.steps", stepwise=True)
def steps(run: Run) -> running.Result:
    for number in range(run.position or 0, STEPS):
        with run.step(number + 1):
            write("step", number)
        progress.advance(number + 1, STEPS, f"第 {number + 1} 步")
        time.sleep(run.args.get("seconds", 0))
    return running.Result("走完了", {"steps": STEPS})


@jobs.handler("test.fails", max_attempts=2)
def fails(run: Run) -> None:
    write("failing")
    raise ValueError(run.args["fact"])


@jobs.handler("test.refused")
def refused(run: Run) -> None:
    raise Refused("表中没有“单位”一列", "第 3 行没有日期")


@jobs.handler("test.lost")
def lost(run: Run) -> None:
    """Do the work, and lose the job while at it, as a worker that hung for too long does."""
    write("lost")
    raise running.Lost
