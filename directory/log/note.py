"""Signed notes (C2SP signed-note): a text, a blank line, signature lines.

Key types: 0x01 Ed25519 over the text, 0x04 Ed25519 cosignature with a time (C2SP tlog-cosignature).
"""

import hashlib
import re
import secrets
import struct
from collections.abc import Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Struct

from directory.errors import Invalid
from directory.log import b64

ED25519 = 0x01
COSIGNATURE = 0x04
SEED_SIZE = 32
MAX_SIGNATURES = 64
MAX_TIME = 2**63 - 1
_NAME = re.compile("[^\\s+\x00-\x1f\ud800-\udfff]+")
_VKEY = re.compile(r"([^+]+)\+([0-9a-f]{8})\+(.+)")
_FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\ud800-\udfff]")
_DASH = "\u2014"


class Signature(Struct, frozen=True, kw_only=True):
    """A signature line that a known key made; ``time`` (POSIX seconds) only on cosignatures."""

    name: str
    key_id: bytes
    time: int | None = None


class Note(Struct, frozen=True):
    """An opened note: its text, ending in a line feed, and the signatures that were checked."""

    text: str
    signatures: tuple[Signature, ...]


def new_seed() -> bytes:
    """A fresh private key, as the 32 bytes it grows from."""
    return secrets.token_bytes(SEED_SIZE)


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """The four bytes by which a signature line names its key."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


class Signer:
    """A private key with its name; ``kind`` is ED25519 for a log, COSIGNATURE for a witness."""

    def __init__(self, name: str, seed: bytes, kind: int = ED25519) -> None:
        if not _NAME.fullmatch(name):
            raise Invalid(f"The key name {name!r} must not be empty nor hold spaces, control characters or a plus.")
        if len(seed) != SEED_SIZE:
            raise Invalid(f"A private key has {SEED_SIZE} bytes, not {len(seed)}.")
        if kind not in (ED25519, COSIGNATURE):
            raise ValueError(f"no keys of kind {kind} are made here")
        self.name = name
        self.kind = kind
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._key.public_key().public_bytes_raw()
        self.key_id = key_id(name, kind, self.public)

    @property
    def vkey(self) -> str:
        """The verifier key in the form that is given away: name, key id, type and public key."""
        return f"{self.name}+{self.key_id.hex()}+{b64.encode(bytes([self.kind]) + self.public)}"

    def line(self, text: str, time: int | None = None) -> str:
        """The signature line over ``text``; a cosignature needs the ``time`` in POSIX seconds, a signature has none."""
        check_text(text)
        if (time is None) == (self.kind == COSIGNATURE):
            raise ValueError("a cosignature carries a time, a signature none")
        if time is None:
            payload = self._key.sign(text.encode())
        elif 0 <= time <= MAX_TIME:
            payload = struct.pack(">Q", time) + self._key.sign(_cosigned(text, time))
        else:
            raise ValueError(f"{time} is no time in POSIX seconds")
        return f"{_DASH} {self.name} {b64.encode(self.key_id + payload)}\n"

    def sign(self, text: str, time: int | None = None) -> str:
        """The whole note with this key's signature."""
        return f"{text}\n{self.line(text, time)}"


class Verifier(Struct, frozen=True):
    """A public key with its name, read from a vkey."""

    name: str
    kind: int
    public: bytes
    key_id: bytes

    @classmethod
    def parse(cls, vkey: str) -> "Verifier":
        """Read ``name+hex id+base64``. Raises Invalid with what is wrong."""
        parts = _VKEY.fullmatch(vkey)
        if not parts or not _NAME.fullmatch(parts[1]):
            raise Invalid(f"{vkey!r} is not a verifier key: it must read name+id+key.")
        name, given, raw = parts[1], bytes.fromhex(parts[2]), b64.decode(parts[3])
        if len(raw) != 33 or raw[0] not in (ED25519, COSIGNATURE):
            raise Invalid(f"{vkey!r} is not an Ed25519 verifier key.")
        if given != key_id(name, raw[0], raw[1:]):
            raise Invalid(f"The id in {vkey!r} does not belong to its name and key; part of it was altered.")
        return cls(name, raw[0], raw[1:], given)

    def check(self, text: str, payload: bytes) -> Signature | None:
        """The signature if ``payload`` (what follows the key id) is good for ``text``, else None."""
        time = None
        message, signed = text.encode(), payload
        if self.kind == COSIGNATURE:
            if len(payload) != 72:
                return None
            (time,) = struct.unpack(">Q", payload[:8])
            if time > MAX_TIME:
                return None
            message, signed = _cosigned(text, time), payload[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signed, message)
        except (InvalidSignature, ValueError):
            return None
        return Signature(name=self.name, key_id=self.key_id, time=time)


def check_text(text: str) -> None:
    """Raise Invalid unless ``text`` can be the text of a note."""
    if not text.endswith("\n") or _FORBIDDEN.search(text):
        raise Invalid("The text of a note ends in a line feed and holds no control characters.")


def open_note(note: str, verifiers: Sequence[Verifier]) -> Note:
    """Check a note against known keys.

    Unknown keys are passed over; a bad signature of a known key, or no known key at all, raises Invalid.
    """
    known = {(v.name, v.key_id): v for v in verifiers}
    if len(known) != len(set(verifiers)):
        raise ValueError("two different keys have the same name and id")
    text, lines = _split(note)
    good: dict[tuple[str, bytes], Signature] = {}
    for name, raw in map(_parse_line, lines):
        verifier = known.get((name, raw[:4]))
        if verifier is None or (name, raw[:4]) in good:
            continue
        signature = verifier.check(text, raw[4:])
        if signature is None:
            raise Invalid(f"The signature of {name} does not fit the text: one of them was altered.")
        good[name, raw[:4]] = signature
    if not good:
        raise Invalid("None of the signatures was made by a key that is known here.")
    return Note(text, tuple(good.values()))


def add_line(note: str, line: str) -> str:
    """``note`` with one more signature line, such as a witness sends back, in place of an older one of the same key.

    Raises Invalid when either is malformed; whether the signature is good is for :func:`open_note` to say.
    """
    text, lines = _split(note)
    if not line.endswith("\n"):
        raise Invalid("A signature line ends in a line feed.")
    name, raw = _parse_line(line[:-1])
    kept = [old for old in lines if _key_of(old) != (name, raw[:4])]
    return "\n".join([text, *kept, line])


def _split(note: str) -> tuple[str, list[str]]:
    """Text and signature lines; the last blank line parts them."""
    split = note.rfind("\n\n")
    if split < 0:
        raise Invalid("This is no signed note: it has no blank line before its signatures.")
    text, lines = note[: split + 1], note[split + 2 :].split("\n")[:-1]
    check_text(note)
    if not 1 <= len(lines) <= MAX_SIGNATURES:
        raise Invalid(f"A note has from 1 to {MAX_SIGNATURES} signatures.")
    return text, lines


def _parse_line(line: str) -> tuple[str, bytes]:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    if dash != _DASH or not _NAME.fullmatch(name):
        raise Invalid(f"{line[:120]!r} is no signature line.")
    raw = b64.decode(encoded)
    if len(raw) < 5:
        raise Invalid(f"{line[:120]!r} is no signature line: its signature is too short.")
    return name, raw


def _key_of(line: str) -> tuple[str, bytes]:
    name, raw = _parse_line(line)
    return name, raw[:4]


def _cosigned(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()
