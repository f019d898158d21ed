"""Making a directory, and making its derived tables anew."""

import hashlib

from directory.clock import Clock, today
from directory.errors import Refused, Unusable
from directory.settings import Settings
from directory.store import ledger, rebuild, signing
from directory.store.database import create, opened, transaction
from directory.store.files import settle
from directory.store.lock import WriterLock
from directory.store.rebuild import Progress

POLICY = "cadir/policy/1: sensitive changes are announced in the log and wait before they take effect.\n"


def initialise(settings: Settings, clock: Clock) -> str:
    """Make an empty directory: database, key, first record; returns the public key of its log.

    The database gets its name when it is whole, so that a crash leaves nothing half made.
    Raises Refused when there is, or was, a directory; Unusable when the folder can't be written to.
    """
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise Unusable(
            f"{settings.data} can't be made: {problem.strerror}. Look at the rights of the folder above it."
        ) from problem
    with WriterLock(settings.data):
        signing.LogSigner.make(_free(settings).keys)
        signer = signing.LogSigner(settings.keys, settings.origin)
        beside = settings.database.with_name(".directory.sqlite3.new")
        for leftover in settings.data.glob(f"{beside.name}*"):
            leftover.unlink()
        c = create(beside)
        try:
            with transaction(c):
                policy = hashlib.sha256(POLICY.encode()).hexdigest()
                ledger.genesis(c, clock(), settings.origin, policy, [signer.vkey])
        finally:
            c.close()
        settle(beside, settings.database)
        with opened(settings.database, readonly=False) as c:
            signing.catch_up(c, signer, settings.highwater_file)
    return signer.vkey


def _free(settings: Settings) -> Settings:
    """The same settings, if nothing would be overwritten or contradicted. Raises Refused."""
    if settings.database.exists():
        raise Refused(f"There is a directory in {settings.data} already; nothing was changed.")
    for left in (settings.highwater_file, settings.keys / "last-signed"):
        if left.exists():
            raise Refused(
                f"{left} shows that there was a directory in {settings.data}; its database is gone. "
                "Put it back with `directory restore`, or choose another folder. Nothing was changed."
            )
    return settings


def remake(settings: Settings, clock: Clock, progress: Progress) -> int:
    """Drop every derived table and make it anew from the log; returns how many records were read.

    Raises Invalid at a damaged record, Unusable when another process writes; then nothing is changed.
    """
    with WriterLock(settings.data), opened(settings.database, readonly=False) as c, transaction(c):
        return rebuild.rebuild(c, today(clock), progress)
