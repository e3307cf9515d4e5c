from __future__ import annotations

from qingfeng.core import references
from qingfeng.evaluation.models.rounds import Round
from qingfeng.workflow import deadlines
from qingfeng.workflow.models import Deadline


def by_id(pk: int) -> Round:
    return Round.objects.get(pk=pk)


def limit_of(row: Round, name: str) -> Deadline | None:
    return deadlines.of(references.reference_to(row)).filter(name=name).first()
