"""The machine of an official document."""

from __future__ import annotations

from qingfeng.documents.enums import IN_FORCE, DocumentState
from qingfeng.workflow.transitions import Transition, machine

WRITABLE = (DocumentState.DRAFT, DocumentState.EDITED)

EDIT = Transition("edit", from_=WRITABLE, to=DocumentState.EDITED, label="上传修改稿")
DISCARD = Transition("discard", from_=WRITABLE, to=DocumentState.DISCARDED, label="作废拟稿")
ISSUE = Transition("issue", from_=WRITABLE, to=DocumentState.ISSUED, label="印发")
ATTACH_SCAN = Transition("attach_scan", from_=IN_FORCE, to=DocumentState.STAMPED, label="归入盖章扫描件")
CORRECT = Transition("correct", from_=IN_FORCE, to=DocumentState.ISSUED, label="更正")
WITHDRAW = Transition("withdraw", from_=IN_FORCE, to=DocumentState.WITHDRAWN, label="撤回")
REISSUE = Transition("reissue", from_={DocumentState.WITHDRAWN}, to=DocumentState.REPLACED, label="重新印发")

DOCUMENT = machine(
    "official_document",
    "公文",
    DocumentState.choices,
    DocumentState.DRAFT,
    (EDIT, DISCARD, ISSUE, ATTACH_SCAN, CORRECT, WITHDRAW, REISSUE),
)
