"""The page as LibreOffice prints it, measured in millimetres."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest

from qingfeng.documents.layout import conversion, official
from tests.documents.samples import notice, scores

pytestmark = [
    pytest.mark.office,
    pytest.mark.skipif(
        not conversion.available() or shutil.which("pdftotext") is None,
        reason="apt-get install libreoffice-writer fonts-noto-cjk poppler-utils",
    ),
]
DPI = 150
MM = 25.4 / DPI
TOP, BOTTOM, LEFT, RIGHT = 37.0, 262.0, 28.0, 184.0


@dataclass
class Printed:
    """A converted document: its pages as pictures, and where each word stands."""

    pixels: list[np.ndarray]
    words: list[list[tuple[float, float, float, str]]]  # left, right, top in mm

    def text(self, page: int) -> str:
        """Everything on a page, without blanks."""
        return "".join(word for *_, word in self.words[page])


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    def make(text: official.OfficialText) -> Printed:
        folder = tmp_path_factory.mktemp("printed")
        pdf = folder / "page.pdf"
        pdf.write_bytes(conversion.to_pdf(official.render(text)).pdf)
        subprocess.run(["pdftoppm", "-r", str(DPI), str(pdf), str(folder / "page")], check=True)
        boxes = subprocess.run(
            ["pdftotext", "-bbox", str(pdf), "-"], check=True, capture_output=True, text=True
        )
        return Printed(
            [picture(path.read_bytes()) for path in sorted(folder.glob("*.ppm"))],
            [words(page) for page in boxes.stdout.split("<page ")[1:]],
        )

    return make


def picture(ppm: bytes) -> np.ndarray:
    _, size, _, pixels = ppm.split(b"\n", 3)
    width, height = map(int, size.split())
    return np.frombuffer(pixels, np.uint8).reshape(height, width, 3).astype(int)


def words(page: str) -> list[tuple[float, float, float, str]]:
    found = re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="[\d.]+">(.*?)</word>', page)
    return [
        (float(x) / 72 * 25.4, float(z) / 72 * 25.4, float(y) / 72 * 25.4, word) for x, y, z, word in found
    ]


def bands(mask: np.ndarray) -> list[tuple[float, float]]:
    """Upper and lower edge of each run of inked rows, in millimetres."""
    inked = np.flatnonzero(np.diff(np.concatenate(([0], mask.any(axis=1), [0]))))
    return [(top * MM, low * MM) for top, low in zip(inked[::2], inked[1::2], strict=True)]


def red(page: np.ndarray) -> np.ndarray:
    return (page[..., 0] > 180) & (page[..., 1] < 120) & (page[..., 2] < 120)


def ink(page: np.ndarray) -> np.ndarray:
    dark: np.ndarray = page.sum(axis=2) < 300
    return dark


def edges(mask: np.ndarray) -> tuple[float, float]:
    columns = np.flatnonzero(mask.any(axis=0))
    return columns[0] * MM, (columns[-1] + 1) * MM


def in_type_area(page: np.ndarray) -> np.ndarray:
    return ink(page)[: int(BOTTOM / MM)]


def test_full_page_holds_22_lines_of_28_letters(printed):
    filler = "清风正气" * 400

    result = printed(notice(official.Paragraph(filler)))

    assert result.pixels[1].shape[:2] == (1754, 1241)  # A4 at 150 dpi
    assert len(bands(in_type_area(result.pixels[1]))) == 22
    lines = [word for *_, word in result.words[1] if set(word) <= set("清风正气")]
    assert [len(line) for line in lines] == [28] * 22


def test_full_page_keeps_its_margins(printed):
    result = printed(notice(official.Paragraph("清风正气" * 400)))

    left, right = edges(in_type_area(result.pixels[1]))
    area = bands(in_type_area(result.pixels[1]))
    assert left == pytest.approx(LEFT, abs=1)
    assert right == pytest.approx(RIGHT, abs=1)
    assert area[0][0] == pytest.approx(
        TOP + 3.5, abs=1
    )  # the first line's letters stand in the lower part of it
    assert area[-1][1] == pytest.approx(BOTTOM - 2, abs=1)


def test_head_stands_where_the_standard_puts_it(printed):
    first = printed(notice()).pixels[0]

    mark, rule = bands(red(first))
    number = next(band for band in bands(ink(first) & ~red(first)) if band[0] > mark[1])
    assert mark[0] - TOP == pytest.approx(35, abs=1)
    assert number[0] - mark[1] == pytest.approx(2 * 10.2, abs=4)  # two lines
    assert rule[0] - number[1] == pytest.approx(4, abs=0.5)
    assert edges(red(first)[int(rule[0] / MM) :]) == pytest.approx((LEFT, RIGHT), abs=0.5)


def test_joint_mark_stacks_its_bodies_on_one_page(printed):
    bodies = ("中共云川市纪律检查委员会", "云川市监察委员会")

    result = printed(notice(mark=official.Mark(bodies), signed_by=bodies))

    red_bands = bands(red(result.pixels[0]))
    assert red_bands[0][0] - TOP == pytest.approx(35, abs=1.5)
    assert len(red_bands) == 2  # the word 文件 beside both names joins them to one band; then the red line
    assert red_bands[0][1] - red_bands[0][0] > 20
    assert "云川市监察委员会" in result.text(0)


def test_page_numbers_stand_outside_seven_millimetres_below(printed):
    result = printed(notice(official.Paragraph("清风正气" * 400)))

    odd, even = (ink(page)[int(BOTTOM / MM) + 2 :] for page in result.pixels[:2])
    assert "—1—" in result.text(0)
    assert "—2—" in result.text(1)
    assert edges(odd)[1] == pytest.approx(RIGHT - 5, abs=1.5)
    assert edges(even)[0] == pytest.approx(LEFT + 5, abs=1.5)
    middle = [sum(band) / 2 + BOTTOM + 2 * MM for band in bands(odd)]
    assert middle[0] - BOTTOM == pytest.approx(7, abs=0.7)


def test_date_ends_four_letters_from_the_edge_under_its_body(printed):
    result = printed(notice())

    page = next(place for place, _ in enumerate(result.words) if "2026年4月15日" in result.text(place))
    lines = result.words[page]
    day = next(word for word in lines if word[3] == "日")
    body = [word for word in lines if word[3] == "云川市纪委监委"][-1]
    year = [word for word in lines if word[3] == "2026" and abs(word[2] - day[2]) < 1][-1]
    assert day[1] == pytest.approx(RIGHT - 4 * 156 / 28, abs=1.5)
    assert (body[0] + body[1]) / 2 == pytest.approx(
        (year[0] + day[1]) / 2, abs=4
    )  # a free face has wider figures


@pytest.mark.parametrize("lines", [4, 22, 25, 28])
def test_imprint_ends_at_the_foot_and_covers_nothing(printed, lines):
    result = printed(notice(official.Paragraph("清风正气" * (7 * lines))))

    last = bands(in_type_area(result.pixels[-1][: int(BOTTOM / MM) + 3]))
    assert "印发" in result.text(-1)
    assert bands(ink(result.pixels[-1])[: int((BOTTOM + 1) / MM)])[-1][1] == pytest.approx(BOTTOM, abs=0.8)
    assert all(above[1] < below[0] for above, below in pairwise(last))
    signed = [place for place, _ in enumerate(result.words) if "监委2026年4月15日" in result.text(place)]
    assert len(signed) == 1  # body and date are never parted


def test_wide_annex_lies_on_its_side_with_its_head_on_every_page(printed):
    result = printed(notice(annexes=(official.Annex("得分明细表", (scores(36, 60),)),)))

    turned = [place for place, page in enumerate(result.pixels) if page.shape[1] > page.shape[0]]
    assert len(turned) >= 2
    assert all("序号" in result.text(place) for place in turned)
    for place in turned:
        numbers = ink(result.pixels[place])[:, : int(33 / MM)]
        middle = np.flatnonzero(numbers.any(axis=0)).mean() * MM
        assert middle == pytest.approx(35 - 7, abs=1)  # 7 mm below the upright type area, now on its left
        at = [top for top, _ in bands(numbers)]
        assert (at[0] < 60) if (place + 1) % 2 == 0 else (at[0] > 150)
    assert "印发" in result.text(-1)
    assert result.pixels[-1].shape[0] > result.pixels[-1].shape[1]


def test_preview_says_which_faces_it_lacks():
    preview = conversion.to_pdf(official.render(notice()))

    assert preview.pdf.startswith(b"%PDF-")
    assert all("字体" in warning for warning in preview.warnings)
