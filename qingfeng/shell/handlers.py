"""What the shell does when something happened below: ids in, fetch, one action."""

from __future__ import annotations

from django.urls import reverse

from qingfeng.core import clock
from qingfeng.core.actors import SYSTEM
from qingfeng.core.jobs.events import JobEnded
from qingfeng.notifications import actions as notifications
from qingfeng.shell.queries import jobs as queries


def tell_of_job_end(event: JobEnded) -> None:
    """Write to the person who asked for a job how it ended."""
    found = queries.asked_by_a_person(event.job_id)
    if found is None:
        return
    job, person = found
    words, tab = ("已完成", "done") if event.is_done else ("没有完成", "failed")
    notifications.send(
        recipients=[person],
        title=f"{job.title}{words}",
        body=queries.outcome(job),
        link=f"{reverse('jobs:list')}?tab={tab}",
        by=SYSTEM,
        at=clock.now(),
    )
