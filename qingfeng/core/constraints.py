"""The constraints every app uses, made by one helper instead of pasted."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.db.models import Q


def choices_of(field: str, enum: Iterable[str], name: str) -> models.CheckConstraint:
    """Allow only the enum's slugs in the column (`name` ≤ 30 characters)."""
    return models.CheckConstraint(condition=Q(**{f"{field}__in": [str(value) for value in enum]}), name=name)


def pair_of(first: str, second: str, name: str) -> models.CheckConstraint:
    """Set both columns or neither, as `signed_at` with `signed_by`."""
    both = Q(**{f"{first}__isnull": False, f"{second}__isnull": False})
    neither = Q(**{f"{first}__isnull": True, f"{second}__isnull": True})
    return models.CheckConstraint(condition=both | neither, name=name)


def period_of(start: str, end: str, name: str) -> models.CheckConstraint:
    """Let an end be open or not before its start."""
    return models.CheckConstraint(
        condition=Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gte": models.F(start)}), name=name
    )
