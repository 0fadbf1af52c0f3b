"""Charts of the whole book: each figure drawn stands in the chart's table, and what is not known is not drawn."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import pytest

import golden
from nightdesk.render.book_charts import book_charts
from nightdesk.render.book_drawn import BookDrawn
from nightdesk.render.catalogue import LANGUAGES, Language, catalogue
from nightdesk.render.drawing import FIRST, LAST, WIDTH, Bars, Box, Days, Part, Word, bar_lines
from nightdesk.render.figures import Figures
from nightdesk.render.project_model import Chart
from nightdesk.render.rows import Row

MIX: list[Row] = [
    {"category": "A", "stage": "construction", "project_count": 2},
    {"category": "A", "stage": "operation", "project_count": 1},
    {"category": None, "stage": "operation", "project_count": 4},
]
BANDS: list[Row] = [
    {"band": "weak", "project_count": 1, "before_count": 0, "red_project_count": 0}
    | {"mean_coverage_pct": Decimal("62.5")},
    {"band": "strong", "project_count": 3, "before_count": None, "red_project_count": 2},
    {"band": "none", "project_count": 5, "before_count": None},
]
PERMITS: list[Row] = [
    {"bucket": "2026Q2", "quarter_no": 8106, "permit_count": 3, "filed_count": 1},
    {"bucket": "expired", "quarter_no": 0, "permit_count": 2, "filed_count": 0},
    {"bucket": "no_end", "quarter_no": 99999, "permit_count": 60, "filed_count": 0},
]


def emission(year: int, scope: int, tonnes: str | None, pcaf_class: str = "project_finance") -> Row:
    value = None if tonnes is None else Decimal(tonnes)
    return {"year": year, "scope": scope, "pcaf_class": pcaf_class, "financed_t": value}


def move(project: str, was: str | None, is_: str | None) -> Row:
    before, now = (None if value is None else Decimal(value) for value in (was, is_))
    return {"project_id": project, "name": project, "score_evidenced_before": before, "score_evidenced": now}


def drawn(section: str, language: Language = "en", **rows: Sequence[Row]) -> tuple[Chart, ...]:
    tables = ("category_mix", "score_band", "score_move", "permit_quarter", "emission_scope", "emission_quality")
    given: Mapping[str, Sequence[Row]] = {f"esg_portfolio.{name}": rows.get(name, []) for name in tables}
    return book_charts(section, given, BookDrawn(catalogue(language), Figures(language, "CNY")))


def boxes(chart: Chart) -> list[tuple[str, str]]:
    """What the bars say, without the key."""
    return [(shape.tone, shape.says) for shape in chart.drawing.shapes if isinstance(shape, Box) and shape.height == 9]


@pytest.mark.parametrize("section", ["mix", "score", "permit", "emission", "action", "incident"])
def test_given_nothing_known_when_drawn_then_there_is_no_chart(section: str) -> None:
    assert drawn(section) == ()


def test_given_projects_by_category_and_stage_when_drawn_then_each_part_is_as_long_as_its_number() -> None:
    (chart,) = drawn("mix", category_mix=MIX)
    assert [(row[1], row[2]) for row in chart.rows] == [("Construction", "2"), ("Operation", "1"), ("Operation", "4")]
    long = {shape.says: shape.width for shape in chart.drawing.shapes if isinstance(shape, Box)}
    assert long["Operation 4"] == 2 * long["Construction 2"] == 4 * long["Operation 1"]


def test_given_bands_when_drawn_then_tonight_stands_over_before_and_what_was_not_known_before_has_no_bar() -> None:
    (chart,) = drawn("score", score_band=BANDS)
    assert chart.rows == (
        ("weak (below 40)", "1", "62.5%", "0", "0"),
        ("strong (80 and above)", "3", "—", "2", "—"),
        ("too little evidence", "5", "—", "0", "—"),
    )
    # a strong score with something red in it does not look like one without
    assert boxes(chart) == [
        ("first", "Projects 1"), ("red", "Projects with reds 2"), ("first", "Projects 1"), ("first", "Projects 5"),
    ]  # fmt: skip


def test_given_moves_when_drawn_then_the_largest_twelve_are_there_and_one_without_a_score_before_is_not() -> None:
    moves = [move(f"P{number:02}", "50", str(50 + number - 7)) for number in range(14) if number != 7]
    (chart,) = drawn("score", score_move=[*moves, move("NEW", None, "10"), move("GONE", "10", None)])
    assert chart.title == "The 12 largest moves of a score"
    assert [row[0] for row in chart.rows][:2] == ["P00", "P01"]
    assert {"P08", "P06"} - {row[0] for row in chart.rows} in ({"P06"}, {"P08"}), "of thirteen the smallest is left out"
    assert chart.rows[0] == ("P00", "50.0", "43.0", "-7.0")
    assert chart.rows[-1] == ("P13", "50.0", "56.0", "6.0")


def test_given_scores_that_round_apart_then_the_move_is_that_of_the_figures_shown_with_one_decimal() -> None:
    (chart,) = drawn("score", score_move=[move("P1", "85.14", "78.16"), move("P2", "50.04", "49.96")])
    assert chart.rows == (("P1", "85.1", "78.2", "-6.9"), ("P2", "50.0", "50.0", "0.0"))


def test_given_one_move_then_the_title_says_one() -> None:
    (chart,) = drawn("score", score_move=[move("P1", "50", "20")])
    assert chart.title == "The move of a score"
    assert {shape.tone for shape in chart.drawing.shapes if getattr(shape, "kind", "") == "dot"} == {"red"}


def test_given_permits_when_drawn_then_expired_ones_lead_in_red_and_those_without_an_end_do_not_run_out() -> None:
    (chart,) = drawn("permit", permit_quarter=PERMITS)
    assert chart.rows == (("expired", "2", "0"), ("2026Q2", "3", "1"))
    assert boxes(chart) == [
        ("red", "no renewal filed 2"),
        ("second", "no renewal filed 2"),
        ("first", "Renewal filed 1"),
    ]


def test_given_permits_that_nobody_supplies_when_drawn_then_there_is_no_chart() -> None:
    assert drawn("permit", permit_quarter=[PERMITS[0] | {"permit_count": None}]) == ()


def test_given_emissions_when_drawn_then_each_scope_is_a_chart_of_its_own_and_none_is_added_to_another() -> None:
    rows = [
        emission(2025, 1, "100"),
        emission(2025, 1, "20", "business_loan"),
        emission(2024, 1, "60"),
        emission(2025, 3, "9000"),
        emission(2025, 2, None),
    ]
    one, three = drawn("emission", emission_scope=rows)
    assert one.rows == (
        ("2024", "project finance", "60"),
        ("2025", "project finance", "100"),
        ("2025", "business loans", "20"),
    )
    assert three.rows == (("2025", "project finance", "9,000"),)
    sums = [shape.text for shape in one.drawing.shapes if isinstance(shape, Word)]
    assert "120" in sums
    assert "9,120" not in sums


def test_given_a_year_of_which_some_need_not_be_reported_yet_when_drawn_then_its_bar_says_so() -> None:
    lacking = {**emission(2025, 1, None, "business_loan"), "not_due_count": 28}
    (chart,) = drawn("emission", emission_scope=[emission(2025, 1, "100"), emission(2024, 1, "60"), lacking])
    words = [shape.text for shape in chart.drawing.shapes if isinstance(shape, Word)]
    assert "2025 (not due yet)" in words
    assert "2024" in words


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_any_language_when_drawn_then_every_word_is_known(language: Language) -> None:
    charts = [
        *drawn("mix", language, category_mix=MIX),
        *drawn("score", language, score_band=BANDS, score_move=[move("P1", "1", "2")]),
        *drawn("permit", language, permit_quarter=PERMITS),
        *drawn("emission", language, emission_scope=[emission(2025, 1, "1")]),
    ]
    assert len(charts) == 5
    for chart in charts:
        assert all(len(row) == len(chart.columns) for row in chart.rows), chart.title


@pytest.mark.parametrize(("value", "share"), [("0", None), ("5", "0.5"), ("10", "1"), ("11", "1"), ("-1", None)])
def test_given_a_bar_when_drawn_then_it_is_within_the_drawing_and_in_proportion(value: str, share: str | None) -> None:
    _, shapes = bar_lines([Bars("a", ((Part("first", Decimal(value), "a"),),), (value,))], Decimal(10))
    widths = [shape.width for shape in shapes if isinstance(shape, Box)]
    whole = Decimal(LAST - FIRST - 5 - 7 * len(value))
    assert widths == ([] if share is None else [whole * Decimal(share)])
    assert max(shape.x for shape in shapes if isinstance(shape, Word)) < WIDTH


@pytest.mark.parametrize(("total", "points"), [("4,136.29万", 68), ("CNY 123,456.78万", 110), ("3", 7)])
def test_given_the_longest_amount_at_the_longest_bar_when_drawn_then_it_ends_within_the_drawing(
    total: str, points: int
) -> None:
    _, shapes = bar_lines([Bars("a", ((Part("first", Decimal(10), "a"),),), (total,))], Decimal(10))
    (word,) = [shape for shape in shapes if isinstance(shape, Word) and shape.text == total]
    (bar,) = [shape for shape in shapes if isinstance(shape, Box)]
    assert bar.x + bar.width < word.x
    assert word.x + points <= LAST


def test_given_no_most_when_drawn_then_nothing_is_divided_by_it() -> None:
    _, shapes = bar_lines([Bars("a", ((Part("first", Decimal(1), "a"),),), ("1",))], Decimal(0))
    assert not [shape for shape in shapes if isinstance(shape, Box)]


def test_given_what_is_owed_by_data_quality_when_drawn_then_of_scope_1_in_the_order_of_scores() -> None:
    def owed(quality: str, amount: str | None, scope: int = 1, kind: str = "project_finance") -> Row:
        value = None if amount is None else Decimal(amount)
        return {"scope": scope, "pcaf_class": kind, "quality_class": quality, "outstanding_amt": value}

    rows = [owed("uncovered", "4000"), owed("2", "8000"), owed("1", "1000"), owed("1", "9000", 3)]
    rows += [owed("2", None, kind="business_loan")]
    (chart,) = drawn("emission", emission_quality=rows)
    assert chart.rows == (("1 (best)", "CNY 1,000.00"), ("2", "CNY 8,000.00"), ("not covered", "CNY 4,000.00"))
    assert [(tone, said) for tone, said in boxes(chart)] == [
        ("first", "1 (best) CNY 1,000.00"),
        ("first", "2 CNY 8,000.00"),
        ("grey", "not covered CNY 4,000.00"),
    ]


def test_given_the_whole_book_when_drawn_then_the_drawings_are_the_golden_ones() -> None:
    moves = [move(f"P{9 - number:02}", str(50 + number), str(50 + 4 * number - 7)) for number in range(6)]
    quality = [
        {"scope": 1, "pcaf_class": "project_finance", "quality_class": name, "outstanding_amt": Decimal(amount)}
        for name, amount in (("1", "1000"), ("2", "8000"), ("uncovered", "4000"))
    ]
    emitted = [emission(2025, 1, "100"), emission(2025, 1, "20", "business_loan"), emission(2024, 1, "60")]
    charts = [
        *drawn("mix", category_mix=MIX),
        *drawn("score", score_band=BANDS, score_move=moves),
        *drawn("permit", permit_quarter=PERMITS),
        *drawn("emission", emission_scope=emitted, emission_quality=quality),
    ]
    tables = "".join(
        f"{' | '.join(cells)}\n"
        for chart in charts
        for cells in ([f"{head}{' (number)' * is_number}" for head, is_number in chart.columns], *chart.rows)
    )
    assert golden.matches("book_charts.txt", golden.drawn(chart.drawing for chart in charts) + tables)


def test_given_a_scale_of_days_then_quarters_stand_below_it_and_of_a_short_one_its_two_ends() -> None:
    said = {
        last: [word.text for word in Days(date(2025, 9, 30), last).words(100)]
        for last in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30))
    }
    assert list(said.values()) == [
        ["2025-09", "2025-12"],
        ["2025-10", "2026-01"],
        ["2025-10", "2026-01", "2026-04"],
    ]
