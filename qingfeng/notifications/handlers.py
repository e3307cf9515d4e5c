"""What the inbox does when something happened below: ids in, fetch, one action."""

from __future__ import annotations

from qingfeng.core import clock
from qingfeng.core.actors import SYSTEM
from qingfeng.documents.events import DocumentCorrected, DocumentIssued, DocumentWithdrawn
from qingfeng.notifications import actions, queries


def tell_of_issue(event: DocumentIssued) -> None:
    """Write to the heads and liaison officers of the units that a document was issued to."""
    _tell(event.document_id, "收到公文{number}")


def tell_of_correction(event: DocumentCorrected) -> None:
    _tell(event.document_id, "公文{number}已更正，以更正后的文本为准")


def tell_of_withdrawal(event: DocumentWithdrawn) -> None:
    _tell(event.document_id, "公文{number}已撤回，不再执行")


def _tell(document_id: int, title: str) -> None:
    paper = queries.paper(document_id, clock.today())
    actions.send(
        recipients=paper.readers,
        title=title.format(number=paper.number),
        body="点开可以查看全文和发送范围。",
        link=paper.link,
        by=SYSTEM,
        at=clock.now(),
        subject=paper.subject,
    )
