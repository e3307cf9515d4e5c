"""Where facts deducted in earlier rounds: one fact deducts once, also across quarters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q

from qingfeng.evaluation.models.data import Fact
from qingfeng.evaluation.models.results import Revision, UnitResult
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.queries import frozen, rounds
from qingfeng.evaluation.scoring import packing


def standing_revisions(before: Round) -> list[Revision]:
    """Return the last announced revision of each round before this one, oldest first."""
    earlier = Q(round__year__lt=before.year) | Q(round__year=before.year, round__quarter__lt=before.quarter)
    rows = Revision.objects.announced().filter(earlier).select_related("round", "snapshot")
    rows = rows.defer("snapshot__content")
    latest = {row.round_id: row for row in rows.order_by("round__year", "round__quarter", "number")}
    return list(latest.values())


def counted_before(round: Round, facts: Sequence[Fact]) -> dict[int, str]:
    """Return, by fact id, the words of the earlier quarter and indicator in which its event deducted."""
    roots = {fact.pk: _root(fact) for fact in facts}
    keys = {fact.event_key for fact in facts if fact.event_key}
    start = rounds.quarter_of(round).start_date
    older = Fact.objects.filter(event_key__in=keys, effective_date__lt=start).select_related("corrects")
    by_event: dict[str, set[int]] = {}
    for fact in older:
        by_event.setdefault(fact.event_key, set()).add(_root(fact))
    early = any(fact.effective_date < start or fact.act_date < start for fact in facts)
    if not early and not by_event:
        return {}
    wanted = {fact.unit_id for fact in facts} | {fact.unit_id for fact in older}
    counted = _counted_roots(standing_revisions(round), wanted)
    found = {}
    for fact in facts:
        related = {roots[fact.pk]} | by_event.get(fact.event_key, set())
        words = next((counted[root] for root in sorted(related) if root in counted), "")
        if words:
            found[fact.pk] = words
    return found


def _root(fact: Fact) -> int:
    """Return the id of the first entry of a fact's chain of corrections."""
    current = fact
    while current.corrects is not None:
        current = current.corrects
    return int(current.pk)


def _counted_roots(revisions: Iterable[Revision], unit_ids: set[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for revision in revisions:
        inputs = frozen.inputs_by_id(revision.snapshot_id, revision.snapshot.digest)
        listed = [indicator for _, indicator, _ in inputs.scheme.channels()]
        results = UnitResult.objects.filter(revision=revision, round_unit__unit_id__in=unit_ids)
        places: dict[int, str] = {}
        for packed in results.values_list("packed", flat=True):
            result = packing.unpack(bytes(packed))
            for fact, channel in zip(result.fact, result.fact_channel, strict=True):
                if channel >= 0:
                    pk = int(inputs.texts[inputs.facts.id[fact]])
                    places[pk] = f"{revision.round.label}“{listed[channel].name}”"
        rows = Fact.objects.filter(pk__in=places).select_related("corrects__corrects__corrects")
        found |= {_root(fact): places[fact.pk] for fact in rows}
    return found
