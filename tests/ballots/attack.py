"""The operator's attack: all of the database and the logs, joined with who posted which code when.

It knows nothing of the platform's own shuffling: every table that holds something of a code is a clue, every
column and system column an order, and each order of the clues is laid against each order of what is sought.
"""

from __future__ import annotations

import bisect
import datetime as dt
import functools
import hashlib
import itertools
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

WINDOW = 8
"""Two lists are joined where a rank differs by no more."""
STAMP = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d{3,6})?")
DIGESTS: tuple[Callable[[bytes], Any], ...] = (hashlib.md5, hashlib.sha1, hashlib.sha256, hashlib.blake2b)


@dataclass(frozen=True)
class Row:
    """A row as the database keeps it: the transactions that wrote and last locked it, its place on disk."""

    written: int
    locked: int
    place: tuple[int, int]
    values: Mapping[str, Any]


Tables = Mapping[str, Sequence[Row]]
Value = Callable[[Row], Any]


@dataclass(frozen=True)
class Known:
    """What the attacker knows of a voter: his code's hash, and when his ballot was posted."""

    digest: str
    at: float


@dataclass(frozen=True)
class Guess:
    """What one method says of each voter: the few values of which one is his."""

    method: str
    candidates: Mapping[str, Sequence[Any]]
    width: int


def take(url: str) -> Tables:
    """Copy every table with its system columns."""
    with psycopg.connect(url, row_factory=dict_row) as connection:
        names = connection.execute(
            "SELECT table_name FROM information_schema.tables "
            "WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1"
        ).fetchall()
        return {name["table_name"]: _rows(connection, name["table_name"]) for name in names}


def _rows(connection: psycopg.Connection[dict[str, Any]], table: str) -> list[Row]:
    query = sql.SQL(
        "SELECT xmin::text AS xmin, xmax::text AS xmax, ctid::text AS ctid, t.* FROM {} t"
    ).format(sql.Identifier(table))
    rows = []
    for found in connection.execute(query):
        page, line = found.pop("ctid").strip("()").split(",")
        written, locked = int(found.pop("xmin")), int(found.pop("xmax"))
        rows.append(Row(written, locked, (int(page), int(line)), found))
    return rows


def clues(tables: Tables, known: Sequence[Known]) -> dict[str, dict[str, Row]]:
    """Return, by table, the rows in which a code's hash stands."""
    digests = {one.digest for one in known}
    found: dict[str, dict[str, Row]] = {}
    for name, rows in tables.items():
        held = {text: row for row in rows for text in map(_text, row.values.values()) if text in digests}
        if held:
            found[name] = held
    return found


def _text(value: Any) -> str:
    return bytes(value).hex() if isinstance(value, (bytes, memoryview)) else str(value)


def attack(
    known: Sequence[Known],
    held: Mapping[str, Mapping[str, Row]],
    rows: Sequence[Row],
    value: Value,
    window: int = WINDOW,
) -> Iterator[Guess]:
    """Guess, by every method, what of those `rows` belongs to each voter.

    A method that joins by rank offers `window` neighbours on either side.
    """
    if not rows:
        return
    yield from _by_transaction(held, rows, value, window)
    yield from _by_keys(known, rows, value)
    yield from _by_time(known, rows, value)
    for (coded, voters), (laid, sought) in itertools.product(_voters(known, held), _sought(rows)):
        for turn, line in (("", sought), (" reversed", sought[::-1])):
            yield _by_rank(f"{coded} × {laid}{turn}", voters, [value(row) for row in line], window)


def _voters(known: Sequence[Known], held: Mapping[str, Mapping[str, Row]]) -> Iterator[tuple[str, list[str]]]:
    """Put the voters in order: by the clock, and by how each table that knows their codes lies on disk."""
    yield "clock", [one.digest for one in sorted(known, key=lambda one: one.at)]
    wanted = {one.digest for one in known}
    for table, found in held.items():
        mine = {digest: row for digest, row in found.items() if digest in wanted}
        if not mine:
            continue
        for name, key in _orders(next(iter(mine.values()))):
            yield f"{table}.{name}", sorted(mine, key=lambda digest: key(mine[digest]))


def _sought(rows: Sequence[Row]) -> Iterator[tuple[str, list[Row]]]:
    for name, key in _orders(rows[0]):
        yield name, sorted(rows, key=key)


def _orders(sample: Row) -> Iterator[tuple[str, Callable[[Row], Any]]]:
    """Return every way in which rows can be laid in line: the system's columns and their own."""
    yield "xmin", lambda row: (row.written, row.place)
    yield "xmax", lambda row: (row.locked, row.place)
    yield "ctid", lambda row: row.place
    for column in sample.values:
        yield column, lambda row, column=column: (_ordinal(row.values[column]), row.place)  # type: ignore[misc]


def _ordinal(value: Any) -> tuple[float, str]:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return (float(value), "") if is_number else (0.0, _text(value))


def _by_rank(method: str, voters: Sequence[str], line: Sequence[Any], window: int) -> Guess:
    scale = len(line) / max(1, len(voters))
    found = {}
    for rank, digest in enumerate(voters):
        middle = round(rank * scale)
        found[digest] = line[max(0, middle - window) : middle + window + 1]
    return Guess(f"rank {method}", found, 2 * window + 1)


def _by_transaction(
    held: Mapping[str, Mapping[str, Row]], rows: Sequence[Row], value: Value, window: int
) -> Iterator[Guess]:
    """Join what one transaction wrote; and what the next ones wrote."""
    by_transaction: dict[int, list[Any]] = {}
    for row in rows:
        by_transaction.setdefault(row.written, []).append(value(row))
    later = sorted(by_transaction)
    for table, found in held.items():
        for name in ("written", "locked"):
            numbers = {digest: getattr(row, name) for digest, row in found.items()}
            same = {digest: by_transaction.get(number, [])[:1] for digest, number in numbers.items()}
            yield Guess(f"same transaction as {table} {name}", same, 1)
            after = {
                digest: [by_transaction[later[at]][0] for at in _following(later, number, window)]
                for digest, number in numbers.items()
            }
            yield Guess(f"transactions after {table} {name}", after, window + 1)


def _following(ordered: Sequence[int], number: int, window: int) -> range:
    start = bisect.bisect_right(ordered, number)
    return range(start, min(len(ordered), start + window + 1))


def _by_keys(known: Sequence[Known], rows: Sequence[Row], value: Value) -> Iterator[Guess]:
    """Join where a column is the code's hash, or a hash of it."""
    for name in rows[0].values:
        held = {_text(row.values[name]).replace("-", ""): value(row) for row in rows}
        for make in (None, *DIGESTS):
            found = {
                one.digest: [held[key] for key in _keys(one.digest, make) if key in held] for one in known
            }
            yield Guess(f"key {name} by {getattr(make, '__name__', 'itself')}", found, 1)


def _keys(digest: str, make: Callable[[bytes], Any] | None) -> list[str]:
    if make is None:
        return [digest, str(int(digest, 16)), digest[:32]]
    made = [make(text).hexdigest() for text in (digest.encode(), bytes.fromhex(digest))]
    return [*made, *(one[:32] for one in made), *(str(int(one[:15], 16)) for one in made)]


def _by_time(known: Sequence[Known], rows: Sequence[Row], value: Value) -> Iterator[Guess]:
    """Join the moment nearest to the posting, wherever a row keeps one."""
    for name, sample in rows[0].values.items():
        if not hasattr(sample, "timestamp"):
            continue
        moments = [(row.values[name].timestamp(), value(row)) for row in rows if row.values[name]]
        found = {one.digest: [min(moments, key=lambda moment: abs(moment[0] - one.at))[1]] for one in known}
        yield Guess(f"nearest {name}", found, 1)


def lines_of(log: str) -> list[Row]:
    """Take the lines of a log that begin with a moment as rows, in the order of writing."""
    rows = []
    for number, line in enumerate(log.splitlines()):
        found = STAMP.match(line)
        if found:
            moment = dt.datetime.fromisoformat(found[0].replace(",", "."))
            rows.append(Row(number, 0, (0, number), {"at": moment, "text": line[found.end() :].strip()}))
    return rows


def hits(guess: Guess, truth: Mapping[str, Any]) -> int:
    """Count the voters among whose candidates is what they really wrote."""
    return sum(truth[digest] in found for digest, found in guess.candidates.items() if digest in truth)


@functools.lru_cache(maxsize=4096)
def most_by_chance(trials: int, share: float, error: float) -> int:
    """Return the hits that blind guessing exceeds with a probability of at most `error` (binomial tail)."""
    share = min(share, 1.0)
    if share >= 1.0:
        return trials
    tail, count = 0.0, trials
    while count > 0:
        tail += math.exp(
            math.lgamma(trials + 1)
            - math.lgamma(count + 1)
            - math.lgamma(trials - count + 1)
            + count * math.log(share)
            + (trials - count) * math.log1p(-share)
        )
        if tail > error:
            return count
        count -= 1
    return 0
