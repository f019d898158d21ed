"""What an import would add to the directory: versions of entries, old and new, and nothing that is there already."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct, structs

from directory.domain import summary
from directory.domain.authority import Authority, Declaration, Entry, StateEntry, Text
from directory.domain.folding import fold
from directory.domain.intake import bodies, build, chain
from directory.domain.intake.answers import answers, function_codes, joined, source_of, treaty_codes
from directory.domain.intake.record import RawRecord
from directory.ids import content_key, distinct, slug

MAX_REASON = 500


class Held(Struct, frozen=True):
    """A version that the directory holds: its day and its content."""

    day: date
    entry: Entry


class Planned(Struct, frozen=True, kw_only=True):
    """A version to add."""

    entry: Entry
    day: date
    precision: chain.Precision
    basis: str
    reason: str
    is_new_entry: bool


def plan(records: Sequence[RawRecord], held: Mapping[str, Sequence[Held]], today: date) -> list[Planned]:
    """Versions to add, in the order in which they are to be recorded.

    ``held`` has every version by identifier, in the order of (day, position).
    """
    by_state: dict[str, list[tuple[str, Sequence[Held]]]] = {}
    for known_id, versions in held.items():
        by_state.setdefault(versions[-1].entry.state, []).append((known_id, versions))
    records = [r for r in records if not _told(r, by_state.get(r.state, ()))]
    out: list[Planned] = []
    taken = set(held)
    for entry_id, group in _groups([r for r in records if not r.placeholder], held):
        known = entry_id or _mint(group, taken)
        taken.add(known)
        out += _versions(known, group, held.get(known, ()), today)
    declared: dict[str, list[RawRecord]] = {}
    for record in records:
        if record.placeholder:
            declared.setdefault(record.state, []).append(record)
    for state, group in declared.items():
        out += _versions(state.lower(), group, held.get(state.lower(), ()), today)
    return out


def _groups(
    records: Sequence[RawRecord], held: Mapping[str, Sequence[Held]]
) -> list[tuple[str | None, list[RawRecord]]]:
    """Records by body; the identifier where the directory has the body already or a record names it."""
    ranked = [(rank, k, i) for k, v in held.items() for rank, i in _of_entry([h.entry for h in v])]
    known = [(k, i) for _, k, i in sorted(ranked, key=lambda found: found[0])]
    groups: list[tuple[list[bodies.Identity], list[RawRecord]]] = []
    for record in sorted(records, key=lambda r: r.id is None):  # those that name their entry gather the others
        mine = bodies.of_record(record)
        home = next((g for g in groups if any(bodies.same(mine, other) for other in g[0])), None)
        if home is None:
            groups.append(([mine], [record]))
        else:
            home[0].append(mine)
            home[1].append(record)
    named: dict[str, list[RawRecord]] = {}
    nameless: list[tuple[str | None, list[RawRecord]]] = []
    for identities, group in groups:
        if entry_id := _identifier(identities, known):
            named.setdefault(entry_id, []).extend(group)
        else:
            nameless.append((None, group))
    return [*named.items(), *nameless]


def _identifier(identities: Sequence[bodies.Identity], known: Sequence[tuple[str, bodies.Identity]]) -> str | None:
    ids = {entry_id for entry_id, _ in known}
    given = next((i.given_id for i in identities if i.given_id), None)
    if given in ids:
        return given
    found = next(
        (k for k, other in known if any(bodies.same(structs.replace(i, given_id=None), other) for i in identities)),
        None,
    )
    return found or given


def _of_entry(versions: Sequence[Entry]) -> list[tuple[int, bodies.Identity]]:
    """Identities under every name that the body had in any version; those under a printed name rank before others."""
    entries = [e for e in reversed(versions) if isinstance(e, Authority)]
    if not entries:
        return []
    treaties = {d.treaty for e in entries for d in e.designations if d.treaty}
    units: list[str | None] = [*dict.fromkeys(u.text for e in entries for u in e.units)] or [None]
    printed = {e.names[0].text for e in entries}
    return [
        (
            0 if name in printed else 1,
            bodies.identity(
                entries[0].state, entries[0].territory, [name], unit=unit, treaties=treaties, given_id=None
            ),
        )
        for name in dict.fromkeys(n.text for e in entries for n in e.names)
        for unit in units
    ]


def _mint(group: Sequence[RawRecord], taken: Iterable[str]) -> str:
    """An identifier for a new body: its acronym where it has one, else the words of its name."""
    last = group[-1]
    prefix = (
        last.territory[0][:2] if len(last.territory) == 1 and "-" not in last.territory[0] else last.state
    ).lower()
    acronyms = sorted(
        set.intersection(*[set(bodies.of_record(r).acronyms) for r in group]) or set(), key=lambda a: (-len(a), a)
    )
    initials = summary.acronym(last.name)
    boxes = " ".join([*last.email, last.website or ""]).upper()
    if initials and len(initials) > 2 and initials in boxes:
        short = initials
    elif acronyms:
        short = acronyms[0]
    else:
        short = " ".join(
            w
            for w in last.name.partition("(")[0].split()
            if fold(w).strip(".,") not in bodies.words_of_state(last.state)
        )
    return distinct(f"{prefix}-{slug(short, 40) or content_key(last.name)}", set(taken))


def _versions(entry_id: str, group: Sequence[RawRecord], held: Sequence[Held], today: date) -> list[Planned]:
    out: list[Planned] = []
    have = list(held)
    for step in chain.steps(group, today, [h.day for h in held]):
        entry = _entry(entry_id, step.records)
        base = next((h.entry for h in reversed(have) if h.day <= step.day), None) if held else None
        if base is not None:
            entry = overlay(base, entry)
            if entry == base:
                continue
        planned = Planned(
            entry=entry,
            day=step.day,
            precision=step.precision,
            basis=step.basis,
            reason=_reason(step),
            is_new_entry=not held and not out,
        )
        out.append(planned)
        have = sorted([*have, Held(step.day, entry)], key=lambda h: h.day)
    return out


def _entry(entry_id: str, records: Sequence[RawRecord]) -> Entry:
    placeholder = records[-1].placeholder
    return _declarations(entry_id, records) if placeholder else build.authority(entry_id, records)


def _declarations(entry_id: str, records: Sequence[RawRecord]) -> StateEntry:
    found: list[Declaration] = []
    for record in records:
        treaties, functions = treaty_codes(record), function_codes(record)
        wanted = "-".join([*treaties[:1], *functions[:1], *(t.lower() for t in record.territory[:1])]) or "general"
        found.append(
            Declaration(
                key=distinct(slug(wanted, 60) or "general", {d.key for d in found}),
                treaty=treaties[0] if treaties else None,
                functions=functions,
                provision=record.provision,
                territory=tuple(record.territory),
                answers=joined(answers(record)),
                text=tuple(Text(text=t, lang="en") for t in (record.name, record.scope, record.notes) if t),
                notified_on=record.effective_on if record.date_kind == "notification" else None,
                sources=(source_of(record).key,),
            )
        )
    return StateEntry(
        id=entry_id,
        state=records[-1].state,
        declarations=tuple(found),
        sources=tuple(dict.fromkeys(source_of(r) for r in reversed(records))),
    )


def _reason(step: chain.Step) -> str:
    given = [r.reason for r in step.new if r.reason]
    if given:
        return "; ".join(dict.fromkeys(given))[:MAX_REASON]
    titles = [f"{r.source.title} ({r.source.as_of})" if r.source.as_of else r.source.title for r in step.new]
    return ("Stated by: " + "; ".join(dict.fromkeys(titles)))[:MAX_REASON]


def _told(record: RawRecord, held: Sequence[tuple[str, Sequence[Held]]]) -> bool:
    """Whether a version of an entry of the same State and territory says everything that the record says."""
    for entry_id, versions in held:
        entry = versions[-1].entry
        if isinstance(entry, StateEntry) != bool(record.placeholder):
            continue
        if isinstance(entry, Authority) and set(entry.territory) != set(record.territory):
            continue
        alone = _entry(entry_id, [record])
        if any(overlay(h.entry, alone) == h.entry for h in versions):
            return True
    return False


def overlay(old: Entry, new: Entry) -> Entry:
    """``old`` with everything that ``new`` adds; nothing of ``old`` goes, its order stays."""
    if isinstance(old, Authority) and isinstance(new, Authority):
        return build.joined_authorities(old, new)
    if isinstance(old, StateEntry) and isinstance(new, StateEntry):
        have = {structs.replace(d, key="x") for d in old.declarations}
        more = [d for d in new.declarations if structs.replace(d, key="x") not in have]
        keys = {d.key for d in old.declarations}
        added = []
        for d in more:
            added.append(structs.replace(d, key=distinct(d.key, keys)))
            keys.add(added[-1].key)
        return structs.replace(
            old, declarations=(*old.declarations, *added), sources=tuple(dict.fromkeys([*old.sources, *new.sources]))
        )
    raise TypeError(f"{old.id} and {new.id} are entries of different kinds")
