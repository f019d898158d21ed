"""Lists and search, of today and of any past day.

Every word of the question must be found, as the beginning of a word. An exact identifier or name comes first, then a
code, the State that the words name, words of names, of places, and of the rest of the text; within each, bodies at
work for mutual legal assistance before others. There are no scores: the order depends on the entry and the question
alone, not on how many other entries have the word.
"""

import json
import re
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from directory.domain import freshness, states
from directory.domain.folding import phrase, words
from directory.domain.freshness import Clocks
from directory.domain.query import FILTERS, Query, token
from directory.store import bitmap, moment, spelling
from directory.store.moment import World
from directory.store.rows import Facet, Found, Row

Sets = Mapping[tuple[str, str], int]

_ROW = (
    "s.row, s.id, s.state, s.territory, s.name, s.native_name, s.unit, s.functions, s.treaties, s.languages,"
    " s.channels, s.status, v.n, v.idx, v.effective_on, v.recorded_at, s.source_date"
    " FROM summary s JOIN version v ON v.idx = s.row"
)
_ORDERS = {"": "by_state", "state": "by_state", "name": "by_name", "changed": "row DESC"}
_BEST = "prominence, by_state"
_NUMBER = re.compile(r"\s*[+0(][0-9 ()/.–-]{5,24}\s*", re.ASCII)
_FEW = 1000
"""Up to here a set is put in order by itself; a greater one by walking an index until the page is full."""


def find(c: sqlite3.Connection, query: Query, today: date, clocks: Clocks) -> Found:
    """The answer to ``query``; any text whatever gives an answer."""
    sets = bitmap.every(c)
    world = moment.world(c, query, today, sets)
    bands = _bands(world, clocks)
    kept = world.rows
    for name in FILTERS:
        if wanted := getattr(query, name):
            kept &= _any(bands.get(v, 0) if name == "band" else sets.get((name, v), 0) for v in wanted)
    match = _match(c, query.text, world.rows, sets) if query.text else _Match(groups=(kept,))
    groups, total = _within(match.groups, kept)
    order = _BEST if query.text and not query.sort else _ORDERS[query.sort]
    if query.sort:
        groups = [total]
    page = _page(c, groups, order, query.offset, query.limit)
    count, end = total.bit_count(), query.offset + query.limit
    return Found(
        rows=tuple(_rows(c, page, world, clocks)),
        total=count,
        facets=tuple(_facets(total, sets, bands)),
        next=token(end) if end < count else None,
        corrected=match.corrected,
        states=tuple(code for code in match.named if states.is_state(code)),
        partial=match.partial and count > 0,
    )


def rows_of_state(c: sqlite3.Connection, state: str, today: date, clocks: Clocks) -> list[Row]:
    """Authorities of a State by name."""
    found = c.execute(
        "SELECT idx, confirmed, grade FROM current WHERE state = ? AND kind = 'authority' ORDER BY by_state", (state,)
    ).fetchall()
    confirmed = {idx: (at, grade) for idx, at, grade in found if at}
    world = World(rows=0, day=today, confirmed=confirmed)
    return _rows(c, [idx for idx, _, _ in found], world, clocks)


def state_counts(c: sqlite3.Connection) -> dict[str, tuple[int, str | None, str | None]]:
    """For each State: how many authorities, the last confirmation, the youngest source date."""
    rows = c.execute(
        "SELECT state, sum(kind = 'authority'), max(confirmed), max(source_date) FROM current"
        " WHERE state IS NOT NULL GROUP BY state"
    )
    return {state: (count, confirmed, source) for state, count, confirmed, source in rows}


def totals(c: sqlite3.Connection) -> tuple[int, int]:
    """How many authorities, of how many States."""
    row = c.execute("SELECT count(*), count(DISTINCT state) FROM current WHERE kind = 'authority'").fetchone()
    return int(row[0]), int(row[1])


class _Match(Struct, frozen=True, kw_only=True):
    """Sets of matching versions, the best first; a version may be in several."""

    groups: Sequence[int]
    corrected: dict[str, str] = {}
    named: tuple[str, ...] = ()
    partial: bool = False


def _match(c: sqlite3.Connection, text: str, world: int, sets: Sets) -> _Match:
    wanted, corrected = spelling.correct(c, words(text))
    meant = " ".join(wanted)
    named = states.resolve(text) or states.resolve(meant)
    mentioned = () if named else _mentioned(wanted)
    of_state = _any(sets.get((kind, code), 0) for kind in ("state", "territory") for code in named)
    names = _having(c, "{names}", wanted)
    everywhere = _having(c, "{codes names place body}", wanted)
    groups = [
        _exact(c, text.strip().lower(), meant),
        _having(c, "{codes}", wanted, whole=True),
        of_state & names,
        of_state,
        names,
        _having(c, "{codes names}", wanted),
        _having(c, "{codes names place}", wanted),
        everywhere | _number(c, text),
    ]
    theirs = _any(sets.get((kind, code), 0) for kind in ("state", "territory") for code in mentioned)
    partial = not _any(groups) & world and len(wanted) > 1 and not _NUMBER.fullmatch(text)
    if partial:  # of a State that is named, entries of others would be no answer
        groups = [group & theirs if mentioned else group for group in _most(c, wanted, world)]
    elif mentioned:
        groups = [*(group & theirs for group in groups), *groups]
    return _Match(groups=groups, corrected=corrected, named=named or mentioned, partial=partial)


def _mentioned(wanted: Sequence[str]) -> tuple[str, ...]:
    """States that some of the words name; short words are too often something else ("is", "in", "no")."""
    for length in range(min(len(wanted), 6), 0, -1):
        for start in range(len(wanted) - length + 1):
            phrase_ = wanted[start : start + length]
            words_ = " ".join(phrase_)
            if max(map(len, phrase_)) > 3 and (found := states.resolve(words_)):
                return found
    return ()


def _number(c: sqlite3.Connection, text: str) -> int:
    """A telephone number, however it is grouped, is found by its international form."""
    if not _NUMBER.fullmatch(text):
        return 0
    digits = "".join(char for char in text.replace("(0)", "") if char.isdigit()).removeprefix("00")
    return _having(c, "{body}", [digits])


def _exact(c: sqlite3.Connection, entry_id: str, name: str) -> int:
    rows = c.execute("SELECT row FROM summary WHERE id = ? UNION SELECT row FROM summary WHERE name_words = ?",
                     (entry_id, name))  # fmt: skip
    return bitmap.of(row for (row,) in rows)


def _having(c: sqlite3.Connection, columns: str, wanted: Sequence[str], *, whole: bool = False) -> int:
    """Versions in which each word begins, or is, a word of these columns."""
    if not wanted:
        return 0
    terms = " ".join(f'"{w}"' if whole else phrase(w) for w in wanted)
    # One string of all row numbers is several times faster to fetch than as many rows.
    found = c.execute("SELECT group_concat(rowid) FROM search WHERE search MATCH ?", (f"{columns} : ({terms})",))
    joined = found.fetchone()[0]
    return bitmap.of(map(int, joined.split(","))) if joined else 0


def _most(c: sqlite3.Connection, wanted: Sequence[str], world: int) -> tuple[int, ...]:
    """Versions that have at least half of the words, those with more of them first."""
    at_least = [world] + [0] * len(wanted)
    for word in wanted:
        has = _having(c, "{codes names place body}", [word])
        for k in range(len(wanted), 0, -1):
            at_least[k] |= at_least[k - 1] & has
    return tuple(at_least[k] for k in range(len(wanted), (len(wanted) - 1) // 2, -1))


def _any(masks: Any) -> int:
    union = 0
    for mask in masks:
        union |= mask
    return union


def _within(groups: Sequence[int], kept: int) -> tuple[list[int], int]:
    """Groups without what is filtered out or stands in a better group, and all of them together."""
    out, seen = [], 0
    for group in groups:
        out.append(group & kept & ~seen)
        seen |= group & kept
    return out, seen


def _page(c: sqlite3.Connection, groups: Sequence[int], order: str, offset: int, limit: int) -> list[int]:
    out: list[int] = []
    for group in groups:
        size = group.bit_count()
        if offset >= size:
            offset -= size
            continue
        out += _ordered(c, group, order, offset, limit - len(out))
        offset = 0
        if len(out) >= limit:
            break
    return out


def _ordered(c: sqlite3.Connection, group: int, order: str, offset: int, limit: int) -> list[int]:
    if group.bit_count() <= _FEW:
        rows = c.execute(
            "SELECT row FROM summary WHERE row IN (SELECT value FROM json_each(?))"
            f" ORDER BY {order}, row LIMIT ? OFFSET ?",
            (json.dumps(bitmap.members(group)), limit, offset),
        )
        return [row for (row,) in rows.fetchall()]
    packed = group.to_bytes(group.bit_length() // 8 + 1, "little")
    out: list[int] = []
    for (row,) in c.execute(f"SELECT row FROM summary ORDER BY {order}"):
        if row >> 3 < len(packed) and packed[row >> 3] >> (row & 7) & 1:
            if offset:
                offset -= 1
                continue
            out.append(row)
            if len(out) == limit:
                break
    return out


def _bands(world: World, clocks: Clocks) -> dict[str, int]:
    """The versions of each freshness."""
    by_day: dict[str, list[int]] = {}
    for row, (at, _) in world.confirmed.items():
        by_day.setdefault(at[:10], []).append(row)
    bands = dict.fromkeys(freshness.BANDS, 0)
    confirmed = 0
    for day, rows in by_day.items():
        mask = bitmap.of(rows)
        bands[freshness.assess(f"{day}T00:00:00Z", None, world.day, clocks).band] |= mask
        confirmed |= mask
    bands["never-confirmed"] = world.rows & ~confirmed
    return {band: mask & world.rows for band, mask in bands.items()}


def _facets(total: int, sets: Sets, bands: Mapping[str, int]) -> list[Facet]:
    """Counts over the whole answer, not only its page."""
    if not total:
        return []
    counted = [
        Facet(name, value, count)
        for (name, value), mask in sets.items()
        if name in FILTERS and (count := (mask & total).bit_count())
    ]
    counted.sort(key=lambda f: (f.name, -f.count, f.value))
    return [*counted, *(Facet("band", b, n) for b, mask in bands.items() if (n := (mask & total).bit_count()))]


def _rows(c: sqlite3.Connection, page: Sequence[int], world: World, clocks: Clocks) -> list[Row]:
    sql = f"SELECT {_ROW} WHERE s.row IN (SELECT value FROM json_each(?))"
    found = {values[0]: values for values in c.execute(sql, (json.dumps(page),))}
    return [_row(found[row], world, clocks) for row in page]


def _row(values: tuple[Any, ...], world: World, clocks: Clocks) -> Row:
    (row, entry_id, state, territory, name, native, unit, functions, treaties, languages, channels, status, n, idx,
     effective_on, changed, source_date) = values  # fmt: skip
    confirmed, grade = world.confirmed.get(row, (None, None))
    return Row(
        id=entry_id, state=state, territory=tuple(json.loads(territory)), name=name, native_name=native, unit=unit,
        functions=tuple(json.loads(functions)), treaties=tuple(json.loads(treaties)),
        languages=tuple(json.loads(languages)), channels=tuple(json.loads(channels)), status=status, n=n,
        position=idx + 1, effective_on=effective_on, changed=changed, confirmed=confirmed,
        band=freshness.assess(confirmed, grade, world.day, clocks).band, source_date=source_date,
    )  # fmt: skip
