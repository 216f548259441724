"""A meter is exchanged in the middle of a month: entered once, the month bills both ways."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from october import HEAT, OCTOBER, QUARTER, local, perfect_month, sample
from operated_pool import ISSUED_ON, copy_pool, read_october

from exotherm.bill.explain import explain_metering
from exotherm.core.findings import Severity
from exotherm.core.ledger import Entry, EntryKind, breaks_of, standing
from exotherm.core.period import Period
from exotherm.core.samples import Quality
from exotherm.operate.telegram import Answer, Told
from exotherm.prove.verify import Refused, check_invoice, read_readings, read_span
from exotherm.prove.verify import main as verify_pack
from exotherm.render.ubl import CBC, render_ubl
from exotherm.site.document import points_of
from exotherm.store.sqlite import open_store
from exotherm.store.values import LastAnswer
from exotherm.usecases.billing import Issued, issue_invoice, preview_invoice
from exotherm.usecases.hand_reading import UnableToEnterReading
from exotherm.usecases.meter_ledger import (
    Said,
    UnableToEnter,
    enter_correction,
    enter_jump,
    standing_events,
    withdraw_entry,
)
from exotherm.usecases.polling import Poller
from exotherm.usecases.proving import Proof, issue_pack
from exotherm.usecases.storekeeping import ask_store

CHANGED_AT = local(12, 9, 30)
NEW_FIRST = 5
NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
SAID = Said(author="the installer", evidence="exchange sheet 0117", now=NOW)


def heat_at(samples, at):
    return next(one.count for one in samples if (one.point, one.source_at) == (HEAT, at))


def exchanged_month(*, quality=Quality.GOOD):
    """The perfect month, with another meter from the 12th on, and how many kWh it has in all."""
    samples = perfect_month()
    at_change = heat_at(samples, CHANGED_AT)
    changed = [
        replace(one, count=one.count - at_change + NEW_FIRST, quality=quality)
        if one.point == HEAT and one.source_at >= CHANGED_AT
        else one
        for one in samples
    ]
    heat = [one.count for one in samples if one.point == HEAT]
    return changed, at_change, heat[-1] - heat[0]


@pytest.fixture
def workspace(tmp_path):
    return copy_pool(tmp_path / "pool")


def kept(workspace, samples):
    with open_store(workspace.store) as store:
        store.keep_points(points_of(workspace.site).values())
        store.save_samples(samples)


def exchange(workspace, store, shown, **other):
    given: dict[str, Any] = {
        "kind": EntryKind.EXCHANGE,
        "point_name": HEAT,
        "at": CHANGED_AT,
        "last": Decimal(shown),
        "first": Decimal(NEW_FIRST),
        "said": SAID,
    }
    return enter_jump(workspace.site, store, **(given | other))


def closed(workspace, store):
    return preview_invoice(workspace, store, "2026-10", issued_on=ISSUED_ON)


def test_without_an_entry_the_month_is_not_billed_and_with_it_both_ways_are(workspace):
    samples, last, heat_kwh = exchanged_month()
    kept(workspace, samples)
    with open_store(workspace.store) as store:
        assert "meter.register-went-backwards" in {
            one.code for one in closed(workspace, store).findings
        }
        exchange(workspace, store, last)
        bill = closed(workspace, store)
    assert bill.invoice is not None
    assert bill.metered is not None
    assert bill.metered.consumption.heat_kwh == heat_kwh
    assert bill.invoice.metering.advance_count == heat_kwh
    assert sum(one.heat_count for one in bill.metered.intervals) == heat_kwh
    words = explain_metering(bill.invoice)
    assert "The meter was exchanged at" in words
    both = f"{last:08d} before and {NEW_FIRST:08d} after"
    assert both in words
    written = etree.fromstring(render_ubl(bill.invoice)).iterfind(f".//{{{CBC}}}Note")
    (note,) = [one for one in (str(each.text) for each in written) if "Register" in one]
    assert "The meter was exchanged at" in note
    assert both in note
    metering = bill.invoice.to_json()["metering"]
    assert isinstance(metering, dict)
    (jump,) = metering["breaks"]
    assert (jump["why"], jump["count_before"], jump["count_after"]) == ("exchange", last, NEW_FIRST)
    notes = [one.message for one in bill.findings if one.code == "meter.ledger-entry"]
    assert "exchange sheet 0117" in notes[0]


def test_the_month_is_the_same_as_if_the_meter_had_stayed(workspace, tmp_path):
    samples, last, _ = exchanged_month()
    kept(workspace, samples)
    other = copy_pool(tmp_path / "other")
    kept(other, perfect_month())
    with open_store(workspace.store) as store, open_store(other.store) as stayed:
        exchange(workspace, store, last)
        one, two = closed(workspace, store), closed(other, stayed)
    assert one.invoice is not None
    assert two.invoice is not None
    assert one.invoice.lines[0].amount == two.invoice.lines[0].amount
    assert one.invoice.total_amount == two.invoice.total_amount
    assert one.metered is not None
    assert two.metered is not None
    assert [each.heat_count for each in one.metered.intervals] == [
        each.heat_count for each in two.metered.intervals
    ]


def test_readings_that_were_suspect_for_the_jump_alone_become_good_by_it(workspace):
    samples, last, heat_kwh = exchanged_month(quality=Quality.SUSPECT)
    kept(workspace, samples)
    with open_store(workspace.store) as store:
        entered = exchange(workspace, store, last)
        suspects = [one for one in samples if one.quality is Quality.SUSPECT]
        assert entered.made_good == len(suspects)
        bill = closed(workspace, store)
        assert bill.metered is not None
        assert bill.metered.consumption.heat_kwh == heat_kwh
        withdraw_entry(store, entered.entry.number, replace(SAID, evidence="wrong sheet"))
        assert closed(workspace, store).invoice is None
        stands = store.samples([HEAT], OCTOBER)[HEAT]
        assert sum(one.quality is Quality.SUSPECT for one in stands) == len(suspects)
        with pytest.raises(UnableToEnter, match="no entry"):
            withdraw_entry(store, entered.entry.number, SAID)


def test_bill_and_status_tell_the_newest_entry_that_counts_and_none_that_was_withdrawn(workspace):
    samples, last, _ = exchanged_month()
    kept(workspace, samples)
    with open_store(workspace.store) as store:
        wrong = exchange(workspace, store, last, said=replace(SAID, evidence="a wrong sheet"))
        withdraw_entry(store, wrong.entry.number, replace(SAID, evidence="looked again"))
        assert ledger_notes(closed(workspace, store).findings, store) == ([], [])
        exchange(workspace, store, last)
        told = f"(entry {wrong.entry.number + 2}; exchange sheet 0117)."
        (billed,), (standing_now,) = ledger_notes(closed(workspace, store).findings, store)
        assert billed.endswith(told)
        assert standing_now.endswith(told)
        at, count = local(20), heat_at(samples, local(20))
        enter_correction(
            workspace.site, store, point_name=HEAT, at=at, value=Decimal(count), said=SAID
        )
        billed, standing_now = ledger_notes(closed(workspace, store).findings, store)
        assert len(billed) == 2, "the month has both"
        assert [" is good as it was read" in one for one in standing_now] == [True]


def ledger_notes(findings, store):
    """What a bill's findings and the status say of the ledger."""
    both = (findings, [event.finding for event in standing_events(store)])
    return tuple([one.message for one in told if one.code == "meter.ledger-entry"] for told in both)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_edges_parts_and_bill_agree_in_any_order_of_packets(tmp_path_factory, data):
    """Two days of packets, permuted and repeated, the exchange entered somewhere among them."""
    samples, last, _ = exchanged_month()
    days = Period(local(11), local(13))
    heat = [one for one in samples if one.point == HEAT and days.start <= one.source_at <= days.end]
    truth = {one.source_at: one.count for one in perfect_month() if one.point == HEAT}
    expected = truth[days.end] - truth[days.start]
    packets = data.draw(st.permutations(heat + data.draw(st.lists(st.sampled_from(heat)))))
    where = data.draw(st.integers(0, len(packets)))
    workspace = copy_pool(tmp_path_factory.mktemp("order") / "pool")
    with open_store(workspace.store) as store:
        store.keep_points(points_of(workspace.site).values())
        store.save_samples(packets[:where])
        exchange(workspace, store, last)
        store.save_samples(packets[where:])
        asked = ask_store(store, HEAT, start=days.start, end=days.end, step=QUARTER)
        whole = ask_store(store, HEAT, start=days.start, end=days.end, step=days.duration)
    assert asked.advances is not None
    assert whole.advances is not None
    assert sum(one.count or 0 for one in asked.advances) == expected
    assert whole.advances[0].count == expected


def test_the_next_reading_is_judged_by_what_the_new_meter_showed_first(workspace):
    samples, last, _ = exchanged_month()
    kept(workspace, [one for one in samples if one.source_at < CHANGED_AT])
    with open_store(workspace.store) as store:
        exchange(workspace, store, last)
        poller = Poller(workspace.site, lines=None, now=lambda: NOW)  # type: ignore[arg-type]
        poller.recall(store)
    good = poller._good[HEAT]
    assert (good.count, good.source_at) == (NEW_FIRST, CHANGED_AT)


def test_whoever_reads_on_heeds_what_is_entered_meanwhile(workspace):
    """A gateway that runs goes on from the new meter, and from readings that became good by it."""
    samples, last, _ = exchanged_month(quality=Quality.SUSPECT)
    before = [one for one in exchanged_month()[0] if one.source_at < CHANGED_AT]
    after = [one for one in samples if one.source_at >= CHANGED_AT]
    kept(workspace, [*before, *(one for one in after if one.source_at < CHANGED_AT + QUARTER * 4)])
    with open_store(workspace.store) as store, open_store(workspace.store) as beside:
        poller = Poller(workspace.site, lines=None, now=lambda: NOW)  # type: ignore[arg-type]
        poller.recall(store)
        old = poller._good[HEAT]
        poller.heed_ledger(store)
        assert poller._good[HEAT] == old, "nothing was entered"
        exchange(workspace, beside, last)
        poller.heed_ledger(store)
        good = poller._good[HEAT]
        assert good.source_at >= CHANGED_AT
        assert good.count < old.count
        assert good.count == heat_at(samples, good.source_at)


def test_what_a_twin_lived_ahead_says_nothing_of_a_meter_of_now(workspace):
    """October is there in whole, received when it was lived; now is the 12th."""
    kept(workspace, perfect_month())
    now = local(12, 6, 4).astimezone(UTC)
    answers = {
        name: LastAnswer(meter=name, access_number=1, source_at=at, received_at=at)
        for name, at in (("heat_meter", OCTOBER.end), ("rack", now - QUARTER))
    }
    with open_store(workspace.store) as store:
        for answer in answers.values():
            store.save_answer(answer)
        poller = Poller(workspace.site, lines=None, now=lambda: now)  # type: ignore[arg-type]
        poller.recall(store)
        assert poller._good[HEAT].source_at == local(12, 6, 0)
        assert poller._answers.keys() == {"rack"}
        # So a register that falls is seen though a later one is stored.
        found = judged_by(poller, workspace, heat_at(perfect_month(), local(12, 6, 0)) - 5, now)
        assert [one.code for one in found] == ["meter.register-went-backwards"]
        said = replace(SAID, now=now)
        enter_correction(
            *(workspace.site, store), point_name=HEAT, at=local(12, 5, 0), value=None, said=said
        )
        poller.heed_ledger(store)
        assert poller._good[HEAT].source_at == local(12, 6, 0)


def judged_by(poller, workspace, count, now):
    meter = next(one for one in workspace.site.meters if one.name == "heat_meter")
    answer = Answer(
        meter=meter.name,
        received_at=now,
        source_at=now,
        told=(Told(point=HEAT, value=Decimal(count), unit="kWh"),),
        serial=meter.serial,
    )
    return [one for one in poller.judge(meter, answer).findings if one.where.path == HEAT]


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"point_name": "heat_meter.supply_c"}, "no register"),
        ({"point_name": "nothing.heat_kwh"}, "no register"),
        ({"at": NOW + timedelta(hours=1)}, "has not come"),
        ({"last": Decimal(99)}, "cannot have shown"),
        ({"last": Decimal(99_999_999)}, "cannot have shown"),
        ({"said": replace(SAID, author=" ")}, "author is empty"),
        ({"said": replace(SAID, evidence="")}, "evidence is empty"),
        ({"said": replace(SAID, author="the \x1b[2Jinstaller")}, "one line of .*the .u001b.2J"),
        ({"said": replace(SAID, evidence="two\nlines")}, "evidence is not one line"),
        ({"said": replace(SAID, evidence="sheet \udcff")}, "evidence is not one line"),
    ],
)
def test_what_does_not_explain_is_not_entered(workspace, other, told):
    samples, last, _ = exchanged_month()
    kept(workspace, samples)
    with open_store(workspace.store) as store:
        with pytest.raises(UnableToEnter, match=told):
            exchange(workspace, store, last, **other)
        assert store.entries() == ()


def test_a_second_jump_at_the_same_instant_is_refused(workspace):
    samples, last, _ = exchanged_month()
    kept(workspace, samples)
    with open_store(workspace.store) as store:
        exchange(workspace, store, last)
        with pytest.raises(UnableToEnter, match="already"):
            exchange(workspace, store, last)


def test_what_a_register_cannot_show_is_refused(workspace):
    kept(workspace, perfect_month())
    with open_store(workspace.store) as store:
        for value in ("12.5", "-1", "100000000"):
            with pytest.raises(UnableToEnterReading, match="can show"):
                exchange(workspace, store, 12400, first=Decimal(value))


def test_a_wrong_reading_is_corrected_and_the_month_is_billed_by_what_stands(workspace):
    wrong = local(20)
    samples = [
        replace(one, count=one.count - 400) if (one.point, one.source_at) == (HEAT, wrong) else one
        for one in perfect_month()
    ]
    right = heat_at(perfect_month(), wrong)
    kept(workspace, samples)
    with open_store(workspace.store) as store:
        assert closed(workspace, store).invoice is None
        entered = enter_correction(
            workspace.site, store, point_name=HEAT, at=wrong, value=Decimal(right), said=SAID
        )
        assert entered.entry.count_before == right - 400
        assert closed(workspace, store).invoice is not None
        nothing = enter_correction(
            workspace.site, store, point_name=HEAT, at=wrong, value=None, said=SAID
        )
        assert (nothing.entry.count_before, nothing.entry.count_after) == (right, None)
        assert closed(workspace, store).invoice is not None
        with pytest.raises(UnableToEnter, match="no reading"):
            enter_correction(
                workspace.site,
                store,
                point_name=HEAT,
                at=wrong + timedelta(minutes=1),
                value=None,
                said=SAID,
            )


def test_months_that_were_simulated_ahead_hide_no_reading_of_now(workspace, capsys):
    from exotherm.cli.main import run

    kept(workspace, perfect_month())
    command = ["operate", "status", str(workspace.folder), "--json", "--now"]

    def newest(now: str) -> str:
        assert run([*command, now]) == 0
        samples = json.loads(capsys.readouterr().out)["samples"]
        return next(str(one["source_at"]) for one in samples if one["point"] == HEAT)

    assert newest("2026-10-12T06:04Z") == "2026-10-12T06:00:00+00:00"
    # Before all readings the newest is shown.
    assert newest("2026-09-12T06:04Z") == newest("2026-12-01T00:00Z") == OCTOBER.end.isoformat()


def test_days_are_those_of_the_sites_clock_and_sum_to_the_month(workspace, capsys):
    from exotherm.cli.main import run

    kept(workspace, perfect_month())
    span = ["--from", "2026-10-01T00:00+02:00", "--to", "2026-11-01T00:00+01:00"]
    command = ["store", "query", str(workspace.folder), HEAT, "--step", "1d", "--json"]
    assert run([*command, *span]) == 0
    steps = json.loads(capsys.readouterr().out)["steps"]
    assert [one["start"] for one in steps] == [
        local(day).astimezone(UTC).isoformat().replace("+00:00", "Z") for day in range(1, 32)
    ]
    assert run([*command[:3], "heat_meter.supply_c", *command[4:], *span]) == 0
    moments = json.loads(capsys.readouterr().out)["steps"]
    assert [one["start"] for one in moments] == [one["start"] for one in steps]
    assert [one["samples"] for one in moments][23:26] == [96, 100, 96]


def test_what_was_entered_before_steers_no_terminal(workspace, capsys):
    from exotherm.cli.main import run

    kept(workspace, perfect_month())
    with open_store(workspace.store) as store:
        store.save_entry(
            Entry(
                kind=EntryKind.CORRECTION,
                point=HEAT,
                at=local(3),
                known_at=NOW,
                author="\x1b]0;owned\x07the installer",
                evidence="\u202esheet\x9b2J",
            )
        )
    for command in (["ledger"], ["ledger", "--json"], ["status"], ["status", "--json"]):
        assert run(["operate", command[0], str(workspace.folder), *command[1:]]) == 0
        told = capsys.readouterr()
        assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(told.out + told.err), command
        assert "\\u001b]0;owned" in told.out + told.err
        if "--json" in command:
            json.loads(told.out)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (10, "is kept, but by it .* and at most"),
        (1, None),
    ],
)
def test_a_correction_far_from_its_neighbours_is_kept_with_a_warning(workspace, value, told):
    kept(workspace, perfect_month())
    at = local(20)
    right = heat_at(perfect_month(), at)
    with open_store(workspace.store) as store:
        entered = enter_correction(
            workspace.site, store, point_name=HEAT, at=at, value=Decimal(right * value), said=SAID
        )
    messages = [one.message for one in entered.findings]
    if told is None:
        assert messages == []
    else:
        # Too far from the reading before, and the one after would be less.
        assert re.search(told, messages[0])
        assert messages[1].endswith("it only advances.")
        assert f"withdraw {entered.entry.number}`" in entered.findings[0].remedy


def test_a_correction_to_less_than_was_shown_before_is_refused(workspace):
    kept(workspace, perfect_month())
    at = local(20)
    right = heat_at(perfect_month(), at)
    with open_store(workspace.store) as store:
        with pytest.raises(UnableToEnter, match="cannot have shown less"):
            enter_correction(
                workspace.site, store, point_name=HEAT, at=at, value=Decimal(right - 400), said=SAID
            )
        assert store.entries() == ()


def test_an_exchange_that_no_reading_confirms_is_kept_with_a_warning(workspace):
    samples, last, _ = exchanged_month()
    kept(workspace, samples)
    with open_store(workspace.store) as store:
        assert exchange(workspace, store, last).findings == ()
        early = local(1) - timedelta(days=2)
        entered = exchange(
            workspace, store, last, at=early, last=Decimal(77), first=Decimal(12_340)
        )
        (found,) = entered.findings
        assert (found.code, found.severity) == ("meter.entry-unlikely", Severity.WARNING)
        assert "no good reading of heat_meter.heat_kwh lies in the 400 days before" in found.message
        earlier = exchange(workspace, store, last, at=early - QUARTER, first=Decimal(99_000))
        assert [one.message.split("but ")[1][:5] for one in earlier.findings] == ["no go", "by it"]


def test_an_overflow_needs_no_numbers(workspace):
    kept(workspace, [sample(HEAT, local(1), 99_999_990)])
    with open_store(workspace.store) as store:
        entered = exchange(workspace, store, 0, kind=EntryKind.OVERFLOW, last=None, first=None)
        (jump,) = breaks_of(standing(store.entries()), HEAT)
    assert entered.entry.count_before == 10**8
    assert (jump.count_before, jump.count_after, jump.why) == (10**8, 0, "overflow")


def test_the_commands_enter_list_and_withdraw(workspace):
    from exotherm.cli.main import run

    samples, last, _ = exchanged_month()
    kept(workspace, samples)
    folder = str(workspace.folder)
    said = ["--author", "the installer", "--evidence", "sheet", "--now", "2026-11-02T08:00Z"]
    jump = ["--point", HEAT, "--at", CHANGED_AT.isoformat()]
    assert run(["operate", "ledger", folder]) == 0
    showed = ["--last", str(last), "--first", "5"]
    assert run(["operate", "exchange", folder, *jump, *showed, *said]) == 0
    assert run(["operate", "exchange", folder, *jump, *showed, *said]) == 1
    assert run(["operate", "correct", folder, *jump, "--value", "5", *said, "--json"]) == 0
    assert run(["operate", "correct", folder, *jump, *said]) == 2
    assert run(["operate", "withdraw", folder, "2", *said]) == 0
    assert run(["operate", "withdraw", folder, "2", *said]) == 1
    assert run(["operate", "ledger", folder, "--json"]) == 0
    with open_store(workspace.store) as store:
        kinds = [one.kind.value for one in store.entries()]
    assert kinds == ["exchange", "correction", "withdrawal"]


def test_the_evidence_of_such_a_month_verifies_with_the_jump_in_its_inputs(tmp_path):
    """The verifier, by its own arithmetic, comes to the same heat; without the jump it refuses."""
    workspace = copy_pool(tmp_path / "pool")
    read_october(workspace)
    samples, last, heat_kwh = exchanged_month()
    changed = copy_pool(tmp_path / "changed")
    with open_store(workspace.store) as stayed, open_store(changed.store) as store:
        points = points_of(changed.site)
        store.keep_points(points.values())
        others = [name for name in points if not name.startswith("heat_meter.")]
        for own in stayed.samples(others, OCTOBER).values():
            store.save_samples(own)
        store.save_samples(samples)
        exchange(changed, store, last)
        issued = issue_invoice(changed, store, "2026-10", issued_on=ISSUED_ON)
        assert isinstance(issued, Issued), issued
        proof = issue_pack(changed, store, "2026-10", issued_on=ISSUED_ON)
    assert isinstance(proof, Proof), proof
    assert proof.claim.balance.delivered_kwh == heat_kwh
    inputs = json.loads(proof.pack.files["inputs.json"])
    (jump,) = inputs["registers"]["delivered"]["breaks"]
    assert (jump["count_before"], jump["count_after"]) == (last, NEW_FIRST)
    assert verify_pack([str(proof.file)]) == 0
    # Another count before the jump is another heat, whoever signs it; so is none at all.
    for other in ([jump | {"count_before": last + 10}], []):
        inputs["registers"]["delivered"]["breaks"] = other
        assert refused_by_verifier(proof.pack.files, inputs)


def refused_by_verifier(files, inputs):
    """Whether the verifier's arithmetic refuses the readings of a pack with other inputs."""
    billed = json.loads(files["invoice.json"], parse_float=str)
    readings = read_readings(dict(files), inputs["points"])
    period = read_span(inputs["period"], 3600)
    try:
        check_invoice(billed, readings, period, inputs["registers"])
    except Refused as refused:
        return "billed, but it shows" in str(refused.args)
    return False
