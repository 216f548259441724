"""The gate of a workspace: its own files read, hashed and weighed."""

import hashlib
import json
import shutil
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from exotherm.plan.verdict import Verdict
from exotherm.usecases.readiness import gate_of, show_gate, template_of
from exotherm.usecases.regulation import day_at, regulation_of, show_regulation
from exotherm.usecases.workspace import load_workspace

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
STRUCTURE = (
    '[[signoff]]\nitem = "structure"\nrole = "structural engineer"\nsigned_on = 2026-11-03\n'
)


@pytest.fixture
def folder(tmp_path, pool_folder):
    copy = tmp_path / "pool"
    shutil.copytree(pool_folder, copy)
    return copy


def gate(folder, *, now=NOW, study=None):
    found = gate_of(load_workspace(folder), now=now, study=study)
    assert found is not None
    return found


def state_of(found, identifier):
    return next(one for one in found.readiness.settled if one.item.id == identifier).state


def codes(found):
    return [one.code for one in found.findings]


def study_of(verdict, customer_npv=100.0):
    """A study as far as the gate reads it."""
    return SimpleNamespace(
        verdict=verdict,
        verdict_text=f"Its verdict is {verdict}.",
        ownership=SimpleNamespace(
            service=SimpleNamespace(customer=SimpleNamespace(npv=customer_npv))
        ),
        currency="EUR",
        findings=(),
    )


class TestSignatures:
    def test_without_a_file_nothing_is_signed_and_nothing_is_wrong(self, folder):
        found = gate(folder)
        assert found.findings == ()
        assert found.readiness.count("signed") == 0

    def test_a_signature_counts_until_its_file_changes(self, folder):
        mine = hashlib.sha256((folder / "site.toml").read_bytes()).hexdigest()
        signed = f'{STRUCTURE}evidence = "statement"\nfiles_hash = "{mine}"\n'
        (folder / "signoff.toml").write_text(signed)
        assert state_of(gate(folder), "structure") == "signed"
        with (folder / "contract.toml").open("a") as contract:
            contract.write("# a remark\n")
        assert state_of(gate(folder), "structure") == "signed", "it is about the site alone"
        with (folder / "site.toml").open("a") as site:
            site.write("# a remark\n")
        changed = gate(folder)
        assert codes(changed) == ["signoff.stale"]
        assert state_of(changed, "structure") == "missing"

    def test_hashes_are_those_of_the_files_one_after_the_other(self, folder):
        site, contract = ((folder / name).read_bytes() for name in ("site.toml", "contract.toml"))
        both = hashlib.sha256(site + contract).hexdigest()
        assert gate(folder).hashes["commercial"] == both
        assert gate(folder).hashes["regulatory"] == both
        (folder / "regulation.toml").write_text("[answers]\ntrench_m = 0\n")
        after = gate(folder).hashes
        assert after["commercial"] == both
        assert after["regulatory"] != both

    def test_evidence_may_be_a_file_of_the_workspace_and_no_other(self, folder):
        (folder / "signoff.toml").write_text(f'{STRUCTURE}evidence_file = "papers/s.pdf"\n')
        assert codes(gate(folder)) == ["signoff.evidence-unreadable"]
        (folder / "papers").mkdir()
        (folder / "papers" / "s.pdf").write_bytes(b"%PDF")
        assert state_of(gate(folder), "structure") == "signed"
        (folder / "signoff.toml").write_text(f'{STRUCTURE}evidence_file = "../s.pdf"\n')
        (folder.parent / "s.pdf").write_bytes(b"%PDF")
        assert codes(gate(folder)) == ["signoff.evidence-unreadable"]

    def test_today_is_the_day_at_the_site(self, folder):
        text = STRUCTURE.replace("2026-11-03", "2026-11-27") + 'evidence = "statement"\n'
        (folder / "signoff.toml").write_text(text)
        late = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)  # half past midnight in Rome
        assert codes(gate(folder, now=NOW)) == ["signoff.in-future"]
        assert codes(gate(folder, now=late)) == []
        site = load_workspace(folder).site
        assert site is not None
        assert day_at(site, late) == date(2026, 11, 27)

    @pytest.mark.parametrize("name", ["signoff.toml", "regulation.toml"])
    def test_a_file_that_cannot_be_read_is_a_finding_and_keeps_the_gate_shut(self, folder, name):
        (folder / name).write_text("[[")
        assert codes(gate(folder)) == ["document.not-toml"]
        (folder / name).write_bytes(b"\xff\xfe\x00")
        found = gate(folder)
        assert codes(found) == ["workspace.file-unreadable"]
        assert found.readiness.errors == 1
        assert not found.readiness.is_ready

    def test_the_template_names_what_is_open(self, folder):
        text = template_of(gate(folder))
        assert '"structure"' in text
        assert hashlib.sha256((folder / "site.toml").read_bytes()).hexdigest() in text


class TestFiles:
    def test_a_site_that_cannot_be_read_has_no_list(self, folder):
        (folder / "site.toml").write_text("[[")
        assert gate_of(load_workspace(folder), now=NOW) is None

    def test_a_contract_that_cannot_be_read_leaves_the_list_open(self, folder):
        (folder / "contract.toml").unlink()
        found = gate(folder)
        assert found.readiness.errors == 1
        assert state_of(found, "capacity") == "missing"
        assert state_of(found, "heat-rejection") == "proved"

    def test_answers_settle_what_is_asked_and_owners_who_answers(self, folder):
        assert state_of(gate(folder), "streets") == "missing"
        (folder / "regulation.toml").write_text(
            '[answers]\ntrench_m = 0\n[owners]\ninstaller = "Works Ltd"\n'
        )
        found = gate(folder)
        assert state_of(found, "streets") == "not needed"
        assert state_of(found, "duties-owned") == "proved"

    @pytest.mark.parametrize(
        ("verdict", "state"),
        [
            (Verdict.ROBUST, "proved"),
            (Verdict.CONDITIONAL, "proved"),
            (Verdict.HIGH_RISK, "disproved"),
            (Verdict.DO_NOT_BUILD, "disproved"),
        ],
    )
    def test_the_verdict_of_a_plan_decides(self, folder, verdict, state):
        assert state_of(gate(folder), "plan") == "missing"
        assert state_of(gate(folder, study=study_of(verdict)), "plan") == state

    @pytest.mark.parametrize(
        ("customer_npv", "state"), [(100.0, "proved"), (0.0, "disproved"), (-5.0, "disproved")]
    )
    def test_the_customer_has_to_gain_over_the_term(self, folder, customer_npv, state):
        study = study_of(Verdict.CONDITIONAL, customer_npv)
        assert state_of(gate(folder, study=study), "customer-saves") == state

    def test_shown_it_is_plain_json_and_complete(self, folder):
        shown = json.loads(json.dumps(show_gate(gate(folder)), allow_nan=False))
        assert shown["ready"] is False
        assert shown["on"] == "2026-11-26"
        assert {one["state"] for one in shown["items"]} == {"proved", "missing", "not needed"}
        by_id = {one["id"]: one for one in shown["items"]}
        open_ones = {name for name, one in by_id.items() if one["state"] == "missing"}
        assert set(shown["missing"]) | set(shown["advised"]) == open_ones
        assert all(by_id[name]["next"] for name in open_ones)


class TestRegulation:
    def test_shown_it_is_plain_json_with_every_rule_and_its_reason(self, folder):
        site = load_workspace(folder).site
        assert site is not None
        found = regulation_of(folder, site, None, on=date(2026, 11, 26))
        shown = json.loads(json.dumps(show_regulation(found), allow_nan=False))
        assert shown["country"] == "IT"
        assert shown["classification"]["kind"] == "IT asset"
        for duty in shown["duties"]:
            assert duty["because"] or duty["missing"], duty["id"]
        assert "legal advice" in shown["not_advice"]
        assert any("Italy" in one for one in shown["coverage"])

    def test_what_is_only_bounded_is_shown_with_its_bounds(self, folder):
        workspace = load_workspace(folder)
        assert workspace.site is not None
        found = regulation_of(folder, workspace.site, workspace.contract, on=date(2026, 11, 26))
        facts = show_regulation(found)["facts"]
        assert isinstance(facts, dict)
        assert set(facts["dc_input_kw_rated"]["value"]) == {"min", "max"}
        assert facts["site_waste_heat_mwh"]["value"]["max"] is None
        assert facts["it_power_kw_rated"]["value"] == 28.0
        assert facts["building_kinds"]["value"] == []
        assert facts["supplier_country"]["source"] == "contract: [parties]"

    def test_a_day_that_was_told_is_shown_as_a_day(self, folder):
        (folder / "regulation.toml").write_text("[answers]\noperation_starts_on = 2026-05-01\n")
        site = load_workspace(folder).site
        assert site is not None
        found = regulation_of(folder, site, None, on=date(2026, 11, 26))
        facts = show_regulation(found)["facts"]
        assert isinstance(facts, dict)
        assert facts["operation_starts_on"] == {
            "value": "2026-05-01",
            "says": "the first day of operation is 1 May 2026",
            "source": "told",
        }
