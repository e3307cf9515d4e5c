from __future__ import annotations

from django.db import models

from qingfeng.core import constraints


class WorkingDayOverride(models.Model):
    """A date the commission itself declares a working day or a day off, over the statutory table."""

    kind = "working_day"

    date = models.DateField("日期", unique=True)
    is_working = models.BooleanField("是否工作日")
    reason = models.CharField("依据", max_length=200)

    class Meta:
        verbose_name = "工作日调整"


class Setting(models.Model):
    """One setting of the commission, by key; `core.preferences` knows each key, its default and its basis."""

    kind = "setting"

    key = models.CharField(max_length=60, unique=True)
    value = models.JSONField()

    class Meta:
        verbose_name = "设置"


class JobStatus(models.TextChoices):
    QUEUED = "queued", "等待"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "失败"


class Job(models.Model):
    """One piece of background work, with the row that gives any page its progress."""

    kind = "job"

    slug = models.CharField("类别", max_length=60)
    title = models.CharField("名称", max_length=120)
    args = models.JSONField("参数", default=dict)
    status = models.CharField("状态", max_length=8, choices=JobStatus.choices, default=JobStatus.QUEUED)
    is_routine = models.BooleanField("例行", default=False)
    by_id = models.BigIntegerField("发起人编号", null=True, db_index=True)
    attempts = models.PositiveSmallIntegerField("执行次数", default=0)
    token = models.CharField("执行令牌", max_length=32)
    task_id = models.UUIDField("队列编号", null=True)
    worker = models.CharField("执行进程", max_length=64, blank=True)
    created_at = models.DateTimeField("创建时间")
    run_after = models.DateTimeField("最早执行时间")
    started_at = models.DateTimeField("开始时间", null=True)
    finished_at = models.DateTimeField("结束时间", null=True)
    position = models.JSONField("断点", null=True)
    result = models.CharField("结果", max_length=500, blank=True)
    data = models.JSONField("结果数据", default=dict)
    error = models.CharField("错误", max_length=500, blank=True)

    class Meta:
        verbose_name = "后台任务"
        constraints = [constraints.choices_of("status", JobStatus.values, "core_job_status")]
        indexes = [models.Index(fields=["status", "created_at"], name="core_job_status_created")]

    @property
    def is_open(self) -> bool:
        return self.status in {JobStatus.QUEUED, JobStatus.RUNNING}


class JobProgress(models.Model):
    """How far a job is, and its last sign of life: beside the job, whose lock would hide it."""

    kind = "job_progress"

    job = models.OneToOneField(
        Job, models.PROTECT, primary_key=True, related_name="progress", verbose_name="任务"
    )
    heartbeat_at = models.DateTimeField("心跳时间")
    done = models.PositiveIntegerField("已完成", default=0)
    total = models.PositiveIntegerField("总数", default=0)
    sentence = models.CharField("进展", max_length=200, blank=True)

    class Meta:
        verbose_name = "任务进度"

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.total) if self.total else 0


class CronSlot(models.Model):
    """One due time of one scheduled job: the unique row that lets only one worker start it."""

    kind = "cron_slot"

    name = models.CharField("名称", max_length=60)
    slot = models.DateTimeField("应执行时间")
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="slots", verbose_name="任务")

    class Meta:
        verbose_name = "定时执行"
        constraints = [models.UniqueConstraint(fields=["name", "slot"], name="core_cronslot_once")]


class WorkerBeat(models.Model):
    """A worker that is alive, by its last sign."""

    kind = "worker_beat"

    worker = models.CharField("执行进程", max_length=64, unique=True)
    started_at = models.DateTimeField("启动时间")
    seen_at = models.DateTimeField("最近心跳", db_index=True)

    class Meta:
        verbose_name = "执行进程"
