"""Those who organise: schemes and rounds."""

from __future__ import annotations

from django.urls import path

from qingfeng.evaluation.views import (
    bulletins,
    checking,
    round_progress,
    round_revisions,
    round_setup,
    round_steps,
    round_urn,
    rounds,
    scheme_books,
    scheme_parts,
    scheme_steps,
    schemes,
)

ROUND = "rounds/<int:pk>"

ROUNDS = [
    path("rounds/", rounds.round_list, name="round_list"),
    path("rounds/export/", rounds.round_list_export, name="round_list_export"),
    path("rounds/plan/", round_setup.round_plan, name="round_plan"),
    path(f"{ROUND}/", rounds.round_detail, name="round"),
    path(f"{ROUND}/computation/", rounds.computation, name="round_computation"),
    path(f"{ROUND}/units/", round_progress.round_units, name="round_units"),
    path(f"{ROUND}/units/export/", round_progress.round_units_export, name="round_units_export"),
    path(f"{ROUND}/departments/", round_progress.round_departments, name="round_departments"),
    path(
        f"{ROUND}/departments/export/",
        round_progress.round_departments_export,
        name="round_departments_export",
    ),
    path(f"{ROUND}/revisions/<int:number>/", round_revisions.round_revision, name="round_revision"),
    path(
        f"{ROUND}/revisions/<int:number>/export/",
        round_revisions.round_revision_export,
        name="round_revision_export",
    ),
    path(f"{ROUND}/bulletin/", bulletins.bulletin, name="bulletin"),
    path(f"{ROUND}/bulletin/approval/", bulletins.bulletin_approval, name="bulletin_approval"),
    path(f"{ROUND}/bulletin/draft/", bulletins.bulletin_draft, name="bulletin_draft"),
    path(f"{ROUND}/dates/", round_setup.round_dates, name="round_dates"),
    path(f"{ROUND}/scheme/", round_setup.round_scheme, name="round_scheme"),
    path(f"{ROUND}/bindings/", round_setup.round_bindings, name="round_bindings"),
    path(f"{ROUND}/units/<int:unit_pk>/withdraw/", round_setup.withdraw_unit, name="round_withdraw_unit"),
    path(f"{ROUND}/open/", round_steps.open_round, name="round_open"),
    path(f"{ROUND}/start-review/", round_steps.start_review, name="round_start_review"),
    path(f"{ROUND}/freeze/", round_steps.freeze, name="round_freeze"),
    path(f"{ROUND}/unfreeze/", round_steps.unfreeze, name="round_unfreeze"),
    path(f"{ROUND}/compute/", round_steps.compute, name="round_compute"),
    path(f"{ROUND}/open-appeals/", checking.open_appeals, name="round_open_appeals"),
    path(f"{ROUND}/extend-appeals/", checking.extend_appeals, name="round_extend_appeals"),
    path(f"{ROUND}/settle/", checking.settle, name="round_settle"),
    path(f"{ROUND}/submit/", round_steps.submit_result, name="round_submit"),
    path(f"{ROUND}/approve/", round_steps.approve, name="round_approve"),
    path(f"{ROUND}/announce/", round_steps.announce, name="round_announce"),
    path(f"{ROUND}/reopen/", round_steps.reopen, name="round_reopen"),
    path(f"{ROUND}/urn/", round_urn.round_urn, name="round_urn"),
    path(f"{ROUND}/remind/", round_steps.remind, name="round_remind"),
]

SCHEME = "schemes/<int:pk>"

SCHEMES = [
    path("schemes/", schemes.scheme_list, name="scheme_list"),
    path("schemes/export/", schemes.scheme_list_export, name="scheme_list_export"),
    path(f"{SCHEME}/", schemes.scheme_detail, name="scheme"),
    path(f"{SCHEME}/indicators/<str:code>/", schemes.scheme_indicator, name="scheme_indicator"),
    path(f"{SCHEME}/draft/", scheme_steps.scheme_draft, name="scheme_draft"),
    path(f"{SCHEME}/copy/", scheme_steps.scheme_copy, name="scheme_copy"),
    path(f"{SCHEME}/publish/", scheme_steps.scheme_publish, name="scheme_publish"),
    path(f"{SCHEME}/retire/", scheme_steps.scheme_retire, name="scheme_retire"),
    path(f"{SCHEME}/compare/", scheme_steps.scheme_compare, name="scheme_compare"),
    path(f"{SCHEME}/export/", scheme_books.scheme_export, name="scheme_export"),
    path(f"{SCHEME}/import/", scheme_books.scheme_import, name="scheme_import"),
    path(f"{SCHEME}/import/replace/", scheme_books.scheme_replace, name="scheme_replace"),
    path(f"{SCHEME}/part/", scheme_parts.scheme_part, name="scheme_part"),
    path(f"{SCHEME}/part/add/", scheme_parts.scheme_part_add, name="scheme_part_add"),
    path(f"{SCHEME}/part/remove/", scheme_parts.scheme_part_remove, name="scheme_part_remove"),
    path(f"{SCHEME}/part/move/", scheme_parts.scheme_part_move, name="scheme_part_move"),
    path(f"{SCHEME}/order/", scheme_parts.scheme_order, name="scheme_order"),
]

urlpatterns = [*ROUNDS, *SCHEMES]
