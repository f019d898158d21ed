-- The log itself and what lies beside it. Written by store/ledger.py alone; nothing here is ever derived again.
-- Every connection sets recursive_triggers=ON, so that INSERT OR REPLACE fires the delete triggers too.

CREATE TABLE log (
  idx   INTEGER PRIMARY KEY CHECK (idx >= 0),                       -- leaf index; position = idx + 1
  entry BLOB NOT NULL CHECK (length(entry) BETWEEN 2 AND 8192),     -- canonical JSON, authoritative as stored
  leaf  BLOB NOT NULL UNIQUE CHECK (length(leaf) = 32)
) STRICT;

CREATE TABLE node (                                                 -- hashes of perfect subtrees: tiles are rows of it
  level  INTEGER NOT NULL CHECK (level >= 0),
  number INTEGER NOT NULL CHECK (number >= 0),
  hash   BLOB NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (level, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE blob (                                                 -- content behind the commitments
  commitment BLOB PRIMARY KEY CHECK (length(commitment) = 32),
  layer      TEXT NOT NULL CHECK (layer IN ('public', 'network', 'secretariat')),
  salt       BLOB CHECK (salt IS NULL OR length(salt) = 32),
  body       BLOB,
  erased_idx INTEGER REFERENCES log (idx),
  CHECK ((body IS NULL) = (erased_idx IS NOT NULL)),
  CHECK ((body IS NULL) = (salt IS NULL))
) STRICT;

CREATE TABLE signed (                                               -- checkpoints that were signed
  size INTEGER PRIMARY KEY CHECK (size >= 0),
  note TEXT NOT NULL
) STRICT;

CREATE TRIGGER log_dense BEFORE INSERT ON log
WHEN NEW.idx <> (SELECT coalesce(max(idx) + 1, 0) FROM log)
BEGIN SELECT RAISE(ABORT, 'the log has no gaps: the next index is expected'); END;

CREATE TRIGGER log_leaf_once BEFORE INSERT ON log
WHEN EXISTS (SELECT 1 FROM log WHERE leaf = NEW.leaf)
BEGIN SELECT RAISE(ABORT, 'the log is append-only: this leaf is there already'); END;

CREATE TRIGGER log_no_update BEFORE UPDATE ON log
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

CREATE TRIGGER log_no_delete BEFORE DELETE ON log
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

CREATE TRIGGER node_once BEFORE INSERT ON node
WHEN EXISTS (SELECT 1 FROM node WHERE level = NEW.level AND number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'the tree is append-only'); END;

CREATE TRIGGER node_no_update BEFORE UPDATE ON node
BEGIN SELECT RAISE(ABORT, 'the tree is append-only'); END;

CREATE TRIGGER node_no_delete BEFORE DELETE ON node
BEGIN SELECT RAISE(ABORT, 'the tree is append-only'); END;

CREATE TRIGGER blob_once BEFORE INSERT ON blob
WHEN EXISTS (SELECT 1 FROM blob WHERE commitment = NEW.commitment)
BEGIN SELECT RAISE(ABORT, 'this commitment is there already'); END;

CREATE TRIGGER blob_only_erasure BEFORE UPDATE ON blob
WHEN NEW.commitment IS NOT OLD.commitment OR NEW.layer IS NOT OLD.layer OR OLD.body IS NULL
  OR NEW.body IS NOT NULL OR NEW.salt IS NOT NULL OR NEW.erased_idx IS NULL
BEGIN SELECT RAISE(ABORT, 'content can only be erased, and only with a record of it'); END;

CREATE TRIGGER blob_no_delete BEFORE DELETE ON blob
BEGIN SELECT RAISE(ABORT, 'content can only be erased, and only with a record of it'); END;

CREATE TRIGGER signed_once BEFORE INSERT ON signed
WHEN EXISTS (SELECT 1 FROM signed WHERE size = NEW.size)
BEGIN SELECT RAISE(ABORT, 'this size is signed already'); END;

CREATE TRIGGER signed_no_update BEFORE UPDATE ON signed
BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;

CREATE TRIGGER signed_no_delete BEFORE DELETE ON signed
BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;
