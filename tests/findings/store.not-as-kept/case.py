import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from exotherm.core.samples import Point, Quality, Sample
from exotherm.store.sqlite import open_store
from exotherm.store.verify import verify_store

ABOUT = "A row of the database is not as it was kept: something else has changed the file."
AT = datetime(2026, 10, 12, 6, tzinfo=UTC)
HEAT = Point(name="heat_meter.heat_kwh", kind="register", unit="kwh", decimals=0, digits=8)


def findings():
    reading = Sample(
        point=HEAT.name, source_at=AT, received_at=AT, count=123_456, quality=Quality.GOOD
    )
    with TemporaryDirectory() as folder:
        path = Path(folder) / "exotherm.db"
        with open_store(path) as store:
            store.keep_points([HEAT])
            store.save_samples([reading])
        with closing(sqlite3.connect(path)) as changing:
            changing.execute("DROP TRIGGER sample_no_update")
            changing.execute("UPDATE sample SET count = 113456")
            changing.commit()
        with open_store(path) as store:
            return verify_store(store).findings
