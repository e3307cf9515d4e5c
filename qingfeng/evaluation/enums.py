from __future__ import annotations

from django.db import models


class VersionState(models.TextChoices):
    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已发布"
    RETIRED = "retired", "已停用"


class StudyTarget(models.TextChoices):
    """What a study of judgements weighs."""

    DIMENSIONS = "dimensions", "各维度的权重"
    INDICATORS = "indicators", "一个维度内各指标的权重"
    SOURCES = "sources", "各来源的权重"


class StudyState(models.TextChoices):
    JUDGING = "judging", "征集判断"
    APPLIED = "applied", "已采用"
    UNDONE = "undone", "已撤回"
    DISCARDED = "discarded", "已作废"


class ExpertState(models.TextChoices):
    JUDGING = "judging", "填写中"
    SUBMITTED = "submitted", "已提交"
    LEFT = "left", "不再参加"


class RoundState(models.TextChoices):
    PLANNED = "planned", "待开启"
    COLLECTING = "collecting", "开放填报"
    REVIEWING = "reviewing", "部门评分"
    FROZEN = "frozen", "数据冻结"
    COMPUTED = "computed", "试算完成"
    APPEALING = "appealing", "核对申诉"
    SETTLED = "settled", "待常委会审定"
    APPROVED = "approved", "常委会审定"
    ANNOUNCED = "announced", "已通报"


class Milestone(models.TextChoices):
    """The dates of a round, in their order; each is also the name of a date field of `Round`."""

    OPENS_ON = "opens_on", "开放填报"
    SUBMIT_BY = "submit_by", "单位报送截止"
    REVIEW_BY = "review_by", "部门评分截止"
    CUTOFF_ON = "cutoff_on", "数据截止"
    TRIAL_ON = "trial_on", "试算"
    ANNOUNCE_BY = "announce_by", "通报"


class SubmissionState(models.TextChoices):
    DRAFTING = "drafting", "填报中"
    SUBMITTED = "submitted", "待负责人审签"
    SIGNED = "signed", "已报送"
    RETURNED = "returned", "已退回"


class EvidenceState(models.TextChoices):
    OFFERED = "offered", "待审核"
    RETURNED = "returned", "退回补正"
    ACCEPTED = "accepted", "已采纳"


class SheetState(models.TextChoices):
    SCORING = "scoring", "评分中"
    SUBMITTED = "submitted", "已提交"
    RETURNED = "returned", "已退回"


class TaskState(models.TextChoices):
    """What a data source reports. `missing` is set when the data are frozen and nothing has come."""

    AWAITING = "awaiting", "待报送"
    DELIVERED = "delivered", "已报送"
    NONE = "none", "本期无数据"
    MISSING = "missing", "未报送"


class FactOrigin(models.TextChoices):
    """How a fact reached the ledger."""

    TYPED = "typed", "平台录入"
    WORKBOOK = "workbook", "表格导入"


class AdjustmentKind(models.TextChoices):
    DEDUCTION = "deduction", "专项扣分"
    BONUS = "bonus", "加分"


class ProposalState(models.TextChoices):
    PROPOSED = "proposed", "待核准"
    APPROVED = "approved", "已核准"
    REJECTED = "rejected", "不予采纳"


class AppealSubject(models.TextChoices):
    """What kind of line of the explanation is appealed, and so who decides and what may be corrected."""

    REVIEW = "review", "部门评分"
    FACT = "fact", "事实扣分"
    VALUE = "value", "报送数据"
    TALLY = "tally", "民主测评"
    ADJUSTMENT = "adjustment", "专项加减分"


class AppealState(models.TextChoices):
    DRAFT = "draft", "起草中"
    FILED = "filed", "已提出"
    REVIEWING = "reviewing", "复核中"
    GRANTED = "granted", "予以更正"
    PARTLY = "partly", "部分更正"
    REJECTED = "rejected", "维持原分"
    WITHDRAWN = "withdrawn", "已撤回"
    EXPIRED = "expired", "逾期未提出"


class DutyKind(models.TextChoices):
    """What a person has to do, for the workbench."""

    SUBMISSION = "submission", "填报材料"
    SIGNATURE = "signature", "审签报送"
    EVIDENCE = "evidence", "补正材料"
    REVIEW = "review", "部门评分"
    DATA = "data", "数据报送"
    ROUND = "round", "评价轮次"
    PROPOSAL = "proposal", "核准事项"
    APPROVAL = "approval", "常委会审定"
    BULLETIN = "bulletin", "通报印发"


class JobSlug(models.TextChoices):
    COMPUTE = "evaluation.compute", "评价试算"
    RECOMPUTE = "evaluation.recompute", "按申诉更正重算"
    SCHEDULE = "evaluation.schedule", "按日程建立和开启评价轮次"
    REMIND = "evaluation.remind", "催办逾期的评价工作"
