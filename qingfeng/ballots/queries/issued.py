"""How many codes are out."""

from __future__ import annotations

from django.db.models import Count

from qingfeng.ballots.models import Code, CodeBatch, Urn


def live_counts(urn: Urn) -> dict[int, int]:
    """Return pool id → codes that are not void, used or not."""
    rows = Code.objects.filter(pool__urn=urn, is_void=False)
    return dict(rows.values_list("pool").annotate(count=Count("pk")).values_list("pool", "count"))


def batches(urn: Urn) -> list[CodeBatch]:
    """Return who made codes when, the newest first."""
    found = CodeBatch.objects.filter(pool__urn=urn).select_related("pool__unit", "issued_by")
    return list(found.order_by("-pk"))
