-- What a workspace keeps: samples, what happened, and what was issued.
--
-- SQL that SQLite and PostgreSQL both take. Instants are whole seconds since 1970-01-01 UTC, days are
-- ISO 8601 text, counts are whole numbers of a point's last decimal. Rows of `point`, `sample` and
-- `document` never change; the guards hold that, each engine in its own words.

CREATE TABLE migration (
    version INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    applied_at BIGINT NOT NULL
);

CREATE TABLE point (
    id INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('register', 'instant')),
    unit TEXT NOT NULL,
    decimals INTEGER NOT NULL CHECK (decimals BETWEEN 0 AND 9),
    digits INTEGER NOT NULL CHECK (digits BETWEEN 1 AND 18)
);

-- `seq` numbers the samples of a point in the order in which they were stored, from nought and
-- without a gap, so that a sample taken away shows.
CREATE TABLE sample (
    point_id INTEGER NOT NULL REFERENCES point (id),
    seq BIGINT NOT NULL,
    source_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    count BIGINT NOT NULL,
    quality TEXT NOT NULL CHECK (quality IN ('good', 'suspect', 'invalid')),
    PRIMARY KEY (point_id, seq),
    UNIQUE (point_id, source_at)
);

-- One row for each run of the same finding at the same place: when it was first and last seen, how
-- often, and when it was gone. `apart` keeps runs of the same code apart.
CREATE TABLE event (
    id INTEGER NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('error', 'warning', 'note')),
    place TEXT NOT NULL,
    apart TEXT NOT NULL,
    message TEXT NOT NULL,
    remedy TEXT NOT NULL,
    data TEXT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    times INTEGER NOT NULL CHECK (times >= 1),
    cleared_at BIGINT,
    CHECK (last_at >= first_at)
);

CREATE INDEX event_standing ON event (place, code) WHERE cleared_at IS NULL;

-- The last answer of each meter, to see whether the next one is new. The only row that is replaced.
CREATE TABLE answer (
    meter TEXT NOT NULL PRIMARY KEY,
    access_number INTEGER,
    source_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL
);

CREATE TABLE document (
    kind TEXT NOT NULL,
    prefix TEXT NOT NULL,
    ordinal BIGINT NOT NULL CHECK (ordinal >= 1),
    number TEXT NOT NULL,
    issued_on TEXT NOT NULL,
    period_start BIGINT NOT NULL,
    period_end BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    json TEXT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (kind, prefix, ordinal),
    UNIQUE (kind, number),
    CHECK (period_start < period_end)
);
