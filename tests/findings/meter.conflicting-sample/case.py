from pathlib import Path
from tempfile import TemporaryDirectory

from case_meters import NOW, heat_meter_points
from october import sample

from exotherm.store.sqlite import open_store

ABOUT = (
    "A meter gives two values for one time: two devices answer, or its clock was set back; the "
    "first value stays."
)


def findings():
    points = heat_meter_points()
    with TemporaryDirectory() as folder, open_store(Path(folder) / "exotherm.db") as store:
        store.keep_points(points.values())
        for count in (15_342, 15_298):
            store.save_samples([sample("heat_meter.heat_kwh", NOW, count)])
        return [event.finding for event in store.standing_events()]
