"""Who may do what in an evaluation. Order (which step follows which) is in `states`."""

from __future__ import annotations

from django.utils import timezone

from qingfeng.core.actors import Actor, is_same_hand
from qingfeng.core.roles import Role
from qingfeng.core.rules import require, rule
from qingfeng.evaluation.enums import AppealState
from qingfeng.evaluation.models.appeals import Appeal
from qingfeng.evaluation.models.data import Adjustment, DataTask, Fact
from qingfeng.evaluation.models.results import UnitResult
from qingfeng.evaluation.models.reviews import ReviewSheet
from qingfeng.evaluation.models.rounds import Round, RoundDepartment, RoundUnit
from qingfeng.evaluation.models.schemes import SchemeVersion
from qingfeng.evaluation.models.studies import StudyExpert, WeightStudy
from qingfeng.evaluation.models.submissions import EvidenceItem, Submission
from qingfeng.evaluation.queries import appeal_parties, appeals, people

ONLY_OFFICER = "评价工作由党风室组织，您没有这项权限。"
ONLY_OFFICER_OR_SCHEDULE = "评价工作由党风室组织，或由系统按日程进行，您没有这项权限。"


def _officer(user: Actor) -> None:
    require(user.holds(Role.CONDUCT_OFFICE), ONLY_OFFICER)


def _officer_or_schedule(user: Actor) -> None:
    require(user.is_system or user.holds(Role.CONDUCT_OFFICE), ONLY_OFFICER_OR_SCHEDULE)


def _acts_for(user: Actor, role: str, department: RoundDepartment, sentence: str) -> None:
    require(department.unit_id is not None and user.holds(role, unit=department.unit_id), sentence)


# Schemes


@rule
def edit_scheme(user: Actor) -> None:
    _officer(user)


@rule
def publish_version(user: Actor, version: SchemeVersion) -> None:
    _officer(user)


@rule
def retire_version(user: Actor, version: SchemeVersion) -> None:
    _officer(user)


@rule
def install_schemes(user: Actor) -> None:
    _officer_or_schedule(user)


@rule
def install_version(user: Actor, version: SchemeVersion) -> None:
    _officer_or_schedule(user)


# Weights by pairwise judgement


@rule
def arrange_study(user: Actor, study: WeightStudy) -> None:
    """Invite experts, type in their questionnaires, send judgements back, give the study up."""
    _officer(user)


@rule
def apply_study(user: Actor, study: WeightStudy) -> None:
    """Bring the weights into the draft, or take them out again."""
    _officer(user)


@rule
def judge(user: Actor, expert: StudyExpert) -> None:
    """Fill a matrix: the invited person alone; a paper questionnaire is typed in by an officer."""
    if expert.user_id is None:
        require(user.holds(Role.CONDUCT_OFFICE), "纸质问卷由党风室录入。")
        return
    require(expert.user_id == user.pk, "判断由受邀的专家本人填写，他人不得代填。")


@rule
def return_judgements(user: Actor, expert: StudyExpert) -> None:
    _officer(user)


@rule
def leave_study(user: Actor, expert: StudyExpert) -> None:
    """Take an expert out of a study, with the reason."""
    _officer(user)


# Rounds


@rule
def plan_round(user: Actor) -> None:
    _officer_or_schedule(user)


@rule
def arrange_round(user: Actor, round: Round) -> None:
    """Change the dates, the scheme, the departments' units, or take out a merged unit."""
    _officer(user)


@rule
def open_round(user: Actor, round: Round) -> None:
    _officer_or_schedule(user)


@rule
def start_review(user: Actor, round: Round) -> None:
    _officer_or_schedule(user)


@rule
def remind(user: Actor, round: Round) -> None:
    _officer_or_schedule(user)


@rule
def freeze(user: Actor, round: Round) -> None:
    _officer(user)


@rule
def unfreeze(user: Actor, round: Round) -> None:
    _officer(user)


@rule
def compute(user: Actor, round: Round) -> None:
    _officer_or_schedule(user)


@rule
def open_appeals(user: Actor, round: Round) -> None:
    """Send the trial result to the units, and give them more time."""
    _officer(user)


@rule
def settle(user: Actor, round: Round) -> None:
    _officer_or_schedule(user)


@rule
def recompute(user: Actor, round: Round) -> None:
    """Take granted corrections in: asked for by the decision, done by a job."""
    decides = user.holds(Role.CONDUCT_OFFICE, Role.DEPUTY_LEADER, Role.SECRETARY)
    require(user.is_system or decides, ONLY_OFFICER_OR_SCHEDULE)


# Checking and appeals


@rule
def confirm_result(user: Actor, round_unit: RoundUnit) -> None:
    require(user.holds(Role.UNIT_HEAD, unit=round_unit.unit_id), "仅本单位负责人可以确认核对无异议。")


@rule
def write_appeal(user: Actor, round_unit: RoundUnit) -> None:
    own = user.holds(Role.UNIT_LIAISON, Role.UNIT_HEAD, unit=round_unit.unit_id)
    require(own, "仅本单位的联络员和负责人可以起草申诉。")


@rule
def edit_appeal(user: Actor, appeal: Appeal) -> None:
    write_appeal.check(user, appeal.round_unit)


@rule
def file_appeal(user: Actor, appeal: Appeal) -> None:
    own = user.holds(Role.UNIT_HEAD, unit=appeal.round_unit.unit_id)
    require(own, "申诉由本单位负责人签字提出。")


@rule
def withdraw_appeal(user: Actor, appeal: Appeal) -> None:
    own = user.holds(Role.UNIT_HEAD, unit=appeal.round_unit.unit_id)
    draft = appeal.state == AppealState.DRAFT and user.pk == appeal.written_by_id
    require(own or draft, "申诉由本单位负责人撤回。")


@rule
def expire_appeal(user: Actor, appeal: Appeal) -> None:
    _officer_or_schedule(user)


@rule
def accept_appeal(user: Actor, appeal: Appeal) -> None:
    _officer(user)


@rule
def comment_appeal(user: Actor, appeal: Appeal) -> None:
    """Explain in writing how the point was made: its department; an office's own point, its maker."""
    if appeal.comment_unit_id is None:
        made = appeal_parties.behind(appeal).people
        require(user.pk in made, "仅评定这一分的人员可以作书面说明。")
        return
    roles = (Role.SCORING_DEPARTMENT, Role.DATA_SUPPLIER)
    require(user.holds(*roles, unit=appeal.comment_unit_id), "仅评定这一分的部门可以作书面说明。")


@rule
def decide_appeal(user: Actor, appeal: Appeal) -> None:
    """Decide with reasons: neither the scorer nor his department, nor the unit that appeals."""
    require(
        user.holds(Role.CONDUCT_OFFICE, Role.DEPUTY_LEADER, Role.SECRETARY),
        "申诉由党风室复核决定；党风室须回避的，由委领导决定。",
    )
    sentence = appeal_parties.obstacle(user, appeal)
    require(not sentence, sentence)
    role, free = appeal_parties.deciders(appeal)
    whose = Role(role).label if role else "其他委领导"
    require(user.pk in {person.pk for person in free}, f"这件申诉由{whose}决定。")


@rule
def reply_to_appeal(user: Actor, appeal: Appeal) -> None:
    """Compose the reply: the office that organises, or who decided."""
    require(user.pk == appeal.decided_by_id or user.holds(Role.CONDUCT_OFFICE), ONLY_OFFICER)


@rule
def correct_adjustment(user: Actor, adjustment: Adjustment) -> None:
    """Withdraw an adjustment because an appeal against it is granted, by who decides that appeal."""
    appeal = appeals.about_adjustment(adjustment)
    require(appeal is not None, "没有对这一事项的申诉在复核。")
    decide_appeal.check(user, appeal)


@rule
def reopen(user: Actor, round: Round) -> None:
    _officer(user)


@rule
def approve_result(user: Actor, round: Round) -> None:
    require(
        user.holds(Role.SECRETARY, Role.COMMITTEE_CLERK),
        "结果由常委会审定，仅书记或常委会记录人员可以登记审定意见。",
    )


@rule
def submit_result(user: Actor, round: Round) -> None:
    _officer(user)


@rule
def announce(user: Actor, round: Round) -> None:
    _officer(user)


@rule
def draft_bulletin(user: Actor, round: Round) -> None:
    _officer(user)


@rule
def export_results(user: Actor, round: Round) -> None:
    require(
        user.holds(
            Role.CONDUCT_OFFICE, Role.SECRETARY, Role.DEPUTY_LEADER, Role.COMMITTEE_CLERK, Role.OFFICE
        ),
        "仅评价工作人员和委领导可以导出全部结果。",
    )


@rule
def export_annual(user: Actor) -> None:
    require(
        user.holds(
            Role.CONDUCT_OFFICE, Role.SECRETARY, Role.DEPUTY_LEADER, Role.COMMITTEE_CLERK, Role.OFFICE
        ),
        "仅评价工作人员和委领导可以导出年度结果。",
    )


@rule
def draft_reference(user: Actor) -> None:
    """Draft the table that is handed to the office of annual assessment."""
    _officer(user)


@rule
def export_portrait(user: Actor, result: UnitResult) -> None:
    is_out = result.revision.announced_at is not None
    own = user.holds(Role.UNIT_HEAD, unit=result.round_unit.unit_id)
    whole = user.holds(
        Role.CONDUCT_OFFICE, Role.SECRETARY, Role.DEPUTY_LEADER, Role.COMMITTEE_CLERK, Role.OFFICE
    )
    require(own or whole, "仅本单位负责人、评价工作人员和委领导可以导出单位结果。")
    require(whole or is_out, "试算结果未经审定，公布以后才能导出。")


# Submissions


def _unit_person(user: Actor, submission: Submission, *roles: str, sentence: str) -> None:
    require(user.holds(*roles, unit=submission.round_unit.unit_id), sentence)


@rule
def edit_submission(user: Actor, submission: Submission) -> None:
    _unit_person(
        user,
        submission,
        Role.UNIT_LIAISON,
        Role.UNIT_HEAD,
        sentence="仅本单位的联络员和负责人可以填报。",
    )


@rule
def hand_in(user: Actor, submission: Submission) -> None:
    _unit_person(user, submission, Role.UNIT_LIAISON, sentence="仅本单位联络员可以提交审签。")


@rule
def sign(user: Actor, submission: Submission) -> None:
    _unit_person(user, submission, Role.UNIT_HEAD, sentence="仅本单位负责人可以审签报送。")


@rule
def send_back(user: Actor, submission: Submission) -> None:
    _unit_person(user, submission, Role.UNIT_HEAD, sentence="仅本单位负责人可以退回联络员修改。")


@rule
def return_submission(user: Actor, submission: Submission) -> None:
    _officer(user)


@rule
def judge_evidence(user: Actor, item: EvidenceItem) -> None:
    """Accept or return one item: by a department that scores the indicator, never on its own unit."""
    unit_id = item.submission.round_unit.unit_id
    sheets = ReviewSheet.objects.filter(
        round_id=item.submission.round_unit.round_id, indicator=item.indicator
    ).select_related("department")
    mine = {
        sheet.department.unit_id
        for sheet in sheets
        if sheet.department.unit_id and user.holds(Role.SCORING_DEPARTMENT, unit=sheet.department.unit_id)
    }
    require(bool(mine), "仅负责这项指标评分的部门可以审核材料。")
    require(unit_id not in people.units_of(user), "不得审核本单位报送的材料。")


@rule
def offer_again(user: Actor, item: EvidenceItem) -> None:
    edit_submission.check(user, item.submission)


# Department reviews


@rule
def score_sheet(user: Actor, sheet: ReviewSheet) -> None:
    _acts_for(user, Role.SCORING_DEPARTMENT, sheet.department, "仅负责这项指标评分的部门可以评分。")
    require(not user.holds(Role.CONDUCT_OFFICE), "组织评价的人员不参加部门评分。")


@rule
def submit_sheet(user: Actor, sheet: ReviewSheet) -> None:
    score_sheet.check(user, sheet)


@rule
def return_sheet(user: Actor, sheet: ReviewSheet) -> None:
    _officer(user)


# Data


@rule
def report_data(user: Actor, task: DataTask) -> None:
    _acts_for(user, Role.DATA_SUPPLIER, task.department, "仅承担这项数据报送的部门可以报送。")


@rule
def return_task(user: Actor, task: DataTask) -> None:
    _officer(user)


@rule
def miss_task(user: Actor, task: DataTask) -> None:
    """Mark as not delivered, or open again: a part of freezing and unfreezing."""
    _officer(user)


@rule
def choose_points(user: Actor, task: DataTask, fact: Fact) -> None:
    """Choose within a range: the department that reported the fact; about itself, the officers."""
    if fact.unit_id == task.department.unit_id:
        require(user.holds(Role.CONDUCT_OFFICE), "涉及报送部门本单位的事实，由党风室选定分值。")
        return
    _acts_for(user, Role.DATA_SUPPLIER, task.department, "仅认定该事实的部门可以在幅度内选定分值。")
    require(fact.unit_id not in people.units_of(user), "不得为本人所在单位选定分值。")


@rule
def prepare_ballots(user: Actor, round: Round) -> None:
    """Have the round's ballot cast into a sealed urn instead of on paper."""
    _officer(user)


@rule
def import_tallies(user: Actor, round: Round) -> None:
    _officer(user)


@rule
def propose_adjustment(user: Actor, round: Round) -> None:
    _officer(user)


@rule
def decide_adjustment(user: Actor, adjustment: Adjustment) -> None:
    require(user.holds(Role.SECRETARY, Role.DEPUTY_LEADER), "专项加减分由书记或分管领导核准。")
    require(adjustment.proposed_by_id != user.pk, "提出人不得核准本人提出的事项。")
    on = timezone.localdate(adjustment.proposed_at)
    is_own = is_same_hand(user, adjustment.proposed_by_id, on=on)
    require(not is_own, "提出人与您互为代理，您不得核准他提出的事项。")
