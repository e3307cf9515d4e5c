from __future__ import annotations

import datetime as dt

from django.db import transaction

from qingfeng.accounts.models import User
from qingfeng.audit import actions as audit
from qingfeng.audit import rules as audit_rules
from qingfeng.audit import tasks as audit_tasks
from qingfeng.core import jobs, references
from qingfeng.core.models import Job
from qingfeng.shell import rules


@transaction.atomic
def retry_job(*, job: Job, by: User, at: dt.datetime) -> None:
    """Do a failed job again. Raises `Denied`, and `Conflict` where somebody was quicker."""
    rules.retry_job.check(by, job)
    jobs.retry(job_id=job.pk, at=at)
    audit.record(
        action="job.retry", by=by, at=at, subject=references.reference_to(job), detail={"slug": job.slug}
    )


@transaction.atomic
def verify_audit_book(*, by: User, at: dt.datetime) -> Job:
    """Ask for a verification of the whole audit book. Raises `Denied`."""
    audit_rules.verify.check(by)
    job = jobs.enqueue(audit_tasks.VERIFY, title="校验审计记录", by=by)
    audit.record(action="audit.verify", by=by, at=at, subject=references.reference_to(job))
    return job
