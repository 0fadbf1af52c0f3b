"""Pages of campaigns: what campaigns brought, and a list for each branch in its own language."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from nightdesk.render.campaign_figures import CampaignInput
from nightdesk.render.catalogue import Catalogue, Language, catalogue, language_of
from nightdesk.render.environment import fill, styles
from nightdesk.render.masking import client_name
from nightdesk.render.missing import table_word
from nightdesk.render.outputs import path_part
from nightdesk.render.punctuation import full_width
from nightdesk.render.rows import Row, text_of
from nightdesk.whole_file import write_whole

#: columns of a branch's list as CSV
_COLUMNS = ("campaign", "client_id", "product", "owner_id", "tier", "colour", "score", "suppressed_by", "not_assessed",
            "offered_on", "offer_outcome", "bought_on", "why_zh", "why_en")  # fmt: skip


def write_campaigns(folder: Path, source: CampaignInput, language: Language | None = None) -> list[Path]:
    """Write campaign.html, and of each branch that has clients in a running campaign a page and a CSV file; returns
    the pages. Without a language a branch's page is in the branch's own, and the other in Chinese. The same input gives
    the same bytes."""
    pages = []
    for branch_id, rows in sorted(source.lists.items()):
        stem = folder / f"campaign_{path_part(branch_id)}"
        write_whole(stem.with_suffix(".csv"), _csv(rows).encode())
        write_whole(stem.with_suffix(".html"), _page(source, branch_id, language).encode())
        pages.append(stem.with_suffix(".html"))
    write_whole(folder / "campaign.html", _page(source, None, language).encode())
    return [folder / "campaign.html", *pages]


def _page(source: CampaignInput, branch_id: str | None, language: Language | None) -> str:
    branch = source.branches.get(branch_id or "", {})
    full = branch.get("mail_mode") == "full"
    t = catalogue(language or language_of(branch.get("language")))
    rows = [] if branch_id is None else source.lists[branch_id]
    suffix = "zh" if t.language == "zh_CN" else "en"
    name = text_of(branch, "name_en") if suffix == "en" else None
    return fill(
        "campaign.html.j2",
        source=source,
        branch=branch if branch_id is not None else None,
        branch_name=name or text_of(branch, "name") or branch_id,
        rows=[_shown(row, t, suffix, full=full) for row in rows],
        t=t,
        suffix=suffix,
        html_lang="zh-CN" if suffix == "zh" else "en",
        styles=styles("base", "quality", "evaluation", "offer"),
    )


def _shown(row: Row, t: Catalogue, suffix: str, *, full: bool) -> Row:
    return {
        **row,
        "shown_name": client_name(row, full=full),
        "why": full_width(text_of(row, f"why_{suffix}") or "", t),
        "unknown": _unknown(row, t),
    }


def _unknown(row: Row, t: Catalogue) -> str:
    """What is lacking to judge whether a client may be offered to."""
    tokens = (text_of(row, "not_assessed") or "").split(",")
    return t("list.join").join(
        t("campaign.no_colour") if one == "warning" else table_word(one, t) for one in tokens if one
    )


def _csv(rows: Sequence[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, _COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
