"""Regulation and the gate before capex, as a person meets them on the command line."""

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from exotherm.cli.main import run
from exotherm.comply.answers import read_regulation
from exotherm.comply.diligence import diligence
from exotherm.comply.rules import packs
from exotherm.comply.signoff import read_signoffs
from exotherm.comply.words import NOT_ADVICE

EXAMPLES = Path(__file__).parents[2] / "examples"
DOCS = EXAMPLES.parent / "docs"
NOW = ("--now", "2026-11-26T08:00Z")
ANSWERS = """
[answers]
trench_m = 0
contract_value_eur = 90000
central_government = false
claims_to_consumers = false
hosts_for_others = false
operator_medium = false

[owners]
installer = "Example Works S.r.l."
"""


@pytest.fixture
def pool(tmp_path):
    folder = tmp_path / "pool"
    shutil.copytree(EXAMPLES / "pool", folder)
    return folder


def said(capsys, *arguments):
    capsys.readouterr()
    code = run([str(one) for one in arguments])
    return code, capsys.readouterr().out


def filled(template):
    """Take the marks away and fill day and evidence, as people do who sign."""
    lines = re.findall(r"^# (\[\[signoff\]\]|\w+ += .*)$", template, re.MULTILINE)
    text = "\n".join(lines).replace("YYYY-MM-DD", "2026-11-20")
    return text.replace('evidence   = ""', 'evidence   = "paper 7"')


# --- The gate


@pytest.mark.parametrize("example", sorted(one.parent.name for one in EXAMPLES.glob("*/site.toml")))
def test_an_example_is_sound_and_not_ready_and_says_what_to_do_next(example, ask):
    code, answer = ask("check", str(EXAMPLES / example), *NOW)
    assert (code, answer["findings"]) == (0, [])
    readiness = answer["readiness"]
    assert readiness["ready"] is False
    assert readiness["verdict"].startswith("Not ready to commit capex: ")
    states = {one["id"]: one["state"] for one in readiness["items"]}
    assert "disproved" not in states.values()
    for proved in ("capacity", "fallback", "meters", "contract-complete", "outcomes-total"):
        assert states[proved] == "proved"
    for one in readiness["items"]:
        assert one["next"].endswith(".") == (one["state"] == "missing"), one["id"]


def test_the_list_fits_eighty_columns_and_ticks_are_counted_or_listed(pool, capsys):
    code, short = said(capsys, "check", pool, *NOW)
    assert code == 0
    assert "11 proved by the files, 0 signed, 2 not needed, 33 missing" in short
    assert "[x]" not in short
    assert "[ ] structure: The building carries the plant" in short
    lines = [line for line in short.splitlines() if str(pool) not in line]
    assert max(map(len, lines)) <= 80
    assert f"`exotherm check {pool} --signoff-template`" in short
    _, whole = said(capsys, "check", pool, "--all", *NOW)
    assert whole.count("[x]") == 11
    assert whole.count("[-]") == 2
    assert "12.0\u00a0kW promised, 21.7\u00a0kW possible" in whole


def test_gate_fails_until_everything_is_answered_and_signed(pool, ask, capsys):
    assert run(["check", str(pool), "--gate", *NOW]) == 1
    (pool / "regulation.toml").write_text(ANSWERS)
    code, template = said(capsys, "check", pool, "--signoff-template", *NOW)
    assert code == 0
    (pool / "signoff.toml").write_text(template)
    assert run(["check", str(pool), "--gate", *NOW]) == 1, "a template signs nothing"
    (pool / "signoff.toml").write_text(filled(template))
    code, answer = ask("check", str(pool), "--gate", *NOW)
    assert (code, answer["findings"]) == (0, [])
    assert answer["readiness"]["verdict"] == "Ready to commit capex."
    # The contract changes: what was signed for it is asked again, what is about the site is not.
    contract = pool / "contract.toml"
    contract.write_text(contract.read_text("utf-8") + "# amended\n")
    code, answer = ask("check", str(pool), "--gate", *NOW)
    assert code == 1
    assert {one["code"] for one in answer["findings"]} == {"signoff.stale"}
    areas = {one["area"] for one in answer["readiness"]["items"] if one["state"] == "missing"}
    assert areas == {"commercial", "regulatory"}
    assert run(["check", str(pool), *NOW]) == 0, "without --gate only an error ends with 1"


def test_the_plan_is_proof_only_where_it_is_asked_for(pool, ask):
    code, answer = ask("check", str(pool), "--plan", *NOW)
    assert code == 0
    items = {one["id"]: one for one in answer["readiness"]["items"]}
    assert items["plan"]["state"] == "proved"
    assert "net present value" in items["plan"]["words"]
    assert items["customer-saves"]["state"] == "proved"


def test_no_plan_is_made_of_files_with_an_error(pool, ask):
    (pool / "weather.csv").unlink()
    code, answer = ask("check", str(pool), "--plan", *NOW)
    assert code == 1
    assert "1 error stands and" in answer["readiness"]["verdict"]


def test_a_promise_that_cannot_be_kept_is_disproved_and_no_signature_heals_it(pool, ask, capsys):
    contract = pool / "contract.toml"
    text = contract.read_text("utf-8")
    changed = re.sub(r"(\[capacity\][^\n]*\nheat_kw *= *)12\.0", r"\g<1>99.0", text)
    assert changed != text
    contract.write_text(changed)
    _, answer = ask("check", str(pool), *NOW)
    capacity = next(one for one in answer["readiness"]["items"] if one["id"] == "capacity")
    assert capacity["state"] == "disproved"
    assert "99.0\u00a0kW promised" in capacity["words"]
    _, shown = said(capsys, "check", pool, *NOW)
    assert "[!] capacity" in shown
    assert '"capacity"' not in said(capsys, "check", pool, "--signoff-template", *NOW)[1]


def test_without_a_site_there_is_no_list_and_no_template(pool, ask, capsys):
    (pool / "site.toml").write_text("[[")
    code, answer = ask("check", str(pool), *NOW)
    assert (code, answer["readiness"]) == (1, None)
    assert said(capsys, "check", pool, *NOW)[0] == 1
    assert said(capsys, "check", pool, "--signoff-template", *NOW) == (1, "")
    assert run(["check", str(pool), "--gate", *NOW]) == 1


def test_a_template_is_toml_and_no_json(pool, capsys):
    assert run(["check", str(pool), "--signoff-template", "--json"]) == 2
    assert "leave --json out" in capsys.readouterr().err


# --- Regulation


def test_regulation_says_what_it_is_what_applies_and_what_it_does_not_know(pool, capsys):
    code, shown = said(capsys, "regulation", pool, "--on", "2026-11-26")
    assert code == 0
    assert shown.startswith("The project is a hybrid: ")
    assert "2 points for energy asset: heat is sold to another" in shown
    assert "IT on 26 Nov 2026: of 37 rules 9 apply, 0 may come to apply, 4 cannot be" in shown
    assert "  applies          EU-MID: " in shown
    assert "  cannot be told   EU-NIS2: " in shown
    assert "heat supplier: Example Hosting S.r.l.; shown by" in shown
    assert "hosts_for_others = ?  # true or false: whether the data centre hosts" in shown
    assert "contract_value_eur = ?  # number in EUR: " in shown
    assert "European Union, 34 rules." in shown
    assert shown.rstrip().endswith(NOT_ADVICE)
    assert "does not apply" not in shown
    _, whole = said(capsys, "regulation", pool, "--on", "2026-11-26", "--all")
    assert "  does not apply   EU-EED-26-7: " in whole
    assert "    because there is no heat pump" in whole


def test_answers_and_owners_are_taken_from_regulation_toml(pool, ask, capsys):
    (pool / "regulation.toml").write_text(ANSWERS)
    code, answer = ask("regulation", str(pool), "--on", "2026-11-26")
    assert (code, answer["findings"], answer["questions"]) == (0, [], [])
    owners = {one["answerable"]: one["owner"] for one in answer["duties"]}
    assert owners["installer"] == "Example Works S.r.l."
    _, shown = said(capsys, "regulation", pool, "--on", "2026-11-26")
    assert "answer in regulation.toml" not in shown


def test_a_wrong_answer_is_a_finding_of_both_commands(pool, ask):
    (pool / "regulation.toml").write_text("[answers]\nheat_sold = false\n")
    for command in ("regulation", "check"):
        code, answer = ask(command, str(pool))
        assert code == 1
        assert [one["code"] for one in answer["findings"]] == ["regulation.answer-wrong"]


def test_the_day_decides_what_is_in_force(ask):
    folder = str(EXAMPLES / "district-heating")
    verdicts = []
    for on in ("2026-11-26", "2027-01-20"):
        _, answer = ask("regulation", folder, "--on", on)
        duty = next(one for one in answer["duties"] if one["id"] == "EU-MACHINERY-2023")
        verdicts.append(duty["verdict"])
    assert verdicts == ["from 20 Jan 2027", "applies"]


def test_it_needs_a_site_but_no_contract(pool, ask, capsys):
    (pool / "contract.toml").unlink()
    code, answer = ask("regulation", str(pool))
    assert (code, answer["findings"]) == (0, [])
    assert run(["regulation", str(pool)]) == 0
    assert "Without a contract" in capsys.readouterr().err
    (pool / "contract.toml").write_text("[[")
    code, answer = ask("regulation", str(pool))
    assert code == 1
    assert {one["code"] for one in answer["findings"]} == {"document.not-toml"}
    (pool / "site.toml").write_text("[[")
    code, answer = ask("regulation", str(pool))
    assert code == 1
    assert "duties" not in answer


# --- What the pages say


def page(name):
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


def examples_of(name):
    return re.findall(r"```toml\n(.*?)```", page(name), re.DOTALL)


def test_the_page_of_the_gate_has_every_item_as_the_list_has_it():
    listed = re.findall(
        r"^\| `([a-z-]+)` \| (.+?) \| (.+?) \| (.+?) \|$", page("readiness"), re.MULTILINE
    )
    assert [row[:3] for row in listed] == [
        (one.id, one.title, one.shown_by) for one in diligence().items
    ]
    for (_, _, _, by), one in zip(listed, diligence().items, strict=True):
        assert (one.signed_by or "the files") in by
        assert ("advised" in by) != one.blocking
        assert ("where it applies" in by) == (one.when is not None)


def test_the_page_of_regulation_has_every_pack_with_what_it_leaves_out():
    for pack in packs():
        assert f"| {pack.title} | {pack.note} |" in page("regulation")


def test_the_examples_of_both_pages_can_be_read():
    (signed,) = examples_of("readiness")
    (told,) = examples_of("regulation")
    assert read_signoffs(signed).findings == ()
    assert read_regulation(told).findings == ()
    for one in tomllib.loads(signed)["signoff"]:
        item = diligence().find(one["item"])
        assert item is not None
        assert item.signed_by == one["role"]
