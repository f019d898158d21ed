"""A log written into a folder as it is served: what verifiers in these tests are given to read."""

from collections.abc import Sequence
from pathlib import Path

from directory.log import b64, proof
from directory.log.checkpoint import Checkpoint
from directory.log.commitment import commit
from directory.log.note import COSIGNATURE, Signer, add_line
from directory.log.tiles import MAX_LEVEL, available, bundle, tile_path
from directory.log.tree import Frontier, consistency_proof, inclusion_proof, leaf_hash, root

ORIGIN = "directory.example/log"
LOG = Signer(ORIGIN, bytes(range(32)))
WITNESS = Signer("directory.example/witness", bytes(range(32, 64)), COSIGNATURE)
TIME = 1767225600


class Published:
    """The folder of a log with some entries; ``proofs`` and ``consistencies`` go into ``evidence``."""

    def __init__(self, folder: Path, entries: Sequence[bytes]) -> None:
        self.folder = folder
        self.entries = entries
        self.leaves = [leaf_hash(entry) for entry in entries]
        self._stored: dict[tuple[int, int], bytes] = {}
        frontier = Frontier()
        for leaf in self.leaves:
            self._stored |= {(level, number): digest for level, number, digest in frontier.append(leaf)}
        text = Checkpoint(ORIGIN, len(entries), frontier.root()).text()
        self.note = add_line(LOG.sign(text), WITNESS.line(text, TIME))
        self._write("checkpoint", self.note.encode())
        self._write("keys", f"{LOG.vkey}\n{WITNESS.vkey}\n".encode())
        (folder / "evidence").mkdir()
        for address in available(0, len(entries)):
            low = address.n * 256
            self._write(tile_path(None, address.n, address.width), bundle(entries[low : low + address.width]))
        for level in range(MAX_LEVEL + 1):
            for address in available(level, len(entries)):
                low = address.n * 256
                hashes = [self._get(8 * level, number) for number in range(low, low + address.width)]
                self._write(tile_path(level, address.n, address.width), b"".join(hashes))

    def keep(self, salt: bytes, body: bytes) -> Path:
        """Write the content behind a commitment."""
        return self._write(f"blob/{commit(salt, body).hex()}", salt + body)

    def prove(self, index: int) -> Path:
        """Write the proof that an entry is in the log."""
        hashes = inclusion_proof(index, len(self.entries), self._get)
        return self._write(f"evidence/{index}.tlog-proof", proof.write(index, hashes, self.note).encode())

    def prove_consistency(self, old: int) -> Path:
        """Write the proof that the first ``old`` entries are the beginning of the log: size, root, hashes."""
        hashes = [root(self.leaves[:old]), *consistency_proof(old, len(self.entries), self._get)]
        lines = [str(old), *(b64.encode(h) for h in hashes)]
        return self._write(f"evidence/{old}.consistency", ("\n".join(lines) + "\n").encode())

    def _get(self, level: int, number: int) -> bytes:
        return self._stored[level, number]

    def _write(self, name: str, data: bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path
