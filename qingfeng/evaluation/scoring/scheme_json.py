"""Read and write schemes as canonical JSON."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import Any

from qingfeng.evaluation.scoring import plain, scheme_checks
from qingfeng.evaluation.scoring import scheme as schemes


def to_plain(scheme: schemes.Scheme) -> dict[str, Any]:
    """Return the scheme as JSON values with every field written out.

    So that a later default changes nothing.
    """
    found: dict[str, Any] = plain.encode(scheme)
    return found


def to_json(scheme: schemes.Scheme, *, indent: int | None = None) -> str:
    """Write the scheme: sorted keys, numbers as strings; without ``indent`` the text is canonical."""
    separators = (",", ":") if indent is None else None
    values = to_plain(scheme)
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=separators, indent=indent)


def from_plain(values: Any) -> schemes.Scheme:
    """Build a scheme from JSON values.

    Raises SchemeFaultsError with every fault of shape, or else of content.
    """
    decoder = plain.Decoder()
    scheme = decoder.decode(schemes.Scheme, values, "")
    if decoder.faults:
        raise plain.SchemeFaultsError(decoder.faults)
    assert isinstance(scheme, schemes.Scheme)
    faults = scheme_checks.faults(scheme)
    if faults:
        raise plain.SchemeFaultsError(faults)
    return scheme


def from_json(text: str) -> schemes.Scheme:
    """Read a scheme. Raises SchemeFaultsError with every fault, also where the text is no JSON."""
    try:
        values = json.loads(text, parse_float=Decimal)
    except json.JSONDecodeError as error:
        place = f"第{error.lineno}行第{error.colno}列"
        raise plain.SchemeFaultsError([plain.SchemeFault(place, "不是有效的 JSON 文本。")]) from error
    return from_plain(values)


def digest(scheme: schemes.Scheme) -> str:
    """Return the SM3 of the canonical text, in hexadecimal."""
    return hashlib.new("sm3", to_json(scheme).encode()).hexdigest()
