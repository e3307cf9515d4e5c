from __future__ import annotations

from django.urls import include, path

from qingfeng.shell.views import audit, calendar, deadlines, health, home, jobs, search

JOBS = (
    [
        path("", jobs.job_list, name="list"),
        path("export/", jobs.job_export, name="export"),
        path("schedule/", jobs.schedule, name="schedule"),
        path("<int:pk>/panel/", jobs.panel, name="panel"),
        path("<int:pk>/retry/", jobs.retry, name="retry"),
    ],
    "jobs",
)
AUDIT = (
    [
        path("", audit.entry_list, name="list"),
        path("export/", audit.entry_export, name="export"),
        path("verify/", audit.verify, name="verify"),
        path("verification/", audit.verification, name="verification"),
    ],
    "audit",
)
CALENDAR = (
    [
        path("", calendar.year, name="now"),
        path("declare/", calendar.declare, name="declare"),
        path("<int:number>/", calendar.year, name="year"),
        path("<int:number>/<int:month>/<int:day>/withdraw/", calendar.withdraw, name="withdraw"),
    ],
    "calendar",
)
DEADLINES = (
    [
        path("", deadlines.deadline_list, name="list"),
        path("export/", deadlines.deadline_export, name="export"),
        path("<int:pk>/", deadlines.deadline_detail, name="detail"),
    ],
    "deadlines",
)

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("healthz", health.health, name="health"),
    path("jobs/", include(JOBS)),
    path("audit/", include(AUDIT)),
    path("calendar/", include(CALENDAR)),
    path("deadlines/", include(DEADLINES)),
]
