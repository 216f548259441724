-- Whose database this is: the site's name as it was called when it was last used, so that a backup is
-- not put back for another site. One row, replaced where the site is called by another name.
CREATE TABLE site (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    name TEXT NOT NULL CHECK (name <> '')
);
