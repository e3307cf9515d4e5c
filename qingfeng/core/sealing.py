"""Secrets kept in the database are sealed by SM4-GCM under a key that is not in it."""

from __future__ import annotations

import base64
import secrets

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE, TAG = 12, 16
PREFIX = "sm4:"


def _key(purpose: str) -> bytes:
    derive = HKDF(algorithm=hashes.SM3(), length=16, salt=None, info=f"qingfeng:{purpose}".encode())
    return derive.derive(settings.SECRET_KEY.encode())


def seal(text: str, *, purpose: str) -> str:
    """Encrypt a short text under the key of its purpose, derived from SECRET_KEY."""
    nonce = secrets.token_bytes(NONCE)
    cipher = Cipher(algorithms.SM4(_key(purpose)), modes.GCM(nonce)).encryptor()
    sealed = cipher.update(text.encode()) + cipher.finalize()
    return PREFIX + base64.b64encode(nonce + cipher.tag + sealed).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """Decrypt what `seal` made. Raises `InvalidTag` where text, key or purpose do not fit."""
    raw = base64.b64decode(sealed.removeprefix(PREFIX))
    nonce, tag, body = raw[:NONCE], raw[NONCE : NONCE + TAG], raw[NONCE + TAG :]
    cipher = Cipher(algorithms.SM4(_key(purpose)), modes.GCM(nonce, tag)).decryptor()
    return (cipher.update(body) + cipher.finalize()).decode()
