from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, IntegerField, QuerySet, When

from qingfeng.core.errors import Refused
from qingfeng.core.roles import Role
from qingfeng.evaluation.enums import RoundState
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.models.schemes import SchemeVersion
from qingfeng.evaluation.queries import scope
from qingfeng.evaluation.scoring import plain, scheme_checks, scheme_json
from qingfeng.evaluation.scoring import scheme as schemes

_parsed: dict[str, schemes.Scheme] = {}
"""Parsed schemes by digest: a body never changes under its digest."""


def visible_to(user: Any) -> QuerySet[SchemeVersion]:
    """Return the versions the user may read: drafts are for the officers alone."""
    rows = SchemeVersion.objects.select_related("scheme", "published_by", "created_by", "based_on")
    if user.holds(Role.CONDUCT_OFFICE):
        return rows
    return rows.exclude(published_at=None) if scope.has_any_part(user) else rows.none()


def listed(user: Any) -> QuerySet[SchemeVersion]:
    """Return the visible versions with the number of rounds that use them, newest first within a scheme."""
    return visible_to(user).annotate(round_count=Count("rounds")).order_by("scheme__slug", "-number")


def siblings(user: Any, version: SchemeVersion) -> QuerySet[SchemeVersion]:
    """Return the other visible versions to compare with: of the same scheme first."""
    rows = visible_to(user).exclude(pk=version.pk)
    return rows.annotate(
        is_other=Case(When(scheme_id=version.scheme_id, then=0), default=1, output_field=IntegerField())
    ).order_by("is_other", "scheme__slug", "-number")


def rounds_on(user: Any, version: SchemeVersion) -> list[Round]:
    """Return the visible rounds that use the version, newest first."""
    rows = version.rounds.order_by("-year", "-quarter")
    return list(rows if scope.sees_whole(user) else rows.exclude(state=RoundState.PLANNED))


def publishable() -> QuerySet[SchemeVersion]:
    """Return the published versions a round can be planned on."""
    return SchemeVersion.objects.published().select_related("scheme").order_by("scheme__slug", "-number")


def decoded(body: Any) -> schemes.Scheme:
    """Read a body, complete or not, into the core's types. Raises `Refused` with every fault of shape."""
    decoder = plain.Decoder()
    scheme = decoder.decode(schemes.Scheme, body, "")
    if decoder.faults or not isinstance(scheme, schemes.Scheme):
        raise Refused(*(str(fault) for fault in decoder.faults))
    return scheme


def scheme_of(version: SchemeVersion) -> schemes.Scheme:
    """Return the version's scheme in the core's types."""
    found = _parsed.get(version.digest)
    if found is None:
        if len(_parsed) > 40:
            _parsed.clear()
        found = decoded(version.body)
        if scheme_json.digest(found) != version.digest:
            # The body is left behind by the default manager, so a refreshed row may still hold an older one.
            version.refresh_from_db(fields=["body"])
            found = decoded(version.body)
        _parsed[version.digest] = found
    return found


def faults_of(version: SchemeVersion) -> list[str]:
    """List what is missing before the version can be published."""
    return [str(fault) for fault in scheme_checks.faults(scheme_of(version))]


@dataclass(frozen=True)
class IndicatorRow:
    """One indicator as the scheme page shows it."""

    dimension_code: str
    dimension_name: str
    dimension_weight: Any
    indicator: schemes.Indicator
    is_first: bool
    span: int

    @property
    def is_from_article(self) -> bool:
        return self.indicator.mark is schemes.SourceMark.ARTICLE


def indicator_rows(scheme: schemes.Scheme) -> list[IndicatorRow]:
    """Return the table of both levels, in the scheme's order."""
    return [
        IndicatorRow(
            dimension.code,
            dimension.name,
            dimension.weight,
            indicator,
            is_first=position == 0,
            span=len(dimension.indicators),
        )
        for dimension in scheme.dimensions
        for position, indicator in enumerate(dimension.indicators)
    ]


@dataclass(frozen=True)
class Difference:
    """One value that differs between two versions."""

    place: str
    before: str
    after: str


def compared(before: schemes.Scheme, after: schemes.Scheme) -> list[Difference]:
    """List every value that differs between two schemes, by its place."""
    old, new = _flat(plain.encode(before), ""), _flat(plain.encode(after), "")
    places = list(dict.fromkeys([*old, *new]))
    return [
        Difference(place, old.get(place, "（无）"), new.get(place, "（无）"))
        for place in places
        if old.get(place) != new.get(place)
    ]


def _flat(value: Any, place: str) -> dict[str, str]:
    """Flatten JSON values to place → text; an entry with a code is named by it, wherever it moves."""
    found: dict[str, str] = {}
    if isinstance(value, dict):
        for key, entry in value.items():
            found |= _flat(entry, f"{place}.{key}".lstrip("."))
    elif isinstance(value, list):
        for number, entry in enumerate(value):
            name = entry.get("code", number) if isinstance(entry, dict) else number
            found |= _flat(entry, f"{place}[{name}]")
    else:
        found[place] = "" if value is None else str(value)
    return found
