"""What the page of a document says."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from qingfeng.documents.enums import DocumentState
from qingfeng.documents.models.files import FileVersion
from qingfeng.documents.models.official import OfficialDocument

SENTENCES = {
    DocumentState.DRAFT: "拟好了，下载核改后上传，或直接印发",
    DocumentState.EDITED: "修改稿已上传，待印发",
    DocumentState.ISSUED: "已印发，盖章后请归入扫描件",
    DocumentState.STAMPED: "已印发，盖章件已归入",
    DocumentState.WITHDRAWN: "已撤回，文号仍占用",
    DocumentState.REPLACED: "已撤回并重新印发",
    DocumentState.DISCARDED: "拟稿已作废",
}
TONES = {
    DocumentState.DRAFT: "",
    DocumentState.EDITED: "info",
    DocumentState.ISSUED: "warn",
    DocumentState.STAMPED: "good",
    DocumentState.WITHDRAWN: "bad",
    DocumentState.REPLACED: "",
    DocumentState.DISCARDED: "",
}


RECEIVED = {
    DocumentState.ISSUED: "已印发，盖章件待归入",
    DocumentState.STAMPED: "已印发，盖章件已归入",
    DocumentState.WITHDRAWN: "已撤回，不再有效",
    DocumentState.REPLACED: "已撤回，不再有效",
}
"""What a receiving unit reads."""


def sentence(document: OfficialDocument, *, is_staff: bool) -> str:
    """Say where a document stands, to those who work on it and to those who received it."""
    state = DocumentState(document.state)
    return SENTENCES[state] if is_staff else RECEIVED.get(state, document.get_state_display())


def file_line(version: FileVersion, note: str = "") -> dict[str, Any]:
    """Show a version as a line that leads to its download."""
    said = [f"第 {version.number} 版", version.note or note, version.by.name if version.by else "系统"]
    if version.unread:
        said.append(version.unread)
    return {
        "name": version.name,
        "kind": version.name.rpartition(".")[2].upper(),
        "size": version.stored.size,
        "note": " · ".join(part for part in said if part),
        "url": reverse("documents:file", args=[version.pk]),
    }
