"""A vote sealed to both keepers: one of them alone opens nothing.

For each vote a fresh X25519 pair is made; its agreements with both public keys go together into HKDF-SM3, and
what comes out is the key of this one vote (SM4-GCM). `context` names the row the vote lies in: a sealed vote
that was moved to another row does not open.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from qingfeng.ballots.sealing import keys

POINT, NONCE, TAG = 32, 12, 16
OVERHEAD = POINT + TAG
"""How many bytes a sealed text is longer than the text."""


class Damaged(Exception):
    """A sealed vote does not open with the right keys: somebody altered it, or moved it to another row."""


def seal(text: bytes, publics: tuple[bytes, bytes], *, context: bytes) -> bytes:
    """Seal a text to both public keys; the result is `OVERHEAD` bytes longer."""
    own = X25519PrivateKey.generate()
    point = own.public_key().public_bytes_raw()
    agreed = [own.exchange(X25519PublicKey.from_public_bytes(public)) for public in publics]
    key, nonce = _derive(agreed, point, publics)
    cipher = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    cipher.authenticate_additional_data(context)
    return point + cipher.update(text) + cipher.finalize() + cipher.tag


class Opener:
    """Both private keys together, in memory only, in the order of their public keys."""

    def __init__(self, first: bytes, second: bytes) -> None:
        self._keys = [X25519PrivateKey.from_private_bytes(first), X25519PrivateKey.from_private_bytes(second)]
        self._publics = (keys.public_of(first), keys.public_of(second))

    def open(self, sealed: bytes, *, context: bytes) -> bytes:
        """Return the text. Raises `Damaged` where it was not sealed to these keys for this context."""
        if len(sealed) < OVERHEAD:
            raise Damaged
        point, body, tag = sealed[:POINT], sealed[POINT:-TAG], sealed[-TAG:]
        try:
            other = X25519PublicKey.from_public_bytes(point)
            agreed = [key.exchange(other) for key in self._keys]
            key, nonce = _derive(agreed, point, self._publics)
            cipher = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
            cipher.authenticate_additional_data(context)
            return cipher.update(body) + cipher.finalize()
        except (InvalidTag, ValueError):
            raise Damaged from None


def _derive(agreed: list[bytes], point: bytes, publics: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    info = b"qingfeng urn 1" + point + b"".join(publics)
    made = HKDF(algorithm=hashes.SM3(), length=16 + NONCE, salt=None, info=info).derive(b"".join(agreed))
    return made[:16], made[16:]
