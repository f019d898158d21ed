-- Derived from the log, record by record, by store/projection.py alone. `directory rebuild` drops and remakes all of it.

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

CREATE INDEX version_in_time ON version (id, effective_on, idx, recorded_at);

CREATE TABLE current (                                  -- one row an entry: the version in force on the projection's day
  row          INTEGER PRIMARY KEY,                     -- index of the entry's first version
  id           TEXT NOT NULL UNIQUE,
  kind         TEXT NOT NULL CHECK (kind IN ('authority', 'state')),
  state        TEXT NOT NULL,
  name         TEXT NOT NULL,
  native_name  TEXT,
  unit         TEXT,
  territory    TEXT NOT NULL,                           -- JSON arrays
  functions    TEXT NOT NULL,
  treaties     TEXT NOT NULL,
  languages    TEXT NOT NULL,
  channels     TEXT NOT NULL,
  status       TEXT NOT NULL,
  n            INTEGER NOT NULL,
  idx          INTEGER NOT NULL,                        -- index of the version in force
  last_idx     INTEGER NOT NULL,                        -- index of the last record that can have changed the page
  effective_on TEXT NOT NULL,
  changed      TEXT NOT NULL,
  confirmed    TEXT,
  grade        TEXT,
  source_date  TEXT,
  commitment   BLOB NOT NULL,
  folded_name  TEXT NOT NULL,
  sort         TEXT NOT NULL
) STRICT;

CREATE INDEX current_by_state ON current (state, kind, sort);

CREATE TABLE facet (                                    -- what lists can be narrowed by
  name  TEXT NOT NULL,
  value TEXT NOT NULL,
  row   INTEGER NOT NULL,
  PRIMARY KEY (name, value, row)
) STRICT, WITHOUT ROWID;

CREATE INDEX facet_by_row ON facet (row);

CREATE VIRTUAL TABLE search USING fts5 (                -- words folded by domain/folding.py
  codes, names, place, body,
  tokenize = "unicode61 remove_diacritics 0", prefix = '2 3'
);

CREATE VIRTUAL TABLE term USING fts5vocab (search, 'row');

CREATE TABLE projection (                               -- the day for which `current` holds
  one INTEGER PRIMARY KEY CHECK (one = 1),
  day TEXT NOT NULL
) STRICT;
