"""How old a confirmation may grow: a pure function of dates and settings.

Grades: A a signed-in officer, B a mailbox answered, C a machine looked, D imported and never confirmed.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal

from msgspec import Struct

from directory.clock import parse_instant

Grade = Literal["A", "B", "C", "D"]
Band = Literal["fresh", "due", "overdue", "lapsed", "never-confirmed"]
BANDS: tuple[Band, ...] = ("fresh", "due", "overdue", "lapsed", "never-confirmed")


class Clocks(Struct, frozen=True, kw_only=True):
    """Days after which a confirmation of contacts is due, overdue (a grace after that) and lapsed."""

    due: int = 120
    grace: int = 30
    lapse: int = 240


class Freshness(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Band on a day; ``valid_until`` is the day on which the entry becomes overdue: a copy may be used until then."""

    band: Band
    grade: Grade
    confirmed: str | None = None
    valid_until: str | None = None


def assess(confirmed: str | None, grade: str | None, today: date, clocks: Clocks) -> Freshness:
    """The freshness of an entry that was last confirmed at ``confirmed`` (an instant), seen on ``today``."""
    if confirmed is None:
        return Freshness(band="never-confirmed", grade="D")
    day = parse_instant(confirmed).date()
    age = (today - day).days
    band: Band = "fresh"
    if age >= clocks.due + clocks.lapse:
        band = "lapsed"
    elif age >= clocks.due + clocks.grace:
        band = "overdue"
    elif age >= clocks.due:
        band = "due"
    until = (day + timedelta(days=clocks.due + clocks.grace)).isoformat()
    return Freshness(band=band, grade=_GRADES.get(grade or "", "B"), confirmed=confirmed, valid_until=until)


_GRADES: Mapping[str, Grade] = {"A": "A", "B": "B", "C": "C", "D": "D"}
