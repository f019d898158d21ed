"""Lists and search over the entries in force.

Every word must be found, as a beginning of a word; a word that nothing begins with is read as the closest word that
the directory knows. Exact identifiers and names come first, then names, places, and the rest of the text.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from directory.domain import freshness, states
from directory.domain.codec import decode
from directory.domain.folding import fold, index_text, phrase, words
from directory.domain.freshness import Clocks
from directory.domain.query import FILTERS, Query, token
from directory.domain.summary import facets as facets_of
from directory.domain.summary import search_text, sort_key, summarize
from directory.store import reader
from directory.store.rows import Facet, Found, Row, Version

_COLUMNS = (
    "id, state, territory, name, native_name, unit, functions, treaties, languages, channels, status, n, idx,"
    " effective_on, changed, confirmed, grade, source_date"
)
MAX_TERMS = 60000


def find(c: sqlite3.Connection, query: Query, today: date, clocks: Clocks) -> Found:
    """The answer to ``query``; any text whatever gives an answer."""
    if query.as_of is not None or query.known_at is not None:
        return _find_then(c, query, today)
    found_words, corrected = _correct(c, words(query.text))
    named = states.resolve(query.text) if query.text else ()
    ranked = _ranked(c, query, found_words, named)
    kept = _filtered(c, query, today, clocks)
    rows = [row for row in ranked if row in kept] if ranked is not None else sorted(kept, key=kept.__getitem__)
    page = rows[query.offset : query.offset + query.limit]
    more = query.offset + query.limit < len(rows)
    return Found(
        rows=tuple(_rows(c, page, today, clocks)),
        total=len(rows),
        facets=tuple(_facets(c, rows, today, clocks)),
        next=token(query.offset + query.limit) if more else None,
        corrected=corrected,
        states=tuple(code for code in named if states.is_state(code)),
    )


def rows_of_state(c: sqlite3.Connection, state: str, today: date, clocks: Clocks) -> list[Row]:
    """Authorities of a State by name."""
    found = c.execute(
        f"SELECT {_COLUMNS} FROM current WHERE state = ? AND kind = 'authority' ORDER BY sort, id", (state,)
    )
    return [_row(row, today, clocks) for row in found]


def state_counts(c: sqlite3.Connection) -> dict[str, tuple[int, str | None, str | None]]:
    """For each State: how many authorities, the last confirmation, the youngest source date."""
    rows = c.execute(
        "SELECT state, sum(kind = 'authority'), max(confirmed), max(source_date) FROM current GROUP BY state"
    )
    return {state: (count, confirmed, source) for state, count, confirmed, source in rows}


def totals(c: sqlite3.Connection) -> tuple[int, int]:
    """How many authorities, of how many States."""
    row = c.execute("SELECT count(*), count(DISTINCT state) FROM current WHERE kind = 'authority'").fetchone()
    return int(row[0]), int(row[1])


def _ranked(c: sqlite3.Connection, query: Query, found_words: Sequence[str], named: Sequence[str]) -> list[int] | None:
    """Row numbers that the text matches, best first; None when no text was given."""
    if not query.text:
        return None
    folded = fold(query.text).strip()
    best: dict[int, int] = {}
    exact = c.execute(
        "SELECT row FROM current WHERE id = ? OR folded_name = ? ORDER BY sort", (query.text.strip().lower(), folded)
    )
    for tier, rows in enumerate(
        [
            (r for (r,) in exact.fetchall()),
            _match(c, "{codes}", found_words),
            _of_states(c, named),
            _match(c, "{codes names}", found_words),
            _match(c, "{codes names place}", found_words),
            _match(c, "{codes names place body}", found_words),
        ]
    ):
        for row in rows:
            best.setdefault(row, tier)
    order: dict[int, str] = dict(c.execute("SELECT row, sort FROM current").fetchall()) if best else {}
    return sorted(best, key=lambda r: (best[r], order.get(r, ""), r))


def _match(c: sqlite3.Connection, columns: str, found_words: Sequence[str]) -> Iterable[int]:
    if not found_words:
        return []
    terms = " ".join(phrase(w) for w in found_words)
    return [r for (r,) in c.execute("SELECT rowid FROM search WHERE search MATCH ?", (f"{columns} : ({terms})",))]


def _of_states(c: sqlite3.Connection, codes: Sequence[str]) -> Iterable[int]:
    marks = ", ".join("?" * len(codes))
    return [r for (r,) in c.execute(f"SELECT row FROM current WHERE state IN ({marks})", tuple(codes))]


def _filtered(c: sqlite3.Connection, query: Query, today: date, clocks: Clocks) -> dict[int, tuple[str, str, str]]:
    """Row numbers that pass every filter, with the key by which they are put in order."""
    where = ["kind = 'authority'"]
    values: list[Any] = []
    for name in FILTERS:
        wanted = getattr(query, name)
        if not wanted:
            continue
        if name == "band":
            where.append("(" + " OR ".join(_band_sql(band, today, clocks, values) for band in wanted) + ")")
            continue
        marks = ", ".join("?" * len(wanted))
        where.append(f"row IN (SELECT row FROM facet WHERE name = ? AND value IN ({marks}))")
        values += [name, *wanted]
    sql = f"SELECT row, state, sort, id FROM current WHERE {' AND '.join(where)}"
    return {
        row: (sort_key(states.name(state)), sort, entry_id) for row, state, sort, entry_id in c.execute(sql, values)
    }


def _band_sql(band: str, today: date, clocks: Clocks, values: list[Any]) -> str:
    fresh, due, overdue = freshness.thresholds(today, clocks)
    low, high = {
        "fresh": (fresh, None),
        "due": (due, fresh),
        "overdue": (overdue, due),
        "lapsed": ("", overdue),
        "never-confirmed": (None, None),
    }[band]
    if low is None:
        return "confirmed IS NULL"
    values.append(low)
    if high is None:
        return "confirmed >= ?"
    values.append(high)
    return "(confirmed >= ? AND confirmed < ?)"


def _facets(c: sqlite3.Connection, rows: Sequence[int], today: date, clocks: Clocks) -> list[Facet]:
    """Counts over the whole answer, not only its page."""
    chosen = json.dumps(rows)
    counted = c.execute(
        "SELECT name, value, count(*) FROM facet WHERE row IN (SELECT value FROM json_each(?)) GROUP BY name, value"
        " ORDER BY name, count(*) DESC, value",
        (chosen,),
    )
    found = [Facet(name, value, count) for name, value, count in counted]
    bands: dict[str, int] = {}
    for confirmed, grade in c.execute(
        "SELECT confirmed, grade FROM current WHERE row IN (SELECT value FROM json_each(?))", (chosen,)
    ):
        band = freshness.assess(confirmed, grade, today, clocks).band
        bands[band] = bands.get(band, 0) + 1
    return [*found, *(Facet("band", band, bands[band]) for band in freshness.BANDS if band in bands)]


def _rows(c: sqlite3.Connection, rows: Sequence[int], today: date, clocks: Clocks) -> list[Row]:
    sql = f"SELECT row, {_COLUMNS} FROM current WHERE row IN (SELECT value FROM json_each(?))"
    found = {row[0]: _row(row[1:], today, clocks) for row in c.execute(sql, (json.dumps(rows),))}
    return [found[row] for row in rows]


def _row(values: tuple[Any, ...], today: date, clocks: Clocks) -> Row:
    (entry_id, state, territory, name, native, unit, functions, treaties, languages, channels, status, n, idx,
     effective_on, changed, confirmed, grade, source_date) = values  # fmt: skip
    return Row(
        id=entry_id, state=state, territory=tuple(json.loads(territory)), name=name, native_name=native, unit=unit,
        functions=tuple(json.loads(functions)), treaties=tuple(json.loads(treaties)),
        languages=tuple(json.loads(languages)), channels=tuple(json.loads(channels)), status=status, n=n,
        position=idx + 1, effective_on=effective_on, changed=changed, confirmed=confirmed,
        band=freshness.assess(confirmed, grade, today, clocks).band, source_date=source_date,
    )  # fmt: skip


def _correct(c: sqlite3.Connection, typed: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Words as they will be searched, and which of them were read as another word."""
    out, corrected = [], {}
    for word in typed:
        known = c.execute(
            "SELECT 1 FROM term WHERE term >= ? AND term < ? LIMIT 1", (word, word + "\U0010ffff")
        ).fetchone()
        if known is None and len(word) > 3 and (closest := _closest(c, word)):
            corrected[word] = closest
            out.append(closest)
        else:
            out.append(word)
    return out, corrected


def _closest(c: sqlite3.Connection, word: str) -> str | None:
    """The known word one slip away (two in a long word), the most frequent first; the first letter may be wrong too."""
    most = 1 if len(word) < 7 else 2
    best: tuple[int, int, str] | None = None
    rows = c.execute(
        "SELECT term, doc FROM term WHERE length(term) BETWEEN ? AND ? LIMIT ?",
        (len(word) - most, len(word) + most, MAX_TERMS),
    )
    for term, documents in rows:
        distance = _distance(word, term, most)
        if distance <= most and (best is None or (distance, -documents, term) < best):
            best = (distance, -documents, term)
    return best[2] if best else None


def _distance(a: str, b: str, most: int) -> int:
    """Slips between two words: a letter more, less, other, or two swapped; stops counting over ``most``."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, before, row = before, row, [i]
        for j, y in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def _find_then(c: sqlite3.Connection, query: Query, today: date) -> Found:
    """The same over the versions in force on another day: their content is read, there is no index of the past."""
    typed = [index_text(w).split() for w in words(query.text)]
    named = states.resolve(query.text) if query.text else ()
    hits: list[tuple[tuple[Any, ...], Row, list[tuple[str, str]]]] = []
    for version in _all(c, query, today):
        entry = decode(version.body)
        s = summarize(entry)
        if s.kind != "authority":
            continue
        pairs = [*facets_of(s), ("band", "never-confirmed")]
        if any(
            getattr(query, name) and not set(getattr(query, name)).intersection(v for k, v in pairs if k == name)
            for name in FILTERS
        ):
            continue
        t = search_text(entry)
        fields = [f" {field}" for field in (t.codes, t.names, t.place, t.body)]
        whole = "".join(fields)
        if s.state not in named and not all(any(f" {w}" in whole for w in group) for group in typed if group):
            continue
        tier = next(
            (n for n in range(1, 4) if all(any(f" {w}" in "".join(fields[:n]) for w in g) for g in typed if g)), 4
        )
        row = Row(
            id=s.id, state=s.state, territory=s.territory, name=s.name, native_name=s.native_name, unit=s.unit,
            functions=s.functions, treaties=s.treaties, languages=s.languages, channels=s.channels, status=s.status,
            n=version.meta.n, position=version.meta.position, effective_on=version.meta.effective_on,
            changed=version.meta.recorded_at, confirmed=None, band="never-confirmed", source_date=s.source_date,
        )  # fmt: skip
        hits.append(((tier if typed else 0, sort_key(states.name(s.state)), sort_key(s.name), s.id), row, pairs))
    hits.sort(key=lambda hit: hit[0])
    counts: dict[tuple[str, str], int] = {}
    for _, _, pairs in hits:
        for pair in pairs:
            counts[pair] = counts.get(pair, 0) + 1
    end = query.offset + query.limit
    return Found(
        rows=tuple(row for _, row, _ in hits[query.offset : end]),
        total=len(hits),
        facets=tuple(
            Facet(k, v, n) for (k, v), n in sorted(counts.items(), key=lambda item: (item[0][0], -item[1], item[0][1]))
        ),
        next=token(end) if end < len(hits) else None,
        corrected={},
        states=tuple(code for code in named if states.is_state(code)),
    )


def _all(c: sqlite3.Connection, query: Query, today: date) -> Iterable[Version]:
    after = ""
    known_at = query.known_at or reader.EVER
    while page := reader.bodies(c, query.as_of or today, after=after, known_at=known_at):
        yield from page
        after = page[-1].meta.id
