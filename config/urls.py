from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("evaluation/", include("qingfeng.evaluation.urls")),
    path("accounts/", include("allauth.urls")),
]

handler403 = "qingfeng.core.faults.denied"
handler404 = "qingfeng.core.faults.missing"
handler500 = "qingfeng.core.faults.broken"
