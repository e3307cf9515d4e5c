"""The machines of the evaluation: one literal table each."""

from __future__ import annotations

from qingfeng.evaluation.enums import (
    AppealState,
    EvidenceState,
    ExpertState,
    ProposalState,
    RoundState,
    SheetState,
    StudyState,
    SubmissionState,
    TaskState,
    VersionState,
)
from qingfeng.workflow.transitions import Transition, machine

PUBLISH_VERSION = Transition(
    "publish", from_={VersionState.DRAFT}, to=VersionState.PUBLISHED, label="发布方案"
)
RETIRE_VERSION = Transition(
    "retire", from_={VersionState.PUBLISHED}, to=VersionState.RETIRED, label="停用方案"
)
VERSIONS = machine(
    "scheme_version",
    "评价方案版本",
    VersionState.choices,
    VersionState.DRAFT,
    (PUBLISH_VERSION, RETIRE_VERSION),
)

APPLY_STUDY = Transition(
    "apply", from_={StudyState.JUDGING, StudyState.UNDONE}, to=StudyState.APPLIED, label="采用权重"
)
UNDO_STUDY = Transition("undo", from_={StudyState.APPLIED}, to=StudyState.UNDONE, label="撤回权重")
DISCARD_STUDY = Transition(
    "discard", from_={StudyState.JUDGING, StudyState.UNDONE}, to=StudyState.DISCARDED, label="作废"
)
STUDIES = machine(
    "weight_study",
    "权重判断",
    StudyState.choices,
    StudyState.JUDGING,
    (APPLY_STUDY, UNDO_STUDY, DISCARD_STUDY),
)

SUBMIT_JUDGEMENTS = Transition(
    "submit", from_={ExpertState.JUDGING}, to=ExpertState.SUBMITTED, label="提交判断"
)
RETURN_JUDGEMENTS = Transition(
    "return", from_={ExpertState.SUBMITTED}, to=ExpertState.JUDGING, label="退回重填"
)
LEAVE_STUDY = Transition(
    "leave", from_={ExpertState.JUDGING, ExpertState.SUBMITTED}, to=ExpertState.LEFT, label="不再参加"
)
EXPERTS = machine(
    "study_expert",
    "专家判断",
    ExpertState.choices,
    ExpertState.JUDGING,
    (SUBMIT_JUDGEMENTS, RETURN_JUDGEMENTS, LEAVE_STUDY),
)

OPEN = Transition("open", from_={RoundState.PLANNED}, to=RoundState.COLLECTING, label="开放填报")
START_REVIEW = Transition(
    "start_review", from_={RoundState.COLLECTING}, to=RoundState.REVIEWING, label="转入部门评分"
)
FREEZE = Transition("freeze", from_={RoundState.REVIEWING}, to=RoundState.FROZEN, label="冻结数据")
UNFREEZE = Transition("unfreeze", from_={RoundState.FROZEN}, to=RoundState.REVIEWING, label="解除冻结")
COMPUTE = Transition("compute", from_={RoundState.FROZEN}, to=RoundState.COMPUTED, label="试算")
OPEN_APPEALS = Transition(
    "open_appeals", from_={RoundState.COMPUTED}, to=RoundState.APPEALING, label="发各单位核对"
)
RECOMPUTE = Transition(
    "recompute", from_={RoundState.APPEALING}, to=RoundState.APPEALING, label="按申诉更正重算"
)
SETTLE = Transition("settle", from_={RoundState.APPEALING}, to=RoundState.SETTLED, label="结束核对申诉")
REOPEN = Transition(
    "reopen",
    from_={
        RoundState.COMPUTED,
        RoundState.APPEALING,
        RoundState.SETTLED,
        RoundState.APPROVED,
        RoundState.ANNOUNCED,
    },
    to=RoundState.REVIEWING,
    label="退回更正",
)
APPROVE = Transition("approve", from_={RoundState.SETTLED}, to=RoundState.APPROVED, label="登记常委会审定")
ANNOUNCE = Transition("announce", from_={RoundState.APPROVED}, to=RoundState.ANNOUNCED, label="公布结果")
ROUNDS = machine(
    "round",
    "评价轮次",
    RoundState.choices,
    RoundState.PLANNED,
    (
        OPEN,
        START_REVIEW,
        FREEZE,
        UNFREEZE,
        COMPUTE,
        OPEN_APPEALS,
        RECOMPUTE,
        SETTLE,
        REOPEN,
        APPROVE,
        ANNOUNCE,
    ),
)

HAND_IN = Transition(
    "hand_in",
    from_={SubmissionState.DRAFTING, SubmissionState.RETURNED},
    to=SubmissionState.SUBMITTED,
    label="提交负责人审签",
)
SIGN = Transition("sign", from_={SubmissionState.SUBMITTED}, to=SubmissionState.SIGNED, label="审签报送")
SEND_BACK = Transition(
    "send_back", from_={SubmissionState.SUBMITTED}, to=SubmissionState.RETURNED, label="退回联络员修改"
)
RETURN_SUBMISSION = Transition(
    "return", from_={SubmissionState.SIGNED}, to=SubmissionState.RETURNED, label="退回单位修改"
)
SUBMISSIONS = machine(
    "submission",
    "单位报送",
    SubmissionState.choices,
    SubmissionState.DRAFTING,
    (HAND_IN, SIGN, SEND_BACK, RETURN_SUBMISSION),
)

ACCEPT_EVIDENCE = Transition(
    "accept", from_={EvidenceState.OFFERED}, to=EvidenceState.ACCEPTED, label="采纳材料"
)
RETURN_EVIDENCE = Transition(
    "return",
    from_={EvidenceState.OFFERED, EvidenceState.ACCEPTED},
    to=EvidenceState.RETURNED,
    label="退回补正",
)
OFFER_AGAIN = Transition(
    "offer_again", from_={EvidenceState.RETURNED}, to=EvidenceState.OFFERED, label="补正后重新报送"
)
EVIDENCE = machine(
    "evidence_item",
    "佐证材料",
    EvidenceState.choices,
    EvidenceState.OFFERED,
    (ACCEPT_EVIDENCE, RETURN_EVIDENCE, OFFER_AGAIN),
)

SUBMIT_SHEET = Transition(
    "submit", from_={SheetState.SCORING, SheetState.RETURNED}, to=SheetState.SUBMITTED, label="提交评分表"
)
RETURN_SHEET = Transition("return", from_={SheetState.SUBMITTED}, to=SheetState.RETURNED, label="退回评分表")
SHEETS = machine(
    "review_sheet", "部门评分表", SheetState.choices, SheetState.SCORING, (SUBMIT_SHEET, RETURN_SHEET)
)

DELIVER = Transition("deliver", from_={TaskState.AWAITING}, to=TaskState.DELIVERED, label="报送数据")
REPORT_NONE = Transition("report_none", from_={TaskState.AWAITING}, to=TaskState.NONE, label="报告本期无数据")
RECALL = Transition(
    "recall", from_={TaskState.DELIVERED, TaskState.NONE}, to=TaskState.AWAITING, label="撤回修改"
)
RETURN_TASK = Transition(
    "return", from_={TaskState.DELIVERED, TaskState.NONE}, to=TaskState.AWAITING, label="退回重报"
)
MISS = Transition("miss", from_={TaskState.AWAITING}, to=TaskState.MISSING, label="截止未报送")
AWAIT_AGAIN = Transition("await_again", from_={TaskState.MISSING}, to=TaskState.AWAITING, label="恢复报送")
TASKS = machine(
    "data_task",
    "数据报送",
    TaskState.choices,
    TaskState.AWAITING,
    (DELIVER, REPORT_NONE, RECALL, RETURN_TASK, MISS, AWAIT_AGAIN),
)

APPROVE_ADJUSTMENT = Transition(
    "approve", from_={ProposalState.PROPOSED}, to=ProposalState.APPROVED, label="核准"
)
REJECT_ADJUSTMENT = Transition(
    "reject", from_={ProposalState.PROPOSED}, to=ProposalState.REJECTED, label="不予采纳"
)
WITHDRAW_ADJUSTMENT = Transition(
    "withdraw", from_={ProposalState.APPROVED}, to=ProposalState.REJECTED, label="撤销核准"
)
ADJUSTMENTS = machine(
    "adjustment",
    "专项加减分",
    ProposalState.choices,
    ProposalState.PROPOSED,
    (APPROVE_ADJUSTMENT, REJECT_ADJUSTMENT, WITHDRAW_ADJUSTMENT),
)

FILE_APPEAL = Transition("file", from_={AppealState.DRAFT}, to=AppealState.FILED, label="签字提出申诉")
ACCEPT_APPEAL = Transition("accept", from_={AppealState.FILED}, to=AppealState.REVIEWING, label="受理申诉")
GRANT_APPEAL = Transition("grant", from_={AppealState.REVIEWING}, to=AppealState.GRANTED, label="予以更正")
GRANT_PARTLY = Transition(
    "grant_partly", from_={AppealState.REVIEWING}, to=AppealState.PARTLY, label="部分更正"
)
REJECT_APPEAL = Transition("reject", from_={AppealState.REVIEWING}, to=AppealState.REJECTED, label="维持原分")
WITHDRAW_APPEAL = Transition(
    "withdraw",
    from_={AppealState.DRAFT, AppealState.FILED, AppealState.REVIEWING},
    to=AppealState.WITHDRAWN,
    label="撤回申诉",
)
EXPIRE_APPEAL = Transition("expire", from_={AppealState.DRAFT}, to=AppealState.EXPIRED, label="期满未提出")
APPEALS = machine(
    "appeal",
    "申诉",
    AppealState.choices,
    AppealState.DRAFT,
    (
        FILE_APPEAL,
        ACCEPT_APPEAL,
        GRANT_APPEAL,
        GRANT_PARTLY,
        REJECT_APPEAL,
        WITHDRAW_APPEAL,
        EXPIRE_APPEAL,
    ),
)
