"""Signatures before capex: which count, and what stands against the others."""

import json
from datetime import date, timedelta
from typing import Any, get_args

import pytest

from exotherm.comply.diligence import AREAS, Signer, diligence
from exotherm.comply.signoff import (
    Present,
    Signoff,
    Signoffs,
    check_signoffs,
    read_signoffs,
    write_signoff_schema,
)

TODAY = date(2026, 11, 26)
HASHES = {area: str(number) * 64 for number, area in enumerate(AREAS)}
GOOD: dict[str, Any] = {
    "item": "structure",
    "role": "structural engineer",
    "signed_on": date(2026, 11, 3),
    "evidence": "statement 26-114",
}


def check(*signoffs, unreadable=None):
    present = Present(on=TODAY, hashes=HASHES, unreadable=unreadable or {})
    entries = tuple(Signoff.model_validate(GOOD | one) for one in signoffs)
    return check_signoffs(Signoffs(signoff=entries), present)


def codes(findings):
    return [one.code for one in findings]


class TestReading:
    def test_a_file_without_signatures_has_none(self):
        read = read_signoffs("")
        assert read.document is not None
        assert read.document.signoff == ()

    def test_a_signature_says_what_shows_it(self):
        text = '[[signoff]]\nitem = "structure"\nrole = "finance"\nsigned_on = 2026-11-03\n'
        (finding,) = read_signoffs(text).findings
        assert "`evidence` in words" in finding.message
        assert finding.where.line == 1

    def test_its_validity_ends_after_it_begins(self):
        text = (
            '[[signoff]]\nitem = "structure"\nrole = "finance"\nsigned_on = 2026-11-03\n'
            'evidence = "x"\nvalid_until = 2026-11-02\n'
        )
        (finding,) = read_signoffs(text).findings
        assert "before it was signed" in finding.message

    def test_a_role_that_nobody_has_is_told_with_those_that_are(self):
        text = (
            '[[signoff]]\nitem = "structure"\nrole = "plumber"\nsigned_on = 2026-11-03\n'
            'evidence = "x"\n'
        )
        (finding,) = read_signoffs(text).findings
        assert finding.code == "document.wrong-value"
        assert '"structural engineer"' in finding.message

    def test_the_schema_knows_every_role_and_describes_every_field(self):
        node = json.loads(write_signoff_schema())["$defs"]["Signoff"]
        assert set(node["properties"]["role"]["enum"]) == set(get_args(Signer))
        assert all(about["description"] for about in node["properties"].values())


class TestCounting:
    def test_a_good_one_counts(self):
        signed, findings = check({})
        assert findings == ()
        assert signed["structure"].signoff.evidence == "statement 26-114"
        assert not signed["structure"].lapsed

    def test_of_one_item_the_newest_counts_wherever_it_stands(self):
        older = {"signed_on": date(2026, 5, 1), "valid_until": date(2026, 6, 1)}
        for order in ([older, {}], [{}, older]):
            signed, findings = check(*order)
            assert findings == ()
            assert signed["structure"].signoff.signed_on == date(2026, 11, 3)

    def test_of_one_day_the_later_in_the_file_counts(self):
        signed, _ = check({"evidence": "first"}, {"evidence": "second"})
        assert signed["structure"].signoff.evidence == "second"

    def test_a_wrong_one_does_not_hide_a_good_one(self):
        signed, findings = check({}, {"role": "finance", "signed_on": date(2026, 11, 20)})
        assert codes(findings) == ["signoff.role-wrong"]
        assert signed["structure"].signoff.signed_on == date(2026, 11, 3)

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"item": "structur"}, "signoff.item-unknown"),
            ({"item": "unheard of"}, "signoff.item-unknown"),
            ({"role": "finance"}, "signoff.role-wrong"),
            ({"item": "capacity"}, "signoff.role-wrong"),
            ({"signed_on": TODAY + timedelta(days=1)}, "signoff.in-future"),
            ({"evidence_file": "gone.pdf"}, "signoff.evidence-unreadable"),
        ],
    )
    def test_what_is_wrong_counts_for_nothing(self, change, code):
        signed, findings = check(change, unreadable={"gone.pdf": "`gone.pdf` is not there."})
        assert codes(findings) == [code]
        assert findings[0].severity == "error"
        assert signed == {}

    def test_today_is_not_the_future(self):
        assert check({"signed_on": TODAY})[1] == ()

    def test_everything_that_is_wrong_is_said_at_once(self):
        _, findings = check({"role": "finance", "signed_on": TODAY + timedelta(days=1)})
        assert codes(findings) == ["signoff.role-wrong", "signoff.in-future"]

    def test_what_the_files_alone_decide_nobody_signs(self):
        _, (finding,) = check({"item": "capacity", "role": "heat engineer"})
        assert "decided by the files alone" in finding.message


class TestLapsing:
    def test_the_last_day_of_validity_still_counts(self):
        signed, findings = check({"valid_until": TODAY})
        assert findings == ()
        assert not signed["structure"].lapsed
        signed, findings = check({"valid_until": TODAY - timedelta(days=1)})
        assert codes(findings) == ["signoff.expired"]
        assert findings[0].severity == "warning"
        assert "25 Nov 2026" in signed["structure"].lapsed

    def test_a_change_of_the_files_asks_again(self):
        item = diligence().find("structure")
        assert item is not None
        area = item.area
        assert check({"files_hash": HASHES[area]})[1] == ()
        signed, (finding,) = check({"files_hash": "a" * 64})
        assert finding.code == "signoff.stale"
        assert HASHES[area] in finding.remedy
        assert "changed" in signed["structure"].lapsed

    def test_what_lapsed_twice_is_said_once(self):
        _, findings = check({"files_hash": "a" * 64, "valid_until": date(2026, 11, 4)})
        assert codes(findings) == ["signoff.expired"]
