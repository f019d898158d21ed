"""What a parameter lets by is exactly what its schema describes."""

from datetime import datetime, timedelta, timezone

import jsonschema
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from directory.clock import parse_instant
from directory.errors import Invalid
from directory.web.api.description import OPERATIONS
from directory.web.api.parameters import MAX_VALUES, Parameter, check, moment

ALL = {f"{op.id}.{p.name}": p for op in OPERATIONS for p in op.parameters}
SOME = st.one_of(
    st.text(max_size=12), st.dates().map(str), st.integers(-5, 2**40).map(str), st.datetimes().map(datetime.isoformat),
    st.sampled_from(["", " ", "KE", "ke", "mla", "fr", "yes", "2014-02-30", "2016-W01-1", "20160101", "٣", "1.0"]),
)  # fmt: skip


@pytest.mark.parametrize("parameter", ALL.values(), ids=list(ALL))
@given(text=SOME)
def test_a_value_is_taken_if_and_only_if_the_schema_says_so(parameter: Parameter, text: str) -> None:
    shape = parameter.schema()
    one = shape["items"] if parameter.many else shape
    value: object = text
    if one.get("type") == "integer":
        plain = text.isascii() and text.isdigit()
        value = int(text) if plain else text
    allowed = jsonschema.Draft202012Validator(
        one, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    ).is_valid(value)
    if one.get("anyOf"):
        allowed = moment(text) is not None  # jsonschema knows date-time only with another package
    assert (parameter.problem(text) is None) == allowed


@given(st.datetimes(timezones=st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))))
def test_an_instant_of_any_zone_is_read_as_the_same_instant_in_utc(there: datetime) -> None:
    text = there.replace(microsecond=0).isoformat()
    assume(1 < there.year < 9999)
    found = moment(text)
    assert found is not None
    assert parse_instant(found) == there.replace(microsecond=0)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2016-12-31t23:59:60z"])
def test_the_ends_of_the_calendar_and_leap_seconds_are_instants_too(text: str) -> None:
    assert moment(text) is not None


def test_more_values_than_anybody_needs_are_refused() -> None:
    state = next(p for p in ALL.values() if p.name == "state")
    with pytest.raises(Invalid) as refused:
        check({"state": ["KE"] * (MAX_VALUES + 1)}, [state])
    assert refused.value.problems[0].code == "too-many"
    assert check({"state": ["KE,CH", "FR"]}, [state]) == {"state": ["KE", "CH", "FR"]}


def test_every_parameter_of_one_name_means_the_same_everywhere() -> None:
    seen: dict[str, Parameter] = {}
    for op in OPERATIONS:
        for parameter in op.parameters:
            if parameter.name != "limit":
                assert seen.setdefault(parameter.name, parameter).kind == parameter.kind
