"""How good a keeper's passphrase must be."""

from __future__ import annotations

import itertools

DIFFERENT = 8


def faults_of(passphrase: str, *, shortest: int, forbidden: tuple[str, ...] = ()) -> list[str]:
    """Return what is wrong with a passphrase, in the user's words; nothing where it may be used.

    Length and variety are proposals: it is made once, guarded by scrypt, and guessed offline at worst.
    """
    words = " ".join(passphrase.split())
    bare = words.replace(" ", "").lower()
    faults = []
    if len(bare) < shortest:
        faults.append(f"口令至少 {shortest} 个字符（空格不计）")
    if len(set(bare)) < DIFFERENT:
        faults.append(f"口令至少要有 {DIFFERENT} 个不同的字符")
    if bare.isdecimal():
        faults.append("口令不能全是数字")
    if any(name and name.lower() in bare for name in forbidden):
        faults.append("口令不能含有您的姓名或用户名")
    if _is_repeated(bare) or _is_ladder(bare):
        faults.append("口令不能是重复或连续的字符")
    return faults


def _is_repeated(bare: str) -> bool:
    return len(bare) > 1 and bare in (bare + bare)[1:-1]


def _is_ladder(bare: str) -> bool:
    steps = {ord(after) - ord(before) for before, after in itertools.pairwise(bare)}
    return len(bare) > 1 and steps in ({1}, {-1})
