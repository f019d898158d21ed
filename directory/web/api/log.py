"""The log in public, as C2SP tlog-tiles serves it, and proofs made to order.

Clients of transparency logs find here what they expect at the addresses that they expect it at; they need no word of
the rest of this API.
"""

import base64
from typing import Any

import msgspec
from litestar import Request, get
from litestar.params import FromPath
from litestar.response import Response
from litestar.types import ControllerRouterHandler

from directory.errors import Invalid, NotFound
from directory.log import checkpoint as checkpoints
from directory.log import proof as proofs
from directory.log import tiles, tree
from directory.log.record import Genesis, decode_record
from directory.store import ledger, reader
from directory.store.database import Connection
from directory.web.api.answers import ConsistencyAnswer, LogAnswer, ProofAnswer
from directory.web.api.operation import Operation
from directory.web.api.parameters import Parameter
from directory.web.api.replies import ERASABLE, FOR_EVER, REVALIDATE, SHORT, Held, Reply, respond, tag
from directory.web.site import Site

BYTES = "application/octet-stream"
TEXT = "text/plain"
MAX_POSITION = 10**12
MAX_LEVEL = 5
PROOF_SUFFIX = ".tlog-proof"

POSITION = Parameter(
    name="position", kind="number", low=1, high=MAX_POSITION, about="Size of the log right after the record.", example=2
)
LEVEL = Parameter(name="level", kind="number", low=0, high=MAX_LEVEL, about="Level of the tile.", example=0)
TILE = Parameter(
    name="tile", kind="path", pattern="^[0-9]{3}$", example="000",
    about="Number of the tile; from 1000 on in groups of three digits, such as x001/x234/067.",
)  # fmt: skip
WIDTH = Parameter(
    name="width", kind="number", low=1, high=tiles.WIDTH - 1, about="How many hashes or entries.", example=1
)
NO_TILE = {404: "The log is not that long."}

LOG = Operation(
    id="getLog", path="/api/v1/log", tag="log", summary="The log: name, keys, newest checkpoint", answer=LogAnswer,
    answers_with="The log as it stands.",
)  # fmt: skip
RECORD = Operation(
    id="getRecord", path="/api/v1/log/{position}", tag="log", summary="The bytes of one record", places=(POSITION,),
    about="Hashed behind a zero byte they are a leaf of the tree.", answer=dict[str, Any],
    answers_with="The record as it is stored: canonical JSON.", refusals={404: "The log is not that long."},
)  # fmt: skip
PROOF = Operation(
    id="getProof", path="/api/v1/proof/{position}", tag="log", summary="Proof that a record is in the log",
    places=(POSITION,), answer=ProofAnswer, answers_with="Record, hashes and checkpoint.",
    refusals={404: "The record is not there, or not signed yet."},
)  # fmt: skip
PROOF_FILE = Operation(
    id="getProofFile", path="/api/v1/proof/{position}" + PROOF_SUFFIX, tag="log", media_type=TEXT, places=(POSITION,),
    summary="The same proof as a file of C2SP tlog-proof", answers_with="The text of the proof.",
    refusals={404: "The record is not there, or not signed yet."},
)  # fmt: skip
CONSISTENCY = Operation(
    id="getConsistency", path="/api/v1/consistency/{old}/{new}", tag="log",
    summary="Proof that an earlier log is the beginning of a later one",
    places=(
        Parameter(name="old", kind="number", low=0, high=MAX_POSITION, about="Earlier size.", example=1),
        Parameter(name="new", kind="number", low=0, high=MAX_POSITION, about="Later size.", example=2),
    ),
    answer=ConsistencyAnswer, answers_with="Both roots and the hashes between them.",
    refusals={404: "The log is not that long, or the sizes do not rise."},
)  # fmt: skip
CHECKPOINT = Operation(
    id="getCheckpoint", path="/checkpoint", tag="log", summary="The newest signed checkpoint", media_type=TEXT,
    about="A signed note of C2SP tlog-checkpoint.", answers_with="The note.",
)  # fmt: skip
HASHES = Operation(
    id="getTile", path="/tile/{level}/{tile}", tag="log", summary="A full tile of 256 hashes", media_type=BYTES,
    about="C2SP tlog-tiles.", places=(LEVEL, TILE), answers_with="8192 bytes.", refusals=NO_TILE,
)  # fmt: skip
PARTIAL_HASHES = Operation(
    id="getPartialTile", path="/tile/{level}/{tile}.p/{width}", tag="log", summary="The first hashes of a tile",
    media_type=BYTES, places=(LEVEL, TILE, WIDTH), answers_with="32 bytes for each hash.", refusals=NO_TILE,
)  # fmt: skip
ENTRIES = Operation(
    id="getEntries", path="/tile/entries/{tile}", tag="log", summary="256 records", media_type=BYTES, places=(TILE,),
    answers_with="Each record behind its length in two bytes.", refusals=NO_TILE,
)  # fmt: skip
PARTIAL_ENTRIES = Operation(
    id="getPartialEntries", path="/tile/entries/{tile}.p/{width}", tag="log", media_type=BYTES, places=(TILE, WIDTH),
    summary="The first records of 256", answers_with="Each record behind its length in two bytes.", refusals=NO_TILE,
)  # fmt: skip
BLOB = Operation(
    id="getBlob", path="/blob/{commitment}", tag="log", summary="What a commitment of the public layer stands for",
    about="The SHA-256 of ``cadir/commit/v1``, a line feed and this answer is the commitment.", media_type=BYTES,
    places=(
        Parameter(
            name="commitment", kind="path", pattern="^[0-9a-f]{64}$", about="Commitment in hexadecimal.",
            example="0" * 64,
        ),
    ),
    answers_with="32 bytes of salt, then the canonical JSON of the entry.",
    refusals={404: "No version has this commitment, or its content was erased."},
)  # fmt: skip
OPERATIONS = (
    LOG, RECORD, PROOF, PROOF_FILE, CONSISTENCY, CHECKPOINT, HASHES, PARTIAL_HASHES, ENTRIES, PARTIAL_ENTRIES, BLOB,
)  # fmt: skip


def handlers(site: Site) -> list[ControllerRouterHandler]:
    """Their addresses."""

    @get(LOG.path)
    async def log(request: Request[Any, Any, Any]) -> Response[bytes]:
        LOG.read(request)
        held = Held(request)
        return respond(await site.read(lambda c: _log(c, held)), REVALIDATE)

    @get("/api/v1/log/{position:str}")
    async def record(request: Request[Any, Any, Any], position: FromPath[str]) -> Response[bytes]:
        RECORD.read(request)
        index, held = _number(position, POSITION) - 1, Held(request)
        return respond(await site.read(lambda c: _record(c, index, held)), FOR_EVER)

    @get("/api/v1/proof/{position:str}")
    async def proof(request: Request[Any, Any, Any], position: FromPath[str]) -> Response[bytes]:
        PROOF.read(request)
        index, held = _number(position.removesuffix(PROOF_SUFFIX), POSITION) - 1, Held(request)
        if position.endswith(PROOF_SUFFIX):
            return respond(await site.read(lambda c: _proof_file(c, index, held)), REVALIDATE, TEXT)
        return respond(await site.read(lambda c: _proof(c, index, held)), REVALIDATE)

    @get("/api/v1/consistency/{old:str}/{new:str}")
    async def consistency(request: Request[Any, Any, Any], old: FromPath[str], new: FromPath[str]) -> Response[bytes]:
        CONSISTENCY.read(request)
        first, second = (_number(text, CONSISTENCY.places[0]) for text in (old, new))
        held = Held(request)
        return respond(await site.read(lambda c: _consistency(c, first, second, held)), FOR_EVER)

    @get(CHECKPOINT.path)
    async def checkpoint(request: Request[Any, Any, Any]) -> Response[bytes]:
        CHECKPOINT.read(request)
        held = Held(request)
        return respond(await site.read(lambda c: _checkpoint(c, held)), SHORT, TEXT)

    @get("/tile/{level:str}/{rest:path}")
    async def tile(request: Request[Any, Any, Any], level: FromPath[str], rest: FromPath[str]) -> Response[bytes]:
        HASHES.read(request)
        held = Held(request)
        return respond(await site.read(lambda c: _tile(c, level, rest.lstrip("/"), held)), FOR_EVER, BYTES)

    @get("/blob/{commitment:str}")
    async def blob(request: Request[Any, Any, Any], commitment: FromPath[str]) -> Response[bytes]:
        BLOB.read(request)
        held = Held(request)
        return respond(await site.read(lambda c: _blob(c, commitment, held)), ERASABLE, BYTES)

    return [log, record, proof, consistency, checkpoint, tile, blob]


def _log(c: Connection, held: Held) -> Reply:
    head, note = reader.head(c), _note(c)
    first = decode_record(reader.record(c, 0) or b"")
    if not isinstance(first, Genesis):
        raise NotFound("The log does not begin as a log must.")

    def make() -> LogAnswer:
        return LogAnswer(
            origin=first.origin, vkeys=first.vkeys, position=head.position, root=_b64(head.root),
            recorded_at=head.recorded_at, checkpoint=note,
        )  # fmt: skip

    return held.reply(tag("log", head.position, _signed(note).size), head.position, make)


def _record(c: Connection, index: int, held: Held) -> Reply:
    data = reader.record(c, index)
    head = reader.position(c)
    if data is None:
        raise NotFound(f"The log has {head} records; it has no record {index + 1}.")
    return held.reply(tag("r", index + 1), head, lambda: data)


def _proof(c: Connection, index: int, held: Held) -> Reply:
    note, head = _note(c), reader.position(c)
    size = _signed(note).size

    def make() -> ProofAnswer:
        record = reader.record(c, index) or b""
        return ProofAnswer(
            position=index + 1, index=index, size=size, leaf_hash=_b64(tree.leaf_hash(record)),
            hashes=tuple(_b64(h) for h in reader.inclusion(c, index, size)), checkpoint=note,
            record=msgspec.Raw(record),  # type: ignore[arg-type]  # goes out as it is stored
        )  # fmt: skip

    _within(index, size)
    return held.reply(tag("p", index + 1, size), head, make)


def _proof_file(c: Connection, index: int, held: Held) -> Reply:
    note, head = _note(c), reader.position(c)
    size = _signed(note).size
    _within(index, size)
    return held.reply(
        tag("f", index + 1, size), head, lambda: proofs.write(index, reader.inclusion(c, index, size), note).encode()
    )


def _consistency(c: Connection, old: int, new: int, held: Held) -> Reply:
    hashes = reader.consistency(c, old, new)

    def make() -> ConsistencyAnswer:
        return ConsistencyAnswer(
            old=old, new=new, old_root=_b64(ledger.root(c, old)), new_root=_b64(ledger.root(c, new)),
            hashes=tuple(_b64(h) for h in hashes),
        )  # fmt: skip

    return held.reply(tag("k", old, new), reader.position(c), make)


def _checkpoint(c: Connection, held: Held) -> Reply:
    note = _note(c)
    return held.reply(tag("n", _signed(note).size), reader.position(c), note.encode)


def _tile(c: Connection, level: str, rest: str, held: Held) -> Reply:
    try:
        address = tiles.parse_path(rest)
    except Invalid as problem:
        raise NotFound(problem.message) from problem
    data = reader.bundle(c, address) if level == "entries" else reader.tile(c, _number(level, LEVEL), address)
    head = reader.position(c)
    if not data:
        raise NotFound(f"The log has {head} records; it has no such tile.")
    return held.reply(tag("t", level, address.n, address.width), head, lambda: data)


def _blob(c: Connection, commitment: str, held: Held) -> Reply:
    known = len(commitment) == 64 and all(digit in "0123456789abcdef" for digit in commitment)
    found = reader.public_blob(c, bytes.fromhex(commitment)) if known else None
    if found is None:
        raise NotFound("No version has this commitment in its public layer.")
    salt, body = found
    return held.reply(tag("b", commitment[:32]), reader.position(c), lambda: salt + body)


def _note(c: Connection) -> str:
    note = reader.checkpoint(c)
    if note is None:
        raise NotFound("The log has no signed checkpoint yet.")
    return note


def _signed(note: str) -> checkpoints.Checkpoint:
    return checkpoints.parse(note.partition("\n\n")[0] + "\n")


def _within(index: int, size: int) -> None:
    if not 0 <= index < size:
        raise NotFound(f"{size} records are signed; there is no proof for record {index + 1} yet.")


def _number(text: str, parameter: Parameter) -> int:
    """A number in an address. Raises NotFound: an address that can't be has nothing at it."""
    message = parameter.problem(text)
    if message or str(int(text)) != text:
        raise NotFound(message or f"{text!r} is written with needless zeros.")
    return int(text)


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()
