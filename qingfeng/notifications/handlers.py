"""What the inbox does when something happened below: ids in, fetch, one action."""

from __future__ import annotations

from django.urls import reverse

from qingfeng.accounts.events import SignedInFromNewPlace
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


def tell_of_new_place(event: SignedInFromNewPlace) -> None:
    """Write to the person who signed in from an address or with a browser that is new to him."""
    place = queries.place(event.place_id)
    actions.send(
        recipients=[place.user],
        title="您的账号刚从没用过的地址或浏览器登录",
        body=f"{clock.spoken(place.first_at)}，地址 {place.address}，{place.browser}。"
        "是您本人的，不用理会；不是的，请马上退出那一处并改密码，再告诉安全管理员。",
        link=reverse("accounts:me"),
        by=SYSTEM,
        at=place.first_at,
    )


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
