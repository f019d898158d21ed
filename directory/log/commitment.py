"""Salted commitments: what the log holds in place of content.

``SHA-256("cadir/commit/v1" || LF || salt || body)``, a fresh 32-byte salt for each. Deleting salt and body makes the
commitment say nothing about anyone, while the tree above it stays valid.
"""

import hashlib
import secrets

SALT_SIZE = 32
_LABEL = b"cadir/commit/v1\n"


def new_salt() -> bytes:
    """Fresh random salt."""
    return secrets.token_bytes(SALT_SIZE)


def commit(salt: bytes, body: bytes) -> bytes:
    """The 32-byte commitment to ``body`` (canonical bytes). Raises ValueError for a salt of another size."""
    if len(salt) != SALT_SIZE:
        raise ValueError(f"a salt has {SALT_SIZE} bytes, not {len(salt)}")
    return hashlib.sha256(_LABEL + salt + body).digest()
