"""Files of readings that arrive in folders: taken, kept, and only then put away."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import cast

from exotherm.core.findings import Finding, has_errors
from exotherm.core.units import label_of
from exotherm.devices.drop.files import DropFolder
from exotherm.devices.drop.rows import Row, read_rows
from exotherm.devices.errors import UnableToReachMeter
from exotherm.devices.profile import CsvProfile
from exotherm.devices.reading import load_device_profile
from exotherm.operate.limits import CLOCK_OFF_MAX
from exotherm.operate.telegram import Answer, Told
from exotherm.site.document import Site
from exotherm.site.meters import Meter
from exotherm.store.sqlite import Store
from exotherm.usecases.forwarding import save_to_pass_on
from exotherm.usecases.polling import MeterReport, Poller, save_reports, silent_report


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """What came of one file: the reports of its rows, what stands against it, lines twice in it."""

    reports: tuple[MeterReport, ...]
    findings: tuple[Finding, ...]
    repeated: int


class Drops:
    """The folders of a site's meters whose readings arrive as files."""

    def __init__(self, site: Site, folder: Path) -> None:
        self._site = site
        self._meters = [meter for meter in site.meters if meter.protocol == "csv" and meter.points]
        self._profiles = {
            meter.name: cast("CsvProfile", load_device_profile(meter.profile))
            for meter in self._meters
        }
        self._folders = {
            meter.name: DropFolder(folder / meter.host, self._profiles[meter.name].pattern)
            for meter in self._meters
        }

    def take(
        self, poller: Poller, store: Store, *, now: Callable[[], datetime]
    ) -> tuple[Dropped, ...]:
        """Take every whole file, keep its readings, and put it away.

        A file is put away only after its readings are stored, so that none is lost; what is known
        already is not stored twice. A folder that cannot be read is a finding of its meter. Raises
        UnableToUseStore.
        """
        return tuple(
            one for meter in self._meters for one in self._of_meter(meter, poller, store, now=now)
        )

    def _of_meter(
        self, meter: Meter, poller: Poller, store: Store, *, now: Callable[[], datetime]
    ) -> list[Dropped]:
        folder = self._folders[meter.name]
        try:
            files = folder.take(now())
        except UnableToReachMeter as error:
            report = silent_report(meter, error, at=now())
            save_reports(store, [report])
            return [Dropped(reports=(report,), findings=(), repeated=0)]
        kept = [self._keep(meter, file, poller, store, now=now()) for file in files]
        waiting = tuple(folder.waiting(now()))
        if waiting:
            store.save_findings(waiting, at=now())
            kept.append(Dropped(reports=(), findings=waiting, repeated=0))
        return kept

    def _keep(
        self, meter: Meter, file: Path, poller: Poller, store: Store, *, now: datetime
    ) -> Dropped:
        folder = self._folders[meter.name]
        rows = read_rows(
            file.read_bytes(),
            self._profiles[meter.name],
            file=file.name,
            until=now + CLOCK_OFF_MAX,
        )
        reports = [poller.judge(meter, _answer(row, meter, now=now)) for row in rows.rows]
        with store.together():
            save_to_pass_on(store, self._site, reports)
            if rows.findings:
                store.save_findings(rows.findings, at=now)
        (folder.put_aside if has_errors(rows.findings) else folder.put_away)(file)
        return Dropped(
            reports=tuple(reports),
            findings=rows.findings,
            repeated=rows.repeated,
        )


def _answer(row: Row, meter: Meter, *, now: datetime) -> Answer:
    return Answer(
        meter=meter.name,
        received_at=now,
        source_at=row.source_at,
        told=tuple(
            Told(
                point=f"{meter.name}.{quantity}",
                value=raw.number,
                unit=label_of(quantity),
                reason=raw.reason,
            )
            for quantity, raw in row.values.items()
        ),
        serial=row.serial or None,
        clock="recorded",
    )
