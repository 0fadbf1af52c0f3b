"""A payer known by its name alone goes by what policy leaves of it: macros/party.sql names the same words."""

import duckdb
import pytest
from jinja2 import Environment, FileSystemLoader

from nightdesk.policy import policy
from nightdesk.settings import sql_root

WORDS = [(str(row["word"]), row["strips_from"]) for _, row in policy("contract")["party_word"].rows]


def plain(name: str) -> str | None:
    """The key of a payer of this name."""
    template = "{% import 'macros/party.sql' as party %}select {{ party.plain_name('name') }} from (select ? as name)"
    sql = Environment(loader=FileSystemLoader(sql_root())).from_string(template).render()  # noqa: S701
    with duckdb.connect() as engine:  # what is not read to its end stays in the way of who asks the common one next
        found = engine.execute(sql, [name]).fetchone()
    assert found is not None
    return None if found[0] is None else str(found[0])


@pytest.mark.parametrize(("word", "strips_from"), WORDS)
def test_given_a_word_that_policy_strips_from_a_name_then_a_payer_is_the_same_with_it_and_without(
    word: str, strips_from: str
) -> None:
    base = "Acme" if word.isascii() else "甲乙"
    name = f"{base} {word}" if word.isascii() else f"{base}{word}"
    assert (plain(name) == plain(base)) is (strips_from == "name")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("ＺＩＮＣ Co., Ltd.", "zinc"),
        ("Zinc", "zinc"),
        ("Bancorp", "bancorp"),
        ("Smith & Sons, Inc. Co., Ltd.", "smithsons"),
        ("甲乙（上海）股份公司", "甲乙上海"),
        ("甲乙 ( 上海 ) 有限 公司", "甲乙上海"),
        ("Ltd", "ltd"),
        ("有限公司", None),
        (" - ", None),
    ],
)
def test_given_a_name_then_only_whole_words_at_its_end_are_left_out(name: str, key: str | None) -> None:
    assert plain(name) == key
