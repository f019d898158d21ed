"""When each record took effect, and which records hold on each of those days."""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Literal

from msgspec import Struct, structs

from directory.domain.folding import fold
from directory.domain.intake.record import RawRecord

Precision = Literal["day", "month", "year", "read"]
_CRAWL = re.compile(r"\bcrawl\b\D*(\d{4})")


class Dated(Struct, frozen=True, kw_only=True):
    """A record with the day from which it counts, how exact that day is and how it is known."""

    record: RawRecord
    day: date
    precision: Precision
    basis: str
    order: int


class Step(Struct, frozen=True, kw_only=True):
    """A day on which something changed: the records that hold from then on (oldest first), and those that are new."""

    day: date
    precision: Precision
    basis: str
    records: tuple[RawRecord, ...]
    new: tuple[RawRecord, ...]


def steps(records: Sequence[RawRecord], today: date, also: Collection[date] = ()) -> Iterator[Step]:
    """The days of one body in their order; what a younger record replaced holds no more.

    ``also`` are days to tell too although nothing is new on them.
    """
    dated = _absorbed([_dated(r, n, today) for n, r in enumerate(records)])
    dated.sort(key=lambda d: (d.day, d.precision == "read", d.order))
    for day in sorted({d.day for d in dated}.union(also)):
        before = [d for d in dated if d.day <= day]
        holding = [d for d in before if not _replaced(d, before, day)]
        new = [d for d in holding if d.day == day]
        if not holding or not (new or day in also):
            continue
        named = min(new or holding, key=lambda d: _EXACT.index(d.precision))
        yield Step(
            day=day,
            precision=named.precision,
            basis=named.basis,
            records=tuple(d.record for d in holding),
            new=tuple(d.record for d in new or holding),
        )


_EXACT: tuple[Precision, ...] = ("day", "month", "year", "read")


def full_day(text: str) -> date:
    """The first day of a day, month or year."""
    year, month, day = [*(int(part) for part in text.split("-")), 1, 1][:3]
    return date(year, month, day)


def _dated(record: RawRecord, order: int, today: date) -> Dated:
    text, basis = record.effective_on or record.source.as_of, record.date_kind or "source"
    if text is None and (found := _CRAWL.search(record.source.title)):
        text, basis = found[1], "page"
    if text is None:
        return Dated(record=record, day=today, precision="read", basis="read", order=order)
    precision: Precision = {4: "year", 7: "month"}.get(len(text), "day")  # type: ignore[assignment]
    return Dated(record=record, day=full_day(text), precision=precision, basis=basis, order=order)


def _absorbed(dated: list[Dated]) -> list[Dated]:
    """A superseded record without a day of its own takes that of a dated record with the same address."""
    firm = {_place(d.record): d for d in dated if d.record.effective_on and d.record.postal_address}
    out = []
    for d in dated:
        twin = firm.get(_place(d.record)) if d.record.superseded and not d.record.source.as_of else None
        out.append(structs.replace(d, day=twin.day, precision=twin.precision, basis=twin.basis) if twin else d)
    return out


def _place(record: RawRecord) -> str:
    return re.sub(r"\W+", " ", fold(" ".join(record.postal_address)))


def _replaced(d: Dated, before: Sequence[Dated], day: date) -> bool:
    later = [o for o in before if (o.day, o.order) > (d.day, d.order)]
    if d.record.until and full_day(d.record.until) <= day:
        return True
    if d.record.superseded:
        return any(not o.record.superseded and o.day > d.day for o in before)
    return d.record.strand is not None and any(o.record.strand == d.record.strand for o in later)
