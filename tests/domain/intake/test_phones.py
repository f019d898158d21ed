"""Numbers as gazettes print them."""

import pytest

from directory.domain.intake.phones import read


@pytest.mark.parametrize(
    ("printed", "region", "dial", "numbers"),
    [
        ("+44 20 7147 3843/3277", "GB", "44", ["+442071473843", "+442071473277"]),
        ("+44 (0)207 035 4040", "GB", "44", ["+442070354040"]),
        ("0049 / 228 / 99410 – 40", "DE", "49", ["+492289941040"]),
        ("+32(0)2/210.57.98", "BE", "32", ["+3222105798"]),
        ("(352) 47 59 81-2336", "LU", "352", ["+3524759812336"]),
        ("(676) 24 055 / 24 007", "TO", "676", ["+67624055", "+67624007"]),
        ("(+377) 98.98.88.11", "MC", "377", ["+37798988811"]),
        ("+ 45 72 68 90 00", "DK", "45", ["+4572689000"]),
        ("265 1 789 177", "MW", "265", ["+2651789177"]),
        ("01 40 20 50 50", "FR", "33", ["+33140205050"]),
        ("+41 58 462 11 20; +41 58 462 11 21", "CH", "41", ["+41584621120", "+41584621121"]),
    ],
)
def test_understood(printed: str, region: str, dial: str, numbers: list[str]) -> None:
    found = read(printed, region, dial)

    assert [r.e164 for r in found] == numbers
    assert {r.printed for r in found} == {printed}
    assert not any(r.warning for r in found)


@pytest.mark.parametrize("printed", ["+41 31 123 45 60-65", "123", "see website", "+99 1234567", "7147 3843", ""])
def test_what_is_not_clear_stays_as_printed_with_a_warning(printed: str) -> None:
    (found,) = read(printed, "GB", "44")

    assert found.e164 is None
    assert found.printed == printed
    assert found.warning


def test_an_extension_is_kept_apart() -> None:
    (found,) = read("+44 20 7035 4040 ext. 123", "GB", "44")

    assert (found.e164, found.extension) == ("+442070354040", "123")


def test_a_number_without_a_region_is_not_guessed() -> None:
    (found,) = read("01 40 20 50 50", None, None)

    assert found.e164 is None
