"""Those who weigh: studies of a draft's weights, and each expert's own matrix."""

from __future__ import annotations

from django.urls import path

from qingfeng.evaluation.views import judging, studies, study_steps

SCHEME = "schemes/<int:pk>/weights"
STUDY = "weights/<int:pk>"
EXPERT = "judging/<int:pk>"

STUDIES = [
    path(f"{SCHEME}/", studies.weight_list, name="weight_list"),
    path(f"{SCHEME}/export/", studies.weight_list_export, name="weight_list_export"),
    path(f"{SCHEME}/new/", studies.weight_begin, name="weight_begin"),
    path(f"{STUDY}/", studies.weight_study, name="weight_study"),
    path(f"{STUDY}/invite/", studies.weight_invite, name="weight_invite"),
    path(f"{STUDY}/paper/", studies.weight_paper, name="weight_paper"),
    path(f"{STUDY}/apply/", study_steps.weight_apply, name="weight_apply"),
    path(f"{STUDY}/undo/", study_steps.weight_undo, name="weight_undo"),
    path(f"{STUDY}/discard/", study_steps.weight_discard, name="weight_discard"),
    path(f"{STUDY}/export/", study_steps.weight_study_export, name="weight_study_export"),
]

EXPERTS = [
    path(f"{EXPERT}/", judging.judging, name="judging"),
    path(f"{EXPERT}/workbook/", judging.judging_workbook, name="judging_workbook"),
    path(f"{EXPERT}/upload/", judging.judging_upload, name="judging_upload"),
    path(f"{EXPERT}/return/", judging.judging_return, name="judging_return"),
    path(f"{EXPERT}/leave/", judging.judging_leave, name="judging_leave"),
]

urlpatterns = [*STUDIES, *EXPERTS]
