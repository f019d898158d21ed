"""Whatever is altered behind our back is found, named by table and row, with what to do."""
# ruff: noqa: S608, E501  statements of a table are put together from our own names

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from directory.errors import Invalid, Unusable
from directory.log.commitment import commit
from directory.log.record import ContentErased
from directory.log.tree import leaf_hash
from directory.store import ledger, verify
from directory.store.checks import Finding
from directory.store.database import connect, transaction
from directory.store.rebuild import reference
from tests.store.places import Place, body, draft


def where(found: list[Finding]) -> list[str]:
    return [finding.where for finding in found]


def test_nothing_is_found_in_a_sound_directory(filled: Place, place: Place) -> None:
    assert place.verify() == []
    assert filled.verify() == []


def test_progress_reaches_its_end(filled: Place) -> None:
    seen: dict[str, tuple[int, int]] = {}
    with closing(connect(filled.settings.database, readonly=True)) as c:
        verify.verify(c, filled.vkey, [], lambda what, done, total: seen.update({what: (done, total)}))
    assert seen == {"database file": (1, 1), "records": (5, 5), "derived tables": (5, 5)}


SECOND = "(SELECT commitment FROM version WHERE id = 'gb-ukca' AND n = 2)"
TAMPERED: dict[str, tuple[str, str, str]] = {
    "a record's bytes": (
        "UPDATE log SET entry = CAST(replace(CAST(entry AS TEXT), 'ke-agc', 'ke-agd') AS BLOB) WHERE idx = 2",
        "log, index 2", "bytes do not give its leaf hash",
    ),
    "a leaf hash": ("UPDATE log SET leaf = randomblob(32) WHERE idx = 3", "log, index 3", "leaf hash is not that of"),
    "the last record gone": ("DELETE FROM log WHERE idx = 4", "node, level 0, number 4", "No record lies below"),
    "a record in the middle gone": ("DELETE FROM log WHERE idx = 2", "log, index 2", "is missing; the next one is 3"),
    "the first record gone": ("DELETE FROM log WHERE idx = 0", "log, index 0", "is missing"),
    "a record moved to the end": ("UPDATE log SET idx = 5 WHERE idx = 2", "log, index 2", "is missing"),
    "a node": ("UPDATE node SET hash = randomblob(32) WHERE level = 1 AND number = 1",
               "node, level 1, number 1", "does not fit the records below"),
    "a leaf's node": ("UPDATE node SET hash = randomblob(32) WHERE level = 0 AND number = 2",
                      "node, level 0, number 2", "does not fit"),
    "a node gone": ("DELETE FROM node WHERE level = 2", "node, level 2, number 0", "is missing"),
    "a node too many": ("INSERT INTO node VALUES (3, 0, randomblob(32))", "node, level 3, number 0", "No record"),
    "a content's byte": (
        f"UPDATE blob SET body = CAST(replace(CAST(body AS TEXT), 'ukca@', 'ukcb@') AS BLOB) WHERE commitment = {SECOND}",
        "gb-ukca, version 2, public", "it was altered",
    ),
    "a salt": (f"UPDATE blob SET salt = randomblob(32) WHERE commitment = {SECOND}", "gb-ukca, version 2", "altered"),
    "a salt that is a text": (f"UPDATE blob SET salt = CAST(zeroblob(31) AS BLOB) WHERE commitment = {SECOND}",
                              "gb-ukca, version 2", "altered"),
    "a content's layer": (f"UPDATE blob SET layer = 'network' WHERE commitment = {SECOND}",
                          "gb-ukca, version 2", "kept as network, but record 3 says public"),
    "a content gone": (f"DELETE FROM blob WHERE commitment = {SECOND}",
                       "gb-ukca, version 2", "that record 3 commits to is missing"),
    "a content emptied": (f"UPDATE blob SET body = NULL, salt = NULL, erased_idx = 2 WHERE commitment = {SECOND}",
                          "gb-ukca, version 2", "gone without a record of its erasure"),
    "a content slipped in": ("INSERT INTO blob VALUES (zeroblob(32), 'public', zeroblob(32), x'7b7d', NULL)",
                             f"blob, commitment {'00' * 32}", "slipped in"),
    "a checkpoint's note": ("UPDATE signed SET note = replace(note, char(10) || '4', char(10) || '3') WHERE size = 4",
                            "signed, size 4", "can't be believed"),
    "a checkpoint under another size": ("UPDATE signed SET size = 2 WHERE size = 3",
                                        "signed, size 2", "speaks of 3 records"),
    "the newest checkpoint gone": ("DELETE FROM signed WHERE size = 5", "signed, size 5", "only 4 are signed"),
    "a version's day": ("UPDATE version SET effective_on = '1999-01-01' WHERE id = 'ke-agc'",
                        "version, row with id ke-agc, n 1", "effective_on is '1999-01-01', but the log gives '2020-01-01'"),
    "a version's reason": ("UPDATE version SET reason = 'x' WHERE id = 'gb-ukca' AND n = 3",
                           "version, row with id gb-ukca, n 3", "reason is 'x'"),
    "a version gone": ("DELETE FROM version WHERE id = 'gb-ukca' AND n = 2",
                       "version, row with id gb-ukca, n 2", "missing"),
    "a version slipped in": ("INSERT INTO version SELECT 'aa-evil', 1, 99, effective_on, precision, basis, recorded_at, reason, commitment, sensitive FROM version LIMIT 1",
                             "version, row with id aa-evil, n 1", "slipped in"),
    "a name shown": ("UPDATE current SET name = 'Evil' WHERE id = 'ke-agc'",
                     "current, row 2 (ke-agc)", "name is 'Evil', but the log gives 'Office of the Attorney"),
    "a content shown that is not in force": (
        "UPDATE current SET commitment = (SELECT commitment FROM version WHERE id = 'gb-ukca' AND n = 1), n = 1 WHERE id = 'gb-ukca'",
        "current, row 1 (gb-ukca)", "n is 1, but the log gives 2",
    ),
    "an entry hidden": ("DELETE FROM current WHERE id = 'gb-ukca'", "current, row 1 (gb-ukca)", "missing"),
    "a confirmation invented": ("UPDATE current SET confirmed = '2026-11-01T00:00:00Z', grade = 'A'",
                                "current, row 1 (gb-ukca)", "confirmed is"),
    "an entry hidden from lists": ("DELETE FROM facet WHERE name = (SELECT min(name) FROM facet)",
                                   "facet, row with name", "missing"),
    "an entry hidden from search": ("DELETE FROM search WHERE rowid = 2", "search, row 2", "missing"),
    "other words for search": ("UPDATE search SET names = 'evil' WHERE rowid = 2", "search, row 2", "names is"),
    "words behind the index's back": ("UPDATE search_content SET c1 = 'evil' WHERE id = 2", "search", "index of words"),
    "the word index": ("UPDATE search_data SET block = zeroblob(length(block)) WHERE id > 10", "search", "index of words"),
    "the day of the tables, later": ("UPDATE projection SET day = '2027-06-01'",
                                     "current, row 1 (gb-ukca)", "but the log gives"),
    "no day at all": ("DELETE FROM projection", "projection", "for which day"),
    "a table emptied": ("DELETE FROM current", "current, row 1 (gb-ukca)", "missing"),
}  # fmt: skip


@pytest.mark.parametrize(("sql", "place_of_it", "what"), TAMPERED.values(), ids=TAMPERED.keys())
def test_an_insiders_statement_is_found_and_named(filled: Place, sql: str, place_of_it: str, what: str) -> None:
    assert filled.tamper(sql) > 0, "the statement must change something, else the test tests nothing"
    found = filled.verify()
    assert any(place_of_it in f.where and what in f.what for f in found), [str(f) for f in found]
    for finding in found:
        assert finding.what.endswith(".")
        assert "directory" in finding.do


def test_one_altered_record_is_one_finding_not_one_for_each_hash_above(filled: Place) -> None:
    filled.tamper(TAMPERED["a record's bytes"][0])
    assert where(filled.verify()) == ["log, index 2", "derived tables"]


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        ("DROP TRIGGER log_no_update", "database schema, trigger log_no_update"),
        ("DROP INDEX version_in_time", "database schema, index version_in_time"),
        ("CREATE TRIGGER quiet AFTER INSERT ON log BEGIN DELETE FROM current; END", "database schema, trigger quiet"),
        ("CREATE TABLE hidden (x)", "database schema, table hidden"),
        ("CREATE VIEW shadow AS SELECT * FROM current", "database schema, view shadow"),
        ("ALTER TABLE signed ADD COLUMN more TEXT", "database schema, table signed"),
        ("DROP TABLE facet", "database schema, table facet"),
    ],
)
def test_an_altered_schema_is_found(filled: Place, sql: str, name: str) -> None:
    with closing(sqlite3.connect(filled.settings.database, isolation_level=None)) as c:
        c.execute(sql)
    assert name in where(filled.verify())


def test_a_trigger_made_harmless_is_found(filled: Place) -> None:
    with closing(sqlite3.connect(filled.settings.database, isolation_level=None)) as c:
        c.execute("DROP TRIGGER log_no_delete")
        c.execute("CREATE TRIGGER log_no_delete BEFORE DELETE ON log BEGIN SELECT 1; END")
    assert where(filled.verify()) == ["database schema, trigger log_no_delete"]


def test_a_record_rewritten_with_all_its_hashes_is_found_by_the_signature(filled: Place) -> None:
    """The best that somebody without the key can do."""
    (data,) = filled.rows("SELECT entry FROM log WHERE idx = 4")[0]
    forged = data.replace(b"2027-01-01", b"2026-01-01")
    leaf = leaf_hash(forged)
    filled.tamper("UPDATE log SET entry = ?, leaf = ? WHERE idx = 4", (forged, leaf))
    filled.tamper("UPDATE node SET hash = ? WHERE level = 0 AND number = 4", (leaf,))
    found = filled.verify()
    assert "signed, size 5" in where(found)
    assert str(filled.settings.highwater_file) in where(found)
    assert str(filled.settings.keys / "last-signed") in where(found)


def test_a_content_replaced_with_its_commitment_is_found_as_slipped_in_and_missing(filled: Place) -> None:
    other, salt = body("gb-ukca", mail="thief@example.org"), bytes(32)
    filled.tamper(
        f"UPDATE blob SET commitment = ?, salt = ?, body = ? WHERE commitment = {SECOND}",
        (commit(salt, other), salt, other),
    )
    whats = [f.what for f in filled.verify() if f.where.startswith("blob")]
    assert any("is missing" in what for what in whats)
    assert any("slipped in" in what for what in whats)


def test_erasure_with_a_record_of_it_is_no_finding(filled: Place) -> None:
    """Personal data can go: the commitment and the tree stay."""
    (commitment,) = filled.rows("SELECT commitment FROM version WHERE id = 'gb-ukca' AND n = 1")[0]
    with closing(connect(filled.settings.database, readonly=False)) as c, transaction(c):
        record = ContentErased(v=1, i=5, at="2026-11-26T06:00:00Z", commitment=commitment.hex(), ground="request")
        ledger._take(c, record)
        c.execute("UPDATE blob SET body = NULL, salt = NULL, erased_idx = 5 WHERE commitment = ?", (commitment,))
    filled.publish(draft("fr-dacg"))
    assert filled.verify() == []
    filled.tamper("UPDATE blob SET erased_idx = 4 WHERE commitment = ?", (commitment,))
    assert [f.what for f in filled.verify()] == [
        "The content is gone without a record of its erasure.",
        "Record 5 says that this content was erased, but it is not marked so.",
        "They were not checked, since the log is damaged.",
    ]


@pytest.mark.parametrize("name", ["highwater", "keys/last-signed"])
@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda text: text.replace("\n5\n", "\n6\n", 1), "was altered"),
        (lambda text: text[:-3], "was altered"),
        (lambda _text: "", "was altered"),
        (lambda _text: None, "The file is missing"),
    ],
)
def test_a_mark_outside_the_database_is_checked(
    filled: Place, name: str, change: Callable[[str], str | None], what: str
) -> None:
    path = filled.settings.data / name
    text = change(path.read_text())
    path.unlink()
    if text is not None:
        path.write_text(text)
    found = filled.verify()
    assert where(found) == [str(path)]
    assert what in found[0].what


def test_an_old_mark_is_no_finding_but_a_younger_one_is(filled: Place, tmp_path: Path) -> None:
    """A crash may leave the mark behind; a database behind its mark was lost or replaced."""
    old = filled.rows("SELECT note FROM signed WHERE size = 3")[0][0]
    kept = tmp_path / "old.sqlite3"
    shutil.copy(filled.settings.database, kept)
    filled.settings.highwater_file.write_text(old)
    assert filled.verify() == []
    filled.publish(draft("fr-dacg"))
    shutil.copy(kept, filled.settings.database)
    assert "has 5 records, but 6 were published" in " ".join(f.what for f in filled.verify())


def test_another_key_finds_another_log(filled: Place, tmp_path: Path) -> None:
    stranger = Place(tmp_path / "other").init().vkey
    with closing(connect(filled.settings.database, readonly=True)) as c:
        found = verify.verify(c, stranger, [])
    assert "log, index 0" in where(found)
    with closing(connect(filled.settings.database, readonly=True)) as c, pytest.raises(Invalid):
        verify.verify(c, "no key", [])


def content(path: Path) -> dict[str, Any] | None:
    """Everything that anybody could read from the file; None when it can't be read."""
    tables = [o.name for o in reference().objects if o.kind == "table" and not o.name.startswith("search_")]
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as c:
            shown = {t: c.execute(f"SELECT * FROM {t} ORDER BY 1, 2").fetchall() for t in tables}
            shown["found"] = [
                c.execute("SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid", (w,)).fetchall()
                for w in ('"uk"', '"office"', '"attorney"', '"authority"')
            ]
            return shown
    except (sqlite3.Error, OverflowError, UnicodeDecodeError):
        return None


@pytest.mark.parametrize("seed", range(4))
def test_no_flipped_bit_changes_what_can_be_read_unnoticed(filled: Place, seed: int) -> None:
    """60 random bits of used bytes for each seed. Unreadable counts as noticed, a silent change does not."""
    chance = random.Random(seed)
    path = filled.settings.database
    sound = path.read_bytes()
    before = content(path)
    assert before is not None
    used = [at for at, byte in enumerate(sound) if byte]
    changed = 0
    for _ in range(60):
        at = chance.choice(used)
        flipped = bytearray(sound)
        flipped[at] ^= 1 << chance.randrange(8)
        path.write_bytes(flipped)
        if content(path) == before:
            continue
        changed += 1
        try:
            noticed = bool(filled.verify())
        except Unusable:
            noticed = True
        assert noticed, f"bit flipped in byte {at} of seed {seed}"
    assert changed > 10, "too few flips hit anything: the test would say nothing"
    path.write_bytes(sound)
    assert filled.verify() == []


def test_a_file_cut_short_is_found_or_refused(filled: Place) -> None:
    path = filled.settings.database
    sound = path.read_bytes()
    for keep in (0, 1, 100, 4096, len(sound) // 2, len(sound) - 4096, len(sound) - 1):
        path.write_bytes(sound[:keep])
        try:
            noticed = bool(filled.verify())
        except Unusable as problem:
            noticed = problem.message.endswith(".")
        assert noticed, f"cut to {keep} bytes"


def test_no_room_for_the_copy_is_no_finding_but_a_plain_refusal(filled: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=1000))
    with pytest.raises(Unusable, match=r"Free some, or name another folder with TMPDIR"):
        filled.verify()


def test_verifying_changes_nothing(filled: Place) -> None:
    before = filled.settings.database.read_bytes()
    filled.tamper("UPDATE current SET name = 'Evil' WHERE id = 'ke-agc'")
    tampered = filled.settings.database.read_bytes()
    filled.verify()
    assert filled.settings.database.read_bytes() == tampered != before
