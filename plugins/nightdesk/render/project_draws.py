"""Announced draws of a project and what of the gate stops each of them."""

from nightdesk.render.catalogue import Catalogue
from nightdesk.render.figures import Figures
from nightdesk.render.made_of import ProjectInput
from nightdesk.render.project_model import Cell, Mark, Sheet
from nightdesk.render.rows import Row, as_rows, day_of, decimal_of, text_of

_STOPS = ("fail", "not_assessed")


def draw_sheet(source: ProjectInput, t: Catalogue, f: Figures) -> Sheet:
    """A row per announced draw: whether it passes, and the items that do not."""
    by_request: dict[str, list[Row]] = {}
    for row in as_rows(source.draws):
        by_request.setdefault(str(row["request_id"]), []).append(row)
    name = "item_zh" if source.language == "zh_CN" else "item_en"
    rows = []
    for request, items in sorted(by_request.items(), key=lambda pair: (str(pair[1][0].get("wanted_on")), pair[0])):
        failed, unknown = ([text_of(one, name) or "" for one in items if one["verdict"] == kind] for kind in _STOPS)
        verdict = "fail" if failed else "not_assessed" if unknown else "pass"
        tone = {"fail": "red", "not_assessed": "not_assessed", "pass": "green"}[verdict]
        told = [t("esg.draw_fails", items=t("list.join").join(failed))] if failed else []
        told += [t("esg.draw_unknown", items=t("list.join").join(unknown))] if unknown else []
        rows.append(
            (
                Cell("", Mark(t.label("gate_verdict", verdict), tone)),
                Cell(request, is_heading=True),
                Cell(f.day(day_of(items[0], "wanted_on"))),
                Cell(f.money(decimal_of(items[0], "amount_amt")), is_number=True),
                Cell(" ".join(told) or t("none")),
            )
        )
    names = ("state", "draw", "wanted_on", "amount", "finding")
    return Sheet(
        title=t("esg.draws"),
        columns=tuple((t(f"esg_column.{one}"), one == "amount") for one in names),
        rows=tuple(rows),
        said="" if rows else t("esg.draws_empty"),
    )
