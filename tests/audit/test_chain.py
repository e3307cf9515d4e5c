"""The chain as plain data: sound as sealed, and any one change is found at its place."""

from __future__ import annotations

import dataclasses
import datetime as dt

from cryptography.hazmat.primitives import hashes
from hypothesis import given
from hypothesis import strategies as st

from qingfeng.audit import chain

KEY = b"k" * 32
START = dt.datetime(2026, 1, 5, 1, tzinfo=dt.UTC)
text = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=8)
details = st.dictionaries(text, st.one_of(st.none(), st.integers(), st.booleans(), text), max_size=3)


@st.composite
def books(draw, least: int = 1) -> list[tuple[chain.Link, dict]]:
    """Draw a sealed book of entries with rising ids, sealed in one to many sittings."""
    entries, number = [], 0
    for _ in range(draw(st.integers(least, 8))):
        number += draw(st.integers(1, 3))
        entries.append({
            "id": number, "at": START + dt.timedelta(seconds=number),
            "actor_id": draw(st.none() | st.integers(1, 5)), "actor_name": draw(text), "action": draw(text),
            "subject_kind": draw(text), "subject_id": draw(st.none() | st.integers(1, 9)),
            "outcome": "done", "address": "", "detail": draw(details),
        })  # fmt: skip
    cut = draw(st.integers(0, len(entries)))
    links = list(chain.extend(KEY, (0, chain.START), entries[:cut], START))
    last = (links[-1].sequence, links[-1].digest) if links else (0, chain.START)
    links += chain.extend(KEY, last, entries[cut:], START + dt.timedelta(minutes=1))
    return list(zip(links, entries, strict=True))


def head_of(book: list[tuple[chain.Link, dict]]) -> list[chain.Head]:
    return [chain.Head(book[-1][0].sequence, book[-1][0].digest, "2026-01-05T01:00:00+00:00", 1)]


def test_sm3_gives_the_vector_of_the_standard() -> None:
    made = hashes.Hash(hashes.SM3())
    made.update(b"abc")

    assert made.finalize().hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


@given(books())
def test_verify_untouched_book_is_sound(book) -> None:
    assert chain.verify(KEY, book, head_of(book)) == (len(book), None, None)


@given(books(), st.data())
def test_verify_altered_entry_is_found_at_its_place(book, data) -> None:
    place = data.draw(st.integers(0, len(book) - 1))
    field = data.draw(st.sampled_from([name for name in chain.FIELDS if name not in {"id", "at"}]))
    link, entry = book[place]
    book[place] = (link, {**entry, field: "changed"})

    read, broken, where = chain.verify(KEY, book, head_of(book))

    assert (read, broken, where) == (place, chain.Break.ALTERED, link)


@given(books(), st.data())
def test_verify_removed_entry_is_found_at_its_place(book, data) -> None:
    place = data.draw(st.integers(0, len(book) - 1))
    book[place] = (book[place][0], None)

    assert chain.verify(KEY, book, head_of(book))[:2] == (place, chain.Break.REMOVED)


@given(books(least=2), st.data())
def test_verify_removed_link_is_found_at_the_gap(book, data) -> None:
    heads = head_of(book)
    place = data.draw(st.integers(0, len(book) - 2))
    del book[place]

    assert chain.verify(KEY, book, heads)[:2] == (place, chain.Break.REMOVED)


@given(books(least=2), st.data())
def test_verify_exchanged_links_are_found_as_reordered(book, data) -> None:
    heads = head_of(book)
    place = data.draw(st.integers(0, len(book) - 2))
    (first, one), (second, two) = book[place], book[place + 1]
    book[place] = (dataclasses.replace(second, sequence=first.sequence), two)
    book[place + 1] = (dataclasses.replace(first, sequence=second.sequence), one)

    assert chain.verify(KEY, book, heads)[:2] == (place, chain.Break.REORDERED)


@given(books(least=2), st.data())
def test_verify_cut_tail_is_found_by_the_exported_head(book, data) -> None:
    heads = head_of(book)
    kept = data.draw(st.integers(0, len(book) - 1))

    read, broken, where = chain.verify(KEY, book[:kept], heads)

    assert (read, broken) == (kept, chain.Break.TRUNCATED)
    assert where is not None
    assert where.sequence == kept + 1


@given(books(least=2))
def test_verify_tail_made_anew_contradicts_the_exported_head(book) -> None:
    heads = head_of(book)
    entries = [entry for _, entry in book]
    entries[-1] = {**entries[-1], "action": "another"}
    anew = list(zip(chain.extend(KEY, (0, chain.START), entries, START), entries, strict=True))

    read, broken, _ = chain.verify(KEY, anew, [*heads, *head_of(anew)])

    assert (read, broken) == (len(book) - 1, chain.Break.TRUNCATED)


@given(books())
def test_verify_with_another_key_breaks_at_the_first_link(book) -> None:
    assert chain.verify(b"x" * 32, book, [])[0] == 0
