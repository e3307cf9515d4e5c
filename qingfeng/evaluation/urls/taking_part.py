"""Those who take part: units, departments, suppliers, tallies, adjustments."""

from __future__ import annotations

from django.urls import path

from qingfeng.evaluation.views import (
    adjustments,
    appeal_rulings,
    appeals,
    ballots,
    evidence,
    facts,
    reviews,
    sheets,
    submission_lists,
    submissions,
    task_lists,
    tasks,
)

ROUND = "rounds/<int:round_pk>"

SUBMISSIONS = [
    path("submissions/", submission_lists.submissions, name="submission_list"),
    path(f"submissions/{ROUND}/", submission_lists.submission_list, name="round_submissions"),
    path(
        f"submissions/{ROUND}/export/",
        submission_lists.submission_list_export,
        name="round_submissions_export",
    ),
    path("submissions/<int:pk>/", submissions.submission, name="submission"),
    path("submissions/<int:pk>/report/", submissions.save_report, name="submission_report"),
    path("submissions/<int:pk>/carry-over/", submissions.carry_over, name="submission_carry_over"),
    path("submissions/<int:pk>/hand-in/", submissions.hand_in, name="submission_hand_in"),
    path("submissions/<int:pk>/sign/", submissions.sign, name="submission_sign"),
    path("submissions/<int:pk>/send-back/", submissions.send_back, name="submission_send_back"),
    path("submissions/<int:pk>/return/", submissions.return_submission, name="submission_return"),
    path("submissions/<int:pk>/evidence/<str:code>/", submissions.evidence, name="evidence"),
    path(
        "submissions/<int:pk>/evidence/<str:code>/files/<int:file_pk>/remove/",
        submissions.remove_file,
        name="evidence_file_remove",
    ),
]

REVIEWS = [
    path("reviews/", sheets.sheets, name="sheet_list"),
    path(f"reviews/{ROUND}/", sheets.sheet_list, name="round_sheets"),
    path(f"reviews/{ROUND}/export/", sheets.sheet_list_export, name="round_sheets_export"),
    path("reviews/<int:pk>/", reviews.sheet, name="sheet"),
    path("reviews/<int:pk>/save/", reviews.save_sheet, name="sheet_save"),
    path("reviews/<int:pk>/full-marks/", reviews.fill_full_marks, name="sheet_fill"),
    path("reviews/<int:pk>/submit/", reviews.submit_sheet, name="sheet_submit"),
    path("reviews/<int:pk>/return/", reviews.return_sheet, name="sheet_return"),
    path("reviews/<int:pk>/upload/", sheets.sheet_upload, name="sheet_upload"),
    path("reviews/<int:pk>/workbook/", sheets.sheet_workbook, name="sheet_workbook"),
    path("reviews/<int:pk>/units/<int:unit_pk>/", evidence.offer, name="offer"),
    path("reviews/<int:pk>/units/<int:unit_pk>/accept/", evidence.accept, name="offer_accept"),
    path("reviews/<int:pk>/units/<int:unit_pk>/return/", evidence.give_back, name="offer_return"),
]

DATA = [
    path("data/", task_lists.tasks, name="task_list"),
    path(f"data/{ROUND}/", task_lists.task_list, name="round_tasks"),
    path(f"data/{ROUND}/export/", task_lists.task_list_export, name="round_tasks_export"),
    path("data/<int:pk>/", tasks.task, name="task"),
    path("data/<int:pk>/values/", tasks.values, name="task_values"),
    path("data/<int:pk>/upload/", tasks.task_upload, name="task_upload"),
    path("data/<int:pk>/workbook/", tasks.task_workbook, name="task_workbook"),
    path("data/<int:pk>/deliver/", tasks.deliver, name="task_deliver"),
    path("data/<int:pk>/none/", tasks.report_none, name="task_none"),
    path("data/<int:pk>/recall/", tasks.recall, name="task_recall"),
    path("data/<int:pk>/return/", tasks.return_task, name="task_return"),
    path("data/<int:pk>/facts/new/", facts.fact_new, name="fact_new"),
    path("facts/", facts.facts, name="fact_list"),
    path(f"facts/{ROUND}/", facts.fact_list, name="round_facts"),
    path(f"facts/{ROUND}/export/", facts.fact_list_export, name="round_facts_export"),
    path("facts/<int:pk>/", facts.fact, name="fact"),
    path("facts/<int:pk>/correct/", facts.fact_correct, name="fact_correct"),
    path("facts/<int:pk>/withdraw/", facts.fact_withdraw, name="fact_withdraw"),
    path("facts/<int:pk>/points/", facts.fact_points, name="fact_points"),
]

BALLOTS = [
    path("ballots/", ballots.ballots, name="ballot_list"),
    path(f"ballots/{ROUND}/", ballots.ballot_list, name="round_ballots"),
    path(f"ballots/{ROUND}/questions/<str:question>/", ballots.ballot_list, name="ballot_question"),
    path(
        f"ballots/{ROUND}/questions/<str:question>/export/",
        ballots.ballot_list_export,
        name="ballot_question_export",
    ),
    path(f"ballots/{ROUND}/export/", ballots.ballot_list_export, name="round_ballots_export"),
    path(f"ballots/{ROUND}/upload/", ballots.ballot_upload, name="ballot_upload"),
    path(f"ballots/{ROUND}/workbook/", ballots.ballot_workbook, name="ballot_workbook"),
]

ADJUSTMENTS = [
    path("adjustments/", adjustments.adjustments, name="adjustment_list"),
    path(f"adjustments/{ROUND}/", adjustments.adjustment_list, name="round_adjustments"),
    path(f"adjustments/{ROUND}/export/", adjustments.adjustment_list_export, name="round_adjustments_export"),
    path(f"adjustments/{ROUND}/new/", adjustments.adjustment_new, name="adjustment_new"),
    path("adjustments/<int:pk>/", adjustments.adjustment, name="adjustment"),
    path("adjustments/<int:pk>/approve/", adjustments.adjustment_approve, name="adjustment_approve"),
    path("adjustments/<int:pk>/reject/", adjustments.adjustment_reject, name="adjustment_reject"),
    path("adjustments/<int:pk>/withdraw/", adjustments.adjustment_withdraw, name="adjustment_withdraw"),
]

APPEAL = "appeals/<int:pk>"

APPEALS = [
    path("appeals/", appeals.appeals, name="appeal_list"),
    path(f"appeals/{ROUND}/", appeals.appeal_list, name="round_appeals"),
    path(f"appeals/{ROUND}/export/", appeals.appeal_list_export, name="round_appeals_export"),
    path("appeals/new/<int:pk>/", appeals.appeal_new, name="appeal_new"),
    path(f"{APPEAL}/", appeals.appeal, name="appeal"),
    path(f"{APPEAL}/edit/", appeals.appeal_edit, name="appeal_edit"),
    path(f"{APPEAL}/files/<int:file_pk>/remove/", appeals.appeal_file_remove, name="appeal_file_remove"),
    path(f"{APPEAL}/file/", appeals.appeal_file, name="appeal_file"),
    path(f"{APPEAL}/withdraw/", appeals.appeal_withdraw, name="appeal_withdraw"),
    path(f"{APPEAL}/accept/", appeal_rulings.appeal_accept, name="appeal_accept"),
    path(f"{APPEAL}/comment/", appeal_rulings.appeal_comment, name="appeal_comment"),
    path(f"{APPEAL}/decide/", appeal_rulings.appeal_decide, name="appeal_decide"),
    path(f"{APPEAL}/reply/", appeal_rulings.appeal_reply, name="appeal_reply"),
]

urlpatterns = [*SUBMISSIONS, *REVIEWS, *DATA, *BALLOTS, *ADJUSTMENTS, *APPEALS]
