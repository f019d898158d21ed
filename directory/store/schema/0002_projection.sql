-- Derived from the log, record by record, by store/projection.py alone. `directory rebuild` drops and remakes all of it.
-- A version is known here by the index of its record: `row` of summary and search, bits of facet.

CREATE TABLE version (                                  -- one row a version, without its content
  id           TEXT NOT NULL,
  n            INTEGER NOT NULL,
  idx          INTEGER NOT NULL UNIQUE,
  effective_on TEXT NOT NULL,
  precision    TEXT NOT NULL,
  basis        TEXT NOT NULL,
  recorded_at  TEXT NOT NULL,
  reason       TEXT NOT NULL,
  commitment   BLOB NOT NULL,
  sensitive    INTEGER NOT NULL,
  PRIMARY KEY (id, n)
) STRICT, WITHOUT ROWID;

CREATE INDEX version_in_time ON version (id, effective_on, idx, recorded_at);  -- covers every "in force on a day"

CREATE TABLE summary (                                  -- a line of a list, for every version whose content is there
  row         INTEGER PRIMARY KEY,
  id          TEXT NOT NULL,
  kind        TEXT NOT NULL CHECK (kind IN ('authority', 'state')),
  state       TEXT NOT NULL,
  name        TEXT NOT NULL,
  native_name TEXT,
  unit        TEXT,
  territory   TEXT NOT NULL,                            -- JSON arrays
  functions   TEXT NOT NULL,
  treaties    TEXT NOT NULL,
  languages   TEXT NOT NULL,
  channels    TEXT NOT NULL,
  status      TEXT NOT NULL,
  source_date TEXT,
  name_words  TEXT NOT NULL,                            -- what "exactly this name" is compared with
  prominence  INTEGER NOT NULL,                         -- 0 is asked for most
  by_state    TEXT NOT NULL,                            -- orders of lists
  by_name     TEXT NOT NULL
) STRICT;

CREATE INDEX summary_of ON summary (id);
CREATE INDEX summary_named ON summary (name_words);
CREATE INDEX summary_by_state ON summary (by_state);
CREATE INDEX summary_by_name ON summary (by_name);
CREATE INDEX summary_by_prominence ON summary (prominence, by_state);
CREATE INDEX summary_in_state ON summary (state, id);

CREATE TABLE current (                                  -- one row an entry: what is in force on the projection's day
  row          INTEGER PRIMARY KEY,                     -- index of the entry's first version
  id           TEXT NOT NULL UNIQUE,
  last_idx     INTEGER NOT NULL,                        -- index of the last record that can have changed the page
  confirmed    TEXT,                                    -- instant and grade of the last confirmation
  grade        TEXT,
  replaced_by  TEXT,
  idx          INTEGER,                                 -- of the version in force; from here on null when none is,
  n            INTEGER,                                 -- or when its content was erased
  effective_on TEXT,
  changed      TEXT,
  commitment   BLOB,
  kind         TEXT,
  state        TEXT,
  name         TEXT,
  source_date  TEXT,
  by_state     TEXT
) STRICT;

CREATE INDEX current_by_state ON current (state, kind, confirmed, source_date);

CREATE TABLE confirmation (                             -- every confirmation of every entry
  id    TEXT NOT NULL,
  idx   INTEGER NOT NULL,
  at    TEXT NOT NULL,
  grade TEXT NOT NULL,
  PRIMARY KEY (id, idx)
) STRICT, WITHOUT ROWID;

CREATE TABLE change (                                   -- the log in a form to list
  idx    INTEGER PRIMARY KEY,
  type   TEXT NOT NULL,
  at     TEXT NOT NULL,
  id     TEXT,
  reason TEXT NOT NULL
) STRICT;

CREATE INDEX change_of ON change (id, idx);

CREATE TABLE facet (                                    -- which versions have a value: see store/bitmap.py
  name  TEXT NOT NULL,
  value TEXT NOT NULL,
  chunk INTEGER NOT NULL,
  bits  BLOB NOT NULL CHECK (length(bits) BETWEEN 1 AND 4096),
  PRIMARY KEY (name, value, chunk)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE search USING fts5 (                -- words of every version, folded by domain/folding.py
  codes, names, place, body,
  tokenize = "unicode61 remove_diacritics 0", prefix = '2 3'
);

CREATE VIRTUAL TABLE term USING fts5vocab (search, 'row');

CREATE TABLE word (                                     -- every word of search, to find what a slip was meant for
  word      TEXT PRIMARY KEY,
  backwards TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX word_backwards ON word (backwards);

CREATE TABLE projection (                               -- the day for which `current` holds
  one INTEGER PRIMARY KEY CHECK (one = 1),
  day TEXT NOT NULL
) STRICT;
