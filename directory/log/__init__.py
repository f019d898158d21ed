"""The append-only log: canonical bytes, Merkle tree, signed notes, tiles. Pure; knows nothing of authorities."""
