"""The Excel of one expert's judgements: a row a pair, judged in words from a drop-down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qingfeng.core.spreadsheets import reading, writing
from qingfeng.core.spreadsheets.columns import Column, Kind, Sheet
from qingfeng.evaluation.gateways import stamps
from qingfeng.evaluation.scoring import ahp, ahp_words

PAIRS = Sheet(
    "两两比较",
    (
        Column("first", "前者编码", Kind.CODE, required=True, max_length=40, help="不要改动"),
        Column("first_name", "前者", Kind.TEXT, max_length=200, help="仅供核对，以编码为准", width=34),
        Column(
            "judgement", "比较", Kind.CHOICE, choices=ahp_words.CHOICES, help="谁重要、重要多少", width=28
        ),
        Column("second", "后者编码", Kind.CODE, required=True, max_length=40, help="不要改动"),
        Column("second_name", "后者", Kind.TEXT, max_length=200, help="仅供核对，以编码为准", width=34),
    ),
    help="每行比较两项：前者和后者哪个更重要、重要多少。留空为还没有比较",
)
SHEETS = (PAIRS, stamps.SHEET)


def write(names: Mapping[str, str], judged: Mapping[ahp.Pair, int], about: str, lock: int) -> bytes:
    """Write every pair with what is judged already."""
    rows = [
        {
            "first": first,
            "first_name": names[first],
            "judgement": str(judged[first, second]) if (first, second) in judged else None,
            "second": second,
            "second_name": names[second],
        }
        for first, second in ahp.pairs_of(list(names))
    ]
    words = [f"{number} {word}" for number, word in ahp_words.DEGREES.items()]
    note = f"九级标度：{'；'.join(words)}。"
    return writing.template(SHEETS, notes=[note], rows={PAIRS.name: rows, **stamps.rows(about, lock)})


def read(content: bytes, codes: Sequence[str], about: str) -> tuple[dict[ahp.Pair, int], int | None]:
    """Read a filled template: judgements by pair, and the version it was downloaded from.

    A pair written the other way round is turned. Raises `FaultyWorkbook` with every fault, `Refused`.
    """
    found = reading.read(content, SHEETS)
    table = found.table(PAIRS)
    known = set(codes)
    allowed = set(ahp.pairs_of(codes))
    judged: dict[ahp.Pair, int] = {}
    seen: set[ahp.Pair] = set()
    found.faults += reading.unknown(table, "first", known, "要比较的各项")
    found.faults += reading.unknown(table, "second", known, "要比较的各项")
    for row in table.rows:
        first, second = row["first"], row["second"]
        if first not in known or second not in known:
            continue
        pair, turned = ((first, second), False) if (first, second) in allowed else ((second, first), True)
        if pair not in allowed:
            found.faults.append(row.fault("second", "前者和后者是同一项，不用比较"))
        elif pair in seen:
            found.faults.append(row.fault("second", "这两项比较了两次，请只留一行"))
        elif row["judgement"] is not None:
            value = int(row["judgement"])
            judged[pair] = -value if turned and value != 1 else value
        seen.add(pair)
    lock = stamps.lock_of(found, about)
    found.insist(SHEETS)
    return judged, lock
