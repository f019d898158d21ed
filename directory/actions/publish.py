"""Publishing: the only path to the log. One transaction, then the signature, then the high-water file."""

from collections.abc import Callable, Sequence
from datetime import datetime

from directory.clock import Clock
from directory.errors import Unusable
from directory.settings import Settings
from directory.store import ledger, signing
from directory.store.database import Connection, opened, transaction
from directory.store.ledger import Draft
from directory.store.lock import WriterLock


def publish(settings: Settings, clock: Clock, decide: Callable[[Connection, datetime], Sequence[Draft]]) -> list[int]:
    """Take what ``decide`` makes of the state it finds, all of it or nothing; returns the new indexes.

    ``decide`` runs inside the write transaction, so that nothing can change between its look and its act.
    Raises Unusable when another process writes or the log does not fit what was published before.
    """
    with WriterLock(settings.data), opened(settings.database, readonly=False) as c:
        signer = signing.LogSigner(settings.keys, settings.origin)
        signing.catch_up(c, signer, settings.highwater_file)
        with transaction(c):
            now = clock()
            indexes = ledger.append(c, decide(c, now), now)
        if indexes:
            try:
                signing.finish(c, signer, settings.highwater_file)
            except Unusable as problem:
                raise Unusable(
                    f"{len(indexes)} records were written to the log, but not yet signed and published. "
                    f"{problem.message} Then start the directory or any command that writes; it finishes the rest."
                ) from problem
        return indexes
