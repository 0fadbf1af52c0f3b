"""Pages of campaigns, both languages on one page: what campaigns brought, and a list for each branch."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from nightdesk.render.campaign_figures import CampaignInput
from nightdesk.render.environment import fill, styles
from nightdesk.render.masking import client_name
from nightdesk.render.missing import table_word
from nightdesk.render.outputs import path_part
from nightdesk.render.punctuation import full_width
from nightdesk.render.quality_rows import Bilingual, Both
from nightdesk.render.rows import Row, text_of
from nightdesk.whole_file import write_whole

#: columns of a branch's list as CSV
_COLUMNS = ("campaign", "client_id", "product", "owner_id", "tier", "colour", "score", "suppressed_by", "not_assessed",
            "offered_on", "offer_outcome", "bought_on", "why_zh", "why_en")  # fmt: skip


def write_campaigns(folder: Path, source: CampaignInput) -> list[Path]:
    """Write campaign.html, and of each branch that has clients in a running campaign a page and a CSV file; returns
    the pages. The same input gives the same bytes."""
    pages = []
    for branch_id, rows in sorted(source.lists.items()):
        stem = folder / f"campaign_{path_part(branch_id)}"
        write_whole(stem.with_suffix(".csv"), _csv(rows).encode())
        write_whole(stem.with_suffix(".html"), _page(source, branch_id).encode())
        pages.append(stem.with_suffix(".html"))
    write_whole(folder / "campaign.html", _page(source, None).encode())
    return [folder / "campaign.html", *pages]


def _page(source: CampaignInput, branch_id: str | None) -> str:
    branch = source.branches.get(branch_id or "", {})
    full = branch.get("mail_mode") == "full"
    both = Bilingual()
    rows = [] if branch_id is None else source.lists[branch_id]
    return fill(
        "campaign.html.j2",
        source=source,
        branch=branch if branch_id is not None else None,
        branch_name=" ".join(filter(None, (text_of(branch, "name") or branch_id, text_of(branch, "name_en")))),
        rows=[_shown(row, both, full=full) for row in rows],
        both=both,
        styles=styles("base", "quality", "evaluation", "offer"),
    )


def _shown(row: Row, both: Bilingual, *, full: bool) -> Row:
    return {
        **row,
        "shown_name": client_name(row, full=full),
        "why_zh": full_width(text_of(row, "why_zh") or "", both.zh),
        "unknown": _unknown(row, both),
    }


def _unknown(row: Row, both: Bilingual) -> Both:
    """What is lacking to judge whether a client may be offered to, in both languages."""
    tokens = (text_of(row, "not_assessed") or "").split(",")
    words = ([t("campaign.no_colour") if one == "warning" else table_word(one, t) for one in tokens if one]
             for t in (both.zh, both.en))  # fmt: skip
    zh, en = words
    return Both(both.zh("list.join").join(zh), both.en("list.join").join(en))


def _csv(rows: Sequence[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, _COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
