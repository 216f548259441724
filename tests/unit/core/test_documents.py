import time
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import pytest
from annotated_types import Ge, Gt, Le, Lt
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field, model_validator

from exotherm.contract.check import check_contract
from exotherm.contract.explain import explain
from exotherm.contract.reading import read_contract
from exotherm.core.complaints import write_value
from exotherm.core.documents import (
    CHARACTERS_MAX,
    FINDINGS_MAX,
    LINE_CHARACTERS_MAX,
    Document,
    Source,
    assumptions_of,
    default,
    read_document,
)
from exotherm.core.findings import Severity
from exotherm.site.check import check_site
from exotherm.site.document import points_of
from exotherm.site.reading import read_site

EXAMPLES = Path(__file__).parents[3] / "examples" / "pool"
CONTRACT = (EXAMPLES / "contract.toml").read_text(encoding="utf-8")
SITE = (EXAMPLES / "site.toml").read_text(encoding="utf-8")


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Loop(Document):
    flow_kgs: Annotated[float, Gt(0), Lt(100)]
    """mass flow of the loop."""
    supply_c_min: Annotated[float, Ge(-20), Le(90)] = default(30.0, source="a guess")
    loss_frac: Annotated[float, Ge(0), Le(1)] = default(0.1, source="a leaflet")
    """share that is lost"""

    @model_validator(mode="after")
    def _is_sane(self) -> "Loop":
        if self.supply_c_min > 80 and self.flow_kgs > 50:
            raise ValueError("so hot and so much are not both possible")
        return self


class Item(Document):
    name: str = Field(min_length=2, max_length=5, pattern="^[a-z]+$")
    """name of it"""
    amount: Annotated[Decimal, Field(max_digits=6)] = Decimal(0)


class House(Document):
    loop: Loop
    year: int = 2026
    wet: bool = False
    kind: Literal["old", "new"] = "old"
    colour: Colour = Colour.RED
    built_on: date = date(2000, 1, 1)
    days: tuple[Annotated[int, Ge(1), Le(7)], ...] = (1,)
    price_per_kwh: float = 0.1
    marks: tuple[Annotated[Literal["a", "b"], "a comment"], ...] = ()
    items: tuple[Item, ...] = Field(default=(), max_length=2)
    rooms: tuple[Item, ...] = Field(min_length=1)
    """the rooms"""


GOOD = "[loop]\nflow_kgs = 1.5\n[[rooms]]\nname = 'bath'\n"


def findings_of(text: str):
    return read_document(text, House, file="house.toml").findings


def only_finding(text: str):
    found = findings_of(text)
    assert len(found) == 1, found
    return found[0]


class TestReading:
    def test_a_good_document_is_read_without_findings(self):
        read = read_document(GOOD, House, file="house.toml")
        assert read.findings == ()
        assert read.document is not None
        assert read.document.loop.flow_kgs == 1.5

    def test_digits_of_prices_are_kept(self):
        read = read_document(GOOD + "amount = 0.0750\n", House, file="house.toml")
        assert read.document is not None
        assert str(read.document.rooms[0].amount) == "0.0750"

    def test_a_byte_order_mark_is_no_part_of_the_text(self):
        assert findings_of("\ufeff" + GOOD) == ()

    def test_a_document_comes_back_from_its_json(self):
        read = read_document(GOOD + "amount = 0.0750\n", House, file="house.toml")
        assert read.document is not None
        assert House.model_validate_json(read.document.model_dump_json()) == read.document

    def test_a_bare_float_is_no_price(self):
        with pytest.raises(ValueError, match="decimal"):
            Item(name="bath", amount=0.075)


class TestNotToml:
    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ("[loop\n", 1),
            ("a = 1\nb == 2\n", 2),
            ("a = 1\na = 2\n", 2),
            ('a = 1\nb = "', 2),
            ("a = " + "9" * 1500 + "\nb = 2026-02-31", 2),
        ],
    )
    def test_the_line_is_named(self, text, line):
        found = only_finding(text)
        assert (found.code, found.where.line) == ("document.not-toml", line)

    @pytest.mark.parametrize("number", ["1e99999999999999999999", "-1e99999999999999999999"])
    def test_numbers_beyond_all_bounds_are_refused(self, number):
        assert only_finding(f"a = {number}").code == "document.not-toml"

    def test_nesting_without_end_is_refused(self):
        nested = "a = " + "\n".join(["[" * 1000] * 6)
        assert only_finding(nested).code == "document.too-deep"


class TestSize:
    def test_a_long_document_is_refused(self):
        text = "# a comment\n" * (CHARACTERS_MAX // 12 + 1)
        found = only_finding(text)
        assert found.code == "document.too-large"
        assert found.data == {"characters": len(text), "characters_max": CHARACTERS_MAX}

    def test_a_long_line_is_refused_and_named(self):
        found = only_finding(GOOD + "#" * (LINE_CHARACTERS_MAX + 1))
        assert (found.code, found.where.line) == ("document.too-large", 5)

    def test_the_limits_themselves_are_read(self):
        assert findings_of(GOOD + "#" * LINE_CHARACTERS_MAX) == ()

    def test_findings_are_counted_not_listed_without_end(self):
        text = GOOD.replace("[loop]", "[loop]\n" + "\n".join(f"k{n} = 1" for n in range(150)))
        found = findings_of(text)
        assert len(found) == FINDINGS_MAX + 1
        assert (found[-1].code, found[-1].severity) == ("document.more-findings", Severity.NOTE)
        assert found[-1].data == {"more": 150 - FINDINGS_MAX}

    def test_a_hostile_document_is_answered_in_time(self):
        began = time.process_time()
        text = "[a]\n" + "\n".join(f"b{'.a' * 400}.c{n} = 1" for n in range(200))
        assert findings_of(text)
        assert findings_of("\n".join(f"k{n} = 1" for n in range(20_000)))
        assert time.process_time() - began < 10


class TestMissing:
    def test_a_field_names_its_table_and_meaning(self):
        found = only_finding("[loop]\n[[rooms]]\nname = 'bath'\n")
        assert found.code == "document.field-missing"
        assert (found.where.line, found.where.path) == (1, "loop.flow_kgs")
        assert found.message == "`loop.flow_kgs` is not given: mass flow of the loop."
        assert found.remedy == "Add `flow_kgs` to `[loop]`."

    def test_a_table_is_added_at_the_end_of_the_file(self):
        found = only_finding("[[rooms]]\nname = 'bath'\n\n")
        assert (found.where.line, found.where.path) == (2, "loop")
        assert found.remedy == "Add a table `[loop]` with `flow_kgs`, `supply_c_min`, `loss_frac`."

    def test_a_list_of_tables_is_added_with_two_brackets(self):
        found = only_finding("[loop]\nflow_kgs = 1\n")
        assert found.remedy == "Add a table `[[rooms]]` with `name`, `amount`."
        assert found.message == "`rooms` is not given: the rooms."

    def test_a_field_of_a_list_names_its_entry(self):
        found = only_finding(GOOD + "[[rooms]]\namount = 1\n")
        assert (found.where.line, found.where.path) == (5, "rooms[1].name")
        assert found.remedy == "Add `name` to table 2 of `[[rooms]]`."

    def test_a_field_at_the_top_is_just_added(self):
        class Bare(Document):
            size: int

        found = read_document("", Bare, file="bare.toml").findings[0]
        assert (found.remedy, found.where.line) == ("Add `size`.", 1)
        assert found.message == "`size` is not given."

    def test_a_room_may_use_its_own_words(self):
        found = read_document(
            GOOD.replace("flow_kgs = 1.5", ""),
            House,
            file="house.toml",
            missing=lambda path: ("house.dry", f"{path} is dry.", "Pour."),
        ).findings[0]
        assert (found.code, found.message) == ("house.dry", "('loop', 'flow_kgs') is dry.")


class TestUnknown:
    @pytest.mark.parametrize(
        ("line", "unit"),
        [
            ("flow_m3h = 1", "in kg/s"),
            ("flow = 1", "in kg/s"),
            ("FLOW_GPM = 1", "in kg/s"),
            ("flow_kgs = 1\nsupply_f_min = 86", "in °C"),
            ("flow_kgs = 1\nloss_pct = 10", "as a fraction from 0 to 1"),
        ],
    )
    def test_the_same_quantity_in_another_unit_is_recognised(self, line, unit):
        found = only_finding(GOOD.replace("flow_kgs = 1.5", line))
        assert found.code == "document.wrong-unit"
        assert unit in found.message
        assert "nothing is converted by guess" in found.remedy

    def test_a_share_whose_name_says_per_cent_is_worked_out(self):
        found = only_finding(GOOD.replace("flow_kgs = 1.5", "flow_kgs = 1\nloss_percent = 10"))
        assert found.code == "document.wrong-unit"
        assert found.remedy.endswith("10 % is written as 0.1.")

    def test_an_angle_in_degrees_of_warmth_is_recognised(self):
        found = read_site(SITE.replace("latitude_deg ", "latitude_f ")).findings[0]
        assert found.code == "document.wrong-unit"
        assert "`latitude_deg`" in found.remedy

    def test_money_in_a_named_currency_is_recognised(self):
        found = read_site(SITE.replace("grant_amount ", "grant_eur ")).findings[0]
        assert found.code == "document.wrong-unit"
        assert "in the file's currency" in found.message
        found = read_site(SITE.replace("amount     = 6500.0", "amount_usd = 1.0")).findings[0]
        assert found.code == "document.wrong-unit"

    def test_a_name_of_units_alone_needs_a_word_in_common(self):
        text = SITE.replace("gco2e_per_kwh    = 331.0", "kgco2e_per_kwh = 0.331")
        assert read_site(text).findings[0].code == "document.wrong-unit"
        text = SITE.replace("gco2e_per_kwh    = 331.0", "years = 3")
        codes = {finding.code for finding in read_site(text).findings}
        assert codes == {"document.unknown-field", "document.field-missing"}

    def test_a_price_is_in_the_currency_of_the_file(self):
        found = only_finding("price_per_mwh = 75\n" + GOOD)
        assert "in currency/kWh" in found.message

    @pytest.mark.parametrize(
        ("line", "meant"),
        [("flow_kg = 1", "flow_kgs"), ("Flow_Kgs = 1", "flow_kgs"), ("flw_kgs = 1", "flow_kgs")],
    )
    def test_a_slip_of_the_pen_is_one_finding(self, line, meant):
        found = only_finding(GOOD.replace("flow_kgs = 1.5", line))
        assert f"`{meant}`" in found.remedy

    def test_a_slip_in_a_header_is_one_finding(self):
        found = only_finding(GOOD.replace("[loop]", "[lop]"))
        assert (found.message, found.remedy) == (
            "`lop` is not a field of this file.",
            "Did you mean `loop`?",
        )

    def test_words_of_one_quantity_in_another_order_are_no_wrong_unit(self):
        found = only_finding(GOOD.replace("[loop]", "[loop]\nmin_supply_c = 3"))
        assert (found.code, found.remedy) == (
            "document.unknown-field",
            "Did you mean `supply_c_min`?",
        )

    def test_a_field_in_the_wrong_table_is_sent_home(self):
        found = only_finding("flow_kgs = 2\n" + GOOD)
        assert found.remedy == "`flow_kgs` belongs to `[loop]`: move it below that line."
        found = only_finding(GOOD.replace("[loop]", "[loop]\nname = 'bath'"))
        assert "`[[items]]` or `[[rooms]]`" in found.remedy

    def test_what_is_like_nothing_is_told_what_there_is(self):
        found = only_finding(GOOD.replace("[loop]", "[loop]\nzzz = 1"))
        assert found.remedy == "`[loop]` has: `flow_kgs`, `loss_frac`, `supply_c_min`."
        assert only_finding("zzz = 1\n" + GOOD).remedy.startswith("The file has: `built_on`,")

    def test_a_name_with_brackets_is_a_name(self):
        found = only_finding('"a[b]" = 1\n' + GOOD)
        assert found.where.path == "a[b]"

    def test_what_is_unknown_inside_the_unknown_is_not_looked_at(self):
        assert only_finding(GOOD + "[other.table]\nx = 1\n").where.path == "other"


class TestWrong:
    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("flow_kgs = 1.5", "flow_kgs = 'much'", 'must be a number, not "much".'),
            ("flow_kgs = 1.5", 'flow_kgs = "12"', 'must be a number, not "12".'),
            ("flow_kgs = 1.5", "flow_kgs = true", "must be a number, not true."),
            ("flow_kgs = 1.5", "flow_kgs = []", "must be a number, not an empty list."),
            ("flow_kgs = 1.5", "flow_kgs = {a=1}", "must be a number, not a table."),
            ("flow_kgs = 1.5", "flow_kgs = 0.00", "is 0.00, but must be more than 0 kg/s."),
            ("flow_kgs = 1.5", "flow_kgs = 1e2", "is 1e+2, but must be less than 100 kg/s."),
            (
                "flow_kgs = 1.5",
                "flow_kgs = 1e-13",
                "is 1e-13: no quantity here is so large or so small.",
            ),
            ("[loop]", "price_per_kwh = -1e300\n[loop]", None),
            ("[loop]", "year = 1e999999\n[loop]", None),
            ("[loop]", "year = nan\n[loop]", None),
            (
                "flow_kgs = 1.5",
                "flow_kgs = inf",
                "is inf, but must be a number, neither infinite nor undefined.",
            ),
            (
                "flow_kgs = 1.5",
                "flow_kgs = 1e999999",
                "is 1e+999999, but must be a number, neither infinite nor undefined.",
            ),
            ("[loop]", "year = true\n[loop]", "must be a whole number, not true."),
            ("[loop]", "year = 1.5\n[loop]", "must be a whole number, not 1.5."),
            ("[loop]", "year = 2026-01-01\n[loop]", "must be a whole number, not 2026-01-01."),
            (
                "[loop]",
                f"year = {10**19}\n[loop]",
                f"is {10**19}, but must be a whole number of at most 18 digits.",
            ),
            ("[loop]", f"year = 0x{'f' * 1900}\n[loop]", None),
            ("[loop]", "wet = 1\n[loop]", "must be true or false, not 1."),
            ("[loop]", "marks = ['a', 'c']\n[loop]", 'is "c", but must be `"a"` or `"b"`.'),
            ("[loop]", "kind = 'odd'\n[loop]", 'is "odd", but must be `"old"` or `"new"`.'),
            ("[loop]", "colour = 'odd'\n[loop]", 'is "odd", but must be `"red"` or `"blue"`.'),
            (
                "[loop]",
                "built_on = 0\n[loop]",
                "must be a date like 2026-12-31, without quotes, not 0.",
            ),
            (
                "[loop]",
                "built_on = 'soon'\n[loop]",
                'must be a date like 2026-12-31, without quotes, not "soon".',
            ),
            ("[loop]", "built_on = 2026-01-01T12:00:00\n[loop]", None),
            ("[loop]", "days = 3\n[loop]", "must be a list in square brackets, not 3."),
            ("[loop]", "days = [1, true]\n[loop]", "is a list: its entry 2, true, is none here."),
            ("[loop]", "days = [\n1,\n9]\n[loop]", "is 9, but must be at most 7."),
            ("name = 'bath'", "name = 7", "must be a text in quotes, not 7."),
            (
                "name = 'bath'",
                "name = 'B1'",
                'is "B1", but does not have the form that is wanted here.',
            ),
            ("name = 'bath'", "name = 'a'", 'is "a", but must have 2 characters at least.'),
            (
                "name = 'bath'",
                "name = 'abcdef'",
                'is "abcdef", but must have 5 characters at most.',
            ),
            (
                "name = 'bath'",
                "name = 'bath'\namount = 1.234567",
                "is 1.234567, but must have 6 digits at most.",
            ),
            ("name = 'bath'", "name = 'bath'\namount = true", "must be a number, not true."),
            (
                "name = 'bath'",
                "name = 'bath'\namount = nan",
                "is nan, but must be a number, neither infinite nor undefined.",
            ),
            (
                "[[rooms]]\nname = 'bath'",
                "[rooms]\nname = 'bath'",
                "must be a list in square brackets, not a table.",
            ),
        ],
    )
    def test_it_is_said_in_plain_words(self, old, new, said):
        found = only_finding(GOOD.replace(old, new))
        assert found.code == "document.wrong-value"
        assert found.where.line is not None
        if said:
            assert found.message == f"`{found.where.path}` {said}"
        assert "Input" not in found.message
        assert "Decimal" not in found.message

    def test_a_table_is_shown_as_one_is_written(self):
        found = only_finding("loop = 5\n[[rooms]]\nname = 'bath'\n")
        assert found.message == "`loop` must be a table, not 5."
        assert found.remedy == "Write `[loop]` and its fields below it."
        found = only_finding("rooms = 5\n[loop]\nflow_kgs = 1\n")
        assert found.remedy == "Write `[[rooms]]` and its fields below it."
        found = only_finding("rooms = [5]\n[loop]\nflow_kgs = 1\n")
        assert found.message == "`rooms[0]` must be a table, not 5."

    def test_too_few_and_too_many_entries_are_counted(self):
        found = only_finding("rooms = []\n[loop]\nflow_kgs = 1\n")
        assert found.message == "`rooms` is an empty list, but must have 1 entry at least."
        found = only_finding(GOOD + "[[items]]\nname = 'ab'\n" * 3)
        assert found.message == "`items` is a list, but must have 2 entries at most."

    @pytest.mark.parametrize(
        ("written", "hint"),
        [
            ("12.5", "A share is written as a fraction: 12.5 % is written as 0.125."),
            ("100", "A share is written as a fraction: 100 % is written as 1."),
            (
                "1.05",
                (
                    "A share is written as a fraction, so 1.05 means 105 %; 1.05 % is written as "
                    "0.0105."
                ),
            ),
            ("1250", "Correct the value: share that is lost."),
            ("-4", "Correct the value: share that is lost."),
            ("nan", "Correct the value: share that is lost."),
            ("9" * 1900, "Correct the value: share that is lost."),
            ('"12 %"', "A share is written as a fraction: 12 % is written as 0.12."),
            ('"0,12"', "Decimals have a point: write 0.12."),
            ('"0.12"', "Write the number without quotes: 0.12."),
            ('"a lot"', "Correct the value: share that is lost."),
        ],
    )
    def test_a_share_in_per_cent_is_worked_out(self, written, hint):
        found = only_finding(GOOD.replace("[loop]", f"[loop]\nloss_frac = {written}"))
        assert found.remedy == hint

    def test_a_list_of_shares_is_worked_out_entry_by_entry(self):
        class Steps(Document):
            filled_frac: tuple[Annotated[float, Ge(0), Le(1)], ...]

        found = read_document("filled_frac = [50, 1]", Steps, file="steps.toml").findings
        assert [one.where.path for one in found] == ["filled_frac[0]"]
        assert found[0].remedy.endswith("50 % is written as 0.5.")

    def test_a_share_that_was_divided_twice_is_worked_out_where_it_is_too_small(self):
        class Machine(Document):
            efficiency_frac: Annotated[float, Ge(0.2), Le(1)] | None = None

        found = read_document("efficiency_frac = 0.0055", Machine, file="a.toml").findings[0]
        assert found.remedy.endswith("so 0.0055 means 0.55 %; 55 % is written as 0.55.")

    @pytest.mark.parametrize(
        ("line", "hint"),
        [
            ("loss_frac = 92 %", "A share is written as a fraction: 92 % is written as 0.92."),
            ("loss_frac = 0,92 # as measured", "Decimals have a point: write 0.92."),
            (
                "flow_kgs = 1,500",
                "Decimals have a point, and nothing parts thousands: write 1.500 or 1500.",
            ),
            (
                "flow_kgs = 28 l/min",
                "Write the number alone, in kg/s: the name of the field carries the unit.",
            ),
            (
                "name = 3rd",
                "Mend the line; strings stand in quotes and each key stands once in its table.",
            ),
            (
                "loss_frac == 1",
                "Mend the line; strings stand in quotes and each key stands once in its table.",
            ),
        ],
    )
    def test_a_number_that_toml_does_not_have_is_written_out(self, line, hint):
        found = only_finding(f"[loop]\n{line}\n")
        assert (found.code, found.where.line, found.remedy) == ("document.not-toml", 2, hint)

    def test_without_a_description_the_value_is_to_be_corrected(self):
        found = only_finding("year = 1.5\n" + GOOD)
        assert found.remedy == "Correct the value."

    def test_our_own_words_have_no_prefix(self):
        text = GOOD.replace("flow_kgs = 1.5", "flow_kgs = 60\nsupply_c_min = 85")
        found = only_finding(text)
        assert found.message == "`[loop]`: so hot and so much are not both possible."
        assert found.where.line == 1

    def test_our_own_words_about_a_value_show_it(self):
        found = read_site(SITE.replace('"Europe/Rome"', '"Rome"')).findings[0]
        assert found.message == (
            '`site.zone` is "Rome": a zone is named as in the IANA table, like Europe/Rome.'
        )

    def test_our_own_words_about_the_whole_file_have_no_place(self):
        class Whole(Document):
            size: int = 1

            @model_validator(mode="after")
            def _never(self) -> "Whole":
                raise ValueError("this file is never right")

        found = read_document("", Whole, file="whole.toml").findings[0]
        assert (found.message, found.where.path) == ("This file is never right.", "")

    def test_what_has_no_words_of_ours_is_said_in_the_readers(self):
        class Even(Document):
            size: int = Field(default=2, multiple_of=2)

        found = read_document("size = 3", Even, file="even.toml").findings[0]
        assert found.message == "`size` is 3: input should be a multiple of 2."

    def test_every_wrong_value_is_named_in_the_order_of_the_file(self):
        text = "kind = 'x'\nyear = 'y'\n[loop]\nflow_kgs = -1\n[[rooms]]\nname = 3\n"
        assert [finding.where.line for finding in findings_of(text)] == [1, 2, 4, 6]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        ('a "b"\n', '"a \\"b\\"\\n"'),
        (Decimal("0.0750"), "0.0750"),
        (Decimal("-Infinity"), "-inf"),
        (0.5, "0.5"),
        (date(2026, 1, 31), "2026-01-31"),
        ("x" * 100, '"' + "x" * 58 + "…"),
    ],
)
def test_a_value_is_shown_as_it_is_written(value, text):
    assert write_value(value) == text


def test_a_number_too_long_to_write_is_not_written():
    assert write_value(16**5000) == "a number of thousands of digits"


def test_a_source_gives_findings_their_place():
    source = Source(file="house.toml", text=GOOD)
    for find, severity in (
        (source.error, Severity.ERROR),
        (source.warning, Severity.WARNING),
        (source.note, Severity.NOTE),
    ):
        found = find("house.odd", "loop", "flow_kgs", message="Odd.", remedy="Mend.", flow=1.5)
        assert (found.severity, str(found.where)) == (severity, "house.toml:2 (loop.flow_kgs)")
        assert found.data == {"flow": 1.5}
    assert Source(file="house.toml").where("loop").line is None


def test_assumptions_say_what_was_given_and_where_the_rest_is_from():
    house = read_document(GOOD, House, file="house.toml").document
    assert house is not None
    rows = {row.path: row for row in assumptions_of(house)}
    assert (rows["loop.flow_kgs"].value, rows["loop.flow_kgs"].given) == (1.5, True)
    assert rows["loop.flow_kgs"].description == "mass flow of the loop"
    assert (rows["loop.loss_frac"].source, rows["loop.loss_frac"].given) == ("a leaflet", False)
    assert rows["rooms[0].name"].value == "bath"
    assert rows["year"].source == ""
    assert "items" not in rows, "a list of tables that is left out is no assumption"


# --- Whatever a person does to the text, there is an answer.


ODD_VALUES = """
0 -1 1e400 1e308 -1e308 1e12 1e-320 1e-12 nan inf true "" [] [[1]] {} 0001-01-01
9999-12-31 1e-300 0.5 99 "\\u0000" 12:00:00 999999999999999999999999 2026-01-01T00:00:00Z
"""


@st.composite
def mutated(draw, text: str) -> str:
    lines = text.split("\n")
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        line = lines[at]
        lines[at : at + 1] = draw(
            st.sampled_from(
                [
                    [],
                    [line, line],
                    [_with_character(draw, line)],
                    [_renamed(line)],
                    [_with_value(draw, line)],
                    [line[: draw(st.integers(0, len(line)))]],
                    [lines[draw(st.integers(0, len(lines) - 1))], line],
                ]
            )
        )
        lines = lines or [""]
    return "\n".join(lines)


def _with_character(draw, line: str) -> str:
    at: int = draw(st.integers(0, len(line)))
    character: str = draw(st.sampled_from("[]{}=\"'.,#-+_09aeEx \t\\\x00\u2028é"))
    return line[:at] + character + line[at + draw(st.integers(0, 1)) :]


def _renamed(line: str) -> str:
    key, equals, value = line.partition("=")
    return key.rstrip() + "_mwh " + equals + value


def _with_value(draw, line: str) -> str:
    key, equals, _ = line.partition("=")
    value = draw(st.sampled_from(ODD_VALUES.split()))
    return f"{key}{equals} {value}" if equals else line


@settings(deadline=None, max_examples=300)
@given(mutated(CONTRACT))
def test_a_changed_contract_is_read_or_explained(text):
    read = read_contract(text)
    site = read_site(SITE).document
    assert site is not None
    if read.document is None:
        assert read.findings
    else:
        assert explain(read.document)
        found = check_contract(read.document, site, points_of(site), text=text)
        read = type(read)(read.document, found)
    assert all(finding.message and finding.remedy for finding in read.findings)


@settings(deadline=None, max_examples=300)
@given(mutated(SITE))
def test_a_changed_site_is_read_or_explained(text):
    read = read_site(text)
    if read.document is None:
        assert read.findings
    else:
        read = type(read)(read.document, check_site(read.document, text=text))
    assert all(finding.message and finding.remedy for finding in read.findings)
