"""`/ui/`: every component of the pages, in all its states, with sample content."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from qingfeng.shell.gallery import charts, samples
from qingfeng.shell.gallery.forms import SampleForm, faulty

PARTS = {
    "signs": ("部件", "shell/gallery/signs.html"),
    "lists": ("列表", "shell/gallery/lists.html"),
    "forms": ("表单", "shell/gallery/forms.html"),
    "charts": ("图表", "shell/gallery/charts.html"),
    "workbench": ("工作台样张", "shell/gallery/workbench.html"),
    "portrait": ("画像样张", "shell/gallery/portrait.html"),
    "case": ("双列样张", "shell/gallery/case.html"),
    "notice": ("手机样张", "shell/gallery/notice.html"),
    "confirm": ("确认页", "ui/confirm.html"),
}


@require_safe
def ui(request: HttpRequest) -> HttpResponse:
    """Show the part of the gallery asked for, the small components first."""
    asked = request.GET.get("part", "signs")
    part = asked if asked in PARTS else "signs"
    tabs = [
        {"label": label, "url": f"{reverse('ui')}?part={key}", "active": key == part}
        for key, (label, _) in PARTS.items()
    ]
    return render(request, PARTS[part][1], {"tabs": tabs, **_content(part, request)})


def _content(part: str, request: HttpRequest) -> dict[str, Any]:
    """Return the sample content of a part."""
    signs = {
        "steps": samples.CASE_STEPS,
        "round_steps": samples.ROUND_STEPS,
        "facts": samples.FACTS,
        "files": samples.FILES,
        "events": samples.EVENTS,
        "tabs_sample": samples.TABS,
    }
    sides = {"halves": samples.HALVES, "opinions": samples.OPINIONS}
    contents: dict[str, dict[str, Any]] = {
        "signs": signs,
        "lists": {"listing": samples.listing(request.GET), "empty_listing": samples.empty_listing()},
        "forms": {"form": SampleForm(), "faulty": faulty()},
        "charts": charts.ALL,
        "workbench": {"duties": samples.DUTIES, "navigation": samples.navigation("工作台")},
        "portrait": {
            **charts.ALL,
            "weakest": samples.WEAKEST,
            "navigation": samples.navigation("单位画像"),
        },
        "case": {"steps": samples.CASE_STEPS, **sides, "navigation": samples.navigation("案件")},
        "notice": {"stages": samples.STAGES},
        "confirm": samples.CONFIRMATION,
    }
    return contents[part]
