from __future__ import annotations

from qingfeng.core.actors import Actor
from qingfeng.core.models import Job, JobStatus
from qingfeng.core.roles import Role
from qingfeng.core.rules import require, rule

DEADLINE_READERS = (
    Role.SECRETARY,
    Role.DEPUTY_LEADER,
    Role.COMMITTEE_CLERK,
    Role.OFFICE,
    Role.CASE_OFFICE,
    Role.CONDUCT_OFFICE,
)


@rule
def retry_job(user: Actor, job: Job) -> None:
    own = job.by_id is not None and job.by_id == user.pk
    require(own or user.holds(Role.SYSTEM_ADMIN), "只有发起人和系统管理员可以重试这项任务")
    require(job.status == JobStatus.FAILED, "任务没有失败，不必重试")


@rule
def read_schedule(user: Actor) -> None:
    require(user.holds(Role.SYSTEM_ADMIN), "定时任务仅限系统管理员查看")


@rule
def change_calendar(user: Actor) -> None:
    require(user.holds(Role.SYSTEM_ADMIN), "工作日由系统管理员调整")


@rule
def read_deadlines(user: Actor) -> None:
    require(user.holds(*DEADLINE_READERS), "期限总览仅限委领导、办公室、案管室和党风室查看")
