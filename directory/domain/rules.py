"""Every rule that an entry keeps, checked at once: :func:`check` never stops at the first problem.

The types of :mod:`directory.domain.authority` say which fields there are; the rules say which values make sense. Paths
of problems name items by position (``contacts[0].emails[1].address``), as a form shows them.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from directory.domain import rules_answers, rules_contact, states
from directory.domain.authority import (
    Answer,
    Authority,
    ContactPoint,
    Declaration,
    Designation,
    DirectLine,
    Document,
    Email,
    Entry,
    MeasureRequirements,
    NetworkDetails,
    OpeningHours,
    PostalAddress,
    PublicKey,
    Source,
    StateEntry,
    Telephone,
    WebAddress,
    YearlyFigures,
)
from directory.domain.rules_codes import check_codes, in_order, real_date
from directory.domain.rules_text import check_texts
from directory.domain.rules_walk import Findings, Place, objects
from directory.domain.wording import LEADS
from directory.errors import Invalid, Problem
from directory.ids import is_entry_id

Rule = Callable[[Place, Findings], None]


def check(entry: Entry | NetworkDetails, today: date | None = None) -> tuple[Problem, ...]:
    """Everything wrong with an entry, or with the network layer of one; warnings among it refuse nothing.

    With ``today``, acts that are dated later are refused too.
    """
    found = Findings()
    if isinstance(entry, (Authority, StateEntry)):
        _identity(entry, found)
        _references(entry, found)
    if isinstance(entry, Authority):
        _authority(entry, found)
    elif isinstance(entry, NetworkDetails) and not is_entry_id(entry.id):
        found.bad("id", "bad-id", f"“{entry.id}” is no identifier of an entry. It must read like gb-ukca.")
    check_texts(entry, found)
    check_codes(entry, today, found)
    for place in objects(entry):
        for kind, rule in RULES:
            if isinstance(place.it, kind):
                rule(place, found)
        _keys(place, found)
    return tuple(dict.fromkeys(found.problems))


def refusing(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Those that refuse the entry: all but the warnings."""
    return tuple(p for p in problems if not p.warning)


def require(entry: Entry | NetworkDetails, today: date | None = None) -> tuple[Problem, ...]:
    """The warnings about an entry. Raises Invalid with everything found if a rule is broken."""
    problems = check(entry, today)
    broken = refusing(problems)
    if broken:
        count = "one rule" if len(broken) == 1 else f"{len(broken)} rules"
        raise Invalid(f"The entry {entry.id} breaks {count}.", problems)
    return problems


def _identity(entry: Authority | StateEntry, found: Findings) -> None:
    state = entry.state.lower()
    if not states.is_state(entry.state):
        near = states.resolve(entry.state)
        hint = f"Did you mean {near[0]}?" if near else "Use an ISO 3166-1 code such as KE."
        found.bad("state", "unknown-state", f"“{entry.state}” is the code of no State. {hint}")
    if isinstance(entry, StateEntry):
        if entry.id != state:
            found.bad("id", "bad-id", f"The entry of a State has the State's code as its identifier: {state}.")
    elif not is_entry_id(entry.id) or entry.id[:3] not in {
        f"{code.lower()[:2]}-" for code in (state, *entry.territory)
    }:
        found.bad("id", "bad-id", f"“{entry.id}” is no identifier for this authority. It must read like {state}-name.")
    territories = [("territory", entry.territory)] if isinstance(entry, Authority) else []
    if isinstance(entry, StateEntry):
        territories = [(f"declarations[{n}].territory", d.territory) for n, d in enumerate(entry.declarations)]
    for path, codes in territories:
        for n, code in enumerate(codes):
            _territory(f"{path}[{n}]", code, entry.state, found)


def _territory(path: str, code: str, state: str, found: Findings) -> None:
    place = states.place(code)
    if code == state:
        found.bad(path, "whole-state", "The whole State is meant by naming no territory. Leave it out.")
    elif place is None and not code.startswith(f"{state}-"):
        found.bad(
            path, "unknown-territory", f"“{code}” is the code of no territory. Use ISO 3166, such as JE or {state}-…."
        )
    elif place is not None and place.parent != state:
        found.bad(
            path, "other-state", f"{states.name(code)} ({code}) is no territory of {states.name(state)}. Correct one."
        )


def _authority(entry: Authority, found: Findings) -> None:
    if not entry.names:
        found.bad("names", "missing", "The authority has no name. Give the name that the source prints.")
    if entry.parent == entry.id:
        found.bad("parent", "itself", "An authority is not part of itself. Leave the field out.")
    if entry.succeeded_by == entry.id:
        found.bad("succeeded_by", "itself", "An authority does not succeed itself. Name the new one.")
    if entry.status == "succeeded" and entry.succeeded_by is None:
        found.bad(
            "succeeded_by", "missing", "The authority was succeeded; name the identifier of the one that came after it."
        )
    if entry.status != "succeeded" and entry.succeeded_by is not None:
        found.bad("status", "contradiction", "A successor is named, so the status must be “succeeded”.")
    rules_answers.check_designations(Place("", entry), found)
    for path, text in _free_texts(entry):
        if LEADS.search(text):
            found.warn(
                path,
                "contact-in-text",
                "This text holds a mailbox, a web address or a number. Put it in a contact, where changes are watched.",
            )


def _free_texts(entry: Authority) -> list[tuple[str, str]]:
    remarks = [
        (f"remarks[{n}].text[{m}].text", text.text)
        for n, r in enumerate(entry.remarks)
        for m, text in enumerate(r.text)
    ]
    labels = [(f"contacts[{n}].label", c.label) for n, c in enumerate(entry.contacts) if c.label]
    return [*remarks, *labels]


def _references(entry: Authority | StateEntry, found: Findings) -> None:
    """Every source that is named is listed."""
    known = {source.key for source in entry.sources}
    for place in objects(entry):
        if place.path and not isinstance(place.it, Source):
            for n, key in enumerate(getattr(place.it, "sources", ())):
                if key not in known:
                    found.bad(
                        f"{place.at('sources')}[{n}]",
                        "unknown-source",
                        f"The source “{key}” is not among the sources of the entry. List it there.",
                    )


def _keys(place: Place, found: Findings) -> None:
    """In each list, a key stands once; so do codes and the names of sources."""
    for field in place.it.__struct_fields__:
        value = getattr(place.it, field)
        if not isinstance(value, tuple) or field == "lines":
            continue
        seen: dict[Any, int] = {}
        for n, item in enumerate(value):
            name = _name(item)
            if name is not None and seen.setdefault(name, n) != n:
                found.bad(
                    f"{place.at(field)}[{n}]",
                    "key-twice" if isinstance(item, Struct) else "twice",
                    f"“{name}” comes twice in this list. "
                    + ("Give the second one another key." if isinstance(item, Struct) else "Keep it once."),
                )


def _name(item: Any) -> Any:
    if not isinstance(item, Struct):
        return item
    for field in ("key", "measure", "code"):
        if hasattr(item, field):
            return getattr(item, field)
    return None


def _web(place: Place, found: Findings) -> None:
    if place.it.url is not None:
        rules_contact.check_web(place.at("url"), place.it.url, found)


def _period(earlier: str, later: str) -> Rule:
    def rule(place: Place, found: Findings) -> None:
        begins, ends = getattr(place.it, earlier), getattr(place.it, later)
        if begins and ends and real_date(begins) and real_date(ends) and not in_order(begins, ends):
            found.bad(
                place.at(later),
                "out-of-order",
                f"It ends ({ends}) before it begins ({begins}). Correct one of the dates.",
            )

    return rule


RULES: Sequence[tuple[type, Rule]] = (
    (ContactPoint, rules_contact.check_contact),
    (PostalAddress, rules_contact.check_address),
    (Telephone, rules_contact.check_telephone),
    (Email, rules_contact.check_email),
    (WebAddress, _web),
    (Document, _web),
    (Source, _web),
    (PublicKey, _web),
    (PublicKey, rules_contact.check_key),
    (OpeningHours, rules_contact.check_hours),
    (Answer, rules_answers.check_answer),
    (MeasureRequirements, rules_answers.check_measure),
    (Declaration, rules_answers.check_declaration),
    (YearlyFigures, rules_answers.check_figures),
    (Designation, _period("in_force_from", "in_force_until")),
    (DirectLine, _period("consented_on", "until")),
)
"""Which rule judges which kind of object."""
