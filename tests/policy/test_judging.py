"""Each kind of fault is found, once, by its file and line; what is shipped has none; a night judges alike."""

import csv
import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from nightdesk.errors import PolicyError
from nightdesk.policy import policy_faults, policy_version
from nightdesk.render.catalogue import LANGUAGES, catalogue
from nightdesk.settings import sql_root

pytestmark = pytest.mark.slow
Damage = Callable[[str, str, str], None]
DAY = datetime.date(2026, 3, 31)
PROFILES = sorted(path.name for path in (sql_root() / "extract").iterdir() if path.is_dir())
ALWAYS = "1900-01-01,,"


def line_of(code: str, table: str = "indicator") -> int:
    """The line of a code's row."""
    rows = (sql_root() / "policy" / f"{table}.csv").read_text(encoding="utf-8").splitlines()
    return next(number for number, row in enumerate(rows, start=1) if row.startswith(f"{code},"))


E03, E04, P01 = (line_of(code) for code in ("E03", "E04", "P01"))
OFFER = line_of("offer", "special_contact")
DISCHARGE = line_of("discharge", "permit_kind")
STEP = line_of("P01,31-90,any,2", "playbook_step")
PAST_STEPS = len((sql_root() / "policy" / "playbook_step.csv").read_text(encoding="utf-8").splitlines()) + 1


def put(path: Path, before: str, after: str) -> None:
    """Put one text in place of another in a file of SQL, where it occurs once."""
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, after), encoding="utf-8")


def pause(sql: Path, table: str, row: str, last: str) -> tuple[int, ...]:
    """The first row that begins so ends on `last` and begins again on 1 February 2026; the lines of the two."""
    path = sql / "policy" / f"{table}.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(lines[1:], start=1) if line.startswith(f"{row}," if row else ""))
    assert lines[at].count(f",{ALWAYS}") == 1
    again = lines[at].replace(f",{ALWAYS}", ",2026-02-01,,")
    ended = lines[at].replace(f",{ALWAYS}", f",1900-01-01,{last},")
    path.write_text("\n".join([*lines[:at], again, ended, *lines[at + 1 :]]) + "\n", encoding="utf-8")
    return (at + 1, at + 2)


#: the file, what stands there, what is put there, and what is found: kind, lines, key
FAULTS = {
    # single rows
    "a header": ("capacity.csv", "role,max", "rolle,max", [("header", (1,), "")]),
    "a cell too few": ("capacity.csv", "rm,20,", "rm,", [("cells", (2,), "")]),
    "an empty cell": ("capacity.csv", "rm,20,", "rm,,", [("empty", (2,), "max_tasks_per_day = ''")]),
    "no date": (
        "capacity.csv",
        f"rm,20,{ALWAYS}",
        "rm,20,1900-13-01,,",
        [("no_date", (2,), "valid_from = '1900-13-01'")],
    ),
    "no number": ("capacity.csv", "rm,20,", "rm,NaN,", [("no_number", (2,), "max_tasks_per_day = 'NaN'")]),
    "a colour that is none": (
        "arrears_colour.csv",
        "1-7,amber",
        "1-7,yellow",
        [("not_listed", (2,), "min_colour = 'yellow'")],
    ),
    "two cells, both told": (
        "cadence.csv",
        "core,1,1,1,15",
        "core,4,1,0,15",
        [("too_high", (4,), "slot = '4'"), ("too_low", (4,), "from_day = '0'")],
    ),
    "an end before its beginning": (
        "capacity.csv",
        f"rm,20,{ALWAYS}",
        "rm,20,2026-01-02,2026-01-01,",
        [("reversed", (2,), "rm")],
    ),
    "two rows of one key": (
        "capacity.csv",
        "",
        "rm,25,2026-01-01,,a,b\n",
        [("overlap", (2, 5), "rm")],
    ),
    "rows that meet on one day": (
        "capacity.csv",
        f"rm,20,{ALWAYS}",
        "rm,25,2026-01-01,,a,b\nrm,20,1900-01-01,2026-01-01,",
        [("overlap", (2, 3), "rm")],
    ),
    "a file of no table": ("indicators.csv", "", "indicator\n", [("no_table", (), "")]),
    # gaps
    "a setting without its row": ("task_setting.csv", "must_do_cards,5,", "", [("gap", (), "must_do_cards")]),
    "a setting that two files ask for, without its row": (
        "arrears_setting.csv",
        "technical_days,7,",
        "",
        [("gap", (), "technical_days")],
    ),
    "a setting that ended": (
        "task_setting.csv",
        f"must_do_cards,5,{ALWAYS}",
        "must_do_cards,5,1900-01-01,2025-12-31,",
        [("gap", (2,), "must_do_cards")],
    ),
    "a setting of the checks without its row": (
        "check.csv",
        "taken_back_max_pct,,5",
        "",
        [("gap", (), "taken_back_max_pct")],
    ),
    "a setting by another name": (
        "task_setting.csv",
        "must_do_cards",
        "must_do_card",
        [("gap", (), "must_do_cards"), ("unread", (2,), "must_do_card")],
    ),
    "a code of a list without its row": ("contact_channel.csv", "video,true", "", [("gap", (), "video")]),
    "a step between two others": (
        "playbook_step.csv",
        "P01,31-90,any,2,",
        "",
        [("gap", (STEP,), "P01|31-90|any|2")],
    ),
    "the first of several steps": (
        "playbook_step.csv",
        "P01,31-90,any,1,",
        "",
        [("gap", (STEP - 1,), "P01|31-90|any|1")],
    ),
    "a cell of a matrix": ("exit_matrix.csv", "doubtful,part,", "", [("uncovered", (), "doubtful|part")]),
    "the cell of what is not assessed": (
        "exit_matrix.csv",
        "not_assessed,any,",
        "",
        [("gap", (), "not_assessed|any")],
    ),
    "the cell of what is written off, for one protection alone": (
        "exit_matrix.csv",
        "written_off,any,",
        "written_off,low,",
        [("gap", (), "written_off|any")],
    ),
    "a class of a matrix without its line": ("exit_protection.csv", "part,60", "", [("gap", (), "part")]),
    # codes
    "a group that is none": ("indicator.csv", "E03,E,", "E03,Z,", [("unknown", (E03,), "E03")]),
    "an indicator that is none": ("indicator_amount.csv", "T01,CNY", "T99,CNY", [("unknown", (10,), "T99")]),
    "a class that is none": (
        "five_class_floor.csv",
        "overdue,0,special_mention",
        "overdue,0,odd",
        [("unknown", (2,), "overdue")],
    ),
    "a column that the contract lacks": (
        "indicator.csv",
        "esap_action.done_on;esap_action.priority",
        "esap_action.done;esap_action.priority",
        [("unknown", (E03,), "E03")],
    ),
    "a table that the contract lacks": (
        "check.csv",
        "data_age_days,fx_rate",
        "data_age_days,fx",
        [("unknown", (10,), "data_age_days|fx")],
    ),
    "a code that is neither colour nor tier": (
        "rank_value.csv",
        "tier,core",
        "tier,gold",
        [("unknown", (7,), "tier|gold"), ("uncovered", (), "core|tier")],
    ),
    # what another table needs here
    "an event that no rule names": (
        "special_contact.csv",
        "tier_attention",
        "tier_atention",
        [("gap", (), "tier_attention"), ("unknown", (8,), "tier_atention")],
    ),
    "words of an indicator": ("indicator_text.csv", "P02,", "", [("uncovered", (), "P02")]),
    "words of a floor": ("five_class_floor_text.csv", "recovering,", "", [("uncovered", (), "recovering")]),
    "an event whose tasks would go with its row": ("special_contact.csv", "lead,10", "", [("gap", (), "lead")]),
    "an event whose row ended": (
        "special_contact.csv",
        f"offer,10,{ALWAYS}",
        "offer,10,1900-01-01,2026-03-30,",
        [("gap", (OFFER,), "offer")],
    ),
    "words of a task": ("task_text.csv", "offer_peers,", "offer_others,", [("gap", (), "offer_peers")]),
    "days in which a colour is handled": ("special_contact.csv", "orange,3", "", [("uncovered", (), "orange")]),
    "a step in whose place another is asked, and that nothing asks": (
        "called_step.csv",
        "demand_letter,",
        "demand_leter,",
        [("unknown", (2,), "demand_leter")],
    ),
    "words of what an exit plan asks in another step's place": (
        "exit_step_text.csv",
        "demand_payment,",
        "",
        [("uncovered", (), "demand_payment")],
    ),
    "words of what a playbook asks in another step's place": (
        "playbook_step_text.csv",
        "action,enforce_security,",
        "",
        [("uncovered", (), "enforce_security|action")],
    ),
    "a step of a band that nothing fires in": (
        "playbook_step.csv",
        "",
        f"T15,ambre,any,1,risk,5,trace_flows,trace_note,{ALWAYS}risk,x\n",
        [("unknown", (PAST_STEPS,), "T15|ambre|any|1")],
    ),
    # counterparts
    "amber without when": (
        "indicator.csv",
        "esg,8,days,high,30,passed,90",
        "esg,8,days,high,30,,90",
        [("alone", (E03,), "E03")],
    ),
    "red without when": (
        "indicator.csv",
        "esg,8,days,high,30,passed,90,passed",
        "esg,8,days,high,30,passed,90,",
        [("alone", (E03,), "E03")],
    ),
    "red without amber": (
        "indicator.csv",
        "esg,8,days,high,30,passed,90,passed",
        "esg,8,days,high,,,90,passed",
        [("alone", (E03,), "E03")],
    ),
    "hard without red": ("indicator.csv", "1,reached,30,passed,90", "1,reached,,,90", [("alone", (P01,), "P01")]),
    "a count without its families": (
        "colour.csv",
        "amber,3,25,,,8,2,2",
        "amber,3,25,,,8,2,",
        [("alone", (4,), "amber")],
    ),
    "half an observation": (
        "five_class_floor.csv",
        "substandard,183,2",
        "substandard,183,",
        [("alone", (6,), "recovering")],
    ),
    # amber and red
    "amber beyond red": (
        "indicator.csv",
        "esg,8,days,high,30,passed,90,passed",
        "esg,8,days,high,91,passed,90,passed",
        [("crossed", (E03,), "E03")],
    ),
    "amber at red": (
        "indicator.csv",
        "esg,8,days,high,30,passed,90,passed",
        "esg,8,days,high,90,passed,90,passed",
        [("crossed", (E03,), "E03")],
    ),
    "amber beyond red where low is bad": (
        "indicator.csv",
        "90,reached,0,passed",
        "90,reached,91,passed",
        [("crossed_down", (E04,), "E04")],
    ),
    "amber at red where low is bad": (
        "indicator.csv",
        "90,reached,0,passed",
        "90,reached,90,passed",
        [("crossed_down", (E04,), "E04")],
    ),
    "red beyond hard": (
        "indicator.csv",
        "1,reached,30,passed,90",
        "1,reached,30,passed,30",
        [("crossed", (P01,), "P01")],
    ),
    "amber beyond red where an indicator's lines go by kind": (
        "permit_kind.csv",
        "\ndischarge,false,true,120,60",
        "\ndischarge,false,true,60,60",
        [("crossed", (DISCHARGE,), "discharge")],
    ),
    "red without amber where an indicator's lines go by kind": (
        "permit_kind.csv",
        "\ndischarge,false,true,120,60",
        "\ndischarge,false,true,,60",
        [("alone", (DISCHARGE,), "discharge")],
    ),
    "amber beyond red among settings": (
        "signal_setting.csv",
        "noise_amber_spreads,2",
        "noise_amber_spreads,3",
        [("crossed", (10, 11), "")],
    ),
    "amber beyond red among settings, once": (
        "check.csv",
        "volume_low_pct,,50",
        "volume_low_pct,,200",
        [("crossed", (7, 8), "")],
    ),
    "the low line of a table beyond its high one": (
        "check.csv",
        "",
        f"volume_low_pct,txn,201,{ALWAYS}a,b\n",
        [("crossed", (8, 25), "txn")],
    ),
    "a lighter colour for longer arrears": (
        "arrears_colour.csv",
        "31-90,red",
        "31-90,amber",
        [("falling", (4,), "P01|31")],
    ),
    "a lower score for a worse colour": ("colour.csv", "red,5,60", "red,5,44", [("falling", (2,), "red")]),
    "a wider share for a higher tier": (
        "tier.csv",
        "strategic,4,1,",
        "strategic,4,6,",
        [("falling", (2,), "strategic")],
    ),
}


@pytest.mark.parametrize(("name", "before", "after", "expected"), FAULTS.values(), ids=list(FAULTS))
def test_given_a_fault_when_judged_then_it_is_found_with_its_place_and_a_night_stops_at_it(
    damage: Damage, name: str, before: str, after: str, expected: list[tuple[str, tuple[int, ...], str]]
) -> None:
    damage(name, before, after)
    found = policy_faults()
    assert [(one.kind, one.lines, one.key) for one in found] == expected
    assert {one.file for one in found} == {f"sql/policy/{name}"}
    for language in LANGUAGES:
        assert all("{" not in one.says(catalogue(language)) for one in found)
    with pytest.raises(PolicyError) as stopped:
        policy_version(DAY)
    assert stopped.value.what.startswith(found[0].place)


@pytest.mark.parametrize("profile", PROFILES)
def test_given_what_is_shipped_when_judged_then_nothing_is_wrong_on_any_day(profile: str) -> None:
    assert policy_faults(profile) == []


def test_given_a_gap_between_two_rows_of_a_setting_then_only_the_nights_within_it_stop(damage: Damage) -> None:
    damage(
        "task_setting.csv",
        f"must_do_cards,5,{ALWAYS}",
        "must_do_cards,6,2026-02-01,,a,b\nmust_do_cards,5,1900-01-01,2025-12-31,",
    )
    gap = policy_faults()
    assert [(one.kind, one.lines, one.since) for one in gap] == [("gap", (2, 3), datetime.date(2026, 1, 1))]
    for month, is_sound in ((12, True), (1, False), (2, True)):
        day = datetime.date(2025 if month == 12 else 2026, month, 31 if month != 2 else 1)
        assert (policy_faults(day=day) == []) is is_sound


@pytest.mark.parametrize(
    ("code", "band"), [("X08", "hard"), ("E02", "red"), ("T02", "blue"), ("O01", "amber"), ("P01", "written_off")]
)
def test_given_a_band_that_an_indicators_sql_fires_in_without_steps_then_each_kind_of_client_is_told(
    sql: Path, code: str, band: str
) -> None:
    path = sql / "policy" / "playbook_step.csv"
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [row for row in rows if not row.startswith(f"{code},{band},")]
    assert len(kept) < len(rows)
    path.write_text("".join(kept), encoding="utf-8")
    told = [(one.kind, one.key) for one in policy_faults() if one.table == "playbook_step"]
    assert told == [("uncovered", f"{code}|{band}|{kind}") for kind in ("company", "project_company", "person")]


def test_given_a_macro_by_which_indicators_can_be_hard_then_steps_of_that_band_are_asked_of_each(sql: Path) -> None:
    put(sql / "macros" / "project.sql", "{{ judge(", "{{ judge(\n    hard='measured.value < 0',")
    told = {(one.kind, one.key) for one in policy_faults()}
    kinds = ("company", "project_company", "person")
    assert told == {("uncovered", f"{code}|hard|{kind}") for code in ("J02", "J03", "J04") for kind in kinds}


def test_given_an_indicator_that_can_not_be_hard_in_so_many_words_then_no_such_steps_are_asked(sql: Path) -> None:
    (path,) = (sql / "warnings" / "indicator").glob("e03_*.sql")
    put(path, "indicator.judge(", "indicator.judge(\n    hard='false',")
    assert policy_faults() == []


@pytest.mark.parametrize(
    ("code", "lines", "is_asked"), [("E03", "30,passed,90,passed", False), ("E04", "90,reached,0,passed", True)]
)
def test_given_an_indicator_without_lines_then_amber_steps_are_asked_where_its_sql_gives_amber_of_itself(
    sql: Path, code: str, lines: str, is_asked: bool
) -> None:
    policy = sql / "policy" / "indicator.csv"
    line = next(row for row in policy.read_text(encoding="utf-8").splitlines() if row.startswith(f"{code},"))
    put(policy, line, line.replace(lines, ",,,"))
    path = sql / "policy" / "playbook_step.csv"
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(row for row in rows if not row.startswith(f"{code},amber,")), encoding="utf-8")
    told = {one.key for one in policy_faults() if one.table == "playbook_step"}
    assert told == (
        {f"{code}|amber|{kind}" for kind in ("company", "project_company", "person")} if is_asked else set()
    )


@pytest.mark.parametrize(("last", "is_hole"), [("2026-01-31", False), ("2026-01-30", True)])
@pytest.mark.parametrize(
    ("table", "key"), [("permit_kind", "discharge"), ("incident_kind", "court"), ("indicator_amount", "T01")]
)
def test_given_a_code_whose_row_ends_and_begins_again_then_the_days_between_are_a_hole(
    sql: Path, table: str, key: str, last: str, is_hole: bool
) -> None:
    lines = pause(sql, table, key, last)
    found = [(one.kind, one.key, one.lines, one.since) for one in policy_faults() if one.table == table]
    assert found == ([("hole", key, lines, datetime.date(2026, 1, 31))] if is_hole else [])
    assert bool(policy_faults(day=datetime.date(2026, 1, 31))) is is_hole
    assert policy_faults(day=datetime.date(2026, 2, 1)) == []


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("task_cap", "offer,2"),
        ("excluded_flow", "bank_initiated,fee"),
        ("trail_flow", ""),
        ("counted_flow", ""),
        ("equator_sector", ""),
        ("equator_region", ""),
        ("esg_item_sector", ""),
        ("offer_fit", ""),
        ("need_product", ""),
        ("training_need", ""),
        ("product_document", ""),
        ("post_loan_rhythm", ""),
        ("cadence", "core,1"),
        ("visit_cadence", ""),
        ("contact_outside_event", ""),
        ("designated_country", "AT"),
        ("bundle", ""),
    ],
)
def test_given_a_list_one_of_whose_rows_pauses_then_it_does_not_count_meanwhile_and_nothing_is_wrong(
    sql: Path, table: str, row: str
) -> None:
    pause(sql, table, row, "2026-01-30")
    assert policy_faults() == []


def test_given_a_row_that_ends_for_good_then_there_is_no_hole(damage: Damage) -> None:
    damage("incident_kind.csv", f"court,dispute,red,{ALWAYS}", "court,dispute,red,1900-01-01,2026-01-30,")
    assert policy_faults() == []


def test_given_a_fault_that_is_yet_to_come_then_the_check_tells_from_when_and_tonight_goes_on(damage: Damage) -> None:
    damage(
        "indicator_amount.csv",
        f"T01,CNY,,1000000,{ALWAYS}",
        "T01,CNY,2,1,2027-01-01,,a,b\nT01,CNY,,1,1900-01-01,2026-12-31,",
    )
    assert [(one.kind, one.since) for one in policy_faults()] == [("crossed", datetime.date(2027, 1, 1))]
    assert policy_version(DAY)


def test_given_an_own_row_of_a_profile_then_its_file_is_named_and_the_baseline_is_sound(damage: Damage) -> None:
    damage("berka/indicator.csv", "high,25,reached,40", "high,45,reached,40")
    assert [(one.kind, one.place) for one in policy_faults("berka")] == [
        ("crossed", "sql/policy/berka/indicator.csv, line 2")
    ]
    assert policy_faults() == []
    with pytest.raises(
        PolicyError,
        match=r"berka/indicator\.csv, line 2, T02: amber_value 45 must lie below red_value 40 on 2026-03-31",
    ):
        policy_version(DAY, "berka")


def test_given_a_baseline_row_that_a_profile_keeps_then_the_baselines_file_is_named(damage: Damage) -> None:
    damage("indicator.csv", "esg,8,days,high,30,passed,90,passed", "esg,8,days,high,91,passed,90,passed")
    assert [one.place for one in policy_faults("berka")] == [f"sql/policy/indicator.csv, line {E03}"]


def test_given_an_own_row_that_begins_later_then_the_setting_has_a_gap_before_it(damage: Damage) -> None:
    damage("berka/task_setting.csv", f"20000,{ALWAYS}", "20000,1994-01-01,,")
    (gap,) = policy_faults("berka")
    assert (gap.kind, gap.place, gap.since) == ("gap", "sql/policy/berka/task_setting.csv, line 2", None)


def test_given_an_own_row_that_begins_after_the_baseline_row_it_replaces_then_the_days_before_are_told(
    damage: Damage, sql: Path
) -> None:
    head, *rows = (sql / "policy" / "permit_kind.csv").read_text(encoding="utf-8").splitlines()
    discharge = next(row for row in rows if row.startswith("discharge,"))
    later = discharge.replace(f",{ALWAYS}", ",2026-04-01,,")
    damage("berka/permit_kind.csv", "", f"{head}\n{later}\n")
    (late,) = policy_faults("berka")
    assert (late.kind, late.place, late.key, late.since) == (
        "late",
        "sql/policy/berka/permit_kind.csv, line 2",
        "discharge",
        None,
    )
    assert all("{" not in late.says(catalogue(language)) for language in LANGUAGES)
    assert policy_faults("berka", day=DAY) == [late]
    assert policy_faults("berka", day=datetime.date(2026, 4, 1)) == []


def test_given_an_own_file_that_repeats_the_baseline_row_up_to_its_own_then_nothing_is_wrong(
    damage: Damage, sql: Path
) -> None:
    head, *rows = (sql / "policy" / "permit_kind.csv").read_text(encoding="utf-8").splitlines()
    discharge = next(row for row in rows if row.startswith("discharge,"))
    own = [discharge.replace(f",{ALWAYS}", span) for span in (",1900-01-01,2026-03-31,", ",2026-04-01,,")]
    damage("berka/permit_kind.csv", "", "\n".join([head, *own, ""]))
    assert policy_faults("berka") == []


def test_given_keys_with_another_part_null_then_they_are_two_keys(damage: Damage) -> None:
    damage(
        "esg_evidence_seen.csv",
        "",
        "".join(
            f"environmental_assessment,esap_action,{parts},{ALWAYS}esg,x\n"
            for parts in ("evidence_id,", ",evidence_id")
        ),
    )
    assert policy_faults() == []


def test_given_an_own_file_of_no_table_then_it_is_named_and_other_profiles_are_sound(damage: Damage) -> None:
    damage("berka/indicater.csv", "", "indicator\n")
    assert [(one.kind, one.file) for one in policy_faults("berka")] == [("no_table", "sql/policy/berka/indicater.csv")]
    assert policy_faults() == []


STEPS = """
step:
  key: [indicator, band, applies_to]
  columns: {indicator: text! -> indicator, band: text!, applies_to: enum! company person any}
  covers:
    - {table: indicator, with: {band: red}, each: {applies_to: any}, has: red_value, unless: arrears_colour.indicator}
    - {table: arrears_colour, as: {indicator: indicator, band: band}, each: {applies_to: any}}
"""


@pytest.fixture
def steps(sql: Path, damage: Damage) -> list[str]:
    """A table of steps, and the rows with which each band has one for everybody."""
    damage("schema.yaml", "", STEPS)
    with (sql / "policy" / "indicator.csv").open(encoding="utf-8", newline="") as file:
        red = [row["indicator"] for row in csv.DictReader(file) if row["red_value"]]
    damage("step.csv", "", "indicator,band,applies_to,valid_from,valid_to,owner,reason\n")
    bands = [f"{code},red" for code in red if code != "P01"] + [f"P01,{band}" for band in ("1-7", "8-30", "31-90")]
    return [f"{band},any,{ALWAYS}a,b\n" for band in [*bands, "P01,over_90"]]


def test_given_a_step_of_each_band_then_nothing_is_wrong(damage: Damage, steps: list[str]) -> None:
    damage("step.csv", "", "".join(steps))
    assert policy_faults() == []


def test_given_bands_without_a_step_or_for_one_kind_of_client_alone_then_each_that_lacks_one_is_told(
    damage: Damage, steps: list[str]
) -> None:
    there = [row.replace(",any,", ",person,") if row.startswith("T04") else row for row in steps]
    damage("step.csv", "", "".join(row for row in there if not row.startswith("P01,over_90")))
    assert [one.key for one in policy_faults()] == [
        "T04|red|company",
        "P01|over_90|company",
        "P01|over_90|person",
    ]
