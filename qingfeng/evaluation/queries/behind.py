"""What stands behind an explanation: the scheme it was reckoned by, the ledger's entries, the scorers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from qingfeng.evaluation.models.appeals import Appeal
from qingfeng.evaluation.models.data import Fact
from qingfeng.evaluation.models.results import Revision
from qingfeng.evaluation.queries import data, frozen
from qingfeng.evaluation.scoring import scheme as core
from qingfeng.evaluation.scoring.explanation import Explanation, Node


@dataclass(frozen=True)
class Behind:
    """The records that an explanation names only by their codes."""

    scheme: core.Scheme
    facts: dict[str, Fact]
    open_facts: frozenset[int]
    scorers: dict[tuple[str, str], dict[str, Any]]
    appeals: Sequence[Appeal] = ()
    may_appeal: bool = False


def of(
    revision: Revision,
    explanation: Explanation,
    user: Any,
    *,
    appeals: Sequence[Appeal] = (),
    may_appeal: bool = False,
) -> Behind:
    """Return what stands behind one unit's explanation, in two queries."""
    wanted = [int(code) for code in _fact_codes(explanation) if code.isdecimal()]
    rows = Fact.objects.filter(pk__in=wanted)
    allowed = data.facts_visible_to(user).filter(pk__in=wanted).values_list("pk", flat=True)
    return Behind(
        scheme=scheme_of(revision),
        facts={str(row.pk): row for row in rows},
        open_facts=frozenset(allowed),
        scorers={(entry["channel"], entry["department"]): entry for entry in revision.scorers},
        appeals=appeals,
        may_appeal=may_appeal,
    )


def scheme_of(revision: Revision) -> core.Scheme:
    """Return the scheme as it was frozen with the revision's inputs."""
    return frozen.inputs_by_id(revision.snapshot_id, revision.snapshot.digest).scheme


def _fact_codes(explanation: Explanation) -> Iterable[str]:
    nodes: Iterable[Node] = (node for top in explanation.dimensions for node in top.walk())
    return {node.code for node in nodes if node.kind == "fact"}
