"""nightdesk lineage: what a table is made of and what is made of it, as the SQL says."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from nightdesk.cli import app
from nightdesk.models import LAYERS, ROLLED, models


def say(*words: str) -> Result:
    return CliRunner().invoke(app, ["lineage", *words])


def document(*words: str) -> dict[str, Any]:
    done = say(*words, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def flat(branches: list[dict[str, Any]], on: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every branch, with the table it hangs on."""
    for branch in branches:
        yield on, branch
        yield from flat(branch["branches"], branch["table"])


def test_given_an_indicator_when_looked_up_then_its_tables_stand_with_the_columns_that_it_uses() -> None:
    found = document("T02", "--up")
    assert found["table"] == "warnings_indicator.t02_inflow_decline"
    assert "down" not in found
    own = {branch["table"]: branch["columns"] for branch in found["up"]}
    assert {"inflow_90d_amt", "inflow_prior_365d_amt"} <= set(own["features.client_window"])
    assert "returned_30d_count" not in own["features.client_window"]
    everything = {branch["table"] for _, branch in flat(found["up"], found["table"])}
    assert {"source.txn", "policy.indicator", "staging.fx"} <= everything


def test_given_a_source_table_when_followed_then_lists_and_pages_are_made_of_it_and_it_is_made_of_nothing() -> None:
    found = document("source.covenant_test")
    assert found["table"] == "source.covenant_test"
    assert found["up"] == []
    assert {"warnings_indicator.j16_covenant_headroom", "esg.covenant", "tasks.task"} <= {
        branch["table"] for _, branch in flat(found["down"], found["table"])
    }


def test_given_a_tree_then_each_table_branches_once_and_as_near_to_the_root_as_it_can() -> None:
    found = document("tasks.task", "--up")
    met = list(flat(found["up"], "tasks.task"))
    assert max(Counter(branch["table"] for _, branch in met if branch["branches"]).values()) == 1
    direct = {branch["table"] for branch in found["up"]}
    assert [on for on, branch in met if branch["table"] in direct and branch["branches"] and on != "tasks.task"] == []


def test_given_what_only_a_rolled_night_reads_then_it_is_there() -> None:
    rolled = models(ROLLED)["features.balance_move"].reads - models()["features.balance_move"].reads
    assert "former.balance_move" in rolled
    assert rolled <= {branch["table"] for branch in document("features.balance_move", "--up")["up"]}


def test_given_a_kept_table_when_followed_then_what_reads_its_earlier_nights_is_made_of_it() -> None:
    down = {branch["table"] for branch in document("features.client_day", "--down")["down"]}
    assert "features_rolling.client_window_full" in down
    assert "history.client_day" in models()["features_rolling.client_window_full"].reads


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_given_no_name_then_every_layer_is_told_in_the_language_asked_for(lang: str) -> None:
    done = say("--lang", lang)
    assert done.exit_code == 0, done.output
    assert [line.split()[0] for line in done.stdout.splitlines() if not line.startswith(" ")] == list(LAYERS)
    assert ("源表" in done.stdout) == (lang == "zh_CN")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("client_windw",), "Did you mean client_window"),
        (("--up",), "Name one"),
        (("T99",), "no table and no indicator 'T99'"),
    ],
)
def test_given_a_name_of_nothing_when_asked_then_one_line_says_what_to_write(words: tuple[str, ...], said: str) -> None:
    done = say(*words)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_given_a_bare_name_of_a_model_and_a_source_table_then_the_model_is_meant() -> None:
    assert document("client", "--up")["table"] == "staging.client"
    assert document("source.client", "--up")["table"] == "source.client"


def test_given_a_name_of_a_kept_table_and_of_a_step_then_the_kept_one_is_meant_and_the_other_named() -> None:
    assert document("tier_path")["table"] == "tiers.tier_path"
    shown = say("tier_path", "--lang", "en")
    assert shown.exit_code == 0
    assert "Of the same name: tasks_candidate.tier_path" in shown.stderr
    assert "Of the same name" not in say("tiers.tier_path", "--up", "--lang", "en").stderr
    assert "Of the same name" not in say("T02", "--up", "--lang", "en").stderr


def test_given_a_name_of_several_steps_none_of_which_is_kept_then_one_has_to_be_written_in_full() -> None:
    bare = Counter(table.partition(".")[2] for table in models())
    kept = {table.partition(".")[2] for table, model in models().items() if model.is_kept}
    name = min(bare.keys() - kept, key=lambda one: (-bare[one], one))
    assert bare[name] > 1
    done = say(name)
    assert done.exit_code == 2
    assert "Write one of them in full" in done.stderr
