"""An authority: its entry as it is, or as it was."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from litestar import Request, get
from litestar.params import FromPath
from litestar.response import Redirect, Response
from litestar.types import ControllerRouterHandler

from directory.domain import query as queries
from directory.domain.authority import Answer, Authority
from directory.domain.codec import decode_authority
from directory.domain.freshness import assess
from directory.store import reader
from directory.store.rows import Version, VersionMeta
from directory.web import params
from directory.web.refusals import N_, Day, NotHere, NotUnderstood
from directory.web.site import Site

GROUPS: Mapping[str, tuple[str, ...]] = {
    "form": ("lang", "content", "form", "documents", "authentication", "template"),
    "channels": ("channel", "means", "urgent", "draft-review"),
    "conditions": (
        "basis-uncac", "basis-treaty-required", "basis-treaty", "basis-reciprocity", "dual-criminality",
        "threshold-penalty", "threshold-value", "evidence", "stage", "refusal", "assurance", "limitation-period",
    ),
    "expect": (
        "time", "cost", "confidentiality", "use-limitation", "notice", "postponement", "consultation", "sharing",
    ),
    "other": ("other",),
}  # fmt: skip
ALWAYS = (
    "lang",
    "content",
    "channel",
    "urgent",
    "basis-uncac",
    "dual-criminality",
    "refusal",
    "time",
    "cost",
    "confidentiality",
)
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$", re.ASCII)
NO_AUTHORITY = N_("There is no authority “%(id)s” in this directory.")
GLANCE = ("lang", "channel", "urgent", "basis-uncac", "dual-criminality", "draft-review")


def handlers(site: Site) -> list[ControllerRouterHandler]:
    """``/authorities/{id}`` with ``?as-of=`` or ``?d=&m=&y=``."""

    @get("/authorities/{entry_id:str}")
    async def authority(request: Request[Any, Any, Any], entry_id: FromPath[str]) -> Response[bytes] | Redirect:
        given = params.only(params.of(request), "as-of", "known-at", "d", "m", "y")
        wanted = wanted_day(given)
        known_at = known(given)
        all_versions = await site.read(lambda c: reader.versions(c, entry_id))
        if not all_versions or "-" not in entry_id:
            raise NotHere(NO_AUTHORITY, id=entry_id[:60])
        if wanted is not None or known_at:
            return await _then(request, site, entry_id, wanted or site.today(), known_at)
        version, confirmed, position = await site.read(
            lambda c: (
                reader.in_force(c, entry_id, site.today()),
                reader.confirmation(c, entry_id),
                reader.current_position(c, entry_id),
            )
        )
        if version is None:
            raise NotHere(
                N_("The first version of %(id)s takes effect on %(day)s."),
                id=entry_id,
                day=Day(all_versions[0].effective_on),
            )
        entry = decode_authority(version.body)
        fresh = assess(*confirmed, site.today(), site.clocks)
        return site.page(
            request,
            "authority.html",
            **context(entry, version, all_versions),
            past=None,
            fresh=fresh,
            position=position,
        )

    return [authority]


async def _then(
    request: Request[Any, Any, Any], site: Site, entry_id: str, day: date, known_at: str | None
) -> Redirect:
    """To the version that was in force on ``day``, keeping the day for its band."""
    more = {"known_at": known_at} if known_at else {}
    version, first = await site.read(
        lambda c: (reader.in_force(c, entry_id, day, **more), reader.versions(c, entry_id)[0])  # type: ignore[arg-type]
    )
    if version is None:
        text = N_("The directory has no version of %(id)s for %(day)s. Its first one is of %(first)s.")
        cut = {"year": 4, "month": 7}.get(first.precision, 10)
        raise NotHere(text, id=entry_id, day=Day(day.isoformat()), first=Day(first.effective_on[:cut]))
    lang = site.lang_of(request).code
    return Redirect(f"/{lang}/authorities/{entry_id}/history/{version.meta.n}?as-of={day.isoformat()}", status_code=302)


def wanted_day(given: Mapping[str, str]) -> date | None:
    """The day in ``as-of``, or in the three fields of the form. Raises Invalid."""
    text = given.get("as-of") or ""
    parts = (
        [text[:4], text[5:7], text[8:10]] if _DAY.match(text) else [given.get(k, "").strip() for k in ("y", "m", "d")]
    )
    if not text and not any(parts):
        return None
    try:
        return date(*(int(p) for p in parts))
    except ValueError as problem:
        message = N_("“%(given)s” is no day. Give day, month and year in numbers, such as 31 5 2016.")
        raise NotUnderstood("as-of", "no-day", message, given=text[:40] or " ".join(reversed(parts))[:40]) from problem


def known(given: Mapping[str, str]) -> str | None:
    """The instant up to which records count. Raises Invalid."""
    text = given.get("known-at", "")
    return f"{queries.day(text, 'known-at').isoformat()}T23:59:59Z" if text else None


def context(entry: Authority, version: Version, all_versions: list[VersionMeta]) -> dict[str, Any]:
    """What the template of an entry needs."""
    answers = entry.requirements.general
    functions = list(dict.fromkeys(d.function for d in entry.designations))
    by_aspect: dict[str, list[Answer]] = {}
    for answer in answers:
        by_aspect.setdefault(answer.aspect, []).append(answer)
    known = {a for aspects in GROUPS.values() for a in aspects}
    groups = {
        name: [(a, by_aspect.get(a, [])) for a in aspects if a in by_aspect or a in ALWAYS]
        for name, aspects in GROUPS.items()
    }
    groups["other"] += [(a, found) for a, found in by_aspect.items() if a not in known]
    return {
        "entry": entry,
        "meta": version.meta,
        "versions": list(reversed(all_versions)),
        "sources": {s.key: s for s in entry.sources},
        "groups": {name: rows for name, rows in groups.items() if rows},
        "glance": [(a, by_aspect.get(a, [])) for a in GLANCE],
        "functions": functions,
        "designations": [(f, [d for d in entry.designations if d.function == f]) for f in functions],
        "name_sources": tuple(dict.fromkeys(key for n in (*entry.names, *entry.units) for key in n.sources)),
        "newest_source": max((s.as_of for s in entry.sources if s.as_of), default=None),
    }
