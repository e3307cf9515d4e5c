"""Files of every kind, made by hand or by the libraries that offices use."""

from __future__ import annotations

import io
import zipfile

import docx
import xlsxwriter

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 40
MP4 = b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 40


def word(*lines: str, header: str = "", box: str = "", cells: tuple[str, ...] = ()) -> bytes:
    """A .docx with these paragraphs, and a header, a text box and a table row where asked."""
    document = docx.Document()
    if cells:
        row = document.add_table(1, len(cells)).rows[0]
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    for line in lines:
        document.add_paragraph(line)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    written = io.BytesIO()
    document.save(written)
    return _with_box(written.getvalue(), box) if box else written.getvalue()


def _with_box(content: bytes, text: str) -> bytes:
    """Put a text box behind the last paragraph, as Word writes one for old programs."""
    box = (
        '<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent>'
        f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
    )
    return replaced(content, "word/document.xml", lambda xml: xml.replace("<w:sectPr", f"{box}<w:sectPr", 1))


def replaced(content: bytes, part: str, change) -> bytes:
    """Repack an office file with one part changed."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(written, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            target.writestr(name, change(data.decode()) if name == part else data)
    return written.getvalue()


def sheet(*rows: tuple[str, ...], header: str = "") -> bytes:
    """An .xlsx with these rows, and a page header where asked."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as workbook:
        page = workbook.add_worksheet()
        for place, row in enumerate(rows):
            page.write_row(place, 0, row)
        if header:
            page.set_header(header)
    return written.getvalue()


def packed(parts: dict[str, str] | dict[str, str | bytes] | dict[str, bytes]) -> bytes:
    """A zip with these parts."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target:
        for name, text in parts.items():
            target.writestr(name, text)
    return written.getvalue()


def slides(*lines: str) -> bytes:
    """A .pptx of one slide with one text."""
    office = "http://schemas.openxmlformats.org"
    main = f'xmlns:p="{office}/presentationml/2006/main"'
    links = f'xmlns:r="{office}/officeDocument/2006/relationships"'
    drawing = f'xmlns:a="{office}/drawingml/2006/main"'
    order = f'<p:presentation {main} {links}><p:sldIdLst><p:sldId r:id="rId7"/></p:sldIdLst></p:presentation>'
    targets = '<Relationships><Relationship Id="rId7" Target="slides/slide3.xml"/></Relationships>'
    text = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in lines)
    slide = f"<p:sld {main} {drawing}><p:sp><p:txBody>{text}</p:txBody></p:sp></p:sld>"
    return packed(
        {
            "[Content_Types].xml": "<Types/>",
            "ppt/presentation.xml": order,
            "ppt/_rels/presentation.xml.rels": targets,
            "ppt/slides/slide3.xml": slide,
        }
    )


def ofd(*lines: str) -> bytes:
    """An OFD of one page."""
    texts = "".join(
        f'<ofd:TextObject Boundary="28 {30 + 10 * place} 100 5"><ofd:TextCode>{line}</ofd:TextCode>'
        "</ofd:TextObject>"
        for place, line in enumerate(lines)
    )
    page = f'<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Content>{texts}</ofd:Content></ofd:Page>'
    return packed({"OFD.xml": "<OFD/>", "Doc_0/Pages/Page_0/Content.xml": page})
