"""The rule book: how signals become a colour, and each indicator with all that policy says of it, in one language."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from nightdesk.render.catalogue import LANGUAGES, Catalogue, Language, catalogue
from nightdesk.render.environment import fill, styles
from nightdesk.render.figures import Figures
from nightdesk.render.punctuation import full_width
from nightdesk.render.rows import Row, decimal_of, text_of
from nightdesk.render.rulebook_rules import Rule, RuleBookInput, Rules
from nightdesk.render.sentences import Sentences
from nightdesk.whole_file import write_whole

#: what the first page says of how a colour comes about, in its order (catalogue: rulebook_how)
_HOW = (
    "points",
    "unproven",
    "decay",
    "cap",
    "event",
    "family",
    "least",
    "floor",
    "contagion",
    "no_credit",
    "unknown",
    "clears",
)


@dataclass(frozen=True)
class RenderedRuleBook:
    """The pages by their place below the folder, as HTML."""

    pages: Mapping[str, str]

    def write(self, folder: Path) -> Path:
        """Write every page, each whole or not at all; returns the first one."""
        for name, html in self.pages.items():
            write_whole(folder / name, html.encode())
        return folder / next(iter(self.pages))


def render_rulebook(source: RuleBookInput) -> RenderedRuleBook:
    """A first page and one for each group of indicators, in both languages. The same input gives the same bytes."""
    pages: dict[str, str] = {}
    for language in LANGUAGES:
        t = catalogue(language)
        rules = Rules(source, t)
        groups: dict[str, list[Rule]] = {}
        for rule in rules.all():
            groups.setdefault(rule.group, []).append(rule)
        shared = {
            "source": source,
            "groups": groups,
            "t": t,
            "f": Figures(language, source.base_ccy),
            "evaluated": source.evaluation,
            "days": lambda told: f"{Decimal(told).normalize():f}",
            "styles": styles("base", "rulebook"),
            "html_lang": "zh-CN" if language == "zh_CN" else "en",
            "other": _other(language),
        }
        pages[f"{language}/index.html"] = fill("rulebook.html.j2", **shared, **_leading(source, t))
        for group, members in groups.items():
            pages[f"{language}/{group}.html"] = fill("rulebook_group.html.j2", **shared, group=group, rules=members)
    return RenderedRuleBook(pages)


def _other(language: Language) -> Language:
    return next(one for one in LANGUAGES if one != language)


def _leading(source: RuleBookInput, t: Catalogue) -> dict[str, object]:
    """What the first page tells before the indicators: colours, classes, tiers and permits, as policy has them."""
    suffix = "zh" if t.language == "zh_CN" else "en"
    setting = {str(row["setting"]): _number(row) for row in source.policy["signal_setting"]}
    green = next((row for row in source.policy["colour"] if row["colour"] == "green"), {})
    coverage = decimal_of(green, "min_coverage")
    figures = {
        "amber": setting.get("amber_points_pct", ""),
        "unproven": setting.get("unproven_points_pct", ""),
        "most": setting.get("max_score", ""),
        "lapse": setting.get("lapse_days", ""),
        "coverage": "" if coverage is None else f"{(coverage * 100).normalize():f}",
    }
    sentences = Sentences(t.language, source.base_ccy)
    passed = {row["rule"]: text_of(row, "passed_value") for row in source.policy["five_class_floor"]}
    names = {
        row["rule"]: full_width(sentences.fill(str(row[f"name_{suffix}"]), {"passed": passed.get(row["rule"])}), t)
        for row in source.policy["five_class_floor_text"]
    }
    return {
        "how": [t(f"rulebook_how.{name}", **figures) for name in _HOW],
        "colours": sorted(source.policy["colour"], key=lambda row: -int(str(row["rank"]))),
        "caps": sorted(source.policy["group_cap"], key=lambda row: str(row["group_code"])),
        "floors": [(row, names.get(row["rule"], row["rule"])) for row in source.policy["five_class_floor"]],
        "classes": sorted(source.policy["asset_class"], key=lambda row: int(str(row["rank"]))),
        "tiers": sorted(source.policy["tier"], key=lambda row: -int(str(row["level"]))),
        "tier_floors": {str(row["tier"]): row for row in source.policy["tier_floor"]},
        "permits": _permits(source, t),
    }


def _number(row: Row) -> str:
    value = decimal_of(row, "value")
    return "" if value is None else f"{value.normalize():f}"


def _permits(source: RuleBookInput, t: Catalogue) -> list[tuple[str, Row]]:
    """Kinds of permit in words, each word once: a bank's system may have several codes for one kind."""
    found: dict[str, Row] = {}
    for row in source.policy["permit_kind"]:
        word = t.label("permit_kind", row["kind"])
        if word != row["kind"] or word.isascii():
            found.setdefault(word, row)
    return list(found.items())
