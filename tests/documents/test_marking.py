from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qingfeng.documents.gateways import marking

MARKED = [
    "机密★10年",
    "秘密★",
    "绝密★长期",
    "机 密",
    "机　密★１０年",
    "000001\n机密★1年\n特急",
    "秘密",
    "【机密】",
    "密级：机密",
    "密级：秘密级★3年",
    "机密★10年 中共云川市纪律检查委员会文件",
    "云川市纪委监委文件    秘密★1年",
    "机密★启用前",
    "秘密★6个月",
    "秘密★1年6个月 特急",
    "机密★2030年12月31日",
    "000123 机密★5年",
    "份号：000001 秘密★1年",
    "机密 特急",
    "绝密*长期",
    "秘密级",
    "云川市纪委监委文件\n云纪通〔2026〕1号\n秘密★1年",
]
FREE = [
    "做好保密工作",
    "保守秘密",
    "商业秘密保护指引",
    "关于进一步做好保密工作的通知",
    "中华人民共和国保守国家秘密法",
    "保守国家\n秘密\n宣传手册",
    "标注“机密★10年”字样的文件须登记",
    "机密文件管理办法",
    "秘密举报渠道",
    "密级：公开",
    "密级：非密",
    "本系统不得处理涉密信息",
    "秘密、机密、绝密三级",
    "一、秘密级文件的管理",
    "工作秘密",
    "第一行\n第二行\n第三行\n第四行\n第五行\n第六行\n第七行\n第八行\n秘密★1年",
    "",
]
MARKED_NAMES = [
    "机密★10年 关于通报.docx",
    "【秘密】通报.docx",
    "（机密）通报.pdf",
    "绝密-通报.doc",
    "秘密_通报.docx",
    "通报（秘密）.pdf",
    "秘密 通报.docx",
    "机密.docx",
    "通报-秘密.docx",
    "密级：机密 通报.doc",
    "通报秘密★1年.docx",
]
FREE_NAMES = [
    "保密工作方案.docx",
    "商业秘密保护.docx",
    "机密文件管理办法.docx",
    "保守国家秘密法.pdf",
    "保密承诺书（模板）.docx",
    "秘密举报.docx",
    "《保守国家秘密法》学习.docx",
    "通报.docx",
]


@pytest.mark.parametrize("text", MARKED)
def test_in_head_finds_a_marking(text):
    assert marking.in_head(text) is not None


@pytest.mark.parametrize("text", FREE)
def test_in_head_leaves_running_text_alone(text):
    assert marking.in_head(text) is None


@pytest.mark.parametrize("name", MARKED_NAMES)
def test_in_name_finds_a_marking(name):
    assert marking.in_name(name) is not None


@pytest.mark.parametrize("name", FREE_NAMES)
def test_in_name_leaves_titles_alone(name):
    assert marking.in_name(name) is None


def test_in_page_looks_at_the_head_of_every_region():
    assert marking.in_page(["云川市纪委监委文件", "秘密★1年"]) == marking.Marking("秘密★1年", "首页")
    assert marking.in_page(["云川市纪委监委文件", "做好保密工作"]) is None


DEGREES = st.sampled_from(["绝密", "机密", "秘密"])
BLANKS = st.sampled_from(["", " ", "  ", "　", "\t"])
TERMS = st.one_of(
    st.just(""),
    st.just("长期"),
    st.integers(1, 30).map("{}年".format),
    st.integers(1, 11).map("{}个月".format),
    st.tuples(st.integers(1, 9), st.integers(1, 11)).map(lambda t: f"{t[0]}年{t[1]}个月"),
    st.tuples(st.integers(2026, 2060), st.integers(1, 12)).map(lambda t: f"{t[0]}年{t[1]}月"),
)
HEADS = st.lists(
    st.sampled_from(["000001", "特急", "云川市纪委监委文件", "云纪通〔2026〕1号", "签发人：某某"]), max_size=5
)


@st.composite
def starred(draw) -> str:
    degree: str = draw(BLANKS).join(draw(DEGREES))
    star = draw(st.sampled_from(["★", "☆", "*", "＊", "⭐"]))
    term: str = draw(TERMS)
    return f"{degree}{draw(BLANKS)}{star}{draw(BLANKS)}{term}"


@given(starred(), HEADS, HEADS)
def test_starred_marking_is_found_on_any_of_the_first_lines(mark, above, below):
    assert marking.in_head("\n".join([*above, mark, *below])) is not None


@given(DEGREES, BLANKS, HEADS)
def test_lone_degree_is_found_on_any_of_the_first_lines(degree, blank, above):
    assert marking.in_head("\n".join([*above, blank.join(degree)])) is not None


PHRASES = st.sampled_from(
    [
        "做好保密工作",
        "保守国家秘密",
        "商业秘密",
        "工作秘密",
        "涉及机密的文件",
        "严守机密",
        "遵守绝密级文件管理规定",
    ]
)
ORDINARY = st.sampled_from(["各单位要", "，", "关于", "通知", "切实", "和", "2026年", "、", "加强", "教育。"])


@given(st.lists(st.tuples(ORDINARY, PHRASES, ORDINARY), min_size=1, max_size=6))
def test_words_of_secrecy_in_a_sentence_are_no_marking(pieces):
    text = "".join("".join(piece) for piece in pieces)

    assert marking.in_head(text) is None
    assert marking.in_name(text + ".docx") is None


@given(st.text(max_size=400))
def test_text_without_a_degree_is_never_marked(text):
    plain = "".join(text.split())
    assume(not any(degree in plain for degree in ("绝密", "机密", "秘密")))

    assert marking.in_head(text) is None
    assert marking.in_name(text) is None
