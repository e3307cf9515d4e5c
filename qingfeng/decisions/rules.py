from __future__ import annotations

from django.utils import timezone

from qingfeng.core.actors import Actor, is_same_hand
from qingfeng.core.roles import COMMISSION_ROLES, Role
from qingfeng.core.rules import require, rule
from qingfeng.decisions.models.approvals import Approval
from qingfeng.decisions.models.committee import AgendaItem, Attendance, Matter, Meeting
from qingfeng.decisions.models.recording import Recusal
from qingfeng.decisions.queries import scope, signers
from qingfeng.decisions.queries.signers import STAND_INS, StandIns
from qingfeng.decisions.queries.subjects import KINDS, READERS, Readers, SubjectKind

NOT_OWN = "您是呈批人，本人呈批的事项须由他人签批，请回避"
SIGNED = "前一级是您本人或者由您代签的，这一级须由另一位领导签批"
CLERK_ONLY = "会议由常委会记录人员筹备和记录"
RECUSED = "您已回避这一议题，不参与审议、记录和表决"


def declare_subject(subject: SubjectKind) -> None:
    """Declare a kind of thing that is put before leaders or committee; called from `shell/wiring.py`."""
    KINDS[subject.kind] = subject


def let_see(subject_kind: str, seen: Readers) -> None:
    """Let further people read the decisions on a kind: `seen(user)` gives the ids they may know.

    Called from `shell/wiring.py` by the owner of the kind.
    """
    READERS[subject_kind] = seen


def let_stand_in(source: StandIns) -> None:
    """Say where stand-ins are looked up; called from `shell/wiring.py`."""
    if source not in STAND_INS:
        STAND_INS.append(source)


@rule
def read_decisions(user: Actor) -> None:
    require(scope.takes_part(user), "呈批和会议供本机关干部和参会人员查看")


@rule
def ask(user: Actor) -> None:
    require(user.is_system or user.holds(*COMMISSION_ROLES), "呈批由本机关干部提出")


@rule
def ask_again(user: Actor, approval: Approval) -> None:
    require(approval.asked_by_id == user.pk, "再次呈批由原呈批人提出")


@rule
def add_paper(user: Actor, approval: Approval) -> None:
    require(approval.asked_by_id == user.pk, "附件由呈批人上传")


@rule
def sign(user: Actor, approval: Approval) -> None:
    """The one rule of every opinion: it is the user's turn, and the request is not his own."""
    step = signers.current_step(approval)
    require(step is not None, "各级领导都已签批")
    assert step is not None
    asked_on = timezone.localdate(approval.asked_on)
    require(not is_same_hand(user, approval.asked_by_id, on=asked_on), NOT_OWN)
    may = signers.capacity(user, step)
    require(may is not None, "现在轮到签批的不是您")
    assert may is not None
    require(may.stands_in_for is None or may.stands_in_for != approval.asked_by_id, NOT_OWN)
    require(not signers.hands_so_far(approval) & {user.pk, may.stands_in_for}, SIGNED)


@rule
def withdraw(user: Actor, approval: Approval) -> None:
    is_own = approval.asked_by_id == user.pk
    require(is_own or user.is_system, "撤回由呈批人办理")


@rule
def change_chain(user: Actor) -> None:
    require(user.holds(Role.OFFICE), "签批顺序由办公室设定")


@rule
def submit_matter(user: Actor) -> None:
    require(user.is_system or user.holds(*COMMISSION_ROLES), "议题由本机关各部门提交")


@rule
def take_back(user: Actor, matter: Matter) -> None:
    require(matter.submitted_by_id == user.pk or user.is_system, "撤回议题由提交人办理")


@rule
def call_meeting(user: Actor) -> None:
    require(user.holds(Role.COMMITTEE_CLERK), CLERK_ONLY)


@rule
def arrange(user: Actor, meeting: Meeting) -> None:
    """Agenda, date, people and presence."""
    require(user.holds(Role.COMMITTEE_CLERK), CLERK_ONLY)


@rule
def place_matter(user: Actor, matter: Matter) -> None:
    require(user.holds(Role.COMMITTEE_CLERK), CLERK_ONLY)


@rule
def open_meeting(user: Actor, meeting: Meeting) -> None:
    require(user.holds(Role.COMMITTEE_CLERK), CLERK_ONLY)


@rule
def cancel_meeting(user: Actor, meeting: Meeting) -> None:
    require(user.holds(Role.COMMITTEE_CLERK), CLERK_ONLY)


@rule
def record(user: Actor, item: AgendaItem) -> None:
    """Notes, votes and result of an item."""
    require(user.holds(Role.COMMITTEE_CLERK), CLERK_ONLY)
    require(not scope.is_recused(user, item), RECUSED)


@rule
def settle_matter(user: Actor, matter: Matter) -> None:
    """The matter follows what was recorded on its item, whose rule was asked before."""
    require(user.holds(Role.COMMITTEE_CLERK), CLERK_ONLY)


@rule
def recuse(user: Actor, item: AgendaItem, attendance: Attendance) -> None:
    own = user.pk is not None and attendance.user_id == user.pk
    decides = item.meeting.chair_id == user.pk or user.holds(Role.COMMITTEE_CLERK)
    require(own or decides, "回避由本人提出，或者由主持人决定、记录人员登记")


@rule
def lift_recusal(user: Actor, recusal: Recusal) -> None:
    require(recusal.item.meeting.chair_id == user.pk, "撤销回避由会议主持人决定")
    entered_on = timezone.localdate(recusal.entered_on)
    own = is_same_hand(user, recusal.attendance.user_id, on=entered_on)
    require(not own, "本人的回避不能由本人撤销，也不能由代理本人的人撤销")


@rule
def make_minutes(user: Actor, meeting: Meeting) -> None:
    require(user.holds(Role.COMMITTEE_CLERK), "会议纪要由常委会记录人员形成")
    require(not scope.is_recused_in(user, meeting), "您回避过本次会议的议题，纪要请由其他记录人员形成")


@rule
def correct_minutes(user: Actor, meeting: Meeting) -> None:
    require(user.holds(Role.COMMITTEE_CLERK), "纪要的更正由常委会记录人员登记")
    require(not scope.is_recused_in(user, meeting), "您回避过本次会议的议题，更正请由其他记录人员登记")
