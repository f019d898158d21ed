"""All versions of an authority, one of them, and the differences between any two."""

from typing import Any

from litestar import Request, get
from litestar.params import FromPath
from litestar.response import Response
from litestar.types import ControllerRouterHandler

from directory.domain.codec import decode_authority
from directory.domain.freshness import assess
from directory.store import reader
from directory.store.rows import VersionMeta
from directory.web import params
from directory.web.differences import cards, titles
from directory.web.pages.authority import NO_AUTHORITY, context, wanted_day
from directory.web.refusals import N_, NotHere
from directory.web.site import Site


def handlers(site: Site) -> list[ControllerRouterHandler]:
    """``…/history``, ``…/history/{n}``, ``…/changes``."""

    @get("/authorities/{entry_id:str}/history")
    async def history(request: Request[Any, Any, Any], entry_id: FromPath[str]) -> Response[bytes]:
        params.only(params.of(request))
        found = await site.read(lambda c: [(m, reader.version(c, entry_id, m.n)) for m in reader.versions(c, entry_id)])
        if not found or "-" not in entry_id:
            raise NotHere(NO_AUTHORITY, id=entry_id[:60])
        rows: list[tuple[VersionMeta, list[str]]] = []
        before = None
        texts = site.texts(request)
        for meta, version in found:
            entry = decode_authority(version.body) if version else None
            rows.append((meta, titles(before, entry, texts) if before and entry else []))
            before = entry or before
        if before is None:
            raise NotHere(N_("The content of %(id)s was erased."), id=entry_id)
        now = site.today().isoformat()
        current = next((m.n for m, _ in reversed(found) if m.effective_on <= now), None)
        return site.page(request, "history.html", entry=before, rows=list(reversed(rows)), current=current)

    @get("/authorities/{entry_id:str}/history/{number:str}")
    async def past(request: Request[Any, Any, Any], entry_id: FromPath[str], number: FromPath[str]) -> Response[bytes]:
        given = params.only(params.of(request), "as-of")
        n = params.number(number, "version", 1, 10**6)
        version, all_versions, current, confirmed = await site.read(
            lambda c: (
                reader.version(c, entry_id, n),
                reader.versions(c, entry_id),
                reader.in_force(c, entry_id, site.today()),
                reader.confirmation(c, entry_id),
            )
        )
        if version is None or "-" not in entry_id:
            raise NotHere(N_("There is no version %(n)s of “%(id)s”."), n=n, id=entry_id[:60])
        entry = decode_authority(version.body)
        is_current = current is not None and current.meta.n == n
        fresh = assess(*confirmed, site.today(), site.clocks)
        past = {"day": wanted_day(given), "current": is_current}
        return site.page(
            request,
            "authority.html",
            **context(entry, version, all_versions),
            past=past,
            fresh=fresh,
            position=version.meta.position,
        )

    @get("/authorities/{entry_id:str}/changes")
    async def differences(request: Request[Any, Any, Any], entry_id: FromPath[str]) -> Response[bytes]:
        given = params.only(params.of(request), "from", "to", "all")
        all_versions = await site.read(lambda c: reader.versions(c, entry_id))
        if not all_versions or "-" not in entry_id:
            raise NotHere(NO_AUTHORITY, id=entry_id[:60])
        newer = params.number(given["to"], "to", 1, 10**6) if given.get("to") else all_versions[-1].n
        place = next((i for i, m in enumerate(all_versions) if m.n == newer), 0)
        older = (
            params.number(given["from"], "from", 1, 10**6) if given.get("from") else all_versions[max(place - 1, 0)].n
        )
        a, b = await site.read(lambda c: (reader.version(c, entry_id, older), reader.version(c, entry_id, newer)))
        if a is None or b is None:
            text = N_("%(id)s has %(count)s versions. It has no version %(n)s.")
            raise NotHere(text, id=entry_id, count=len(all_versions), n=older if a is None else newer)
        before, after = decode_authority(a.body), decode_authority(b.body)
        return site.page(
            request,
            "diff.html",
            entry=after,
            a=a.meta,
            b=b.meta,
            cards=cards(before, after, site.texts(request)),
        )

    return [history, past, differences]
