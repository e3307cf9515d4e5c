"""Score one workbook and write results.xlsx, results.json and the bulletin: all of them, or nothing."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from qingfeng.evaluation.scoring import bulletin, engine
from qingfeng.evaluation.workbook import bulletin_document, reading, results

RESULTS, EXPLAINED, BULLETIN = "results.xlsx", "results.json", "bulletin.docx"


def run(workbook: Path, out: Path) -> tuple[Path, ...]:
    """Write the three files into ``out`` and return their paths.

    They are written beside ``out`` first and moved in whole. Raises FaultyWorkbook or Refused (nothing is
    written), OSError.
    """
    inputs = reading.read(workbook)
    found = engine.compute(inputs)
    parameters = dict(inputs.parameters)
    composed = bulletin.compose(inputs, found, organization=parameters.get("organization", ""))
    letter = bulletin_document.render(composed, parameters, dated=inputs.quarter.end_date)
    out.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        results.write_results(draft / RESULTS, inputs, found)
        (draft / EXPLAINED).write_text(results.results_json(inputs, found), encoding="utf-8")
        (draft / BULLETIN).write_bytes(letter)
        out.mkdir(exist_ok=True)
        for name in (RESULTS, EXPLAINED, BULLETIN):
            os.replace(draft / name, out / name)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return tuple(out / name for name in (RESULTS, EXPLAINED, BULLETIN))
