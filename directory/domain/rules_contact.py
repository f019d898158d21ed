"""Rules on what leads to a person: mailboxes, web addresses, numbers, keys, hours.

Here the directory would do most harm: a look-alike domain, a number that dials another than the printed one.
"""

import re
from functools import cache
from importlib import resources
from urllib.parse import SplitResult, urlsplit

import email_validator
import idna
import phonenumbers

from directory.domain.authority import ContactPoint, Email, OpeningHours, PostalAddress, PublicKey, Telephone
from directory.domain.rules_text import invisible, mixed_script
from directory.domain.rules_walk import Findings, Place, named

FREE_MAIL = frozenset(
    (
        "gmail.com googlemail.com yahoo.com yahoo.fr yahoo.co.uk yahoo.es hotmail.com hotmail.fr outlook.com "
        "outlook.fr live.com msn.com aol.com icloud.com mail.com mail.ru yandex.ru yandex.com bk.ru list.ru "
        "inbox.ru gmx.com gmx.net gmx.de web.de proton.me protonmail.com qq.com 163.com 126.com sina.com naver.com "
        "ukr.net seznam.cz libero.it"
    ).split()
)
"""Domains where anybody opens a mailbox under any name."""
PASS_FOR_LATIN = frozenset("асеһіјӏорԛѕԝхуԁгьӊ" + "οναρτυκιγη")
"""Cyrillic and Greek letters that pass for Latin ones: a label of nothing else is a disguise."""

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_IPV4 = re.compile(r"\d+(\.\d+){3}")
MAX_ADDRESS_LINES = 12


def check_contact(place: Place, found: Findings) -> None:
    """A contact point as a whole."""
    contact: ContactPoint = place.it
    reached = (
        contact.address,
        contact.visiting_address,
        *(contact.telephones + contact.faxes),
        *contact.emails,
        *(contact.websites + contact.portals),
    )
    if not any(reached):
        found.bad(
            place.path,
            "nothing-said",
            "This contact has no address, number, mailbox or web address. Give one, or leave the contact out.",
        )
    if contact.hours and contact.time_zone is None and any(h.opens for h in contact.hours):
        found.warn(
            place.at("time_zone"), "missing", "Hours are given without a time zone. Add one, such as Africa/Abidjan."
        )
    if contact.time_zone is not None and contact.time_zone not in time_zones():
        found.bad(
            place.at("time_zone"),
            "unknown-time-zone",
            f"“{contact.time_zone}” is no time zone. Use a name of the IANA list, such as Africa/Abidjan.",
        )


@cache
def time_zones() -> frozenset[str]:
    """Names of the IANA time zones."""
    return frozenset((resources.files("tzdata") / "zones").read_text("utf-8").split())


def check_email(place: Place, found: Findings) -> None:
    """A mailbox: valid, its domain in canonical ASCII form, no look-alikes."""
    email: Email = place.it
    address, path = email.address, place.at("address")
    local, _, domain = address.rpartition("@")
    odd = next((c for c in address if not c.isascii() or not c.isprintable() or c == " "), None)
    if odd is not None:
        if not invisible(address) and not mixed_script(path, domain, found):
            advice = f" The domain in ASCII form is {ascii_domain(domain)}." if ascii_domain(domain) else ""
            found.bad(path, "not-ascii", f"“{address}” holds {named(odd)}. Write the mailbox in ASCII only.{advice}")
        return
    try:
        read = email_validator.validate_email(address, check_deliverability=False, allow_smtputf8=False, strict=True)
    except email_validator.EmailNotValidError as problem:
        found.bad(path, "bad-email", f"“{address}” is no mailbox. {problem} Correct it.")
        return
    if not local or domain != read.ascii_domain:
        found.bad(path, "not-canonical", f"Write the domain of “{address}” as {read.ascii_domain}.")
    if domain.casefold() in FREE_MAIL:
        found.warn(
            path,
            "free-mail",
            f"Anybody can open a mailbox at {domain}. Give one of the authority's own domain, or note who proved it.",
        )
    _disguise(path, domain, found)


def ascii_domain(domain: str) -> str | None:
    """The canonical ASCII form of a domain; None if it has none."""
    try:
        return idna.encode(domain, uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        return None


def _disguise(path: str, domain: str, found: Findings) -> None:
    """A domain in canonical ASCII form whose letters pass for others."""
    shown = idna.decode(domain)
    if shown == domain or mixed_script(path, shown, found):
        return
    for label in shown.split("."):
        letters = [c for c in label if c.isalpha() and not c.isascii()]
        if letters and set(label) - set("-0123456789") <= PASS_FOR_LATIN:
            found.bad(
                path,
                "look-alike",
                f"The domain reads “{shown}”, but every letter of “{label}” only passes for a Latin one: "
                f"{named(letters[0])}. Somebody may be pretending; check with the authority.",
            )
            return
    found.warn(
        path,
        "international-domain",
        f"The domain reads “{shown}”. Compare it letter by letter with what the authority says.",
    )


def check_web(path: str, url: str, found: Findings) -> None:
    """A web address: http or https, a named host, nobody's name or password in it."""
    odd = next((c for c in url if c.isspace() or not c.isprintable() or c in '<>"\\^`{|}'), None)
    if invisible(url):
        return  # the rules on texts say so
    if odd is not None:
        found.bad(
            path, "bad-url", f"The web address holds {named(odd)}. Write it as the browser shows it when it is copied."
        )
        return
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        found.bad(path, "bad-url", f"“{url}” is no web address. It must read like https://www.example.org/page.")
        return
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https"):
        found.bad(path, "bad-scheme", "A web address begins with https:// or http://. Write it in full.")
    elif parts.username is not None or parts.password is not None or "@" in parts.netloc:
        found.bad(
            path,
            "userinfo",
            "The web address has a name before its host (…@…), which hides where it leads. Take it out.",
        )
    elif "." not in host or _IPV4.fullmatch(host) or ":" in host:
        found.bad(path, "no-host", f"“{host or url}” is no named host. Give the address under the host's name.")
    else:
        _host(path, parts, found)
        if port not in (None, 80, 443):
            found.warn(path, "port", f"The web address goes to port {port}, which many networks block. Check it.")


def _host(path: str, parts: SplitResult, found: Findings) -> None:
    host = parts.netloc.rpartition("@")[2].partition(":")[0]
    canonical = ascii_domain(host)
    if not host.isascii():
        if not mixed_script(path, host, found):
            advice = f"Write the host as {canonical}." if canonical else "Check it with the authority."
            found.bad(path, "not-canonical", f"The host “{host}” is not in ASCII form. {advice}")
    elif canonical is None:
        found.bad(path, "bad-url", f"“{host}” can't be the name of a host. Correct it.")
    else:
        if canonical != host:
            found.warn(path, "not-canonical", f"Write the host as {canonical}.")
        _disguise(path, canonical, found)


def check_telephone(place: Place, found: Findings) -> None:
    """A number: E.164 that exists, and dials what is printed."""
    number: Telephone = place.it
    if not any(c.isdigit() for c in number.printed):
        found.warn(
            place.at("printed"), "no-digits", "There are no digits in this number. Write it as the source prints it."
        )
    if number.extension is not None and not re.fullmatch(r"\d{1,7}", number.extension):
        found.bad(
            place.at("extension"),
            "bad-extension",
            "An extension is one to seven digits. Put anything else in the note.",
        )
    if number.e164 is None:
        return
    path = place.at("e164")
    try:
        parsed = phonenumbers.parse(number.e164)
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or not phonenumbers.is_possible_number(parsed):
        found.bad(path, "bad-number", f"{number.e164} can't be dialled. Write +, the code of the country, the number.")
        return
    if not phonenumbers.is_valid_number(parsed):
        found.warn(
            path, "unassigned", f"{number.e164} lies in no range that is in use today. Check it with the authority."
        )
    if not _dials(str(parsed.national_number), number.printed):
        found.bad(
            path,
            "other-number",
            f"{number.e164} is not the printed number “{number.printed}”: it would reach somebody else. Correct one.",
        )


def _dials(national: str, printed: str) -> bool:
    """Whether the digits of the number stand in the printed text in this order; letters of a keypad count as digits."""
    keypad = dict(zip("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999", strict=True))
    digits = iter(str(int(c)) if c.isdecimal() else keypad.get(c, "") for c in printed.casefold())
    return all(any(d == wanted for d in digits) for wanted in national)


def check_hours(place: Place, found: Findings) -> None:
    """Hours: days of the week, times that exist and follow one another."""
    hours: OpeningHours = place.it
    if any(not 1 <= d <= 7 for d in hours.days) or len(set(hours.days)) < len(hours.days):
        found.bad(place.at("days"), "bad-days", "Days are numbers from 1 (Monday) to 7 (Sunday), each once.")
    for field, time in (("opens", hours.opens), ("closes", hours.closes)):
        if time is not None and not _TIME.fullmatch(time):
            found.bad(place.at(field), "bad-time", f"“{time}” is no time. Write it as 08:00.")
    if (hours.opens is None) != (hours.closes is None):
        found.bad(place.path, "half-hours", "Give both when the office opens and when it closes, or neither.")
    elif hours.opens and hours.closes and hours.opens >= hours.closes:
        found.bad(
            place.at("closes"),
            "bad-hours",
            "The office closes before it opens. Correct the times, or split them at midnight.",
        )
    if not (hours.days or hours.opens or hours.text):
        found.bad(place.path, "nothing-said", "These hours say nothing. Fill them in, or leave them out.")


def check_key(place: Place, found: Findings) -> None:
    """A key: its fingerprint in hexadecimal, of the length of its kind."""
    key: PublicKey = place.it
    lengths = {"openpgp": (40, 64), "smime": (64,)}.get(key.kind, ())
    if not lengths:
        found.bad(place.at("kind"), "unknown-code", f"“{key.kind}” is no kind of key. Known are openpgp and smime.")
    elif not re.fullmatch(r"[0-9A-Fa-f]+", key.fingerprint) or len(key.fingerprint) not in lengths:
        wanted = " or ".join(map(str, lengths))
        found.bad(
            place.at("fingerprint"),
            "bad-fingerprint",
            f"A fingerprint of this kind is {wanted} hexadecimal digits without spaces. Copy it again.",
        )


def check_address(place: Place, found: Findings) -> None:
    """An address: some lines, not too many."""
    address: PostalAddress = place.it
    if not address.lines:
        found.bad(place.at("lines"), "missing", "The address has no lines. Write them as on an envelope.")
    elif len(address.lines) > MAX_ADDRESS_LINES:
        found.bad(place.at("lines"), "too-many", f"An address has at most {MAX_ADDRESS_LINES} lines. Join some.")
