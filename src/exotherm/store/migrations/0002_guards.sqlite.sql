-- Append-only, in the words of SQLite.

CREATE TRIGGER sample_no_update BEFORE UPDATE ON sample
BEGIN SELECT RAISE(ABORT, 'a sample never changes'); END;

CREATE TRIGGER sample_linked BEFORE INSERT ON sample WHEN NEW.link IS NULL
BEGIN SELECT RAISE(ABORT, 'a sample is linked to the one before'); END;

CREATE TRIGGER event_no_update BEFORE UPDATE ON event
WHEN OLD.cleared_at IS NOT NULL OR NEW.last_at < OLD.last_at OR NEW.times < OLD.times
    OR (NEW.id, NEW.code, NEW.severity, NEW.place, NEW.apart, NEW.message, NEW.remedy, NEW.data,
        NEW.first_at, NEW.link)
    IS NOT (OLD.id, OLD.code, OLD.severity, OLD.place, OLD.apart, OLD.message, OLD.remedy, OLD.data,
        OLD.first_at, OLD.link)
BEGIN SELECT RAISE(ABORT, 'an event is only seen again or cleared'); END;

CREATE TRIGGER event_linked BEFORE INSERT ON event WHEN NEW.link IS NULL
BEGIN SELECT RAISE(ABORT, 'an event is linked to the one before'); END;

CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger
BEGIN SELECT RAISE(ABORT, 'an entry never changes'); END;

CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger
BEGIN SELECT RAISE(ABORT, 'an entry is never deleted'); END;

CREATE TRIGGER ledger_no_gap BEFORE INSERT ON ledger
WHEN NEW.number <> (SELECT COALESCE(MAX(number), 0) + 1 FROM ledger)
BEGIN SELECT RAISE(ABORT, 'entries are numbered without a gap'); END;

CREATE TRIGGER hot_only_grows BEFORE UPDATE ON hot
WHEN NEW.source_at <> OLD.source_at OR length(NEW.samples) <= length(OLD.samples)
BEGIN SELECT RAISE(ABORT, 'the samples of a second only become more'); END;

CREATE TRIGGER hot_no_delete BEFORE DELETE ON hot
WHEN NOT EXISTS (SELECT 1 FROM chunk WHERE day = OLD.source_at / 86400)
BEGIN SELECT RAISE(ABORT, 'samples are only taken out once they are in chunks'); END;

CREATE TRIGGER chunk_only_grows BEFORE UPDATE ON chunk
WHEN (NEW.point_id, NEW.day) IS NOT (OLD.point_id, OLD.day) OR NEW.samples <= OLD.samples
    OR NEW.first_at > OLD.first_at OR NEW.last_at < OLD.last_at
BEGIN SELECT RAISE(ABORT, 'the samples of a day only become more'); END;

CREATE TRIGGER chunk_no_delete BEFORE DELETE ON chunk
BEGIN SELECT RAISE(ABORT, 'samples are never deleted'); END;
