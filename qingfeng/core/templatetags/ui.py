"""Template tags of the UI components (`templates/ui/`); every one is shown at `/ui/`.

Each takes its words as explicit parameters and queries nothing. A tag with an `end…` takes what is inside.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import BoundField
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from qingfeng.core.duties import SOON_DAYS, limit_words

register = template.Library()

GRADE_TONES = {
    "excellent": ("优秀", "good"),
    "good": ("较好", "info"),
    "fair": ("一般", "warn"),
    "poor": ("差", "bad"),
}
GRADE_CODES = {name: code for code, (name, _) in GRADE_TONES.items()}
WIDGET_LOOKS = {
    "select": "form-select",
    "selectmultiple": "form-select",
    "nullbooleanselect": "form-select",
    "checkbox": "form-check-input",
}
JSON_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.simple_block_tag
def pagehead(
    content: str,
    title: str,
    *,
    over: str = "",
    meta: str = "",
    score: Any = None,
    grade: str = "",
    change: str = "",
    change_tone: str = "",
) -> SafeString:
    """Head a page: a sentence as the title, its circumstances, and the actions inside the tag.

    Put the filled button into `<div class="qf-bar">`: on a phone it sticks to the bottom edge.
    """
    words = {"title": title, "over": over, "meta": meta, "score": score, "grade": grade}
    return render_to_string(
        "ui/page_head.html", {**words, "change": change, "change_tone": change_tone, "actions": content}
    )


@register.simple_block_tag
def card(
    content: str,
    title: str = "",
    *,
    meta: str = "",
    meta_url: str = "",
    flush: bool = False,
    anchor: str = "",
    footer: str = "",
) -> SafeString:
    """Frame a part of the page; `flush` lets a table or a list reach the card's edges."""
    given = {"title": title, "meta": meta, "meta_url": meta_url, "flush": flush}
    return render_to_string("ui/card.html", {**given, "anchor": anchor, "footer": footer, "content": content})


@register.simple_block_tag
def notice(content: str, tone: str = "") -> SafeString:
    """Tell what is so about the whole page: `warn`, `bad`, `good`, `info` or plain."""
    return render_to_string("ui/notice.html", {"content": content, "tone": tone})


@register.simple_block_tag
def chart(content: str, kind: str, data: Mapping[str, Any], label: str, size: str = "") -> SafeString:
    """Draw a chart (kinds and their data: `assets/js/charts.js`); the table inside the tag says the same.

    It may be left out where the page shows that table open beneath the drawing.

    The page adds `{% charts_script %}` once, in the block `scripts`.
    """
    text = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False).translate(JSON_ESCAPES)
    # Every character that could end the script element is escaped in the line above.
    source = mark_safe(text)  # noqa: S308
    return render_to_string(
        "ui/chart.html", {"kind": kind, "source": source, "label": label, "size": size, "table": content}
    )


@register.inclusion_tag("ui/charts_script.html")
def charts_script() -> dict[str, Any]:
    """Load the drawing of charts: once a page, and only where there are some."""
    return {}


@register.inclusion_tag("ui/empty.html")
def empty(title: str, text: str = "", url: str = "", label: str = "") -> dict[str, Any]:
    """Say that there is nothing yet, and what to do next."""
    return {"title": title, "text": text, "url": url, "label": label}


@register.inclusion_tag("ui/grade.html")
def grade(value: str) -> dict[str, Any]:
    """Show a grade (its code or its name) in its colour and its word."""
    name, tone = GRADE_TONES.get(GRADE_CODES.get(value, value), (value, ""))
    return {"name": name or "未定等次", "tone": tone}


@register.inclusion_tag("ui/tag.html")
def tag(text: Any, tone: str = "") -> dict[str, Any]:
    """Show a short label: plain, or `good`, `info`, `warn`, `bad`."""
    return {"text": text, "tone": tone}


@register.inclusion_tag("ui/deadline.html")
def deadline(
    days: int | None, done: bool = False, working: bool = False, dot: bool = True, soon: int = SOON_DAYS
) -> dict[str, Any]:
    """Say how far a deadline is (`days` left, negative when overdue), by a dot and by words."""
    return {**deadline_words(days, done=done, working=working, soon=soon), "dot": dot}


def deadline_words(
    days: int | None, *, done: bool = False, working: bool = False, soon: int = SOON_DAYS
) -> dict[str, str]:
    """Return tone and words of a deadline."""
    tone, words = limit_words(days, done=done, working=working, soon=soon)
    return {"tone": tone, "words": words}


@register.inclusion_tag("ui/dot.html")
def dot(tone: str, words: str) -> dict[str, Any]:
    """Put a dot before a row: `late`, `soon`, `ok`, `done`; its words are for those who do not see it."""
    return {"tone": tone, "words": words}


@register.inclusion_tag("ui/progress.html")
def progress(label: str, value: int, total: int, tone: str = "", note: str = "") -> dict[str, Any]:
    """Show how much of a whole is done, as two figures and a bar."""
    share = round(100 * value / total) if total else 0
    return {
        "label": label,
        "value": value,
        "total": total,
        "share": min(share, 100),
        "tone": tone,
        "note": note,
    }


@register.inclusion_tag("ui/stepper.html")
def stepper(steps: Iterable[Sequence[str]], label: str = "办理进度") -> dict[str, Any]:
    """Show the steps of a flow: (name, `done`/`now`/`later`[, note])."""
    rows = [{"name": step[0], "state": step[1], "note": step[2] if len(step) > 2 else ""} for step in steps]
    return {"steps": rows, "label": label}


@register.inclusion_tag("ui/stat.html")
def stat(
    label: str,
    value: Any,
    *,
    unit: str = "",
    compare: str = "",
    tone: str = "",
    url: str = "",
) -> dict[str, Any]:
    """Show a figure with what it is compared to; `tone` is `better` or `worse`."""
    return {"label": label, "value": value, "unit": unit, "compare": compare, "tone": tone, "url": url}


@register.inclusion_tag("ui/action.html", takes_context=True)
def action(
    context: Context,
    label: str,
    url: str,
    *,
    why: str = "",
    method: str = "get",
    primary: bool = False,
    danger: bool = False,
    small: bool = False,
    confirm: str = "",
) -> dict[str, Any]:
    """Offer a step. With `why` (a rule's `why_not`) it stays visible, disabled, and the reason is shown."""
    kinds = [name for name, on in (("primary", primary), ("danger", danger), ("sm", small)) if on]
    return {
        "label": label,
        "url": url,
        "why": why,
        "method": method,
        "classes": " ".join(["btn", *(f"btn-{kind}" for kind in kinds)]),
        "confirm": confirm,
        "csrf_token": context.get("csrf_token", ""),
    }


@register.inclusion_tag("ui/tabs.html")
def tabs(items: Iterable[Mapping[str, Any]], label: str = "分页") -> dict[str, Any]:
    """Lead to the parts of a thing, each with its own address: `label`, `url`, `active`, `count`."""
    rows = [{"count": None, "active": False, **item} for item in items]
    return {"tabs": rows, "label": label}


@register.inclusion_tag("ui/facts.html")
def facts(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """List what is known of a thing: (term, value); an empty value shows as a dash."""
    return {"pairs": list(pairs)}


@register.inclusion_tag("ui/files.html")
def files(items: Iterable[Mapping[str, Any]], none: str = "还没有文件。") -> dict[str, Any]:
    """List files: `name`, `kind` (short), `size` in bytes, `note`, `url` (empty: not to be opened)."""
    rows = [{"kind": "", "size": None, "note": "", "url": "", **item} for item in items]
    return {"files": rows, "none": none}


@register.inclusion_tag("ui/job.html")
def job(
    state: str,
    label: str,
    done: int = 0,
    total: int = 0,
    *,
    note: str = "",
    url: str = "",
    result_url: str = "",
    result_label: str = "",
) -> dict[str, Any]:
    """Show a long job (`waiting`, `running`, `done`, `failed`); `url` serves the panel anew while it runs."""
    share = round(100 * done / total) if total else 0
    return {
        "state": state,
        "label": label,
        "done": done,
        "total": total,
        "share": min(share, 100),
        "note": note,
        "url": url if state in {"waiting", "running"} else "",
        "result_url": result_url,
        "result_label": result_label,
    }


@register.inclusion_tag("ui/timeline.html")
def timeline(entries: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Tell what happened, newest first: `at`, `what`, `who`, `note`."""
    return {"entries": [{"who": "", "note": "", **entry} for entry in entries]}


@register.filter
def styled(field: BoundField) -> SafeString:
    """Render a form field's widget in the look of its kind."""
    kind = field.widget_type
    own = field.field.widget.attrs.get("class", "")
    look = WIDGET_LOOKS.get(kind, "form-control")
    attrs: dict[str, str | bool] = {"class": f"{look} {own}".strip()}
    if kind in {"file", "clearablefile"}:
        attrs["x-on:change"] = "pick"
    return field.as_widget(attrs=attrs)


@register.inclusion_tag("ui/field_words.html")
def field_words(field: BoundField) -> dict[str, Any]:
    """Show what is wrong with a field, and its help."""
    return {"field": field}
