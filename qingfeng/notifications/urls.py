from __future__ import annotations

from django.urls import path

from qingfeng.notifications import views

app_name = "notifications"
urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/export/", views.export, name="export"),
    path("inbox/read-all/", views.read_all, name="read_all"),
    path("inbox/<int:pk>/", views.detail, name="detail"),
    path("inbox/<int:pk>/open/", views.open_message, name="open"),
]
