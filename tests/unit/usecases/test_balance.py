"""The heat account of a month: sound meters close on every site, and faults in the store show.

The readings are the twin's, point by point, kept as any reading is; a fault is put on what a meter
told before it is kept. The plant's own flows are the second way to every line.
"""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import pytest

from exotherm.cli.main import run
from exotherm.core.period import Period, read_month
from exotherm.core.samples import Quality, Sample
from exotherm.operate.twin import STEP, Image, advance, image, start_twin
from exotherm.plant.build import build_plant, initial_state
from exotherm.plant.expose import expose
from exotherm.plant.simulate import simulate
from exotherm.site.document import points_of
from exotherm.site.meters import Meter
from exotherm.store.sqlite import Store, open_store
from exotherm.usecases.balance import UnableToBalance, balance_of_month, findings_on
from exotherm.usecases.workspace import Ready, load_workspace, ready

EXAMPLES = Path(__file__).parents[3] / "examples"
MONTH = "2026-10"
AFTER = datetime(2026, 11, 2, 8, tzinfo=UTC)
COOLER = """
[[meters]]
name         = "cooler"
protocol     = "mbus-tcp"
port         = 10002
address      = 2
profile      = "heat-meter"
measures     = "rejected"
serial       = "61440113"
utc_offset_h = 0.0
"""

Told = Callable[[str, int], int | None]


def sound(_: str, count: int) -> int | None:
    return count


@pytest.fixture
def workspace(request: pytest.FixtureRequest, tmp_path: Path) -> Ready:
    """Give an example with a heat meter at its cooler too."""
    folder = Path(shutil.copytree(EXAMPLES / request.param, tmp_path / request.param))
    site = folder / "site.toml"
    site.write_text(site.read_text("utf-8") + COOLER, encoding="utf-8")
    return opened(folder)


def opened(folder: Path) -> Ready:
    workspace = ready(load_workspace(folder))
    assert workspace is not None
    return workspace


@lru_cache
def shown(name: str, start: datetime, end: datetime) -> tuple[Image, ...]:
    """Give what the twin's meters show at each quarter-hour of a month, both edges included."""
    workspace = opened(EXAMPLES / name)
    twin = start_twin(workspace.site, workspace.surroundings, period=Period(start, end))
    images = [image(twin)]
    while twin.at < end:
        twin = advance(twin, twin.at + STEP)
        images.append(image(twin))
    return tuple(images)


def kept(workspace: Ready, told: Told = sound) -> Store:
    """Keep the month's readings of all meters as they are told; None is told by nobody."""
    period = read_month(MONTH, workspace.contract.zone)
    points = points_of(workspace.site)
    name = workspace.folder.name
    store = open_store(workspace.store)
    store.keep_points(points.values())
    store.save_samples(
        Sample(
            point=point,
            source_at=at.at,
            received_at=at.at,
            count=count,
            quality=Quality.GOOD,
        )
        for at in shown(name, period.start, period.end)
        for meter in workspace.site.meters
        for point, count in _of(meter, at, told)
    )
    return store


def _of(meter: Meter, at: Image, told: Told) -> list[tuple[str, int]]:
    counts: Mapping[str, int] = at.rejection if meter.measures == "rejected" else at.counts
    names = [(f"{meter.name}.{one.name}", counts[one.name]) for one in meter.points]
    return [(name, count) for name, was in names if (count := told(name, was)) is not None]


def lived(workspace: Ready) -> dict[str, float]:
    """Sum the plant's own flows over the month, by another way than meters and store."""
    period = read_month(MONTH, workspace.contract.zone)
    first = datetime.fromisoformat(f"{MONTH[:4]}-01-01").replace(tzinfo=workspace.site.zone)
    site, plant = workspace.site, build_plant(workspace.site)
    year = Period(first.astimezone(period.start.tzinfo), period.end)
    exposure = expose(site, workspace.surroundings, year, step=timedelta(minutes=15))
    flows = simulate(plant, exposure, initial_state(plant)).part(period)
    return {flow: float(values.sum()) * 0.25 for flow, values in flows.items()}


ALL = pytest.mark.parametrize(
    "workspace", ["pool", "school", "care-home", "district-heating", "housing-block"], indirect=True
)
POOL = pytest.mark.parametrize("workspace", ["pool"], indirect=True)
SCHOOL = pytest.mark.parametrize("workspace", ["school"], indirect=True)


@ALL
def test_sound_meters_close_and_every_line_is_what_flowed(workspace: Ready) -> None:
    with kept(workspace) as store:
        balance = balance_of_month(workspace, store, MONTH, now=AFTER)
    flowed = lived(workspace)
    lines = {one.name: one.heat_kwh for one in (*balance.going_in, *balance.coming_out)}
    expected = {
        "servers": flowed["it_kw"],
        "heat pump and fans at the racks": flowed["capture_fan_kw"] + flowed["heat_pump_power_kw"],
        "delivered": flowed["delivered_kw"],
        "rejected": flowed["rejected_kw"],
        "lost and into the room": flowed["uncaptured_kw"]
        + flowed["buffer_loss_kw"]
        + flowed["heat_pump_loss_kw"],
    }
    for name, kwh in expected.items():
        assert lines[name] == pytest.approx(kwh, rel=0.01, abs=5.0), name
    assert balance.suspicion.closes
    assert not balance.rejection_is_open
    assert balance.known_frac == 1.0
    assert findings_on(workspace, balance) == ()


@SCHOOL
@pytest.mark.parametrize(
    ("wrong", "factor", "fault", "sensor"),
    [
        ("rack.it_kwh", 10, "scale", "power distribution"),
        ("heat_meter.heat_kwh heat_meter.volume_m3", 10, "pulse value", "heat meter, flow"),
    ],
)
def test_a_scale_that_is_wrong_by_ten_is_named(
    workspace: Ready, wrong: str, factor: int, fault: str, sensor: str
) -> None:
    with kept(workspace, lambda name, count: count * factor if name in wrong else count) as store:
        balance = balance_of_month(workspace, store, MONTH, now=AFTER)
    assert (balance.suspicion.fault, balance.suspicion.sensor) == (fault, sensor)
    (found,) = findings_on(workspace, balance)
    assert found.code == "meter.balance-open"


@POOL
def test_sensors_that_are_swapped_are_named(workspace: Ready) -> None:
    """A heat meter does not count backwards, so its register stands still."""
    water = dict.fromkeys(("heat_meter.supply_c", "heat_meter.return_c"), 0)
    images = shown("pool", *_edges(workspace))
    turns = {"heat_meter.supply_c": "return_c", "heat_meter.return_c": "supply_c"}

    def told(name: str, count: int) -> int | None:
        if name == "heat_meter.heat_kwh":
            return 0
        if name not in turns:
            return count
        water[name] += 1
        return images[water[name] - 1].counts[turns[name]]

    with kept(workspace, told) as store:
        balance = balance_of_month(workspace, store, MONTH, now=AFTER)
    assert balance.suspicion.fault == "sensors swapped"


def _edges(workspace: Ready) -> tuple[datetime, datetime]:
    period = read_month(MONTH, workspace.contract.zone)
    return period.start, period.end


@POOL
def test_time_in_which_a_register_was_silent_is_left_out_and_said(workspace: Ready) -> None:
    seen = iter(range(10**6))

    def told(name: str, count: int) -> int | None:
        if name != "rack.it_kwh":
            return count
        return None if 100 <= next(seen) < 150 else count

    with kept(workspace, told) as store:
        balance = balance_of_month(workspace, store, MONTH, now=AFTER)
    # The interval in which it is heard again tells of the silence too, so it is left out as well.
    assert balance.known_frac == pytest.approx((2980 - 51) / 2980)
    assert balance.suspicion.closes


@POOL
def test_without_a_meter_on_the_rejected_heat_too_much_shows_and_too_little_does_not(
    workspace: Ready,
) -> None:
    site = workspace.site
    bare = replace(workspace, site=site.model_copy(update={"meters": site.meters[:2]}))
    assert _closes_at(bare, {"heat_meter.heat_kwh": 1.0})
    assert _closes_at(bare, {"heat_meter.heat_kwh": 0.9, "heat_meter.volume_m3": 0.9})
    assert not _closes_at(bare, {"heat_meter.heat_kwh": 1.2, "heat_meter.volume_m3": 1.2})


def _closes_at(workspace: Ready, frac: Mapping[str, float]) -> bool:
    workspace.store.unlink(missing_ok=True)
    with kept(workspace, lambda name, count: int(count * frac.get(name, 1.0))) as store:
        balance = balance_of_month(workspace, store, MONTH, now=AFTER)
    assert balance.rejection_is_open
    return balance.suspicion.closes


def nothing(_: str, __: int) -> int | None:
    return None


@POOL
def test_what_cannot_be_is_said_though_the_account_closes(workspace: Ready) -> None:
    """Servers that draw more than they can, where what is left may all be rejected."""
    site = workspace.site
    bare = replace(workspace, site=site.model_copy(update={"meters": site.meters[:2]}))
    with kept(
        bare, lambda name, count: int(count * (1.9 if name == "rack.it_kwh" else 1))
    ) as store:
        balance = balance_of_month(bare, store, MONTH, now=AFTER)
    (found,) = findings_on(bare, balance)
    assert not balance.suspicion.closes
    assert "the servers drew" in found.message
    assert "rated at 28.0" in found.message


@POOL
def test_a_month_before_the_cooler_had_its_meter_is_told_without_it(workspace: Ready) -> None:
    with kept(workspace, lambda name, count: None if "cooler" in name else count) as store:
        balance = balance_of_month(workspace, store, MONTH, now=AFTER)
    assert balance.rejection_is_open
    assert balance.suspicion.closes


@POOL
def test_what_was_never_read_is_said_and_what_cannot_have_been_read_yet(workspace: Ready) -> None:
    # The contract's October begins on the 30th of September, 22 h of UTC, and has an hour more.
    said = {
        datetime(
            2026, 9, 30, 21, 59, tzinfo=UTC
        ): "2026-10 has not begun: it runs from 1 Oct 2026, and it is 30 Sep 2026 now",
        datetime(
            2026, 9, 30, 22, tzinfo=UTC
        ): "2026-10 is not over before 1 Nov 2026, and there is no time in it yet of which",
        datetime(2026, 10, 31, 22, 59, tzinfo=UTC): "2026-10 is not over before",
        datetime(2026, 10, 31, 23, tzinfo=UTC): "There is no time in 2026-10 of which",
    }
    with kept(workspace, nothing) as store:
        for now, words in said.items():
            with pytest.raises(UnableToBalance, match=words):
                balance_of_month(workspace, store, MONTH, now=now)


@POOL
def test_a_month_that_runs_has_its_account_so_far(
    workspace: Ready, capsys: pytest.CaptureFixture[str]
) -> None:
    kept(workspace).close()
    asked = ["operate", "balance", str(workspace.folder), "--month", MONTH, "--now"]
    for now, so_far in {
        "2026-10-20T08:00Z": True,
        "2026-11-02T08:00Z": False,
        # A twin's month may be practised ahead.
        "2026-09-02T08:00Z": False,
    }.items():
        assert run([*asked, now]) == 0
        assert ("so far: the month is not over" in capsys.readouterr().out) is so_far, now


@POOL
def test_the_command_tells_the_account_and_leaves_1_where_it_is_open(
    workspace: Ready, capsys: pytest.CaptureFixture[str]
) -> None:
    kept(workspace, lambda name, count: count * 10 if name == "rack.it_kwh" else count).close()
    asked = ["operate", "balance", str(workspace.folder), "--month", MONTH]
    assert run(asked) == 1
    said = capsys.readouterr()
    assert "It does not close." in said.out
    assert "meter.balance-open" in said.err
    assert run([*asked, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["closes"] is False
    assert told["rejection_is_metered"] is True
    (impossible,) = told["impossible"]
    assert impossible.startswith("the servers drew")
    assert [one["code"] for one in told["findings"]] == ["meter.balance-open"]


@pytest.mark.parametrize(
    ("workspace", "doubtful"),
    [("pool", "the heat delivered"), ("school", "the modelled losses")],
    indirect=["workspace"],
)
def test_what_most_of_the_doubt_is_due_to_is_told(
    workspace: Ready, doubtful: str, capsys: pytest.CaptureFixture[str]
) -> None:
    kept(workspace).close()
    asked = ["operate", "balance", str(workspace.folder), "--month", MONTH]
    assert run(asked) == 0
    assert f"err together, most of it by {doubtful}." in " ".join(capsys.readouterr().out.split())
    assert run([*asked, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["most_doubtful"] == doubtful
