"""What was in force on a day: the reader against a second, naive reading of the raw records, on the real facts."""

from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import msgspec

from directory.actions import importing
from directory.store import reader
from directory.store.database import connect
from tests.store.places import Place

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


def test_every_entry_on_every_day_is_what_a_naive_fold_says(tmp_path: Path) -> None:
    place = Place(tmp_path / "data").init()
    importing.run(place.settings, place.clock, [FIXTURES / "authorities.jsonl", FIXTURES / "curated.jsonl"])
    with closing(connect(place.settings.database, readonly=True)) as c:
        records = [msgspec.json.decode(row[0]) for row in c.execute("SELECT entry FROM log ORDER BY idx")]
        versions = [r for r in records if r["type"] == "entry.version"]
        changing = {date.fromisoformat(r["effective_on"]) for r in versions}
        days = sorted({d + timedelta(days=n) for d in changing for n in (-1, 0, 1)})
        checked = 0
        for entry_id in sorted({r["id"] for r in versions}):
            mine = [r for r in versions if r["id"] == entry_id]
            for day in days:
                naive = None
                for r in mine:
                    true_then = r["effective_on"] <= day.isoformat()
                    if true_then and (
                        naive is None or (r["effective_on"], r["i"]) >= (naive["effective_on"], naive["i"])
                    ):
                        naive = r
                found = reader.in_force(c, entry_id, day)
                assert (found.meta.commitment.hex() if found else None) == (naive["public"] if naive else None)
                checked += 1

    assert checked > 10_000
