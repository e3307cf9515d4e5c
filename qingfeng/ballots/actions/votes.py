"""Cast a vote: one row, sealed, under its code's hash. No counter, no audit line, no time."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection

from qingfeng.ballots.models import Urn
from qingfeng.ballots.queries import voting
from qingfeng.ballots.sealing import boxes, codes, paper
from qingfeng.core.errors import Refused

INSERT = """INSERT INTO ballots_vote (code_hash, sealed)
    SELECT c.code_hash, %s FROM ballots_code c CROSS JOIN ballots_urn u
    WHERE c.code_hash = %s AND c.pool_id = %s AND NOT c.is_void AND u.id = %s AND u.state = 'open'"""
SHARED = {"postgresql": " FOR SHARE OF u, c"}
"""Voters share the lock, so none waits for another; closing the urn and voiding codes want it alone. So a
vote is in the urn before it closes, or is refused. On SQLite writers stand in line anyway."""
ONCE = " ON CONFLICT DO NOTHING"
NOT_TAKEN = "这张票没有投进票箱，请再提交一次。"


def cast(*, code: str, answers: Mapping[str, str], comment: str, receipt: str, paper_name: str = "") -> None:
    """Put a vote into the urn; it is durable when this returns.

    `answers` is question code → answer code, for every question that the code's group is asked. `paper_name`,
    where the form brings it (`Asked.name`), spares the search: the insert checks code, pool and urn anyway.
    Raises `Refused` in plain words where the code is unknown, void or used, the urn is not open, an answer is
    missing, or the comment is too long.
    """
    asked = voting.remembered(paper_name) or _asked(code)
    if asked.publics is None:
        raise Refused(NOT_TAKEN)
    urn, digest = asked.urn, codes.digest(code)
    ballot = paper.Ballot(
        _places(urn, asked.group, answers), _tidy(comment, urn.comment_limit), _checked(receipt)
    )
    text = paper.pack(ballot, questions=len(urn.questions), comment_limit=urn.comment_limit)
    sealed = boxes.seal(text, asked.publics, context=digest.encode())
    statement = INSERT + SHARED.get(connection.vendor, "") + ONCE
    with connection.cursor() as cursor:
        cursor.execute(statement, [sealed, digest, asked.pool_id, urn.pk])
        if cursor.rowcount == 1:
            return
    now = voting.paper(code)
    raise Refused(voting.why_unknown(code) if now is None else now.refusal or NOT_TAKEN)


def _asked(code: str) -> voting.Asked:
    """Look up what a code may vote on. Raises `Refused` where it may not."""
    found = voting.paper(code)
    if found is None:
        raise Refused(voting.why_unknown(code))
    if found.refusal:
        raise Refused(found.refusal)
    return found.asked


def _places(urn: Urn, group: str, answers: Mapping[str, str]) -> bytes:
    """Return each question's answer as its place in the urn's list, from 1; 0 where it is not asked."""
    place = {code: number for number, code in enumerate(urn.answer_codes, start=1)}
    chosen = []
    missing = []
    number = 0
    for question in urn.questions:
        if group not in question["groups"]:
            chosen.append(0)
            continue
        number += 1
        answer = answers.get(question["code"], "")
        if answer in question["answers"]:
            chosen.append(place[answer])
        else:
            missing.append(str(number))
    if missing:
        raise Refused(f"第 {'、'.join(missing)} 题还没有选择，请选好后再提交")
    return bytes(chosen)


def _tidy(comment: str, limit: int) -> str:
    """Return the comment with plain line ends and nothing that a database cannot keep."""
    text = comment.replace("\r\n", "\n").replace("\x00", "").strip()
    text = text.encode("utf-8", "ignore").decode()
    if len(text) > limit:
        raise Refused(f"意见最多 {limit} 字，现在有 {len(text)} 字")
    return text


def _checked(receipt: str) -> str:
    if not codes.is_receipt(receipt):
        raise Refused("页面已失效，请重新打开测评页面再投票")
    return receipt
