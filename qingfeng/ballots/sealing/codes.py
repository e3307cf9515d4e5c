"""Codes that let one person vote once, and receipts. Only a code's hash is ever stored."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 symbols of five bits; 0, 1, I and O are left out, since they are taken for each other."""
RANDOM, GROUP = 19, 4
CODE = RANDOM + 1
"""19 symbols are 95 random bits; the last one checks the others, so that a slip of the pen is told from a
code that does not exist."""
RECEIPT = 16
PLACES = {symbol: place for place, symbol in enumerate(ALPHABET)}


def new_code() -> str:
    """Draw a code, in groups of four."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM))
    return grouped(drawn + _check(drawn))


def grouped(symbols: str) -> str:
    """Return symbols in groups of four, with hyphens between them."""
    return "-".join(symbols[place : place + GROUP] for place in range(0, len(symbols), GROUP))


def tidy(typed: str) -> str:
    """Return what was typed or scanned as bare symbols: capitals, half width, no blanks or hyphens."""
    plain = unicodedata.normalize("NFKC", typed).upper()
    return "".join(symbol for symbol in plain if symbol.isalnum())


def is_well_formed(typed: str) -> bool:
    """Say whether this can be a code: its length, its symbols and its check symbol are right."""
    bare = tidy(typed)
    known = len(bare) == CODE and all(symbol in PLACES for symbol in bare)
    return known and bare[-1] == _check(bare[:-1])


def digest(typed: str) -> str:
    """Return the hash under which a code is known, the same however it was typed."""
    return hashlib.sha256(b"qingfeng code 1:" + tidy(typed).encode()).hexdigest()


def _check(symbols: str) -> str:
    """Return the check symbol: odd weights show any wrong symbol, growing ones most exchanges."""
    total = sum((2 * place + 1) * PLACES[symbol] for place, symbol in enumerate(symbols))
    return ALPHABET[total % len(ALPHABET)]


def new_receipt() -> str:
    """Draw a receipt of 80 random bits. It says nothing about the code or the answers."""
    return grouped("".join(secrets.choice(ALPHABET) for _ in range(RECEIPT)))


def is_receipt(text: str) -> bool:
    """Say whether this can be a receipt."""
    bare = tidy(text)
    return len(bare) == RECEIPT and all(symbol in PLACES for symbol in bare)


def receipt_bytes(text: str) -> bytes:
    """Return a receipt's ten bytes. Raises ValueError where it is none."""
    if not is_receipt(text):
        raise ValueError("no receipt")
    number = 0
    for symbol in tidy(text):
        number = number * len(ALPHABET) + PLACES[symbol]
    return number.to_bytes(RECEIPT * 5 // 8, "big")


def receipt_text(raw: bytes) -> str:
    """Return the receipt of ten bytes as it is shown."""
    number = int.from_bytes(raw, "big")
    symbols = [ALPHABET[number >> (5 * place) & 31] for place in reversed(range(RECEIPT))]
    return grouped("".join(symbols))
