"""From the records of one body to the entry that they make together.

Items keep their keys from version to version: a telephone that changes shows as changed, not as one gone and one new.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from msgspec import Struct, structs

from directory.domain import states, vocabulary
from directory.domain.authority import (
    Authority,
    ContactPoint,
    Designation,
    Email,
    Name,
    PostalAddress,
    Remark,
    Requirements,
    Scope,
    Telephone,
    Text,
    WebAddress,
)
from directory.domain.folding import fold
from directory.domain.intake import bodies, phones, statements
from directory.domain.intake.answers import answers, function_codes, joined, source_of, treaty_codes
from directory.domain.intake.record import RawRecord
from directory.ids import content_key, distinct, slug

T = TypeVar("T", bound=Struct)


def authority(entry_id: str, records: Sequence[RawRecord]) -> Authority:
    """The entry that ``records`` (oldest first) make together."""
    newest_first = tuple(reversed(records))
    last = records[-1]
    ended = next((r for r in newest_first if r.withdrawn or r.succeeded_by), None)
    made = Authority(
        id=entry_id,
        state=last.state,
        territory=tuple(last.territory),
        kind=bodies.kind([n for r in newest_first for n in (r.name, r.name_native) if n]),
        names=_merged(n for r in newest_first for n in _names(r)),
        units=_merged(_name(r.unit, "u", None, r) for r in newest_first if r.unit),
        status="active" if ended is None else "succeeded" if ended.succeeded_by else "withdrawn",
        status_since=ended.effective_on if ended else None,
        succeeded_by=ended.succeeded_by if ended else None,
        designations=_designations(records),
        contacts=_contacts(records),
        requirements=Requirements(general=joined(a for r in newest_first for a in answers(r))),
        remarks=_merged(_remark(text, r) for r in records for text in _remarks(r)),
        sources=tuple(dict.fromkeys(source_of(r) for r in newest_first)),
    )
    return joined_authorities(made, made)  # what a record says twice is said once, now and at every later import


def joined_authorities(old: Authority, new: Authority) -> Authority:
    """``old`` with everything that ``new`` adds; nothing of ``old`` goes, its order stays."""
    designations = list(old.designations)
    for designation in new.designations:
        _place_designation(designations, designation)
    contacts = list(old.contacts)
    for contact in new.contacts:
        _place_contact(contacts, contact)
    ending = new if old.status == "active" else old
    return structs.replace(
        old,
        kind=old.kind or new.kind,
        status=ending.status,
        status_since=ending.status_since,
        succeeded_by=ending.succeeded_by,
        names=_merged((*old.names, *new.names)),
        units=_merged((*old.units, *new.units)),
        designations=tuple(designations),
        contacts=tuple(contacts),
        requirements=structs.replace(
            old.requirements, general=joined((*old.requirements.general, *new.requirements.general))
        ),
        remarks=_merged((*old.remarks, *new.remarks)),
        sources=tuple(dict.fromkeys([*old.sources, *new.sources])),
    )


def _merged(items: Iterable[T]) -> tuple[T, ...]:
    """Items by key, first come first; what several sources say once carries all their sources."""
    found: dict[str, T] = {}
    for item in items:
        key: str = item.key  # type: ignore[attr-defined]
        if key in found:
            seen: tuple[str, ...] = found[key].sources  # type: ignore[attr-defined]
            more: tuple[str, ...] = item.sources  # type: ignore[attr-defined]
            found[key] = structs.replace(found[key], sources=tuple(dict.fromkeys([*seen, *more])))
        else:
            found[key] = item
    return tuple(found.values())


def _names(record: RawRecord) -> list[Name]:
    found = [_name(record.name, "n", "en", record)]
    if record.name_native:
        found.append(_name(record.name_native, "n", _native_language(record), record, official=True))
    return found


def _name(text: str, kind: str, lang: str | None, record: RawRecord, *, official: bool | None = None) -> Name:
    return Name(
        key=f"{kind}-{content_key(text)}",
        text=text,
        lang=lang,
        official=official,
        sources=(source_of(record).key,),
    )


def _native_language(record: RawRecord) -> str | None:
    place = states.place(record.territory[0] if len(record.territory) == 1 else record.state)
    tags = place.languages if place else ()
    return tags[0] if len(tags) == 1 else None


def _designations(records: Sequence[RawRecord]) -> tuple[Designation, ...]:
    found: list[Designation] = []
    for record in records:
        scope = _scope(record)
        for function in function_codes(record):
            for treaty in treaty_codes(record) or (None,):
                key = f"{function}-{treaty or 'national'}"
                provision = _provision(record, function, treaty)
                new = Designation(
                    key=key, function=function, treaty=treaty, provision=provision, scope=scope,
                    notified_on=record.effective_on if record.date_kind == "notification" else None,
                    sources=(source_of(record).key,),
                )  # fmt: skip
                _place_designation(found, new)
    return tuple(found)


def _place_designation(found: list[Designation], new: Designation) -> None:
    """One designation for each function, treaty and scope; a provision printed otherwise makes another one."""
    for n, old in enumerate(found):
        same = (old.function, old.treaty, old.scope) == (new.function, new.treaty, new.scope)
        if same and (old.provision == new.provision or not old.provision or not new.provision):
            found[n] = structs.replace(
                old,
                provision=new.provision or old.provision,
                notified_on=old.notified_on or new.notified_on,
                sources=tuple(dict.fromkeys([*old.sources, *new.sources])),
            )
            return
    found.append(structs.replace(new, key=distinct(new.key, {d.key for d in found})))


def _provision(record: RawRecord, function: str, treaty: str | None) -> str | None:
    """The provision as printed; of a list, the part that speaks of this function, where all parts are understood."""
    if not record.provision or treaty is None or len(treaty_codes(record)) > 1:
        return record.provision
    parts = [p.strip() for p in record.provision.split(";")]
    named = set(function_codes(record))
    by_part = [(set(vocabulary.functions_of_provision(treaty, p)), p) for p in parts]
    mine = [p for functions, p in by_part if function in functions]
    understood = all(functions & named for functions, _ in by_part)
    return "; ".join(mine) if mine and understood else record.provision


def _scope(record: RawRecord) -> Scope | None:
    if not record.scope:
        return None
    return Scope(
        text=record.scope, stages=statements.stages(record.scope), bilateral_treaty=statements.bilateral(record.scope)
    )


def _contacts(records: Sequence[RawRecord]) -> tuple[ContactPoint, ...]:
    """One contact point for each set of details that do not contradict one another; the youngest comes first."""
    found: list[ContactPoint] = []
    for record in records:
        new = _contact(record)
        if new is None:
            continue
        key = record.strand or "-".join(new.treaties[:2]) or "general"
        _place_contact(found, structs.replace(new, key=slug(key) or "general"))
    return tuple(reversed(found))


def _place_contact(found: list[ContactPoint], new: ContactPoint) -> None:
    for n, old in enumerate(found):
        if _agree(old, new):
            found[n] = _joined(old, new)
            return
    found.append(structs.replace(new, key=distinct(new.key, {c.key for c in found})))


def _contact(record: RawRecord) -> ContactPoint | None:
    source = (source_of(record).key,)
    webs = [_url(record.website)] if record.website else []
    has = any(
        (record.postal_address, record.visiting_address, record.phone, record.fax, record.email, webs, record.portal)
    )
    if not has:
        return None
    return ContactPoint(
        key="general",
        treaties=treaty_codes(record),
        address=_address(record.postal_address, record, source),
        visiting_address=_address(record.visiting_address, record, source),
        telephones=_telephones(record.phone, "tel", record, source),
        faxes=_telephones(record.fax, "fax", record, source),
        emails=tuple(
            Email(key=f"email-{n}", address=a, sources=source) for n, a in enumerate(dict.fromkeys(record.email), 1)
        ),
        websites=tuple(WebAddress(key=f"web-{n}", url=u, sources=source) for n, u in enumerate(webs, 1)),
        portals=(WebAddress(key="portal-1", url=_url(record.portal), sources=source),) if record.portal else (),
    )


def _address(lines: Sequence[str], record: RawRecord, source: tuple[str, ...]) -> PostalAddress | None:
    if not lines:
        return None
    return PostalAddress(lines=tuple(lines), country=record.state, sources=source)


def _telephones(printed: Sequence[str], kind: str, record: RawRecord, source: tuple[str, ...]) -> tuple[Telephone, ...]:
    place = states.place(record.territory[0]) if len(record.territory) == 1 else None
    place = place if place and place.dial else states.place(record.state)
    found: list[Telephone] = []
    for text in printed:
        region = place.code[:2] if place else None
        for reading in phones.read(text, region, place.dial if place else None):
            found.append(
                Telephone(
                    key=f"{kind}-{len(found) + 1}", printed=reading.printed, e164=reading.e164,
                    extension=reading.extension, note=reading.warning, valid_until=record.contact_valid_until,
                    sources=source,
                )
            )  # fmt: skip
    return tuple(found)


def _agree(old: ContactPoint, new: ContactPoint) -> bool:
    """Whether two sets of details can be one: the same address, or numbers or mailboxes in common."""
    if old.address and new.address:
        return _plain(old.address) == _plain(new.address)
    shared = set(_values(old)) & set(_values(new))
    return bool(shared) or (old.address is None is new.address and not (_values(old) and _values(new)))


def _plain(address: PostalAddress) -> str:
    return re.sub(r"[^\w]+", " ", fold(" ".join(address.lines))).strip()


def _values(contact: ContactPoint) -> list[str]:
    return [t.e164 or t.printed for t in (*contact.telephones, *contact.faxes)] + [
        e.address.casefold() for e in contact.emails
    ]


def _joined(old: ContactPoint, new: ContactPoint) -> ContactPoint:
    address = old.address or new.address
    if old.address and new.address:
        address = structs.replace(
            old.address, sources=tuple(dict.fromkeys([*old.address.sources, *new.address.sources]))
        )
    return structs.replace(
        old,
        treaties=tuple(dict.fromkeys([*old.treaties, *new.treaties])) if old.treaties and new.treaties else (),
        address=address,
        visiting_address=old.visiting_address or new.visiting_address,
        telephones=_added(old.telephones, new.telephones, "tel", lambda t: t.e164 or t.printed),
        faxes=_added(old.faxes, new.faxes, "fax", lambda t: t.e164 or t.printed),
        emails=_added(old.emails, new.emails, "email", lambda e: e.address.casefold()),
        websites=_added(old.websites, new.websites, "web", lambda w: w.url),
        portals=_added(old.portals, new.portals, "portal", lambda w: w.url),
    )


def _added(old: tuple[T, ...], new: tuple[T, ...], kind: str, value: Callable[[T], str]) -> tuple[T, ...]:
    found = {value(item): item for item in old}
    for item in new:
        known = found.get(value(item))
        if known is None:
            found[value(item)] = structs.replace(item, key=f"{kind}-{len(found) + 1}")
        else:
            both = (*known.sources, *item.sources)  # type: ignore[attr-defined]
            found[value(item)] = structs.replace(known, sources=tuple(dict.fromkeys(both)))
    return tuple(found.values())


def _url(text: str | None) -> str:
    return text if text and text.startswith(("http://", "https://")) else f"http://{text}"


def _remarks(record: RawRecord) -> list[str]:
    """Notes; and what a designation would have said, where the source names no function for one."""
    found = [record.notes] if record.notes else []
    if not function_codes(record):
        said = [*treaty_codes(record), *(v for v in (record.provision, record.scope) if v)]
        found += ["; ".join(said)] if said else []
    return found


def _remark(text: str, record: RawRecord) -> Remark:
    return Remark(
        key="r-" + content_key(fold(text)), text=(Text(text=text, lang="en"),), sources=(source_of(record).key,)
    )
