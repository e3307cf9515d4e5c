from __future__ import annotations

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingfeng.documents.gateways import sniffing
from qingfeng.documents.gateways.sniffing import Kind, UnsuitableFile
from tests.documents import files


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n", Kind.PDF),
        (files.word("通知"), Kind.DOCX),
        (files.sheet(("单位", "得分")), Kind.XLSX),
        (files.slides("汇报"), Kind.PPTX),
        (files.ofd("通知"), Kind.OFD),
        (files.JPEG, Kind.JPEG),
        (files.PNG, Kind.PNG),
        (b"GIF89a" + b"\x00" * 20, Kind.GIF),
        (b"II*\x00" + b"\x00" * 20, Kind.TIFF),
        (files.MP4, Kind.MP4),
        ("单位,得分\n云溪镇,86.42\n".encode(), Kind.TEXT),
        ("单位,得分\n云溪镇,86.42\n".encode("gbk"), Kind.TEXT),
    ],
)
def test_sniff_tells_the_kind_by_content(content, kind):
    assert sniffing.sniff(content) is kind


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "文件是空的"),
        (b"MZ\x90\x00" + b"\x00" * 60, "程序文件"),
        (b"\x7fELF\x02", "程序文件"),
        (b"#!/bin/sh\necho", "脚本文件"),
        (b"Rar!\x1a\x07", "压缩包"),
        (b"7z\xbc\xaf'\x1c\x00", "压缩包"),
        (files.packed({"a.txt": "通知"}), "压缩包"),
        (b"<!DOCTYPE html><p>x", "网页"),
        (b"  <html>", "网页"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "网页"),
        ('\ufeff<?xml version="1.0"?><svg/>'.encode(), "网页"),
        (b"\x01\x02\x03\x04", "认不出"),
        (b"PK\x03\x04 cut short", "已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 cut short", "已损坏"),
    ],
)
def test_sniff_refuses_in_words_what_does_not_belong(content, words):
    with pytest.raises(UnsuitableFile, match=words):
        sniffing.sniff(content)


def test_sniff_over_the_limit_names_size_and_limit():
    with pytest.raises(UnsuitableFile, match=r"2\.0 MB，超过 1\.0 MB"):
        sniffing.sniff(b"a" * 2 * sniffing.MEGABYTE, largest=sniffing.MEGABYTE)


def test_sniff_office_file_with_macro_is_refused():
    with zipfile.ZipFile(io.BytesIO(files.word("通知"))) as source:
        parts = {name: source.read(name) for name in source.namelist()}

    for extra in (
        {"word/vbaProject.bin": b"x"},
        {"[Content_Types].xml": b'<x ContentType="a.macroEnabled.b"/>'},
    ):
        with pytest.raises(UnsuitableFile, match="宏"):
            sniffing.sniff(files.packed(parts | extra))


def test_sniff_bomb_is_refused_without_unpacking_it():
    bomb = files.packed({"word/document.xml": "0" * (30 * sniffing.MEGABYTE)})

    assert len(bomb) < sniffing.MEGABYTE
    with pytest.raises(UnsuitableFile, match="展开后过大"):
        sniffing.sniff(bomb)


def test_sniff_too_many_members_is_refused():
    with pytest.raises(UnsuitableFile, match="展开后过大"):
        sniffing.sniff(files.packed({f"word/{place}.xml": "" for place in range(sniffing.MOST_MEMBERS + 1)}))


def test_sniff_encrypted_member_is_refused():
    content = bytearray(files.packed({"word/document.xml": "x"}))
    flags = content.index(b"PK\x01\x02") + 8
    content[flags : flags + 2] = struct.pack("<H", 1)

    with pytest.raises(UnsuitableFile, match="密码"):
        sniffing.sniff(bytes(content))


@pytest.mark.parametrize(
    ("given_name", "kind", "name"),
    [
        ("通报.docx", Kind.DOCX, "通报.docx"),
        ("通报.DOCX", Kind.DOCX, "通报.docx"),
        ("通报.exe", Kind.PDF, "通报.exe.pdf"),
        ("../../etc/通报.pdf", Kind.PDF, "通报.pdf"),
        ("C:\\桌面\\通报.pdf", Kind.PDF, "C桌面通报.pdf"),
        ("数据.csv", Kind.TEXT, "数据.csv"),
        ("run.bat", Kind.TEXT, "run.bat.txt"),
        ("通报\u202efdp.docx", Kind.DOCX, "通报fdp.docx"),
        ("", Kind.PDF, "未命名.pdf"),
        ("报告.wps", Kind.DOC, "报告.wps"),
    ],
)
def test_safe_name_keeps_only_an_ending_of_its_kind(given_name, kind, name):
    assert kind.safe_name(given_name) == name


@given(st.text(max_size=300), st.sampled_from(Kind))
def test_safe_name_of_anything_is_one_plain_name(name, kind):
    safe = kind.safe_name(name)

    assert safe.rpartition(".")[2] in kind.value.endings
    assert not set(safe) & set('/\\:*?"<>|\r\n\0')
    assert len(safe) < 200


@given(st.binary(max_size=400))
def test_sniff_anything_gives_a_kind_or_a_sentence(content):
    try:
        outcome = sniffing.sniff(content).label
    except UnsuitableFile as refusal:
        outcome = str(refusal)

    assert outcome
