-- Values of the moment: packed in SQLite's words (PostgreSQL: BIGINT keys, no WITHOUT ROWID).

-- All samples of one second as records of store/packed.py in order of their points. Only grows.
CREATE TABLE hot (
    source_at INTEGER NOT NULL PRIMARY KEY,
    samples BLOB NOT NULL
);

-- A point's samples of a day (UTC), packed, and in clear what most questions ask. Least, most, sum,
-- first and last are of good samples, NULL where there is none or a sum does not fit.
CREATE TABLE chunk (
    point_id INTEGER NOT NULL REFERENCES point (id),
    day INTEGER NOT NULL,
    samples INTEGER NOT NULL CHECK (samples >= 1),
    good INTEGER NOT NULL CHECK (good BETWEEN 0 AND samples),
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    count_min INTEGER,
    count_max INTEGER,
    count_sum INTEGER,
    count_first INTEGER,
    count_last INTEGER,
    packed BLOB NOT NULL,
    PRIMARY KEY (point_id, day),
    CHECK (first_at <= last_at)
) WITHOUT ROWID;

CREATE INDEX chunk_day ON chunk (day);

-- The newest sample of each point and quality, so that nobody has to look for it. It is replaced
-- as newer ones come; a look-up of its point at each of them would be a third of the work.
CREATE TABLE last (
    point_id INTEGER NOT NULL,
    quality TEXT NOT NULL,
    source_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    count INTEGER NOT NULL,
    origin TEXT NOT NULL,
    PRIMARY KEY (point_id, quality)
) WITHOUT ROWID;

INSERT INTO last (point_id, quality, source_at, received_at, count, origin)
SELECT point_id, quality, source_at, received_at, count, origin FROM sample
WHERE NOT EXISTS (
    SELECT 1 FROM sample AS newer
    WHERE newer.point_id = sample.point_id AND newer.quality = sample.quality
        AND newer.source_at > sample.source_at
);
