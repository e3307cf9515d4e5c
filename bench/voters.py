"""Voters at once over HTTP: eight connections kept alive, one errand after another on each.

One thread and plain sockets: the load shares two cores with the server and must cost little itself.
"""

from __future__ import annotations

import re
import selectors
import socket
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

AT_ONCE = 8
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
HIDDEN = re.compile(rb'name="(receipt|paper|seal)" value="([^"]*)"')
SOCKET = socket.socket  # the real one: pytest-socket replaces it during a test


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    head: bytes
    body: bytes


Errand = Generator[bytes, Answer, bool]
"""Yields requests, is sent their answers, and returns whether all went well."""


@dataclass
class Outcome:
    """How a run went: each errand's seconds and end, what went wrong, the time in all."""

    seconds: float = 0.0
    taken: list[float] = field(default_factory=list)
    ended: list[float] = field(default_factory=list)
    errors: int = 0

    @property
    def rate(self) -> float:
        return len(self.taken) / self.seconds

    def percentile(self, share: float) -> float:
        """Return the seconds within which that share of the errands was done."""
        ordered = sorted(self.taken)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def get(host: str, path: str, headers: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n".encode()


def post(host: str, path: str, fields: dict[str, str], headers: str = "") -> bytes:
    body = urlencode(fields).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n{headers}"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def vote(request: bytes, receipt: str) -> Errand:
    """Post a form that is ready; well done is a page of thanks with its receipt."""
    answer = yield request
    return answer.status == 200 and receipt.encode() in answer.body


def open_and_vote(
    host: str,
    page: bytes,
    fields: dict[str, str],
    path: str,
    *,
    headers: str = "",
    keep: list[str] | None = None,
) -> Errand:
    """Open the page of a code as a phone does, and post what it holds with the answers."""
    answer = yield page
    found = {name.decode(): value.decode() for name, value in HIDDEN.findall(answer.body)}
    if answer.status != 200 or len(found) != 3:
        return False
    if keep is not None:
        keep.append(found["receipt"])
    answer = yield post(host, path, {**fields, **found}, headers)
    return answer.status == 200 and found["receipt"].encode() in answer.body


class _Voter:
    """One connection and the errand that it is on."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address
        self.socket = self._connect()
        self.errand: Errand
        self.started = 0.0
        self.got = b""
        self.is_closed = False

    def _connect(self) -> socket.socket:
        made = SOCKET(socket.AF_INET, socket.SOCK_STREAM)
        made.connect(self.address)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def begin(self, errand: Errand) -> None:
        if self.is_closed:
            self.socket.close()
            self.socket, self.is_closed = self._connect(), False
        self.errand, self.started = errand, time.perf_counter()
        self._send(next(errand))

    def _send(self, request: bytes) -> None:
        self.got = b""
        self.socket.sendall(request)

    def read(self) -> bool | None:
        """Take what came; return None while the errand goes on, else whether it went well."""
        came = self.socket.recv(65536)
        self.got += came
        head, gap, body = self.got.partition(b"\r\n\r\n")
        if not came:
            self.is_closed = True
            return False
        length = LENGTH.search(head)
        if not gap or len(body) < int(length[1] if length else 0):
            return None
        try:
            self._send(self.errand.send(Answer(int(head[9:12]), head, body)))
        except StopIteration as end:
            return bool(end.value)
        return None


def run(address: tuple[str, int], errands: Iterable[Errand], at_once: int = AT_ONCE) -> Outcome:
    """Do every errand, so many at once; return how it went."""
    outcome, waiting = Outcome(), iter(errands)
    with selectors.DefaultSelector() as selector:
        start = time.perf_counter()
        for _ in range(at_once):
            _next(waiting, _Voter(address), lambda v: selector.register(v.socket, selectors.EVENT_READ, v))
        while selector.get_map():
            for key, _ in selector.select():
                voter: _Voter = key.data
                went_well = voter.read()
                if went_well is None:
                    continue
                now = time.perf_counter()
                outcome.taken.append(now - voter.started)
                outcome.ended.append(time.time())
                outcome.errors += not went_well
                if not _next(waiting, voter, lambda _: None):
                    selector.unregister(voter.socket)
                    voter.socket.close()
        outcome.seconds = time.perf_counter() - start
    return outcome


def _next(waiting: Iterator[Errand], voter: _Voter, then: Callable[[_Voter], object]) -> bool:
    """Send a voter on the next errand, if there is one left."""
    errand = next(waiting, None)
    if errand is None:
        return False
    voter.begin(errand)
    then(voter)
    return True
