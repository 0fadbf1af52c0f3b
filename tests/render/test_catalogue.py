"""The two catalogues say the same things, and say what is asked of them."""

import csv
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from string import Formatter

import pytest

from nightdesk.contract import contract
from nightdesk.errors import PolicyError
from nightdesk.render.catalogue import LANGUAGES, catalogue, language_of
from nightdesk.settings import project_root

LITERAL = re.compile(r"""\b(?:t|both|_t|zh|en)\(\s*["']([a-z_0-9]+(?:\.[A-Za-z_0-9]+)*)["']""")
DYNAMIC = re.compile(r"""\b(?:t|both|_t)\(\s*(?:f["']([a-z_.]+)\{|["']([a-z_.]+)["']\s*~)""")
FAMILY = re.compile(r"""\blabel\(\s*["']([a-z_.]+)["']""")
#: the same of the catalogue itself, which says a code that has no word as it is
LABELLED = re.compile(r"""\bt\.label\(\s*["']([a-z_.]+)["']""")
#: a column of a table of the book, whose cells are words of a family
DECLARED = re.compile(r"""\b[a-z_]+:code/([a-z_.]+)""")
SECTIONS = re.compile(r"""["']((?:section|esg|figure)\.[a-z_]+|quality\.[a-z_]+_note)["']""")
#: families that contain names of the source contract or codes of data; all their members may occur
CODED = ("table.", "cli.", "tier_basis.", "control_issue.", "potential_reason.", "lever.")
#: families that sentences of policy write a figure with
CODED += ("contact_channel.", "off_balance.", "report_due.", "external_event.", "need.", "watch_stage.", "watch_rule.")
CODED += ("potential_part.", "told_client.", "offer_peer_group.", "scorecard_risk.", "override_reason.")


def placeholders(message: str | Mapping[str, str]) -> frozenset[str]:
    """Names of the values that a message takes, in all its plural forms."""
    texts = [message] if isinstance(message, str) else list(message.values())
    return frozenset(name for text in texts for _, name, _, _ in Formatter().parse(text) if name)


def sources() -> list[Path]:
    root = project_root()
    return [*(root / "reports").rglob("*.j2"), *(root / "plugins").rglob("*.py")]


def used(paths: Iterable[Path]) -> tuple[set[str], set[str]]:
    """Keys used by name, and prefixes of keys that are put together."""
    keys: set[str] = set()
    prefixes: set[str] = set(CODED)
    for path in paths:
        text = path.read_text(encoding="utf-8")
        keys |= set(LITERAL.findall(text)) | set(SECTIONS.findall(text))
        prefixes |= {first or second for first, second in DYNAMIC.findall(text)}
        prefixes |= {f"{family}." for family in (*FAMILY.findall(text), *DECLARED.findall(text))}
    return keys, prefixes - {"esg.", "quality."}


def missing(paths: Iterable[Path]) -> list[str]:
    """Each key that is used by name, and each family of words that codes are told by, without its words."""
    messages = catalogue("en").messages
    families = {key.rpartition(".")[0] for key in messages}
    paths = list(paths)
    texts = [path.read_text(encoding="utf-8") for path in paths]
    told = {family for text in texts for family in (*LABELLED.findall(text), *DECLARED.findall(text))}
    keys, _ = used(paths)
    return sorted({key for key in keys if key not in messages} | {f"{one}.…" for one in told - families})


def test_given_both_catalogues_when_compared_then_they_have_the_same_keys_and_placeholders() -> None:
    zh, en = (catalogue(language).messages for language in LANGUAGES)
    assert set(zh) == set(en)
    assert {key: placeholders(zh[key]) for key in zh} == {key: placeholders(en[key]) for key in en}


def test_given_templates_and_code_when_searched_then_no_key_is_missing() -> None:
    assert len(used(sources())[0]) > 150
    found = missing(sources())
    assert not found, f"write into both files of reports/messages: {', '.join(found)}"


def test_given_a_page_none_of_whose_words_is_written_when_searched_then_each_is_told(tmp_path: Path) -> None:
    """Nor is any other of their families: a new page's words are told as those of an old one."""
    page = tmp_path / "wish.html.j2"
    page.write_text(
        "{{ t('wish.title') }} {{ t('list.title') }} {{ t.label('wish_state', state) }} {{ t.label('tier', tier) }}"
    )
    assert missing([page]) == ["wish.title", "wish_state.…"]


def test_given_templates_and_code_when_searched_then_no_message_is_unused() -> None:
    keys, prefixes = used(sources())
    codes = {f"esg.{family}_{code}" for family in ("category", "class") for code in ("A", "B", "C", "FI")}
    unused = [
        key
        for key in catalogue("en").messages
        if key not in keys | codes and not any(key.startswith(prefix) for prefix in prefixes)
    ]
    assert unused == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_given_every_message_when_looked_at_then_it_says_something(language: str) -> None:
    messages = catalogue(language_of(language)).messages
    assert [key for key, text in messages.items() if not text] == []


def test_given_the_contract_when_its_tables_are_named_then_every_table_has_a_word() -> None:
    for language in LANGUAGES:
        assert [table for table in contract() if f"table.{table}" not in catalogue(language).messages] == []


def test_given_one_and_many_when_counted_in_english_then_the_plural_form_fits() -> None:
    t = catalogue("en")
    assert t("due.late", n=1) == "1 workday overdue"
    assert t("due.late", n=2) == "2 workdays overdue"


def test_given_a_key_that_nobody_wrote_when_asked_for_then_the_error_names_it_and_the_file() -> None:
    with pytest.raises(PolicyError, match=r"list\.nothing .* zh_CN.*reports/messages/zh_CN\.yaml"):
        catalogue("zh_CN")("list.nothing")


def test_given_a_message_without_its_value_when_filled_then_the_error_names_both() -> None:
    with pytest.raises(PolicyError, match=r"due\.late .*'n'"):
        catalogue("en")("due.late")


def test_given_an_unknown_code_when_labelled_then_it_is_shown_as_it_is() -> None:
    assert catalogue("en").label("kind", "salvage") == "salvage"
    assert catalogue("en").label("kind", None) == "—"


def test_given_chinese_messages_when_read_then_their_punctuation_is_full_width_and_a_version_has_one_word() -> None:
    half = re.compile(r"(?<=[\u3400-\u9fff}”」）])[,;:!?()]|[,;:!?()](?=[\u3400-\u9fff“「（])")
    for key, message in catalogue("zh_CN").messages.items():
        for text in [message] if isinstance(message, str) else message.values():
            # what published sentences are filled with keeps their marks, which pages widen
            if re.search(r"[\u3400-\u9fff]", text) and not key.startswith("sentence."):
                assert not half.search(text), key
            assert "修订版" not in text, key


@pytest.mark.parametrize(
    ("code", "chinese", "english"),
    [
        ("D4415", "D4415 风力发电", "D4415 Wind power"),
        ("D4499", "D4499 电力、热力生产和供应业", "D4499 Electricity and heat"),
        ("C26", "C26 化学原料和化学制品制造业", "C26 Chemicals"),
        ("A", "A 农、林、牧、渔业", "A Agriculture, forestry, fishing"),
        (
            "Infrastructure",
            "Infrastructure",
            "Infrastructure",
        ),  # another bank's own word, and no code that begins with I
        ("Z9", "Z9", "Z9"),
        ("", "", ""),
    ],
)
def test_given_a_sector_then_the_longest_known_beginning_of_its_code_names_it(
    code: str, chinese: str, english: str
) -> None:
    assert [catalogue(language).nearest("sector", code) for language in LANGUAGES] == [chinese, english]


#: where the word means another thing: open positions in currencies and rates, risk as a subject of a check, what an
#: intermediary has lent to risky trades
OTHER_EXPOSURE = ("风险敞口", "汇率与利率敞口")


def test_given_the_words_for_what_is_lent_and_may_be_then_they_are_one_on_every_page_and_in_every_sentence() -> None:
    root = project_root()
    texts = [root / "reports" / "messages" / "zh_CN.yaml", *(root / "sql" / "policy").rglob("*_text.csv")]
    told = "\n".join(path.read_text(encoding="utf-8") for path in texts)
    for other in OTHER_EXPOSURE:
        told = told.replace(other, "")
    assert re.findall(r".{0,12}(?<!授信)敞口.{0,12}", told) == []
    assert "授信敞口" in told


#: where English says covenant of another thing: what an account is agreed to take in, and the words of a principle
OTHER_COVENANT = ("table.account_covenant", "equator_principle.8")


def test_given_a_covenant_then_it_has_one_word_in_each_language_on_every_page_and_in_every_sentence() -> None:
    root = project_root()
    english, chinese = (catalogue(language).messages for language in ("en", "zh_CN"))
    pairs = [(key, str(message), str(chinese[key])) for key, message in english.items() if key not in OTHER_COVENANT]
    for path in sorted((root / "sql" / "policy").rglob("*_text.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                words = {column[:-3]: column for column in row if column.endswith("_zh")}
                pairs += [(f"{path.name} {row}", row[f"{name}_en"], row[column]) for name, column in words.items()]
    named = [(key, told) for key, en, told in pairs if "covenant" in en.lower()]
    assert len(named) > 10
    assert [(key, told) for key, told in named if "财务约束" not in told] == []
    assert [(key, told) for key, _, told in pairs if re.search("契约|约定事项|(?<!财务)约束指标", told)] == []
