"""Signed notes (C2SP signed-note): a text, a blank line, signature lines.

Key types: 0x01 Ed25519 over the text, 0x04 Ed25519 cosignature with a time (C2SP tlog-cosignature).
"""

import base64
import binascii
import hashlib
import re
import secrets
import struct
from collections.abc import Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Struct

from directory.errors import Invalid

ED25519 = 0x01
COSIGNATURE = 0x04
SEED_SIZE = 32
MAX_SIGNATURES = 64
_NAME = re.compile(r"[^\s+]+")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")


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
    """A private key with its name; ``kind`` is ED25519 or COSIGNATURE."""

    def __init__(self, name: str, seed: bytes, kind: int = ED25519) -> None:
        if not _NAME.fullmatch(name):
            raise Invalid(f"The key name {name!r} must not be empty nor hold spaces or a plus sign.")
        if len(seed) != SEED_SIZE:
            raise Invalid(f"A private key has {SEED_SIZE} bytes, not {len(seed)}.")
        self.name = name
        self.kind = kind
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._key.public_key().public_bytes_raw()
        self.key_id = key_id(name, kind, self.public)

    @property
    def vkey(self) -> str:
        """The verifier key in the form that is given away: name, key id, type and public key."""
        return f"{self.name}+{self.key_id.hex()}+{_b64(bytes([self.kind]) + self.public)}"

    def line(self, text: str, time: int = 0) -> str:
        """The signature line over ``text``; ``time`` counts for cosignatures only."""
        if self.kind == COSIGNATURE:
            payload = struct.pack(">Q", time) + self._key.sign(_cosigned(text, time))
        else:
            payload = self._key.sign(text.encode())
        return f"\u2014 {self.name} {_b64(self.key_id + payload)}\n"

    def sign(self, text: str) -> str:
        """The whole note with this key's signature."""
        check_text(text)
        return f"{text}\n{self.line(text)}"


class Verifier(Struct, frozen=True):
    """A public key with its name, read from a vkey."""

    name: str
    kind: int
    public: bytes
    key_id: bytes

    @classmethod
    def parse(cls, vkey: str) -> "Verifier":
        """Read ``name+hex id+base64``. Raises Invalid with what is wrong."""
        parts = vkey.split("+", 2)
        try:
            name, hexed, encoded = parts
            raw = base64.b64decode(encoded, validate=True)
            given = bytes.fromhex(hexed)
        except (ValueError, binascii.Error) as problem:
            raise Invalid(f"{vkey!r} is not a verifier key: it must read name+id+key.") from problem
        if not _NAME.fullmatch(name) or len(raw) != 33 or raw[0] not in (ED25519, COSIGNATURE):
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
            message, signed = _cosigned(text, time), payload[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signed, message)
        except (InvalidSignature, ValueError):
            return None
        return Signature(name=self.name, key_id=self.key_id, time=time)


def check_text(text: str) -> None:
    """Raise Invalid unless ``text`` can be the text of a note."""
    if not text.endswith("\n") or _CONTROL.search(text):
        raise Invalid("The text of a note ends in a line feed and holds no control characters.")


def open_note(note: str, verifiers: Sequence[Verifier]) -> Note:
    """Check a note against known keys.

    Unknown keys are passed over; a bad signature of a known key, or no known key at all, raises Invalid.
    """
    split = note.rfind("\n\n")
    if split < 0 or not note.endswith("\n"):
        raise Invalid("This is no signed note: it has no blank line before its signatures.")
    text, lines = note[: split + 1], note[split + 2 :].splitlines()
    check_text(text)
    if not lines or len(lines) > MAX_SIGNATURES:
        raise Invalid(f"A note has from 1 to {MAX_SIGNATURES} signatures.")
    known = {(v.name, v.key_id): v for v in verifiers}
    good: list[Signature] = []
    for line in lines:
        name, raw = _parse_line(line)
        verifier = known.get((name, raw[:4]))
        if verifier is None or any(s.name == name and s.key_id == raw[:4] for s in good):
            continue
        signature = verifier.check(text, raw[4:])
        if signature is None:
            raise Invalid(f"The signature of {name} does not fit the text: one of them was altered.")
        good.append(signature)
    if not good:
        raise Invalid("None of the signatures was made by a key that is known here.")
    return Note(text, tuple(good))


def _parse_line(line: str) -> tuple[str, bytes]:
    parts = line.split(" ")
    try:
        dash, name, encoded = parts
        raw = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error) as problem:
        raise Invalid(f"{line!r} is no signature line.") from problem
    if dash != "\u2014" or not _NAME.fullmatch(name) or len(raw) < 5:
        raise Invalid(f"{line!r} is no signature line.")
    return name, raw


def _cosigned(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()
