"""The evaluation's jobs: ids in, fetch, one action."""

from __future__ import annotations

from typing import Any

from qingfeng.core import clock, jobs
from qingfeng.core.actors import SYSTEM, Actor
from qingfeng.core.jobs.running import Result, Run
from qingfeng.evaluation.actions import results, scheduling
from qingfeng.evaluation.enums import JobSlug
from qingfeng.evaluation.queries import people
from qingfeng.evaluation.queries import results as queries

SCHEDULE = str(JobSlug.SCHEDULE)
REMIND = str(JobSlug.REMIND)


@jobs.handler(JobSlug.COMPUTE)
def compute(run: Run) -> Result:
    """Compute a frozen copy; done twice, it makes one revision."""
    by: Actor = people.by_id(run.by_id) or SYSTEM
    snapshot = queries.snapshot(run.args["snapshot_id"])
    revision = results.compute(snapshot=snapshot, by=by, at=clock.now())
    scored: Any = revision.summary["scored"]
    return Result(f"已算出 {scored} 个单位的结果", {"revision_id": revision.pk})


@jobs.handler(JobSlug.RECOMPUTE)
def recompute(run: Run) -> Result:
    """Take granted corrections into a new revision; a second job for the same ones finds it done."""
    by: Actor = people.by_id(run.by_id) or SYSTEM
    round = queries.round_by_id(run.args["round_id"])
    revision = results.recompute(round=round, by=by, at=clock.now())
    if revision is None:
        return Result("申诉的更正都已重算", {})
    changed: Any = revision.summary.get("changed_units", 0)
    sentence = f"第 {revision.number} 版已算出，{changed} 个单位的结果有变化"
    return Result(sentence, {"revision_id": revision.pk})


@jobs.handler(SCHEDULE)
def keep_schedule(run: Run) -> str:
    return "；".join(scheduling.keep(at=clock.now())) or "今天没有到期的步骤"


@jobs.handler(REMIND)
def remind(run: Run) -> str:
    return f"已发出 {scheduling.remind_all(at=clock.now())} 条催办"
