"""Look at an uploaded file before it is stored: what it is, what it may be called, whether it is marked."""

from __future__ import annotations

from dataclasses import dataclass

from qingfeng.documents.gateways import first_page, marking, sniffing
from qingfeng.documents.gateways.sniffing import Kind, UnsuitableFile

CLASSIFIED = "本系统不得处理涉密信息"


class ClassifiedFile(UnsuitableFile):
    """A file that is marked as a state secret."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that may be stored; `unread` says what of it no program can check."""

    kind: Kind
    name: str
    unread: str


def inspect(name: str, content: bytes, *, largest: int = sniffing.LARGEST) -> Inspected:
    """Inspect a file; raises ClassifiedFile where it is marked, UnsuitableFile where it cannot be taken."""
    _refuse(marking.in_name(name))
    kind = sniffing.sniff(content, largest=largest)
    page = first_page.read(content, kind)
    _refuse(marking.in_page(page.regions))
    return Inspected(kind, kind.safe_name(name), page.unread)


def _refuse(found: marking.Marking | None) -> None:
    if found is not None:
        raise ClassifiedFile(
            f"{CLASSIFIED}：{found.where}带有密级标志，文件未保存。请按保密规定在涉密系统中办理；"
            "如确不涉密，请去掉标志后再上传。"
        )
