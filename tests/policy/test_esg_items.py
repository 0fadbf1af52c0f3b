"""Each item that projects report has its place: a performance standard, or a name below that says why it has none."""

from datetime import date

from nightdesk.policy import policy
from nightdesk.settings import project_root

#: what is the company's own governance, or the plan as a whole, is of no single performance standard
OF_NO_STANDARD = {
    "action_delivery", "anti_corruption", "board_oversight", "climate_physical", "esg_disclosure",
    "related_party_conduct",
}  # fmt: skip

#: what shows a source of a standard: its table, and the column of it where only evidence counts
OF_TABLE = {
    "item": ("esg_item", "evidence_id"),
    "permit": ("permit", "evidence_id"),
    "incident": ("esg_incident", None),
}


def _codes(table: str, column: str, **where: str) -> set[str]:
    rows = (row for _, row in policy()[table].rows)
    return {str(row[column]) for row in rows if all(row[name] == value for name, value in where.items())}


def test_given_every_item_then_it_is_of_a_performance_standard_or_is_named_here() -> None:
    items, placed = _codes("esg_item", "item"), _codes("performance_standard", "code", source="item")
    assert items - placed == OF_NO_STANDARD, "add rows to policy/performance_standard.csv, or a name here"
    assert placed <= items, "a standard is given to an item that nobody knows"


def test_given_every_kind_of_incident_that_counts_then_it_is_of_a_performance_standard() -> None:
    placed = _codes("performance_standard", "code", source="incident")
    assert _codes("incident_kind", "kind") - placed == set(), "an open one would stand under no standard"


def test_given_a_word_of_a_cause_then_it_is_in_small_letters_and_no_authority_s_name_holds_it() -> None:
    words = _codes("performance_standard", "code", source="cause")
    assert {word for word in words if word != word.strip().lower()} == set()
    names = ("生态环境局", "自然资源局", "应急管理局", "水务局", "住房和城乡建设局", "ecology and environment bureau")
    assert [(name, word) for name in names for word in words if word in name] == []


def test_given_a_permit_that_is_evidence_of_the_assessment_then_its_standard_knows_it_by_that_name() -> None:
    held = _codes("esg_evidence_seen", "code", evidence="environmental_assessment", table_name="permit")
    placed = _codes("performance_standard", "code", source="permit", standard="PS1")
    assert held - placed == set(), "what the page calls held it would ask for again"


def test_given_what_answers_a_need_then_it_is_known_and_counts_for_the_need_s_standard() -> None:
    of = {str(row["need"]): str(row["standard"]) for _, row in policy()["standard_need"].rows}
    for source, table in OF_TABLE.items():
        placed = {
            (str(row["code"]), str(row["standard"]))
            for _, row in policy()["performance_standard"].rows
            if row["source"] == source
        }
        answers = {
            (str(row["code"]), of[str(row["need"])])
            for _, row in policy()["standard_need_seen"].rows
            if (row["table_name"], row["evidence_column"]) == table
        }
        assert answers
        assert answers - placed == set(), "what answers a need is no fact of its standard"
    actions = [row for _, row in policy()["standard_need_seen"].rows if row["table_name"] == "esap_action"]
    assert [row for row in actions if str(row["code"]).upper() != of[str(row["need"])]] == []
    assert set(of.values()) == {f"PS{n}" for n in range(1, 9)}, "a standard that needs nothing"


def test_given_every_part_of_the_score_then_its_items_have_words_in_both_languages() -> None:
    texts = {str(row["item"]): row for _, row in policy()["esg_item_text"].rows}
    assert set(texts) == _codes("esg_item", "item")
    assert all(row["name_zh"] and row["name_en"] for row in texts.values())


def test_given_the_plausible_ranges_then_each_is_of_a_known_measure_holds_something_and_any_sector_has_one() -> None:
    rows = policy()["esg_plausible"].effective(date(2026, 1, 1))
    items = {row["item"] for row in policy()["esg_item"].effective(date(2026, 1, 1)) if row["kind"] == "kpi"}
    assert {row["measure"] for row in rows} == items | {"g_per_kwh", "t_per_million", "t_per_million_revenue"}
    assert [row for row in rows if not row["lowest"] < row["highest"]] == []
    assert {row["measure"] for row in rows if row["sector_code"] == "any"} == {row["measure"] for row in rows}


def test_given_a_table_that_evidence_may_be_looked_for_in_then_its_rows_are_looked_at() -> None:
    looked_at = (project_root() / "sql/esg/evidence/fact.sql").read_text(encoding="utf-8")
    for name in ("esg_evidence_seen", "standard_need_seen"):
        columns = policy()[name].columns
        for code in (*columns["table_name"].values, *columns["evidence_column"].values):
            assert f"'{code}' as " in looked_at, f"a row of {name} with {code} would never find anything"
