"""One form for any part of a scheme, made from its shape: fields, records within, small tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from qingfeng.evaluation.forms.scheme_fields import Field, Record, Rows, Shape
from qingfeng.evaluation.scoring import plain
from qingfeng.organizations.enums import UnitClass

SPARE_ROWS = 3
MOST_ROWS = 200
EMPTY = "这一项没有填。"
Tables = Mapping[str, Sequence[tuple[str, str]]]


def tables_of(body: Mapping[str, Any]) -> dict[str, list[tuple[str, str]]]:
    """Return the options that a scheme's own tables give."""
    found = {
        name: [(row["code"], row["name"]) for row in body[name]]
        for name in ("departments", "groups", "answers", "questions", "measures", "fact_kinds")
    }
    found |= {name: [(row["code"], row["name"]) for row in body[name]] for name in ("categories", "levels")}
    found["grades"] = [(row["code"], row["name"]) for row in body["settings"]["grades"]]
    found["classes"] = [(str(value), str(label)) for value, label in UnitClass.choices]
    return found


def control(given: Field, tables: Tables, *, required: bool, bare: bool = False) -> forms.Field:
    """Return the form field that takes a thing to type; `bare` is for the cells of a small table."""
    asked: dict[str, Any] = {"label": given.label, "required": required}
    asked["help_text"] = "" if bare else given.help
    options = list(given.options or tables.get(given.table, ()))
    makers: dict[str, Callable[[], forms.Field]] = {
        "number": lambda: forms.DecimalField(max_digits=12, decimal_places=4, widget=_digits(), **asked),
        "whole": lambda: forms.IntegerField(min_value=0, widget=_digits(), **asked),
        "yes": lambda: forms.BooleanField(**(asked | {"required": False})),
        "choice": lambda: forms.ChoiceField(choices=[("", "—"), *options], **asked),
        "choices": lambda: forms.MultipleChoiceField(
            choices=options, widget=forms.CheckboxSelectMultiple, **asked
        ),
        "long": lambda: forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), **asked),
        "text": lambda: forms.CharField(max_length=300, **asked),
    }
    return makers[given.kind]()


def _digits() -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})


def shown(value: Any, given: Field) -> Any:
    """Return a JSON value as the control shows it."""
    if given.kind == "yes":
        return bool(value)
    return ([] if given.kind == "choices" else "") if value is None else value


def stored(value: Any, given: Field, before: Any = None) -> Any:
    """Return what was typed as a JSON value; several choices keep the order they had `before`."""
    if given.kind == "choices":
        kept = [entry for entry in before or [] if entry in value]
        return kept + [entry for entry in value if entry not in kept]
    if given.kind in {"yes", "whole"}:
        return value
    if isinstance(value, Decimal):
        return plain.number_text(value)
    if value in {None, ""}:
        is_none = given.kind in {"number", "whole"} or (given.kind == "choice" and bool(given.options))
        return None if is_none else ""
    return value


class Cells(forms.Form):
    """One row of a small table."""

    use_required_attribute = False

    def __init__(self, rows: Rows, tables: Tables, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for given in rows.fields:
            self.fields[given.name] = control(given, tables, required=not given.optional, bare=True)
        if rows.coded:
            self.fields["code"] = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput())

    @property
    def is_blank(self) -> bool:
        """Say whether the row's first cell is empty: such a row is not there."""
        return not str(self.data.get(self.add_prefix(self.rows.fields[0].name), "")).strip()

    def value(self) -> dict[str, Any]:
        typed, before = self.cleaned_data, self.initial
        found = {g.name: stored(typed[g.name], g, before.get(g.name)) for g in self.rows.fields}
        if self.rows.coded:
            code = self.cleaned_data["code"] or re.sub(r"[^\w.\-]+", "", found["name"])[:40]
            found = {"code": code, **found}
        return found


class Grid:
    """A small table with a few spare rows; a row is taken out by emptying its first cell."""

    def __init__(self, rows: Rows, tables: Tables, data: Any, standing: Sequence[Mapping[str, Any]]) -> None:
        self.rows, self.name = rows, rows.name or "rows"
        self.count_name = f"{self.name}-count"
        text = str(data.get(self.count_name, "")) if data is not None else ""
        self.count = min(int(text), MOST_ROWS) if text.isdecimal() else len(standing) + SPARE_ROWS
        self.lines = [
            Cells(rows, tables, data, prefix=f"{self.name}-{number}", initial=self._initial(standing, number))
            for number in range(self.count)
        ]

    def _initial(self, standing: Sequence[Mapping[str, Any]], number: int) -> dict[str, Any]:
        if number >= len(standing):
            return {given.name: given.fresh for given in self.rows.fields if given.fresh}
        row = standing[number]
        return {"code": row.get("code", "")} | {g.name: shown(row.get(g.name), g) for g in self.rows.fields}

    def is_valid(self) -> bool:
        answers = [line.is_valid() for line in self.lines if not line.is_blank]
        return all(answers)

    def value(self) -> list[dict[str, Any]]:
        return [line.value() for line in self.lines if not line.is_blank]


class PartForm(forms.Form):
    """The form of one part: what is typed becomes changes to the scheme's JSON."""

    digest = forms.CharField(widget=forms.HiddenInput())

    def __init__(self, shape: Shape, tables: Tables, data: Any = None, *, standing: Any, digest: str) -> None:
        super().__init__(data, initial={"digest": digest})
        self.shape = shape
        for given in shape.fields:
            self._add(given.name, given, tables, standing, required=not given.optional)
        self.inside: dict[str, dict[str, Any]] = {}
        for record in shape.records:
            inner = self.inside[record.name] = dict((standing or {}).get(record.name) or {})
            for given in record.fields:
                required = not record.key and not given.optional
                self._add(
                    f"{record.name}.{given.name}", given, tables, inner, required=required, prefix=record
                )
        self.grids = [
            Grid(rows, tables, data, standing if not rows.name else (standing or {}).get(rows.name) or [])
            for rows in shape.rows
        ]

    def _add(
        self,
        name: str,
        given: Field,
        tables: Tables,
        standing: Mapping[str, Any],
        *,
        required: bool,
        prefix: Record | None = None,
    ) -> None:
        self.fields[name] = control(given, tables, required=required)
        is_new = given.name not in standing
        keyed = prefix is not None and bool(prefix.key)
        fresh = given.fresh if is_new and not keyed else None
        self.initial[name] = shown(standing.get(given.name, fresh), given)

    @property
    def plain_fields(self) -> list[Any]:
        return [self[given.name] for given in self.shape.fields]

    @property
    def sections(self) -> list[tuple[str, list[Any]]]:
        """Return the records within, each with its heading and its fields."""
        return [
            (record.label, [self[f"{record.name}.{given.name}"] for given in record.fields])
            for record in self.shape.records
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for the rest of a record once its key is filled."""
        cleaned = super().clean() or {}
        for record in self.shape.records:
            if not record.key or not self._is_there(record, cleaned):
                continue
            for given in record.fields:
                name = f"{record.name}.{given.name}"
                is_asked = not given.optional and given.kind != "yes" and name not in self.errors
                if is_asked and cleaned.get(name) in (None, "", []):
                    self.add_error(name, EMPTY)
        return cleaned

    @staticmethod
    def _is_there(record: Record, cleaned: Mapping[str, Any]) -> bool:
        return cleaned.get(f"{record.name}.{record.key}") not in (None, "", [])

    def is_valid(self) -> bool:
        tables = [grid.is_valid() for grid in self.grids]
        return super().is_valid() and all(tables)

    def changes(self) -> dict[str, Any]:
        """Return the part's new values."""
        found = {given.name: stored(self.cleaned_data[given.name], given) for given in self.shape.fields}
        for record in self.shape.records:
            found[record.name] = self._record(record)
        for grid in self.grids:
            found[grid.rows.name] = grid.value()
        return found

    def _record(self, record: Record) -> dict[str, Any] | None:
        if record.key and not self._is_there(record, self.cleaned_data):
            return None
        inside = self.inside[record.name]
        typed = {
            g.name: stored(self.cleaned_data[f"{record.name}.{g.name}"], g, inside.get(g.name))
            for g in record.fields
        }
        return {**dict(record.fixed), **inside, **typed}
