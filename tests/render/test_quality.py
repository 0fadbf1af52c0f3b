"""The quality page: failures first, in both languages, keys masked; and its twin for machines."""

import json

from project_sample import EXPECTATIONS, QUARANTINE, TABLES, TOTALS, quality_input

from golden import matches
from nightdesk.render.quality import render_quality


def test_given_the_sample_night_when_rendered_then_page_and_twin_are_the_golden_ones() -> None:
    rendered = render_quality(quality_input())
    assert matches("quality.html", rendered.html)
    assert matches("quality.json", rendered.json)


def test_given_rows_in_another_order_when_rendered_then_the_page_is_the_same() -> None:
    turned = quality_input(tables=TABLES[::-1], totals=TOTALS[::-1], quarantine=QUARANTINE[::-1])
    assert render_quality(turned).html == render_quality(quality_input()).html


def test_given_failures_when_rendered_then_critical_ones_come_first_and_passed_ones_last() -> None:
    html = render_quality(quality_input()).html
    places = [html.index(name) for name in ("control_total<", "amount_positive<", "client_id_unique<")]
    assert places == sorted(places)


def test_given_quarantined_keys_when_rendered_then_no_whole_key_is_on_page_or_twin() -> None:
    rendered = render_quality(quality_input())
    for row in QUARANTINE:
        assert row["row_key"] not in rendered.html + rendered.json
    assert "****2330" in rendered.html
    assert "<b>" not in rendered.html.split("</head>")[1]


def test_given_both_languages_when_rendered_then_every_heading_has_both() -> None:
    html = render_quality(quality_input()).html
    for zh, en in (("数据质量", "Data quality"), ("控制总额", "Control totals"), ("隔离的行", "Quarantined rows")):
        assert zh in html
        assert en in html


def test_given_rows_that_do_not_add_up_when_rendered_then_page_and_twin_say_so() -> None:
    lost = [TABLES[0] | {"used": 2999}]
    rendered = render_quality(quality_input(tables=lost, expectations=[], totals=[], quarantine=[]))
    assert "Rows do not add up" in rendered.html
    assert json.loads(rendered.json)["failed"] == 1
    assert json.loads(rendered.json)["tables"][0]["balanced"] is False


def test_given_a_clean_night_when_rendered_then_it_says_that_every_check_passed() -> None:
    clean = quality_input(expectations=[EXPECTATIONS[2]], totals=[TOTALS[0]], quarantine=[], tables=TABLES[:3])
    rendered = render_quality(clean)
    assert "Every check passed" in rendered.html
    assert rendered.twin["failed"] == 0


def test_given_a_held_night_when_rendered_then_the_reason_leads_and_nothing_counts_as_published() -> None:
    rendered = render_quality(quality_input(held="txn: B002 CNY 12.00", revision=None))
    assert "Night held, nothing published" in rendered.html
    assert "txn: B002 CNY 12.00" in rendered.html
    assert rendered.twin["published"] is False


def test_given_control_totals_when_written_for_machines_then_they_are_exact_decimals() -> None:
    totals = json.loads(render_quality(quality_input()).json)["control_totals"]
    assert [row["expected_sum"] for row in totals] == ["5000012.00", "918273645.01"]
