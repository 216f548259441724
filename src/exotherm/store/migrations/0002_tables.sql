-- Samples say where they came from, register readings and events are chained by hashes, telemetry
-- has a layout of its own, people's entries a ledger, and messages to others an outbox.
--
-- The guards that would refuse to fill the new columns of old rows are put back by the next script.

DROP TRIGGER sample_no_update;
DROP TRIGGER event_no_update;

ALTER TABLE sample ADD COLUMN origin TEXT NOT NULL DEFAULT 'device'
    CHECK (origin IN ('device', 'hand', 'import'));

-- The SHA-256 over the link of the row before it (of the same point, or of the events) and what this
-- row says. A row that is changed, taken away or put in between does not fit the ones after it.
ALTER TABLE sample ADD COLUMN link BYTEA;
ALTER TABLE event ADD COLUMN link BYTEA;

-- What people enter of meters. `count_before` and `count_after` stand around a jump of a register;
-- of a correction they are what was stored and what stands, NULL where nothing does.
CREATE TABLE ledger (
    number INTEGER NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL
        CHECK (kind IN ('exchange', 'reset', 'overflow', 'correction', 'withdrawal')),
    point_id INTEGER NOT NULL REFERENCES point (id),
    at BIGINT NOT NULL,
    known_at BIGINT NOT NULL,
    author TEXT NOT NULL CHECK (author <> ''),
    evidence TEXT NOT NULL CHECK (evidence <> ''),
    count_before BIGINT,
    count_after BIGINT,
    quality TEXT CHECK (quality IN ('good', 'suspect', 'invalid')),
    withdraws INTEGER REFERENCES ledger (number),
    link BYTEA NOT NULL,
    CHECK ((kind = 'withdrawal') = (withdraws IS NOT NULL)),
    CHECK (kind IN ('correction', 'withdrawal')
        OR (count_before IS NOT NULL AND count_after IS NOT NULL))
);

CREATE INDEX ledger_of_point ON ledger (point_id, at);

-- Messages that are to reach others, each once by its key, and how far each of those has them.
CREATE TABLE outbox (
    position INTEGER NOT NULL PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    payload BYTEA NOT NULL,
    put_at BIGINT NOT NULL
);

CREATE TABLE acknowledged (
    receiver TEXT NOT NULL PRIMARY KEY,
    position INTEGER NOT NULL
);
