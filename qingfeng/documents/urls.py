"""The pages of official documents, files and numbers, under `/documents/`."""

from __future__ import annotations

from django.urls import path

from qingfeng.documents.views import document, files, numbers, register

app_name = "documents"
urlpatterns = [
    path("", register.register, name="register"),
    path("export/", register.export, name="export"),
    path("new/", register.draft, name="draft"),
    path("files/<int:pk>/", files.download, name="file"),
    path("numbers/", numbers.series_list, name="series_list"),
    path("numbers/export/", numbers.export_series, name="export_series"),
    path("numbers/new/", numbers.open_series, name="open_series"),
    path("numbers/<int:pk>/", numbers.series_detail, name="series"),
    path("numbers/<int:pk>/export/", numbers.export_numbers, name="export_numbers"),
    path("<int:pk>/", document.detail, name="detail"),
    path("<int:pk>/issue/", document.issue, name="issue"),
    path("<int:pk>/<slug:slug>/", document.step, name="step"),
]
