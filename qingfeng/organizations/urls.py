from __future__ import annotations

from django.urls import path

from qingfeng.organizations.views import importing, people, posts, unit_changes, units

app_name = "organizations"
urlpatterns = [
    path("organizations/", units.unit_list, name="list"),
    path("organizations/tree/", units.unit_tree, name="tree"),
    path("organizations/export/", units.unit_export, name="export"),
    path("organizations/add/", unit_changes.unit_add, name="add"),
    path("organizations/<int:pk>/", units.unit_detail, name="detail"),
    path("organizations/<int:pk>/edit/", unit_changes.unit_edit, name="edit"),
    path("organizations/<int:pk>/close/", unit_changes.unit_close, name="close"),
    path("organizations/<int:pk>/merge/", unit_changes.unit_merge, name="merge"),
    path("organizations/<int:pk>/reopen/", unit_changes.unit_reopen, name="reopen"),
    path("organizations/import/", importing.upload, name="import"),
    path("organizations/import/template/", importing.template, name="template"),
    path("organizations/import/<uuid:token>/", importing.preview, name="import_draft"),
    path("organizations/import/<uuid:token>/discard/", importing.discard, name="import_discard"),
    path("organizations/workbook/", importing.workbook, name="workbook"),
    path("people/", people.people_list, name="people"),
    path("people/export/", people.people_export, name="people_export"),
    path("people/add/", people.person_add, name="person_add"),
    path("people/<int:pk>/", people.person_detail, name="person"),
    path("people/<int:pk>/edit/", people.person_edit, name="person_edit"),
    path("people/<int:pk>/appoint/", posts.appoint, name="appoint"),
    path("people/posts/<int:pk>/leave/", posts.leave, name="leave"),
    path("people/posts/<int:pk>/correct/", posts.correct, name="correct"),
]
