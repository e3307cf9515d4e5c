"""Where a part of a scheme stands, what it is called, what is in it, and where one goes on from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse

from qingfeng.evaluation.models.schemes import SchemeVersion
from qingfeng.evaluation.queries import scheme_parts as parts

if TYPE_CHECKING:
    from qingfeng.evaluation.forms.scheme_fields import Shape

REMOVABLE = frozenset(
    {"dimensions", "indicators", "channels", "items", "terms", "rules", "downgrades", "adjustments"}
)
KIND_NAMES = {"review": "部门评审", "ballot": "民主测评", "data": "数据计分"}
Path = Sequence[str]


def title(shape: Shape, standing: Any) -> str:
    """Say which part it is."""
    name = standing.get("name") or standing.get("label") if isinstance(standing, dict) else ""
    return f"{shape.label}“{name}”" if name else shape.label


def _named(entry: Mapping[str, Any]) -> str:
    return str(entry.get("name") or entry.get("label") or KIND_NAMES.get(entry.get("kind", ""), ""))


def page_of(version: SchemeVersion, path: Path) -> str:
    """Return the page on which a part is shown: an indicator's own, the version's, or its form."""
    if "indicators" in path and len(path) in {4, 6} and path[-2] in {"indicators", "channels"}:
        if len(path) == 4:
            return reverse("evaluation:scheme_indicator", args=[version.pk, path[3]])
        return form_of(version, path)
    if len(path) > 4:
        return form_of(version, path)
    address = reverse("evaluation:scheme", args=[version.pk])
    return f"{address}?part={_part(path)}" if _part(path) else f"{address}#d-{path[1]}"


def _part(path: Path) -> str:
    """Return the tab of the version's page that shows a place."""
    if path and path[0] in parts.TABLES:
        return "tables"
    return "settings" if not path or path[0] in {"settings", "adjustments"} else ""


def form_of(version: SchemeVersion, path: Path) -> str:
    address = reverse("evaluation:scheme_part", args=[version.pk])
    return f"{address}?{urlencode({'at': '/'.join(path)}, safe='/')}"


def back(version: SchemeVersion, path: Path) -> str:
    """Return the page one goes to from a part's form: that of what it is in."""
    if len(path) == 4 and path[-1] != "new":
        return reverse("evaluation:scheme_indicator", args=[version.pk, path[3]])
    if len(path) == 4:
        return f"{reverse('evaluation:scheme', args=[version.pk])}#d-{path[1]}"
    if len(path) == 6:
        return reverse("evaluation:scheme_indicator", args=[version.pk, path[3]])
    if len(path) > 6:
        return form_of(version, path[:-2])
    if path and path[0] == "dimensions":
        return reverse("evaluation:scheme", args=[version.pk])
    return f"{reverse('evaluation:scheme', args=[version.pk])}?part={_part(path) or 'settings'}"


def trail(version: SchemeVersion, body: Mapping[str, Any], path: Path) -> list[tuple[str, str]]:
    """Return the way to a part: (name, address)."""
    found = [(f"{version.scheme.name} {version}", reverse("evaluation:scheme", args=[version.pk]))]
    for length in range(2, len(path), 2):
        entry = parts.part_at(body, path[:length])
        if isinstance(entry, dict) and length >= 4:
            found.append((_named(entry), page_of(version, path[:length])))
    return found


def tools(version: SchemeVersion, path: Path) -> dict[str, str]:
    """Return where a part that stands in a list is moved and taken out; nothing for others."""
    if len(path) < 2 or path[-2] not in REMOVABLE:
        return {}
    query = urlencode({"at": "/".join(path)}, safe="/")
    names = {"move": "scheme_part_move", "remove": "scheme_part_remove"}
    return {key: f"{reverse(f'evaluation:{name}', args=[version.pk])}?{query}" for key, name in names.items()}


@dataclass(frozen=True)
class InnerList:
    """Parts within a part: each with its pages, and where one is added."""

    label: str
    entries: list[dict[str, Any]]
    adds: list[tuple[str, str]]


def inner(
    version: SchemeVersion, body: Mapping[str, Any], path: Path, shape: Shape, standing: Any
) -> list[InnerList]:
    """Return the lists within a part that have pages of their own."""
    add = reverse("evaluation:scheme_part_add", args=[version.pk])
    remove = reverse("evaluation:scheme_part_remove", args=[version.pk])
    found = []
    for given in shape.inner:
        to = "/".join((*path, given.name))
        entries = []
        for place, entry in enumerate((standing or {}).get(given.name) or []):
            at = f"{to}/{parts.key_of(entry, place)}"
            query = urlencode({"at": at}, safe="/")
            entries.append(
                {
                    "name": _named(entry),
                    "note": _points(entry),
                    "edit": form_of(version, at.split("/")),
                    "remove": f"{remove}?{query}",
                    "move": f"{reverse('evaluation:scheme_part_move', args=[version.pk])}?{query}",
                }
            )
        kinds = given.kinds or (("", given.label),)
        adds = [
            (f"增加{label}", f"{add}?{urlencode({'to': to, **({'kind': kind} if kind else {})}, safe='/')}")
            for kind, label in kinds
        ]
        found.append(InnerList(given.label, entries, adds))
    return found


def _points(entry: Mapping[str, Any]) -> str:
    high = f"～{entry['points_high']}" if entry.get("points_high") else ""
    return f"{entry.get('points', '')}{high} 分"


def contents(standing: Any) -> list[str]:
    """Name what goes with a part that is taken out."""
    labels = {"indicators": "项指标", "channels": "个计分渠道", "items": "条评分细则", "terms": "个计分项"}
    labels["rules"] = "条扣分规则"
    return [
        f"连同其中的 {len(standing[name])} {label}" for name, label in labels.items() if standing.get(name)
    ]


def next_code(body: Mapping[str, Any], to: Path, shape: Shape) -> str:
    """Return a code that nothing beside the new part has."""
    taken = parts.codes_like(dict(body), to)
    if to[-1] == "dimensions":
        letters = (chr(letter) for letter in range(ord("A"), ord("Z") + 1))
        return next((letter for letter in letters if letter not in taken), f"D{len(taken) + 1}")
    if to[-1] == "channels":
        stem = f"{to[3]}.{shape.code}"
        return stem if stem not in taken else _numbered(f"{stem}-", taken)
    return _numbered(to[1] if to[-1] == "indicators" else shape.code, taken)


def _numbered(stem: str, taken: set[str]) -> str:
    number = 1
    while f"{stem}{number}" in taken:
        number += 1
    return f"{stem}{number}"
