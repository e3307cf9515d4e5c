"""Turn frozen dataclasses into plain JSON values and back.

Collecting every fault of a document on the way.
"""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

MISSING = object()


@dataclass(frozen=True, slots=True)
class SchemeFault:
    """Name one fault of a scheme: its place, a sentence in Chinese, and the slug of the field.

    If it is one.
    """

    path: str
    sentence: str
    field: str = ""

    def __str__(self) -> str:
        """Return place and sentence on one line."""
        return f"{self.path}：{self.sentence}"


class SchemeFaultsError(ValueError):
    """Carry every fault found in a scheme; none of it was taken over."""

    def __init__(self, faults: list[SchemeFault]) -> None:
        """Keep the faults in the order in which they were found."""
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


def encode(value: Any) -> Any:
    """Return JSON values for a dataclass; Decimals become plain strings without trailing zeros."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {entry.name: encode(getattr(value, entry.name)) for entry in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [encode(entry) for entry in value]
    if isinstance(value, Decimal):
        return number_text(value)
    return str(value) if isinstance(value, StrEnum) else value


def number_text(value: Decimal) -> str:
    """Write a number plainly: no exponent, no trailing zeros."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


class Decoder:
    """Build typed values from JSON values. ``faults`` lists all that did not fit."""

    def __init__(self) -> None:
        """Start with no fault."""
        self.faults: list[SchemeFault] = []

    def fail(self, path: str, sentence: str) -> Any:
        """Note a fault and go on."""
        self.faults.append(SchemeFault(path or "方案", sentence))
        return MISSING

    def decode(self, kind: Any, value: Any, path: str) -> Any:
        """Return ``value`` as ``kind``, or MISSING after noting a fault."""
        origin = typing.get_origin(kind)
        if origin in {typing.Union, types.UnionType}:
            return self._union(typing.get_args(kind), value, path)
        if origin is tuple:
            return self._sequence(typing.get_args(kind)[0], value, path)
        if dataclasses.is_dataclass(kind):
            return self._record(kind, value, path)
        return self._scalar(kind, value, path)

    def _union(self, kinds: tuple[Any, ...], value: Any, path: str) -> Any:
        if value is None and type(None) in kinds:
            return None
        choices = [kind for kind in kinds if kind is not type(None)]
        if len(choices) == 1:
            return self.decode(choices[0], value, path)
        by_kind = {str(_default(choice, "kind")): choice for choice in choices}
        name = value.get("kind") if isinstance(value, Mapping) else None
        if name not in by_kind:
            return self.fail(f"{path}.kind", f"类型应为 {'、'.join(by_kind)} 之一，现为“{name}”。")
        return self._record(by_kind[name], value, path)

    def _sequence(self, kind: Any, value: Any, path: str) -> Any:
        if not isinstance(value, (list, tuple)):
            return self.fail(path, "应为列表。")
        found = [self.decode(kind, entry, f"{path}[{number}]") for number, entry in enumerate(value)]
        return tuple(entry for entry in found if entry is not MISSING)

    def _record(self, kind: Any, value: Any, path: str) -> Any:
        if not isinstance(value, Mapping):
            return self.fail(path, "应为一组带名称的值。")
        hints = _hints(kind)
        for name in value:
            if name not in hints:
                self.fail(f"{path}.{name}".lstrip("."), "不认识的项目，请核对名称。")
        found: dict[str, Any] = {}
        before = len(self.faults)
        for entry in dataclasses.fields(kind):
            place = f"{path}.{entry.name}".lstrip(".")
            if entry.name in value:
                found[entry.name] = self.decode(hints[entry.name], value[entry.name], place)
            elif _default(kind, entry.name) is MISSING:
                self.fail(place, "缺少这一项。")
        return kind(**found) if len(self.faults) == before else MISSING

    def _scalar(self, kind: Any, value: Any, path: str) -> Any:
        if kind is Decimal:
            return self._number(value, path)
        if kind is bool or kind is str or kind is int:
            fits = type(value) is kind
            names = {bool: "应为是或否（true/false）。", str: "应为文字。", int: "应为整数。"}
            return value if fits else self.fail(path, names[kind])
        options = [str(option) for option in kind]
        return kind(value) if value in options else self.fail(path, f"应为 {'、'.join(options)} 之一。")

    def _number(self, value: Any, path: str) -> Any:
        if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
            return self.fail(path, "应为数字。")
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            return self.fail(path, f"应为数字，现为“{value}”。")
        if not number.is_finite() or abs(number.adjusted()) > 9:
            return self.fail(path, "数字过大或过小。")
        return Decimal(number_text(number))


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _default(kind: Any, name: str) -> Any:
    """Return the default of a dataclass field, or MISSING where it has none."""
    entry = next((entry for entry in dataclasses.fields(kind) if entry.name == name), None)
    if entry is None:
        return MISSING
    if entry.default is not dataclasses.MISSING:
        return entry.default
    return MISSING if entry.default_factory is dataclasses.MISSING else entry.default_factory()
