-- What tells this database from every other, whatever their sites are called: drawn once, kept for good
-- and carried along by backups, so that what goes on from here is never taken for another site's.
CREATE TABLE identity (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    mark TEXT NOT NULL CHECK (mark <> '')
);
