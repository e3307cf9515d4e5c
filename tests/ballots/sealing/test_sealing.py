"""The Django-free core: keys, boxes, paper, codes, shuffles, counting."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingfeng.ballots.sealing import boxes, codes, counting, keys, paper, phrases, shuffling

LOG_N = 4
FIRST, SECOND, THIRD = keys.make_pair(), keys.make_pair(), keys.make_pair()
PUBLICS = (FIRST.public, SECOND.public)
BOTH = boxes.Opener(FIRST.private, SECOND.private)
TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=50)


@given(st.binary(max_size=300), st.binary(max_size=40))
def test_box_opens_with_both_keys_to_what_was_sealed(text: bytes, context: bytes) -> None:
    assert BOTH.open(boxes.seal(text, PUBLICS, context=context), context=context) == text


@given(st.binary(min_size=1, max_size=100))
def test_box_opens_with_no_other_pair_of_keys(text: bytes) -> None:
    sealed = boxes.seal(text, PUBLICS, context=b"row")

    for first, second in ((FIRST, THIRD), (THIRD, SECOND), (SECOND, FIRST), (FIRST, FIRST)):
        with pytest.raises(boxes.Damaged):
            boxes.Opener(first.private, second.private).open(sealed, context=b"row")


@given(st.data())
def test_box_that_was_altered_anywhere_does_not_open(data: st.DataObject) -> None:
    sealed = bytearray(boxes.seal(b"a ballot", PUBLICS, context=b"row"))
    place = data.draw(st.integers(0, len(sealed) - 1))
    # X25519 ignores the top bit of a point; all else of it counts, as does each bit of text and tag.
    bit = data.draw(st.integers(0, 6 if place == boxes.POINT - 1 else 7))
    sealed[place] ^= 1 << bit

    with pytest.raises(boxes.Damaged):
        BOTH.open(bytes(sealed), context=b"row")


@given(st.binary(max_size=boxes.OVERHEAD + 5))
def test_bytes_that_are_no_box_are_damaged(noise: bytes) -> None:
    with pytest.raises(boxes.Damaged):
        BOTH.open(noise, context=b"")


def test_box_moved_to_another_row_does_not_open() -> None:
    sealed = boxes.seal(b"a ballot", PUBLICS, context=b"row 1")

    with pytest.raises(boxes.Damaged):
        BOTH.open(sealed, context=b"row 2")


def test_same_ballot_sealed_twice_shares_nothing() -> None:
    one, two = (boxes.seal(b"\0" * 200, PUBLICS, context=b"row") for _ in range(2))

    assert not {one[n : n + 8] for n in range(len(one) - 8)} & {two[n : n + 8] for n in range(len(two) - 8)}


@given(TEXT)
def test_wrapped_key_opens_with_its_passphrase_only(phrase: str) -> None:
    wrapped = keys.wrap(FIRST, phrase, log_n=LOG_N)

    assert keys.unwrap(wrapped, phrase, FIRST.public) == FIRST.private
    with pytest.raises(keys.WrongPassphrase):
        keys.unwrap(wrapped, phrase + "x", FIRST.public)
    with pytest.raises(keys.WrongPassphrase):
        keys.unwrap(wrapped, phrase, SECOND.public)


@given(st.data())
def test_wrapped_key_that_was_altered_does_not_open(data: st.DataObject) -> None:
    wrapped = bytearray(keys.wrap(FIRST, "phrase", log_n=LOG_N))
    place = data.draw(st.integers(4, len(wrapped) - 1))
    wrapped[place] ^= data.draw(st.integers(1, 255))

    with pytest.raises(keys.WrongPassphrase):
        keys.unwrap(bytes(wrapped), "phrase", FIRST.public)


def test_forged_header_cannot_ask_for_all_the_memory() -> None:
    wrapped = bytearray(keys.wrap(FIRST, "phrase", log_n=LOG_N))
    wrapped[3] = 40

    with pytest.raises(keys.WrongPassphrase):
        keys.unwrap(bytes(wrapped), "phrase", FIRST.public)


@given(st.lists(st.integers(0, 255), min_size=1, max_size=40), TEXT)
def test_paper_comes_back_and_is_always_of_one_length(answers: list[int], comment: str) -> None:
    ballot = paper.Ballot(bytes(answers), comment, codes.new_receipt())
    shape = {"questions": len(answers), "comment_limit": 50}

    packed = paper.pack(ballot, **shape)

    assert len(packed) == paper.length(len(answers), 50)
    assert paper.unpack(packed, **shape) == ballot


@given(st.binary(max_size=120))
def test_bytes_that_are_no_paper_are_refused(noise: bytes) -> None:
    try:
        found = paper.unpack(noise, questions=3, comment_limit=10)
    except ValueError:
        return
    assert len(noise) == paper.length(3, 10)
    assert len(found.answers) == 3


@given(st.integers(0, codes.RANDOM - 1), st.sampled_from(codes.ALPHABET))
def test_any_one_wrong_symbol_of_a_code_is_noticed(place: int, symbol: str) -> None:
    code = codes.tidy(codes.new_code())
    wrong = code[:place] + symbol + code[place + 1 :]

    assert codes.is_well_formed(code)
    assert codes.is_well_formed(wrong) == (wrong == code)


def test_code_has_more_than_eighty_random_bits_and_no_lookalikes() -> None:
    assert codes.RANDOM * 5 >= 80
    assert len(set(codes.ALPHABET)) == 32
    assert not set("01IO") & set(codes.ALPHABET)
    drawn = Counter("".join(codes.tidy(codes.new_code())[:-1] for _ in range(2000)))
    assert set(drawn) == set(codes.ALPHABET)
    assert max(drawn.values()) < 1.3 * min(drawn.values())


def test_code_is_the_same_however_it_is_typed() -> None:
    code = codes.new_code()
    full_width = "".join(chr(ord(symbol) + 0xFEE0) for symbol in codes.tidy(code))

    forms = {code, code.lower(), code.replace("-", " "), f" {codes.tidy(code)}\n", full_width}

    assert {codes.digest(form) for form in forms} == {codes.digest(code)}


@given(st.binary(min_size=10, max_size=10))
def test_receipt_is_its_ten_bytes(raw: bytes) -> None:
    assert codes.receipt_bytes(codes.receipt_text(raw)) == raw


@given(st.integers(0, 30), st.integers(1, 6))
def test_shuffled_columns_hold_what_they_held(rows: int, columns: int) -> None:
    table = np.random.default_rng(rows).integers(0, 5, (rows, columns)).astype(np.uint8)

    mixed = shuffling.shuffle_columns(table)

    assert mixed.shape == table.shape
    assert (np.sort(mixed, axis=0) == np.sort(table, axis=0)).all()


def test_shuffle_gives_every_order_of_a_column_alike() -> None:
    table = np.repeat(np.arange(3, dtype=np.uint8)[:, None], 6000, axis=1)

    mixed = shuffling.shuffle_columns(table)

    found = Counter(map(tuple, mixed.T.tolist()))
    assert len(found) == 6
    assert all(800 < count < 1200 for count in found.values())


@given(st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), max_size=20), st.integers(2, 6))
def test_withheld_columns_are_blank_and_others_are_untouched(rows: list[list[int]], minimum: int) -> None:
    table = np.array(rows, np.uint8).reshape(-1, 3)
    valid = [[1, 2, 3], [1], []]

    kept = counting.withhold(table, valid, minimum)

    for column, places in enumerate(valid):
        enough = sum(row[column] in places for row in rows) >= minimum
        if kept is None:
            assert not enough
        else:
            assert kept[:, column].tolist() == ([row[column] for row in rows] if enough else [0] * len(rows))


@pytest.mark.parametrize(
    ("phrase", "word"),
    [
        ("短口令", "至少"),
        ("啊啊啊啊啊啊啊啊啊啊啊啊啊啊", "不同"),
        ("202611241530987654", "数字"),
        ("云溪镇老街第七棵银杏树李四", "姓名"),
        ("abcdefghijklmnop", "连续"),
        ("云溪老街银杏树下云溪老街银杏树下", "重复"),
    ],
)
def test_weak_passphrase_is_refused_with_its_reason(phrase: str, word: str) -> None:
    assert any(word in fault for fault in phrases.faults_of(phrase, shortest=12, forbidden=("李四",)))


def test_good_passphrase_has_no_fault() -> None:
    assert phrases.faults_of("云溪镇 老街 第七棵 银杏树下", shortest=12, forbidden=("李四", "")) == []
