"""export indicator_reading: what every indicator measured of one client, or of a sample, made again on reading."""

import csv
import io
import json
from pathlib import Path

import pyarrow.parquet
import pytest
from hand_bank import D
from terminal import Terminal

from nightdesk.policy import policy

pytestmark = pytest.mark.long

COLUMNS = ["client_id", "indicator", "is_applicable", "is_assessed", "value", "reason_not_assessed"]


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_given_a_client_then_every_indicator_in_force_has_a_row_and_they_are_those_of_explain(
    two_published: Terminal,
) -> None:
    asked = ("--date", str(D))
    rows = read(two_published.run("export", "indicator_reading", *asked, "--client", "C04").stdout)
    assert list(rows[0]) == COLUMNS
    assert [row["indicator"] for row in rows] == sorted(row["indicator"] for row in policy()["indicator"].effective(D))
    told = json.loads(two_published.run("explain", "C04", *asked, "--json").stdout)["indicators"]
    assert {row["indicator"] for row in rows if row["is_applicable"] == "true"} == {row["indicator"] for row in told}
    explained = {row["indicator"]: row for row in told}
    assert explained["P01"]["value"] == "45.0000"
    for row in rows:
        if row["is_assessed"] == "true":
            assert row["value"] == (explained[row["indicator"]]["value"] or ""), row
        assert bool(row["reason_not_assessed"]) == (row["is_applicable"] == "true" and row["is_assessed"] == "false")


def test_given_a_sample_then_it_is_the_same_clients_each_time_and_says_of_each_what_is_said_of_it_alone(
    two_published: Terminal, tmp_path: Path
) -> None:
    words = ("export", "indicator_reading", "--date", str(D))
    text = two_published.run(*words, "--sample", "4").stdout
    assert two_published.run(*words, "--sample", "4").stdout == text
    rows = read(text)
    clients = sorted({row["client_id"] for row in rows})
    assert len(clients) == 4
    assert [row["client_id"] for row in rows] == sorted(row["client_id"] for row in rows)
    alone = read(two_published.run(*words, "--client", clients[0]).stdout)
    assert [row for row in rows if row["client_id"] == clients[0]] == alone
    file = tmp_path / "reading.parquet"
    assert two_published.run(*words, "--sample", "4", "--format", "parquet", "--out", str(file)).exit_code == 0
    table = pyarrow.parquet.read_table(file)
    assert (table.num_rows, table.column_names) == (len(rows), COLUMNS)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("indicator_reading",), "--client and --sample say of whom indicator_reading is"),
        (("indicator_reading", "--client", "C04", "--sample", "2"), "--client and --sample say of whom"),
        (("signal", "--client", "C04"), "nothing of another table"),
        (("indicator_reading", "--client", "NOPE"), "knows no active client 'NOPE'"),
    ],
    ids=["nobody", "both", "another table", "unknown"],
)
def test_given_nobody_or_too_many_or_a_stranger_then_it_is_refused_in_one_line(
    two_published: Terminal, words: tuple[str, ...], said: str
) -> None:
    done = two_published.run("export", *words, "--date", str(D))
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
