"""Freeze inputs into bytes, read them back, and give them a digest.

The bytes are one .npz (a zip of .npy arrays, never pickled): each column is ``<table>.<column>``, the dense
blocks stand under their own names, and ``meta`` is UTF-8 JSON with version, quarter, scheme, codes, names
and texts.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import io
import json
from typing import Any

import numpy as np

from qingfeng.evaluation.scoring import inputs, periods, scheme_json
from qingfeng.evaluation.scoring import scheme as schemes

VERSION = 1
KEPT = 8
_written: dict[int, tuple[schemes.Scheme, Any]] = {}
TABLES: dict[str, Any] = {
    "reviews": inputs.Reviews,
    "findings": inputs.Findings,
    "facts": inputs.Facts,
    "adjustments": inputs.Adjustments,
}
BLOCKS = ("tallies", "values", "status", "missing", "department_unit")


def to_bytes(given: inputs.Inputs) -> bytes:
    """Return the inputs as one .npz."""
    stream = io.BytesIO()
    meta = np.frombuffer(_meta(given).encode(), np.uint8)
    np.savez(stream, allow_pickle=False, meta=meta, **_arrays(given))
    return stream.getvalue()


def from_bytes(frozen: bytes) -> inputs.Inputs:
    """Read inputs that ``to_bytes`` wrote. Raises ValueError for another version or broken content."""
    with np.load(io.BytesIO(frozen), allow_pickle=False) as found:
        arrays = {name: found[name] for name in found.files}
    meta = json.loads(arrays.pop("meta").tobytes().decode())
    if meta["version"] != VERSION:
        raise ValueError(f"frozen inputs of version {meta['version']}, expected {VERSION}")
    tables = {
        name: kind(**{field.name: arrays[f"{name}.{field.name}"] for field in dataclasses.fields(kind)})
        for name, kind in TABLES.items()
    }
    codes, names, groupings = (tuple(meta[name]) for name in ("unit_codes", "unit_names", "groupings"))
    return inputs.Inputs(
        scheme=_scheme_of(json.dumps(meta["scheme"], ensure_ascii=False)),
        quarter=periods.parse_quarter(meta["quarter"]),
        units=inputs.Units(codes, names, groupings, arrays["grouping"]),
        texts=tuple(meta["texts"]),
        parameters=tuple((name, value) for name, value in meta["parameters"]),
        **tables,
        **{name: arrays[name] for name in BLOCKS},
    )


def digest(given: inputs.Inputs) -> str:
    """Return the SM3 of the inputs' content in hexadecimal.

    The same whatever the order of the rows they were built from.
    """
    total = hashlib.new("sm3", _meta(given).encode())
    for name, array in sorted(_arrays(given).items()):
        total.update(f"{name}|{array.dtype.str}|{array.shape}|".encode())
        total.update(np.ascontiguousarray(array).data)
    return total.hexdigest()


@functools.lru_cache(maxsize=KEPT)
def _scheme_of(text: str) -> schemes.Scheme:
    """Read a scheme once: the snapshots of a year share one or two."""
    return scheme_json.from_json(text)


def _plain(scheme: schemes.Scheme) -> Any:
    """Write a scheme in plain values once; it is immutable, and kept beside what was written of it."""
    found = _written.get(id(scheme))
    if found is None or found[0] is not scheme:
        if len(_written) >= KEPT:
            _written.clear()
        found = _written[id(scheme)] = (scheme, scheme_json.to_plain(scheme))
    return found[1]


def _meta(given: inputs.Inputs) -> str:
    values = {
        "version": VERSION,
        "quarter": str(given.quarter),
        "scheme": _plain(given.scheme),
        "unit_codes": given.units.codes,
        "unit_names": given.units.names,
        "groupings": given.units.groupings,
        "texts": given.texts,
        "parameters": given.parameters,
    }
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _arrays(given: inputs.Inputs) -> dict[str, Any]:
    found = {name: getattr(given, name) for name in BLOCKS} | {"grouping": given.units.grouping}
    for name, kind in TABLES.items():
        table = getattr(given, name)
        found |= {f"{name}.{field.name}": getattr(table, field.name) for field in dataclasses.fields(kind)}
    return found
