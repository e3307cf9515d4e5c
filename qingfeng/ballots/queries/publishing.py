"""What is published after the mix: enough to count again and to find one's receipt, never who chose what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from qingfeng.ballots.models import MixedAnswer, Pool, Urn
from qingfeng.ballots.queries import mixed, turnout
from qingfeng.ballots.sealing import recount


def publication(urn: Urn) -> dict[str, Any]:
    """Return the published file's content: each question's answers by pool, in an order of their own.

    A withheld pool shows its step of turnout and nothing else; its receipts stand apart, among strangers.
    """
    pools = turnout.by_pool(urn)
    return {
        "format": recount.FORMAT,
        "title": urn.title,
        "minimum": urn.minimum,
        "questions": [{"code": q["code"], "text": q["text"]} for q in urn.questions],
        "answers": urn.answers,
        "pools": [_pool(urn, entry) for entry in pools],
        "turnout_at_least": turnout.total(pools),
        "figures": _figures(urn, [entry.pool for entry in pools]),
        "receipts": {
            "counted": mixed.receipts(urn, counted=True),
            "not_counted": mixed.receipts(urn, counted=False),
        },
    }


def _pool(urn: Urn, entry: turnout.Turnout) -> dict[str, Any]:
    pool = entry.pool
    rows = MixedAnswer.objects.filter(pool=pool).order_by("key").values_list("packed", flat=True)
    columns: Iterable[tuple[int, ...]] = zip(*(bytes(row) for row in rows), strict=True)
    names = urn.answer_codes
    votes = {
        code: [names[place - 1] for place in column]
        for code, column in zip(urn.question_codes, columns, strict=False)
        if any(column)
    }
    return {
        "unit": pool.unit.code,
        "unit_name": pool.unit.short_name,
        "group": pool.group,
        "group_name": pool.group_name,
        "turnout_step": entry.step,
        "is_withheld": pool.is_withheld,
        "votes": votes,
    }


def _figures(urn: Urn, pools: list[Pool]) -> list[dict[str, Any]]:
    """Return the platform's own count, made another way: by NumPy from the same rows."""
    found = mixed.counts(urn)
    place = {pk: at for at, pk in enumerate(found.pools)}
    is_valid = [bool(answer["is_valid"]) for answer in urn.answers]
    rows = []
    for pool in pools:
        for number, question in enumerate(urn.question_codes):
            at = place.get(pool.pk)
            counted = [0] * len(urn.answers) if at is None else found.table[at, number].tolist()
            rows.append(
                {
                    "unit": pool.unit.code,
                    "group": pool.group,
                    "question": question,
                    "votes": dict(zip(urn.answer_codes, counted, strict=True)),
                    "valid": sum(n for n, valid in zip(counted, is_valid, strict=True) if valid),
                }
            )
    return rows
