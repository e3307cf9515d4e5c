from __future__ import annotations

from django.db import models


class ApprovalState(models.TextChoices):
    PENDING = "pending", "待签批"
    GRANTED = "granted", "已同意"
    REFUSED = "refused", "不同意"
    RETURNED = "returned", "退回补充"
    WITHDRAWN = "withdrawn", "已撤回"


class Opinion(models.TextChoices):
    """What a leader writes: only the last of a chain agrees for good, the former propose to agree."""

    PROPOSED = "proposed", "拟同意"
    AGREED = "agreed", "同意"
    REFUSED = "refused", "不同意"
    RETURNED = "returned", "退回补充"


class MatterState(models.TextChoices):
    WAITING = "waiting", "待上会"
    SCHEDULED = "scheduled", "已列入议程"
    DECIDED = "decided", "已议决"
    WITHDRAWN = "withdrawn", "已撤回"


class MeetingState(models.TextChoices):
    PLANNED = "planned", "筹备中"
    HELD = "held", "正在记录"
    MINUTED = "minuted", "已形成纪要"
    CANCELLED = "cancelled", "已取消"


class Result(models.TextChoices):
    PASSED = "passed", "通过"
    PASSED_WITH_CHANGES = "passed_with_changes", "修改后通过"
    REJECTED = "rejected", "不通过"
    DEFERRED = "deferred", "缓议"


class Capacity(models.TextChoices):
    """In what capacity somebody is at a meeting."""

    MEMBER = "member", "委员"
    OBSERVER = "observer", "列席"
    RECORDER = "recorder", "记录"


class Presence(models.TextChoices):
    EXPECTED = "expected", "应到"
    PRESENT = "present", "实到"
    LEAVE = "leave", "请假"
    ABSENT = "absent", "缺席"


class Ground(models.TextChoices):
    """Why somebody takes no part (监察法 第六十七条, which speaks of 监察事项; followed for every item)."""

    RELATIVE = "relative", "是监察对象或者检举人的近亲属"
    WITNESS = "witness", "担任过本案的证人"
    INTEREST = "interest", "本人或者其近亲属与事项有利害关系"
    OTHER = "other", "有可能影响公正处理的其他情形"
