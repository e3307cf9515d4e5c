"""One ballot as bytes of one length, whatever was chosen and however long the comment is.

Layout: version · one byte a question (the answer's place in the urn's list, from 1; 0: not asked) · the
receipt's ten bytes · two bytes of the comment's length · the comment in UTF-8, filled up with zeros.
"""

from __future__ import annotations

from dataclasses import dataclass

from qingfeng.ballots.sealing import codes

VERSION = 1
RECEIPT = 10
BYTES_A_CHARACTER = 4
"""The longest a character is in UTF-8: so a limit in characters is a limit in bytes."""


@dataclass(frozen=True)
class Ballot:
    """What a voter gave: the place of each answer from 1, an optional comment, and his receipt."""

    answers: bytes
    comment: str
    receipt: str


def length(questions: int, comment_limit: int) -> int:
    """Return how many bytes every ballot has, with so many questions and characters of comment."""
    return 1 + questions + RECEIPT + 2 + comment_limit * BYTES_A_CHARACTER


def pack(ballot: Ballot, *, questions: int, comment_limit: int) -> bytes:
    """Return the ballot's bytes. Raises ValueError where it does not fit the urn."""
    text = ballot.comment.encode()
    if len(ballot.answers) != questions or len(ballot.comment) > comment_limit:
        raise ValueError("the ballot does not fit the urn")
    body = (
        bytes([VERSION])
        + ballot.answers
        + codes.receipt_bytes(ballot.receipt)
        + len(text).to_bytes(2, "big")
        + text
    )
    return body.ljust(length(questions, comment_limit), b"\0")


def unpack(packed: bytes, *, questions: int, comment_limit: int) -> Ballot:
    """Read a ballot's bytes. Raises ValueError where they are no ballot of this urn."""
    if len(packed) != length(questions, comment_limit) or packed[0] != VERSION:
        raise ValueError("no ballot of this urn")
    place = 1 + questions
    answers, receipt = packed[1:place], packed[place : place + RECEIPT]
    place += RECEIPT
    size = int.from_bytes(packed[place : place + 2], "big")
    text = packed[place + 2 : place + 2 + size]
    if len(text) != size:
        raise ValueError("no ballot of this urn")
    return Ballot(answers, text.decode(), codes.receipt_text(receipt))
