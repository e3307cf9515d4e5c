"""Export what is published after the mix: one archive of the file, two tables, and the counting program."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction

from qingfeng.audit import actions as audit
from qingfeng.ballots import rules
from qingfeng.ballots.actions import common
from qingfeng.ballots.enums import UrnState
from qingfeng.ballots.models import Urn
from qingfeng.ballots.queries import publishing
from qingfeng.ballots.sealing import recount
from qingfeng.core import references
from qingfeng.core.actors import Actor

EXPLANATION = """{title}：无记名测评公布文件

publication.json  全部公布内容，供重新计算
answers.csv       各群体、各题的答案；每题各自打乱，同一行的答案不属于同一张票
receipts.csv      回执；“计入统计”为“否”的群体有效票不足，其中混有无主的回执，个数不表示参加人数
recount.py        重新计算的程序，不需要平台和数据库：python3 recount.py publication.json

回执只说明票在票箱里，不说明投了什么。
"""


@transaction.atomic
def export(*, urn: Urn, by: Actor, at: dt.datetime) -> bytes:
    """Return the archive (ZIP). Raises `WrongState` before the mix."""
    row = Urn.objects.get(pk=urn.pk)
    rules.publish_urn.check(by, row)
    common.require_state(row, "公布", UrnState.MIXED)
    content = publishing.publication(row)
    audit.record_export(
        what="ballot_publication",
        rows=len(content["figures"]),
        by=by,
        at=at,
        detail={"urn": references.reference_to(row).id},
    )
    return archive(content)


def archive(content: dict[str, Any]) -> bytes:
    """Pack a publication; the same one gives the same bytes."""
    files = {
        "说明.txt": EXPLANATION.format(title=content["title"]),
        "publication.json": json.dumps(content, ensure_ascii=False, indent=1),
        "answers.csv": _table(("单位", "群体", "题目", "答案"), _answers(content)),
        "receipts.csv": _table(("回执", "计入统计"), _receipts(content)),
        "recount.py": Path(recount.__file__).read_text(encoding="utf-8"),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in files.items():
            packed.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text.encode("utf-8"))
    return buffer.getvalue()


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write CSV as Excel and WPS open it: with a byte order mark."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(head)
    writer.writerows(rows)
    return "\ufeff" + buffer.getvalue()


def _answers(content: dict[str, Any]) -> Iterable[tuple[str, str, str, str]]:
    labels = {answer["code"]: answer["label"] for answer in content["answers"]}
    texts = {question["code"]: question["text"] for question in content["questions"]}
    for pool in content["pools"]:
        for question, votes in pool["votes"].items():
            for answer in votes:
                yield pool["unit_name"], pool["group_name"], texts[question], labels[answer]


def _receipts(content: dict[str, Any]) -> Iterable[tuple[str, str]]:
    for key, word in (("counted", "是"), ("not_counted", "否")):
        yield from ((text, word) for text in content["receipts"][key])
