"""What happened to one thing: its steps, newest first, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qingfeng.core import references
from qingfeng.workflow.models import StateChange
from qingfeng.workflow.transitions import MACHINES


@dataclass(frozen=True)
class Step:
    label: str
    change: StateChange


def of(subject: Any) -> list[Step]:
    """Return the steps of a thing, newest first, in one query."""
    kind = references.kind_of(subject)
    labels = {step.name: step.label for step in MACHINES[kind].transitions}
    rows = StateChange.objects.filter(subject_kind=kind, subject_id=subject.pk).select_related(
        "by", "acted_for"
    )
    return [Step(labels.get(row.name, row.name), row) for row in rows.order_by("-pk")]
