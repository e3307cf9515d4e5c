"""Key pairs of the keepers, and the private half under a passphrase.

X25519 (RFC 7748) agrees the keys: `cryptography` has no SM2 (ADR 0015). The private half is sealed by SM4-GCM
under a key that scrypt (RFC 7914) makes of the passphrase, so that guessing costs time and memory.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

KEY = 32
MARK = b"QU1"
SALT, NONCE, TAG = 16, 12, 16
BLOCKS, LANES = 8, 2
"""scrypt's r and p; with N = 2^16 one guess takes 64 MB (OWASP's figure for r = 8, p = 2)."""
LONGEST_WAIT = 20
"""No wrapped key asks for more than N = 2^20: a forged header cannot exhaust the memory."""


class WrongPassphrase(Exception):
    """The passphrase does not open the key, or the key was tampered with: nobody can tell which."""


@dataclass(frozen=True, repr=False)
class Pair:
    """One keeper's key pair, 32 bytes each. It has no repr: it must not reach a log."""

    private: bytes
    public: bytes


def make_pair() -> Pair:
    """Make a key pair from the system's secure source."""
    key = X25519PrivateKey.generate()
    return Pair(key.private_bytes_raw(), key.public_key().public_bytes_raw())


def public_of(private: bytes) -> bytes:
    """Return the public half of a private key (32 bytes)."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def check_public(public: bytes) -> None:
    """Raise ValueError where the bytes are no public key."""
    X25519PublicKey.from_public_bytes(public).public_bytes(
        serialization.Encoding.Raw, serialization.PublicFormat.Raw
    )


def wrap(pair: Pair, passphrase: str, *, log_n: int) -> bytes:
    """Seal the private half under the passphrase; `log_n` is the binary logarithm of scrypt's N."""
    salt, nonce = secrets.token_bytes(SALT), secrets.token_bytes(NONCE)
    head = MARK + bytes([log_n]) + salt + nonce
    cipher = Cipher(algorithms.SM4(_stretch(passphrase, salt, log_n)), modes.GCM(nonce)).encryptor()
    cipher.authenticate_additional_data(head + pair.public)
    return head + cipher.update(pair.private) + cipher.finalize() + cipher.tag


def unwrap(wrapped: bytes, passphrase: str, public: bytes) -> bytes:
    """Return the private half that belongs to the public one.

    Raises `WrongPassphrase` where passphrase, wrapped key and public key do not belong together.
    """
    head, body = wrapped[: len(MARK) + 1 + SALT + NONCE], wrapped[len(MARK) + 1 + SALT + NONCE :]
    if len(wrapped) != len(head) + KEY + TAG or not head.startswith(MARK) or head[len(MARK)] > LONGEST_WAIT:
        raise WrongPassphrase
    salt, nonce = head[len(MARK) + 1 : -NONCE], head[-NONCE:]
    key = _stretch(passphrase, salt, head[len(MARK)])
    cipher = Cipher(algorithms.SM4(key), modes.GCM(nonce, body[KEY:])).decryptor()
    cipher.authenticate_additional_data(head + public)
    try:
        private = cipher.update(body[:KEY]) + cipher.finalize()
    except InvalidTag:
        raise WrongPassphrase from None
    if public_of(private) != public:
        raise WrongPassphrase
    return private


def _stretch(passphrase: str, salt: bytes, log_n: int) -> bytes:
    words = " ".join(passphrase.split()).encode()
    memory = 128 * BLOCKS * (2**log_n + LANES) + 2**20
    return hashlib.scrypt(words, salt=salt, n=2**log_n, r=BLOCKS, p=LANES, maxmem=memory, dklen=16)
