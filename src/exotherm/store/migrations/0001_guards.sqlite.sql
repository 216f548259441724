-- Append-only, in the words of SQLite.

CREATE TRIGGER point_no_update BEFORE UPDATE ON point
BEGIN SELECT RAISE(ABORT, 'a point never changes'); END;

CREATE TRIGGER point_no_delete BEFORE DELETE ON point
BEGIN SELECT RAISE(ABORT, 'a point is never deleted'); END;

CREATE TRIGGER sample_no_update BEFORE UPDATE ON sample
BEGIN SELECT RAISE(ABORT, 'a sample never changes'); END;

CREATE TRIGGER sample_no_delete BEFORE DELETE ON sample
BEGIN SELECT RAISE(ABORT, 'a sample is never deleted'); END;

CREATE TRIGGER sample_no_gap BEFORE INSERT ON sample
WHEN NEW.seq <> (SELECT COALESCE(MAX(seq), -1) + 1 FROM sample WHERE point_id = NEW.point_id)
BEGIN SELECT RAISE(ABORT, 'the samples of a point are numbered without a gap'); END;

CREATE TRIGGER event_no_update BEFORE UPDATE ON event
WHEN OLD.cleared_at IS NOT NULL OR NEW.last_at < OLD.last_at OR NEW.times < OLD.times
    OR (NEW.id, NEW.code, NEW.severity, NEW.place, NEW.apart, NEW.message, NEW.remedy, NEW.data,
        NEW.first_at)
    IS NOT (OLD.id, OLD.code, OLD.severity, OLD.place, OLD.apart, OLD.message, OLD.remedy, OLD.data,
        OLD.first_at)
BEGIN SELECT RAISE(ABORT, 'an event is only seen again or cleared'); END;

CREATE TRIGGER event_no_delete BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END;

CREATE TRIGGER document_no_update BEFORE UPDATE ON document
BEGIN SELECT RAISE(ABORT, 'an issued document never changes'); END;

CREATE TRIGGER document_no_delete BEFORE DELETE ON document
BEGIN SELECT RAISE(ABORT, 'an issued document is never deleted'); END;

CREATE TRIGGER document_no_gap BEFORE INSERT ON document
WHEN NEW.ordinal <> (
    SELECT COALESCE(MAX(ordinal), 0) + 1 FROM document
    WHERE kind = NEW.kind AND prefix = NEW.prefix
)
BEGIN SELECT RAISE(ABORT, 'documents are numbered without a gap'); END;
