"""export, explain and status, as programs and people call them."""

import csv
import io
import json
from pathlib import Path

import pyarrow.parquet
import pytest
from hand_bank import D, days_back
from terminal import Terminal

pytestmark = pytest.mark.long

COLUMNS = {
    "client_tier": "business_date client_id branch_id tier qualified_tier score completeness months_below attention "
    "cause policy_version",
    "signal": "business_date client_id loan_id project_id indicator severity hard value threshold baseline unit "
    "first_seen change reason_zh reason_en",
    "warning": "business_date client_id branch_id colour score coverage floor_class",
    "task": "business_date branch_id owner_id client_id task_key kind rank priority due_on late_days "
    "reason_zh reason_en",
    "loan_class": "loan_id client_id branch_id booked_class floor_class floor_rule forecast_class "
    "forecast_rule forecast_on cure_amt cure_by cure_first_due_on cure_last_due_on cured_class business_date",
    "quarantine": "business_date table_name row_key rule severity",
    "night": "business_date profile status message revision cutoff_at backfill_reason backfill_by",
}


@pytest.mark.parametrize("table", COLUMNS)
def test_an_export_says_the_same_in_every_format(two_published: Terminal, table: str, tmp_path: Path) -> None:
    text = two_published.run("export", table, "--date", str(D)).stdout
    rows = list(csv.DictReader(io.StringIO(text)))
    assert set(COLUMNS[table].split()) <= set(next(csv.reader(io.StringIO(text))))
    assert not text.startswith("\ufeff")
    document = json.loads(two_published.run("export", table, "--date", str(D), "--json").stdout)
    file = tmp_path / "new folder" / f"{table}.parquet"
    done = two_published.run("export", table, "--date", str(D), "--format", "parquet", "--out", str(file))
    assert done.exit_code == 0
    assert len(rows) == len(document) == pyarrow.parquet.read_table(file).num_rows
    for row, twin in zip(rows, document, strict=True):
        assert {name: value or None for name, value in row.items()} == {
            name: str(value).lower() if isinstance(value, bool) else None if value in (None, "") else str(value)
            for name, value in twin.items()
        }
    assert [path.name for path in file.parent.iterdir()] == [file.name], "no draft is left beside it"


def test_the_three_classes_of_loans_have_their_columns_and_no_other(two_published: Terminal) -> None:
    text = two_published.run("export", "loan_class", "--date", str(D)).stdout
    assert next(csv.reader(io.StringIO(text))) == COLUMNS["loan_class"].split()
    rows = {row["loan_id"]: row for row in csv.DictReader(io.StringIO(text))}
    told = {loan: (row["floor_class"], row["floor_rule"], row["forecast_class"]) for loan, row in rows.items()}
    # of a bank that names no class booked nothing is known to be normal; what the arrears say is
    assert told["L04"] == ("special_mention", "overdue", "special_mention")
    assert told["L05"] == ("substandard", "overdue_90", "substandard")
    assert told["L07"] == ("not_assessed", "not_supplied:loan.asset_class", "not_assessed")
    assert {row["forecast_on"] for row in rows.values()} == {str(D)}
    spreadsheet = two_published.run("export", "loan_class", "--date", str(D), "--format", "spreadsheet").stdout
    assert spreadsheet.removeprefix("\ufeff") == text


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh_CN", "五级分类下限 次级（逾期超过90天）  如不还款季末分类 2026-03-31 次级（逾期超过90天）"),
        (
            "en",
            "five-class floor Substandard (More than 90 days past due)  class at the quarter's end if nothing is paid "
            "2026-03-31 Substandard (More than",
        ),
    ],
)
def test_explain_tells_the_three_classes_of_each_loan(two_published: Terminal, lang: str, said: str) -> None:
    shown = two_published.run("explain", "C05", "--date", str(D), "--lang", lang).stdout
    assert said in shown
    found = json.loads(two_published.run("explain", "C05", "--date", str(D), "--json").stdout)["loan_classes"]
    assert [(row["loan_id"], row["floor_rule"], row["forecast_reason"], row["is_observed_cure"]) for row in found] == [
        ("L05", "overdue_90", "overdue_90", False)
    ]


def test_the_ledger_of_a_date_without_a_night_is_empty_and_keeps_its_columns(
    two_published: Terminal, tmp_path: Path
) -> None:
    file = tmp_path / "night.parquet"
    day = str(days_back(90))
    two_published.run("export", "night", "--date", day, "--format", "parquet", "--out", str(file))
    table = pyarrow.parquet.read_table(file)
    assert table.num_rows == 0
    assert {"status", "message", "backfill_reason"} <= set(table.column_names)


def test_a_place_that_cannot_be_written_is_one_line(two_published: Terminal, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for out in (tmp_path, tmp_path / "file" / "below"):
        done = two_published.run("export", "task", "--date", str(D), "--out", str(out))
        assert done.exit_code == 2
        assert done.stderr.count("\n") == 1
        assert f"{out} cannot be written" in done.stderr


@pytest.mark.parametrize(
    ("lang", "said"), [("zh_CN", "没有计入颜色的信号触发"), ("en", "nothing that counts for the colour fired")]
)
def test_given_a_green_client_then_explain_speaks_of_the_signals_that_count_for_its_colour(
    two_published: Terminal, lang: str, said: str
) -> None:
    warnings = json.loads(two_published.run("export", "warning", "--date", str(D), "--format", "json").stdout)
    green = next(row["client_id"] for row in warnings if row["colour"] == "green")
    assert said in two_published.run("explain", green, "--date", str(D), "--lang", lang).stdout


@pytest.mark.parametrize(
    ("lang", "colour", "fired", "value"),
    [("zh_CN", "红色", "已触发的指标", "45天"), ("en", "Red", "Indicators that fired", "45 days")],
)
def test_explain_puts_what_fired_first_and_cuts_nothing(
    two_published: Terminal, lang: str, colour: str, fired: str, value: str
) -> None:
    shown = two_published.run("explain", "C04", "--date", str(D), "--lang", lang).stdout
    lines = shown.splitlines()
    assert colour in lines[2]
    lines = lines[next(n for n, line in enumerate(lines) if line.startswith(fired)) :]  # episodes stand before them
    first = next(n for n, line in enumerate(lines) if line.startswith("  P01 "))
    assert first < next(n for n, line in enumerate(lines) if line.startswith("  T02 "))
    for fact in (value, "30", "1/30/90", str(D), "instalment:L04|2026-02-14|principal"):
        assert fact in lines[first + 1]
    assert "…" not in lines[first + 1]


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "zh_CN",
            [
                "05:00 (Asia/Shanghai)",
                "颜色的依据",
                "所处位置",
                "同类客户：未比较",
                "90天前：未比较",
                "近12个月：2025-04 至 2026-02 无结果；2026-03 红色 ",
                "五级分类下限 关注 (本金或利息逾期)",
                "  至少为红色的信号 P01",
                "指标组 还款表现  依据类别 逾期  权重 25  得分 25.00",
                "触发规则 数值 45 > 30  解除条件 数值 < 1",
                "      1笔贷款逾期,合计",
                "达标等级",
            ],
        ),
        (
            "en",
            [
                "05:00 (Asia/Shanghai)",
                "What the colour rests on",
                "Where it stands",
                "peers: not compared",
                "90 days ago: not compared",
                "twelve months: 2025-04 to 2026-02 no night; 2026-03 Red ",
                "five-class floor Special mention (Principal or interest overdue)",
                "  signal P01, at least Red",
                "group Repayment conduct  family Arrears  weight 25  points 25.00",
                "fired by value 45 > 30  clears at value < 1",
                "      1 loan(s) overdue, ",
                "tier qualified for",
            ],
        ),
    ],
)
def test_explain_says_in_words_and_bank_time_what_the_colour_rests_on(
    two_published: Terminal, lang: str, said: list[str]
) -> None:
    shown = two_published.run("explain", "C04", "--date", str(D), "--lang", lang).stdout
    assert [fact for fact in said if fact not in shown] == []
    assert "days_past_due" not in shown
    assert "qualified_tier" not in shown


def test_explain_has_the_same_readings_as_the_night_and_only_of_its_client(two_published: Terminal) -> None:
    signals = json.loads(two_published.run("export", "signal", "--date", str(D), "--json").stdout)
    for client in ("C03", "C04"):
        found = json.loads(two_published.run("explain", client, "--date", str(D), "--json").stdout)
        assert {row["client_id"] for row in found["indicators"]} == {client}
        fired = {
            row["indicator"]: (row["value"], row["points"], row["reason_zh"])
            for row in found["indicators"]
            if row["severity"]
        }
        assert fired == {
            row["indicator"]: (row["value"], row["points"], row["reason_zh"])
            for row in signals
            if row["client_id"] == client
        }
        warning = found["warning"]
        assessed = [row for row in found["indicators"] if row["is_assessed"] and row["group_code"] != "Q"]
        assert len(assessed) == warning["assessed_count"]
        assert {row["colour"] for row in found["deciding"]} <= {warning["colour"]}


@pytest.mark.parametrize(
    ("lang", "why", "table", "figure"),
    [("zh_CN", "未评估原因：", "未提供", "数值"), ("en", "Why: ", "not supplied: ", "value")],
)
def test_explain_says_of_each_indicator_that_is_not_assessed_why_and_shows_no_value_of_it(
    two_published: Terminal, lang: str, why: str, table: str, figure: str
) -> None:
    seen = set()
    for client in ("C04", "C06"):
        rows = json.loads(two_published.run("explain", client, "--date", str(D), "--json").stdout)["indicators"]
        unread = [row for row in rows if not row["is_assessed"]]
        lines = two_published.run("explain", client, "--date", str(D), "--lang", lang).stdout.splitlines()
        said = [line.strip() for line in lines if line.strip().startswith(why)]
        assert len(said) == len(unread)
        assert sum(table in line for line in said) == sum(row["not_supplied"] is not None for row in unread)
        codes = {row["indicator"] for row in unread}
        values = [lines[n + 1].strip() for n, line in enumerate(lines) if line[2:5] in codes and line[5:6] == " "]
        assert {value.split("  ")[0] for value in values if value.startswith(figure)} == {f"{figure} –"}
        seen |= {row["not_supplied"] is not None for row in unread}
    assert seen == {True, False}


@pytest.mark.parametrize(
    ("lang", "said"),
    [("zh_CN", ("  未提供的数据：", "账户监管约定")), ("en", ("  Not supplied: ", "account covenants"))],
)
def test_explain_ends_with_what_the_verdict_does_not_rest_on(
    two_published: Terminal, lang: str, said: tuple[str, str]
) -> None:
    shown = two_published.run("explain", "C04", "--date", str(D), "--lang", lang).stdout
    (line,) = (line for line in shown.splitlines() if line.startswith(said[0]))
    assert said[1] in line
    assert "_" not in line
    basis = json.loads(two_published.run("explain", "C04", "--date", str(D), "--json").stdout)["basis"]
    assert "external_event" in basis["not_supplied"]
    assert "loan.day_roll" in basis["read_as"]
    assert "client_profit_month.economic_capital" not in basis["read_as"], "no indicator of the client rests on it"


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh_CN", "  未提供贷款的节假日顺延规则，理解为：到期日遇节假日不顺延"),
        ("en", "  Not supplied, loans: day-roll rule: read as due dates do not roll over holidays"),
    ],
)
def test_explain_tells_what_an_absence_is_read_as(two_published: Terminal, lang: str, said: str) -> None:
    shown = two_published.run("explain", "C04", "--date", str(D), "--lang", lang).stdout
    assert said in shown.splitlines()


def test_explain_as_json_is_one_document_with_decimals_as_text(two_published: Terminal) -> None:
    found = json.loads(two_published.run("explain", "C04", "--date", str(D), "--json").stdout)
    late = next(row for row in found["indicators"] if row["indicator"] == "P01")
    assert (late["value"], late["threshold"], late["data_date"]) == ("45.0000", "30.0000", str(D))


def test_status_before_and_after_the_lists_are_out(terminal: Terminal) -> None:
    waiting = terminal.run("status", "--date", str(D), "--lang", "en")
    assert waiting.exit_code == 9
    assert "branch B1: not sent" in waiting.stdout
    assert terminal.run("outbox", "send", "--date", str(D)).exit_code == 0
    assert terminal.run("status", "--date", str(D)).exit_code == 0
    (terminal.home / "out" / str(D) / "branch" / "B2" / "list.html").unlink()
    found = terminal.run("status", "--date", str(D), "--json")
    assert found.exit_code == 9
    assert json.loads(found.stdout)["missing"] == [
        {"branch_id": "B2", "state": "not_rendered", "text": "the list of branch B2 is not rendered"}
    ]


def test_status_asks_about_this_morning_and_is_patient_until_the_deadline(two_published: Terminal) -> None:
    today = json.loads(two_published.run("status", "--json").stdout)
    assert today["revision"] is None
    assert [gap["state"] for gap in today["missing"]] == ["not_published"]
    said = two_published.run("status", "--lang", "en")
    assert said.exit_code == 9
    first, newest, n = today["nights"]
    assert (newest, n) == (str(D), 2)
    assert f"{first} to {newest}, 2 in all; for the newest: nightdesk status --date {newest}" in said.stdout
    assert json.loads(two_published.run("status", "--date", newest, "--json").stdout)["nights"] is None
    ahead = two_published.run("status", "--date", "2999-01-04", "--deadline", "07:30", "--lang", "en")
    assert ahead.exit_code == 0
    assert "07:30 has not passed" in ahead.stdout
    assert two_published.run("status", "--deadline", "25:00").exit_code == 2


def test_too_few_answered_offers_teach_the_challenger_nothing(two_published: Terminal, tmp_path: Path) -> None:
    done = two_published.run("challenger", "--date", str(D), "--out", str(tmp_path / "challenger"))
    assert done.exit_code == 5
    assert f"not known yet: by {D} 0 offers were answered" in done.stderr
    assert not (tmp_path / "challenger").exists(), "nothing half done"


def test_a_bank_that_does_not_say_what_clients_use_has_no_campaign_and_its_page_says_so(
    two_published: Terminal, tmp_path: Path
) -> None:
    done = two_published.run("campaign", "--date", str(D), "--out", str(tmp_path), "--lang", "en")
    assert done.exit_code == 0
    assert "No campaign has begun." in done.stdout
    assert "No campaign has begun." in (tmp_path / "campaign.html").read_text(encoding="utf-8")
