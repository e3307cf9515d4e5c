from __future__ import annotations

from django.db import models


class FileKind(models.TextChoices):
    """What a stored file is, by its content; the slugs are those of `gateways.sniffing.Kind`."""

    PDF = "pdf", "PDF"
    OFD = "ofd", "OFD 版式文件"
    DOCX = "docx", "Word 文档"
    XLSX = "xlsx", "Excel 表格"
    PPTX = "pptx", "演示文稿"
    DOC = "doc", "Word 97 或 WPS 文档"
    XLS = "xls", "Excel 97 或 WPS 表格"
    JPEG = "jpeg", "图片"
    PNG = "png", "图片"
    GIF = "gif", "图片"
    TIFF = "tiff", "扫描图片"
    MP4 = "mp4", "视频"
    TEXT = "text", "文本"


class Genre(models.TextChoices):
    """文种 (党政机关公文处理工作条例 第八条, and the two that discipline inspection adds)."""

    BULLETIN = "bulletin", "通报"
    NOTICE = "notice", "通知"
    OPINION = "opinion", "意见"
    DECISION = "decision", "决定"
    REQUEST = "request", "请示"
    REPORT = "report", "报告"
    REPLY = "reply", "批复"
    LETTER = "letter", "函"
    MINUTES = "minutes", "纪要"
    PROPOSAL = "proposal", "建议书"
    SUMMONS = "summons", "约谈通知书"


class DocumentState(models.TextChoices):
    DRAFT = "draft", "拟稿"
    EDITED = "edited", "已修改"
    ISSUED = "issued", "已印发"
    STAMPED = "stamped", "已归入盖章件"
    WITHDRAWN = "withdrawn", "已撤回"
    REPLACED = "replaced", "已重新印发"
    DISCARDED = "discarded", "已作废"


NUMBERED = (DocumentState.ISSUED, DocumentState.STAMPED, DocumentState.WITHDRAWN, DocumentState.REPLACED)
IN_FORCE = (DocumentState.ISSUED, DocumentState.STAMPED)


class Slot(models.TextChoices):
    """What a line of files is to an official document."""

    TEXT = "text", "正文"
    SCAN = "scan", "盖章扫描件"
