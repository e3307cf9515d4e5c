from __future__ import annotations

import io
import subprocess

import pypdf
import pytest

from qingfeng.documents.gateways import first_page, inspection
from qingfeng.documents.gateways.inspection import ClassifiedFile
from qingfeng.documents.gateways.sniffing import Kind, UnsuitableFile
from qingfeng.documents.layout import conversion
from tests.documents import files

office = [
    pytest.mark.office,
    pytest.mark.skipif(
        not conversion.available(), reason="apt-get install libreoffice-writer fonts-noto-cjk"
    ),
]
MARK = "机密★10年"
PLAIN = "关于做好保密工作的通知"


@pytest.mark.parametrize(
    "content",
    [
        files.word(MARK, PLAIN),
        files.word(PLAIN, header=MARK),
        files.word(PLAIN, box=MARK),
        files.word(PLAIN, cells=("", MARK)),
        files.word(PLAIN, cells=("密级", "机密")),
        files.sheet((PLAIN,), (MARK,)),
        files.sheet((PLAIN, MARK)),
        files.sheet((PLAIN,), header=f'&L&"黑体"&12{MARK}&R第&P页'),
        files.slides(MARK, PLAIN),
        files.ofd(MARK, PLAIN),
        f"{MARK}\n{PLAIN}".encode(),
        f"{MARK}\n{PLAIN}".encode("gbk"),
    ],
)
def test_inspect_marked_file_is_refused_with_the_sentence(content):
    with pytest.raises(ClassifiedFile, match="本系统不得处理涉密信息：首页带有密级标志"):
        inspection.inspect("通知", content)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (files.word(PLAIN, "保守国家秘密。", header="云川市纪委监委", box="内部资料"), Kind.DOCX),
        (files.sheet((PLAIN, "商业秘密")), Kind.XLSX),
        (files.slides(PLAIN), Kind.PPTX),
        (files.ofd(PLAIN), Kind.OFD),
        (PLAIN.encode(), Kind.TEXT),
    ],
)
def test_inspect_file_that_speaks_of_secrecy_is_taken(content, kind):
    found = inspection.inspect("保密工作通知", content)

    assert found.kind is kind
    assert found.unread == ""


def test_inspect_marked_name_is_refused_before_the_content_is_read():
    with pytest.raises(ClassifiedFile, match="文件名带有密级标志"):
        inspection.inspect("【秘密】通知.exe", b"MZ")


def test_inspect_refusal_repeats_neither_name_nor_text():
    with pytest.raises(ClassifiedFile) as refusal:
        inspection.inspect("云溪镇线索.docx", files.word("机密★10年 云溪镇线索"))

    assert "云溪镇" not in str(refusal.value)


@pytest.mark.parametrize("content", [files.PNG, files.JPEG, files.MP4])
def test_inspect_picture_says_that_nothing_could_be_read(content):
    assert "请人工核对" in inspection.inspect("现场", content).unread


def test_inspect_pdf_without_text_says_so():
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    written = io.BytesIO()
    writer.write(written)

    assert "请人工核对" in inspection.inspect("扫描件.pdf", written.getvalue()).unread


def test_inspect_locked_pdf_is_refused():
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    writer.encrypt("secret", algorithm="AES-256")
    written = io.BytesIO()
    writer.write(written)

    with pytest.raises(UnsuitableFile, match="打开密码"):
        inspection.inspect("通知.pdf", written.getvalue())


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\nnothing here",
        files.packed({"word/document.xml": "<w:document"}),
        files.packed({"word/document.xml": "<document/>"}),
        files.packed({"xl/workbook.xml": "<workbook"}),
        files.packed({"ppt/presentation.xml": "<p"}),
    ],
)
def test_inspect_broken_file_is_refused(content):
    with pytest.raises(UnsuitableFile, match="已损坏"):
        inspection.inspect("通知", content)


def test_read_does_not_expand_entities():
    entity = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document'
    evil = files.replaced(
        files.word(PLAIN),
        "word/document.xml",
        lambda xml: xml.replace("<w:document", entity, 1).replace(PLAIN, "&e;"),
    )

    page = first_page.read(evil, Kind.DOCX)

    assert "root" not in "".join(page.regions)


def converted(content: bytes, ending: str, tmp_path) -> bytes:
    (tmp_path / "in.docx").write_bytes(content)
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile",
         "--convert-to", ending, "--outdir", str(tmp_path), str(tmp_path / "in.docx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    made: bytes = (tmp_path / f"in.{ending}").read_bytes()
    return made


class TestByOffice:
    """Formats that only an office program writes."""

    pytestmark = office

    @pytest.mark.parametrize("marked", [{"header": MARK}, {"box": MARK}, {"cells": (MARK, "")}])
    def test_inspect_marked_doc_is_refused(self, marked, tmp_path):
        content = converted(files.word(PLAIN, **marked), "doc", tmp_path)

        with pytest.raises(ClassifiedFile):
            inspection.inspect("通知.doc", content)

    def test_inspect_doc_is_read_and_taken(self, tmp_path):
        content = converted(files.word(PLAIN, "保守国家秘密。"), "doc", tmp_path)

        found = inspection.inspect("通知.wps", content)

        assert (found.kind, found.name, found.unread) == (Kind.DOC, "通知.wps", "")
        assert PLAIN in first_page.read(content, Kind.DOC).regions[0]

    def test_inspect_marked_pdf_is_refused(self):
        marked = conversion.to_pdf(files.word("000001", MARK, "特急", PLAIN)).pdf

        with pytest.raises(ClassifiedFile):
            inspection.inspect("通知.pdf", marked)

    def test_inspect_pdf_that_speaks_of_secrecy_is_taken(self):
        plain = conversion.to_pdf(files.word(PLAIN, "保守国家秘密是每个公民的义务。")).pdf

        assert inspection.inspect("通知.pdf", plain).kind is Kind.PDF
