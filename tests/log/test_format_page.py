"""docs/log-format.md is true: its verifier runs, its values come out of our code, its table is that of the records."""

import functools
import http.server
import re
import subprocess
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from msgspec.structs import replace

from directory.log import b64
from directory.log.commitment import commit
from directory.log.note import Signer
from directory.log.record import (
    AnyRecord,
    ContentErased,
    EntryConfirmed,
    EntryVersion,
    Genesis,
    decode_record,
    encode_record,
)
from directory.log.tree import EMPTY_ROOT, leaf_hash, root
from directory.texts import UNSAFE
from tests.log.conftest import PAGE, Program
from tests.log.publishing import LOG, ORIGIN, TIME, WITNESS, Published

BLOCKS = re.findall(r"^```(?:python)?\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
AT = "2026-11-24T06:00:00Z"

Verify = Callable[..., "subprocess.CompletedProcess[str]"]


def salt(n: int) -> bytes:
    return n.to_bytes(32, "big")


def body(n: int) -> bytes:
    return b'{"name":"Authority %d"}' % n


def version(i: int, entry: str, n: int, prev: bytes | None) -> EntryVersion:
    return EntryVersion(
        v=1, i=i, at=AT, id=entry, n=n, prev=leaf_hash(prev).hex() if prev else None, effective_on="2014-05-01",
        basis="notification", public=commit(salt(i), body(i)).hex(),
    )  # fmt: skip


def sample(size: int = 300) -> list[bytes]:
    """A log of two entries, one content of it erased, long enough for two bundles."""
    genesis = Genesis(v=1, i=0, at=AT, origin=ORIGIN, format="cadir/1", policy="0" * 64, vkeys=(LOG.vkey,))
    made = [encode_record(genesis), encode_record(version(1, "xa-ca", 1, None))]
    made.append(encode_record(version(2, "xb-ca", 1, None)))
    seen = EntryConfirmed(v=1, i=3, at=AT, id="xa-ca", n=1, prev=leaf_hash(made[1]).hex(), grade="A")
    made.append(encode_record(seen))
    made.append(encode_record(version(4, "xa-ca", 2, made[3])))
    erased = ContentErased(v=1, i=5, at=AT, commitment=commit(salt(2), body(2)).hex(), ground="asked for")
    made.append(encode_record(erased))
    while len(made) < size:
        made.append(encode_record(version(len(made), "xb-ca", len(made) - 4, made[-1] if len(made) > 6 else made[2])))
    return made


def publish(folder: Path, records: Sequence[bytes]) -> Published:
    folder.mkdir()
    log = Published(folder, records)
    for i in range(1, len(records)):
        if i not in (2, 3, 5):
            log.keep(salt(i), body(i))
    return log


@pytest.fixture
def verify(stranger: Program) -> Verify:
    """Lets the page's own program loose on a folder served over HTTP."""

    class Silent(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *words: object) -> None:
            pass

    def run(folder: Path, kept: Path, key: str = LOG.vkey) -> "subprocess.CompletedProcess[str]":
        handler = functools.partial(Silent, directory=str(folder))
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
            thread.start()
            told = stranger(f"http://127.0.0.1:{server.server_port}/", key, kept)
            server.shutdown()
            thread.join()
        return told

    return run


def test_the_verifier_of_the_page_accepts_a_log_and_its_growth(verify: Verify, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    publish(tmp_path / "early", sample(10))
    assert verify(tmp_path / "early", kept).stdout.startswith("10 records, 7 versions of 2 entries, 1 erased")
    late = publish(tmp_path / "late", sample())
    told = verify(tmp_path / "late", kept)
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.startswith("300 records, 297 versions of 2 entries, 1 erased: all as signed")
    assert kept.read_text(encoding="utf-8") == late.note


@pytest.mark.parametrize(
    ("name", "at", "complaint"),
    [
        ("checkpoint", 23, "does not fit its checkpoint"),
        ("checkpoint", 0, "does not fit its checkpoint"),
        ("tile/entries/000", 30, "do not give the signed root"),
        ("tile/entries/000", 0, "a bundle is cut"),
        ("tile/entries/001.p/44", 30, "do not give the signed root"),
        (f"blob/{commit(salt(4), body(4)).hex()}", 0, "was altered"),
        (f"blob/{commit(salt(4), body(4)).hex()}", 40, "was altered"),
    ],
)
def test_it_refuses_altered_files(verify: Verify, tmp_path: Path, name: str, at: int, complaint: str) -> None:
    publish(tmp_path / "log", sample())
    file = tmp_path / "log" / name
    whole = file.read_bytes()
    file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    told = verify(tmp_path / "log", tmp_path / "kept")
    assert told.returncode == 1
    assert complaint in told.stderr
    assert not (tmp_path / "kept").exists()


def test_it_refuses_content_that_is_withheld(verify: Verify, tmp_path: Path) -> None:
    publish(tmp_path / "log", sample(10))
    (tmp_path / "log" / "blob" / commit(salt(4), body(4)).hex()).unlink()
    told = verify(tmp_path / "log", tmp_path / "kept")
    assert (told.returncode, "is withheld" in told.stderr) == (1, True)


def test_it_refuses_another_key(verify: Verify, tmp_path: Path) -> None:
    publish(tmp_path / "log", sample(10))
    told = verify(tmp_path / "log", tmp_path / "kept", Signer(ORIGIN, bytes(32)).vkey)
    assert (told.returncode, "signature is missing" in told.stderr) == (1, True)


def test_it_refuses_a_log_that_became_shorter_or_another(verify: Verify, tmp_path: Path) -> None:
    """Both rightly signed: by a log that cheats."""
    publish(tmp_path / "long", sample(20))
    publish(tmp_path / "short", sample(19))
    records = sample(20)
    records[1] = encode_record(replace(version(1, "xa-ca", 1, None), reason="rewritten"))
    publish(tmp_path / "other", records)
    kept = tmp_path / "kept"
    assert verify(tmp_path / "long", kept).returncode == 0
    before = kept.read_bytes()
    assert "became shorter" in verify(tmp_path / "short", kept).stderr
    assert "is not what it was" in verify(tmp_path / "other", kept).stderr
    assert kept.read_bytes() == before


@pytest.mark.parametrize(
    ("at", "change", "complaint"),
    [
        (3, {"i": 4}, "record 3 says it is another"),
        (6, {"at": "2026-11-24T05:59:59Z"}, "record 6 goes back in time"),
        (4, {"prev": "0" * 64}, "record 4 does not follow"),
        (4, {"prev": None}, "record 4 does not follow"),
        (4, {"n": 3}, "record 4 skips a version"),
    ],
)
def test_it_refuses_signed_records_that_break_the_rules(
    verify: Verify, tmp_path: Path, at: int, change: dict[str, Any], complaint: str
) -> None:
    records = sample(10)
    records[at] = encode_record(replace(decode_record(records[at]), **change))
    publish(tmp_path / "log", records)
    told = verify(tmp_path / "log", tmp_path / "kept")
    assert (told.returncode, complaint in told.stderr) == (1, True), told.stderr


def test_it_refuses_a_second_beginning_and_bytes_that_are_not_canonical(verify: Verify, tmp_path: Path) -> None:
    records = sample(10)
    publish(tmp_path / "twice", [records[0], records[0].replace(b'"i":0', b'"i":1'), *records[2:]])
    assert "record 1 begins a log" in verify(tmp_path / "twice", tmp_path / "kept").stderr
    publish(tmp_path / "spaced", [*records[:9], records[9].replace(b":", b": ", 1)])
    assert "not canonical" in verify(tmp_path / "spaced", tmp_path / "kept").stderr


def test_values_of_the_page() -> None:
    leaves = [leaf_hash(b'{"n":%d}' % n) for n in range(300)]
    table = dict(
        re.findall(r"^\| ([^|]+) \| `([^`|]+)` \|$", PAGE.partition("## Values to test with")[2], re.MULTILINE)
    )
    assert table == {
        "root of no leaves": b64.encode(EMPTY_ROOT),
        "leaf hash of the empty record": b64.encode(leaf_hash(b"")),
        'leaf hash of `{"n":0}`': b64.encode(leaves[0]),
        "root of the first 2": b64.encode(root(leaves[:2])),
        "root of the first 3": b64.encode(root(leaves[:3])),
        "root of all 300": b64.encode(root(leaves)),
        "key of the log": LOG.vkey,
        "key of the witness": WITNESS.vkey,
    }
    text = f"{ORIGIN}\n300\n{b64.encode(root(leaves))}\n"
    assert LOG.sign(text) in BLOCKS
    assert LOG.sign(text) + WITNESS.line(text, TIME) in BLOCKS
    made = commit(bytes(range(32)), b'{"email":"ca@justice.example","name":"Central Authority","phone":"+15550100"}')
    assert any(b64.encode(made) in block and made.hex() in block for block in BLOCKS)
    record, leaf = next(block for block in BLOCKS if block.startswith("{")).splitlines()
    opened = decode_record(record.encode())
    assert isinstance(opened, EntryVersion)
    assert (opened.public, leaf_hash(record.encode()).hex()) == (made.hex(), leaf)


def test_the_table_of_types_is_that_of_the_records() -> None:
    told = {}
    for kind, required, optional in re.findall(r"^\| `([a-z.]+)` \| (.*?) \| (.*?) ?\|$", PAGE, re.MULTILINE):
        if kind in ("v", "i", "type", "at"):
            continue
        bare = re.sub(r"\([^)]*\)", "", required), re.sub(r"\([^)]*\)", "", optional)
        told[kind] = tuple(set(re.findall(r"`([a-z_]+)`", text)) for text in bare)
    real = {}
    for cls in get_args(AnyRecord):
        info = msgspec.inspect.type_info(cls)
        assert isinstance(info, msgspec.inspect.StructType)
        own = [field for field in info.fields if field.name not in ("v", "i", "at")]
        names = {field.name for field in own if field.required}
        real[info.tag] = (names, {field.name for field in own} - names)
    assert told == real


def test_the_list_of_refused_characters_is_that_of_the_code() -> None:
    line = re.search(r"hold none of (U\+0000.*?)and no surrogates", PAGE, re.DOTALL)
    assert line
    told = set(range(0xD800, 0xE000))
    for low, high in re.findall(r"U?\+?([0-9A-F]{4,})(?:–([0-9A-F]{4,}))?", line[1]):
        told |= set(range(int(low, 16), int(high or low, 16) + 1))
    assert told == {code for code in range(0x110000) if UNSAFE.search(chr(code))}
