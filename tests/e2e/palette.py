"""Write a picture of a page as a PNG with a palette: a third of the size, and no difference to see."""

from __future__ import annotations

import base64
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page

COLOURS = 256
PIXELS = """async (picture) => {
  const image = new Image()
  image.src = 'data:image/png;base64,' + picture
  await image.decode()
  const canvas = new OffscreenCanvas(image.width, image.height)
  const context = canvas.getContext('2d')
  context.drawImage(image, 0, 0)
  const data = context.getImageData(0, 0, image.width, image.height).data
  let text = ''
  const part = 32768
  for (let at = 0; at < data.length; at += part) text += String.fromCharCode(...data.subarray(at, at + part))
  return [image.width, image.height, btoa(text)]
}"""


def pixels(blank: Page, picture: bytes) -> NDArray[np.uint8]:
    """Let the browser decode a picture; return rows × columns × red, green, blue."""
    width, height, text = blank.evaluate(PIXELS, base64.b64encode(picture).decode())
    flat = np.frombuffer(base64.b64decode(text), dtype=np.uint8)
    return flat.reshape(height, width, 4)[:, :, :3]


def indexed(picture: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return the palette of the most frequent colours, and each pixel's place in it."""
    wide = picture.astype(np.uint32)
    keys = (wide[:, :, 0] << 16) | (wide[:, :, 1] << 8) | wide[:, :, 2]
    found, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    colours = np.stack([found >> 16 & 255, found >> 8 & 255, found & 255], axis=1).astype(np.int64)
    palette = colours[np.argsort(counts)[::-1][:COLOURS]]
    nearest = ((colours[:, None, :] - palette[None, :, :]) ** 2).sum(axis=2).argmin(axis=1)
    return palette.astype(np.uint8), nearest[inverse].reshape(keys.shape).astype(np.uint8)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def write(blank: Page, picture: bytes, target: Path) -> None:
    """Write a picture that the browser took, with a palette."""
    palette, places = indexed(pixels(blank, picture))
    rows: Any = np.zeros((places.shape[0], places.shape[1] + 1), dtype=np.uint8)
    rows[:, 1:] = places
    header = struct.pack(">IIBBBBB", places.shape[1], places.shape[0], 8, 3, 0, 0, 0)
    body = zlib.compress(rows.tobytes(), 9)
    parts = [_chunk(b"IHDR", header), _chunk(b"PLTE", palette.tobytes()), _chunk(b"IDAT", body)]
    target.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts) + _chunk(b"IEND", b""))
