"""Who reacts to what: every event and its handler or job, on one screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account import signals as account_signals
from allauth.mfa import signals as factor_signals
from django.contrib.auth import signals as auth_signals
from django.dispatch import Signal

from qingfeng.accounts import events as account_events
from qingfeng.accounts import handlers as accounts
from qingfeng.accounts import tasks as account_tasks
from qingfeng.accounts.queries import duties as account_duties
from qingfeng.accounts.queries import open_work, stand_ins
from qingfeng.audit import queries as audit_queries
from qingfeng.audit import tasks as audit_tasks
from qingfeng.ballots import events as ballot_events
from qingfeng.ballots import handlers as ballots
from qingfeng.ballots.queries import people as ballot_people
from qingfeng.core import events
from qingfeng.core.jobs import cron
from qingfeng.core.jobs.cron import Daily, Every, Line
from qingfeng.core.jobs.events import JobEnded
from qingfeng.core.roles import Role
from qingfeng.decisions import events as decision_events
from qingfeng.decisions import handlers as decisions
from qingfeng.decisions import rules as decision_rules
from qingfeng.decisions import tasks as decisions_tasks
from qingfeng.decisions.models.approvals import Approval
from qingfeng.decisions.models.committee import Meeting
from qingfeng.decisions.queries import approvals as decisions_approvals
from qingfeng.decisions.queries import duties as decisions_duties
from qingfeng.decisions.queries import reminders as decisions_reminders
from qingfeng.decisions.queries import scope as decisions_scope
from qingfeng.decisions.queries.subjects import SubjectKind
from qingfeng.documents import events as document_events
from qingfeng.documents import rules as documents
from qingfeng.documents.models.official import OfficialDocument
from qingfeng.documents.queries import duties as documents_duties
from qingfeng.documents.queries.scope import Readers
from qingfeng.evaluation import events as evaluation_events
from qingfeng.evaluation import handlers as evaluation
from qingfeng.evaluation import tasks as evaluation_tasks
from qingfeng.evaluation.models.appeals import Appeal
from qingfeng.evaluation.models.results import Revision
from qingfeng.evaluation.models.submissions import EvidenceItem
from qingfeng.evaluation.queries import appeals as evaluation_appeals
from qingfeng.evaluation.queries import committee as evaluation_committee
from qingfeng.evaluation.queries import duties as evaluation_duties
from qingfeng.evaluation.queries import evidence as evaluation_evidence
from qingfeng.evaluation.queries import results as evaluation_results
from qingfeng.notifications import handlers as notifications
from qingfeng.rectification import rules as rectification
from qingfeng.rectification.models.institutions import Institution
from qingfeng.rectification.models.items import ItemReport
from qingfeng.shell import handlers as shell
from qingfeng.shell import workbench
from qingfeng.shell.demo import history as demo_history
from qingfeng.workflow import tasks as workflow_tasks

LEADERS = (Role.DEPUTY_LEADER, Role.SECRETARY)
ROUND_STEPS: tuple[type, ...] = (
    evaluation_events.RoundOpened,
    evaluation_events.ReviewStarted,
    evaluation_events.RoundFrozen,
    evaluation_events.ResultComputed,
    evaluation_events.ResultApproved,
    evaluation_events.ResultAnnounced,
)
REACTIONS: tuple[tuple[type, Callable[[Any], None]], ...] = (
    (JobEnded, shell.tell_of_job_end),
    (account_events.SignedInFromNewPlace, notifications.tell_of_new_place),
    (account_events.StandInAsked, notifications.tell_of_request),
    (account_events.StandInAnswered, notifications.tell_of_answer),
    (account_events.StandInEnded, notifications.tell_of_end),
    (account_events.OfficeHandedOver, notifications.tell_of_handover),
    (account_events.HandoverConfirmed, notifications.tell_of_confirmation),
    (account_events.LiaisonNamed, notifications.tell_of_liaison),
    (account_events.LiaisonObjected, notifications.tell_of_objection),
    (document_events.DocumentIssued, notifications.tell_of_issue),
    (document_events.DocumentCorrected, notifications.tell_of_correction),
    (document_events.DocumentWithdrawn, notifications.tell_of_withdrawal),
    (ballot_events.KeeperNamed, ballots.tell_of_naming),
    (ballot_events.UrnClosed, ballots.tell_of_close),
    (decision_events.ApprovalReached, decisions.tell_of_turn),
    (decision_events.ApprovalGranted, decisions.tell_of_grant),
    (decision_events.ApprovalRefused, decisions.tell_of_refusal),
    (decision_events.ApprovalReturned, decisions.tell_of_return),
    (decision_events.MatterSubmitted, decisions.tell_of_matter),
    (decision_events.MatterDecided, decisions.tell_of_decision),
    (decision_events.MeetingCalled, decisions.tell_of_meeting),
    (evaluation_events.RoundOpened, evaluation.tell_of_opening),
    (evaluation_events.SubmissionReturned, evaluation.tell_of_returned_submission),
    (evaluation_events.EvidenceReturned, evaluation.tell_of_returned_evidence),
    (evaluation_events.ReviewSheetReturned, evaluation.tell_of_returned_sheet),
    (evaluation_events.DataReturned, evaluation.tell_of_returned_data),
    (evaluation_events.ExpertInvited, evaluation.tell_of_invitation),
    (evaluation_events.ComputationRequested, evaluation.enqueue_computation),
    (decision_events.MatterDecided, evaluation.take_committee_decision),
    (evaluation_events.AppealsOpened, evaluation.tell_of_checking),
    (evaluation_events.AppealsExtended, evaluation.tell_of_more_time),
    (evaluation_events.AppealFiled, evaluation.tell_of_filed_appeal),
    (evaluation_events.AppealWithdrawn, evaluation.tell_of_withdrawn_appeal),
    (evaluation_events.AppealAccepted, evaluation.ask_for_comment),
    (evaluation_events.AppealCommented, evaluation.tell_of_comment),
    (evaluation_events.AppealDecided, evaluation.tell_of_decision),
    (evaluation_events.CorrectionGranted, evaluation.enqueue_recomputation),
    (evaluation_events.ResultAnnounced, evaluation.tell_of_announcement),
    *((step, shell.keep_round_limits) for step in ROUND_STEPS),
)

OPENERS: tuple[tuple[str, documents.MayOpen], ...] = (
    (Approval.kind, decisions_approvals.may_open),
    (EvidenceItem.kind, evaluation_evidence.may_open),
    (Appeal.kind, evaluation_appeals.may_open),
    (ItemReport.kind, rectification.may_open_proof),
    (Institution.kind, rectification.may_open_text),
)
"""Who may open the files of a kind of owner, beside what the documents know themselves."""

SUBJECTS: tuple[SubjectKind, ...] = (
    SubjectKind(Revision.kind, "评价结果", LEADERS, evaluation_committee.name_of_revision),
    SubjectKind(OfficialDocument.kind, "公文", LEADERS),
)
"""What is put before leaders and committee, how it is called, and who signs if nobody set another order."""

CLOSED: tuple[tuple[str, Readers], ...] = ((Meeting.kind, decisions_scope.minutes_read_by),)
"""Origins whose documents only those read whom the origin's owner names."""

DUTIES: tuple[workbench.Source, ...] = (
    evaluation_duties.duties_of,
    decisions_duties.duties_of,
    ballot_people.duties_of,
    documents_duties.duties_of,
    account_duties.duties_of,
)
"""Where the workbench asks what a person has to do."""

OPEN_WORK: tuple[workbench.Source, ...] = (*DUTIES[:-1], documents_duties.drafts_of)
"""What is listed when an office is handed over: everything but the hand-over itself."""

SIGNS: tuple[tuple[Signal, Callable[..., None]], ...] = (
    (auth_signals.user_logged_in, accounts.signed_in),
    (auth_signals.user_logged_out, accounts.signed_out),
    (auth_signals.user_login_failed, accounts.sign_in_failed),
    (account_signals.password_changed, accounts.password_changed),
    (factor_signals.authenticator_added, accounts.factor_added),
    (factor_signals.authenticator_removed, accounts.factor_removed),
    (factor_signals.authenticator_reset, accounts.factor_renewed),
    (factor_signals.authentication_failed, accounts.factor_failed),
)
"""The libraries' own signals, the only ones we listen to: signing in and the second factor."""

DEMO: tuple[str, ...] = (demo_history.SLUG,)
"""The demo city's own job, known to every worker; what would take its rounds further waits for it."""

SCHEDULE: tuple[Line, ...] = (
    Line(audit_tasks.SEAL, "封存审计记录", Every(minutes=1), audit_queries.is_waiting),
    Line(audit_tasks.VERIFY, "校验审计记录", Daily(2, 30)),
    Line(account_tasks.CLEAR, "清理过期的登录", Daily(3, 10)),
    Line(workflow_tasks.RECOMPUTE, "按日历重新推算期限", Daily(0, 10)),
    Line(decisions_tasks.REMIND, "催办逾期的签批", Daily(8, 40), decisions_reminders.is_any_waiting),
    Line(evaluation_tasks.SCHEDULE, "按日程建立和开启评价轮次", Daily(0, 30), None, DEMO),
    Line(
        evaluation_tasks.REMIND, "催办逾期的评价工作", Daily(8, 30), evaluation_results.takes_parts_in, DEMO
    ),
)
"""What runs by itself, and when. A `tasks` module is loaded by being named here or below."""


def connect() -> None:
    """Subscribe every reaction and schedule every line; called once, when the apps are loaded."""
    _declare()
    open_work.count_in(*OPEN_WORK)
    for event_type, handler in REACTIONS:
        events.subscribe(event_type, handler)
    for line in SCHEDULE:
        cron.schedule(line)
    for source in DUTIES:
        if source not in workbench.SOURCES:
            workbench.SOURCES.append(source)
    for sign, receiver in SIGNS:
        sign.connect(receiver, dispatch_uid=f"{receiver.__module__}.{receiver.__name__}")


def _declare() -> None:
    """Tell the apps below what those above say about their things."""
    for owner_kind, may_open in OPENERS:
        documents.let_open(owner_kind, may_open)
    for subject in SUBJECTS:
        decision_rules.declare_subject(subject)
    decision_rules.let_see(Revision.kind, evaluation_committee.revisions_known_to)
    decision_rules.let_stand_in(stand_ins.roles_by_absent)
    documents.require_before_issue(Revision.kind, evaluation_committee.missing_approval)
    for origin_kind, readers in CLOSED:
        documents.close(origin_kind, readers)
