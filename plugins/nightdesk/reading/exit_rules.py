"""What policy says of plans of contingency and exit, as pages and explain print it beside the two numbers."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from nightdesk.desk.publication import Publication
from nightdesk.policy import policy
from nightdesk.render.catalogue import Language
from nightdesk.render.exit_source import ExitRules


def exit_rules(publication: Publication) -> ExitRules:
    """What policy of that day says of plans."""
    tables = policy(publication.profile)

    def rows(name: str) -> list[Mapping[str, Any]]:
        return list(tables[name].effective(publication.business_date))

    names: dict[str, Mapping[Language, str]] = {
        row["strategy"]: {"zh_CN": row["name_zh"], "en": row["name_en"]} for row in rows("exit_strategy_text")
    }
    settings = {row["setting"]: row["value"] for row in rows("exit_setting")}
    return ExitRules(
        viability={
            row["viability"]: Decimal(row["ratio_from"])
            for row in rows("exit_viability")
            if row["ratio_from"] is not None
        },
        protection={
            row["protection"]: Decimal(row["pct_from"])
            for row in rows("exit_protection")
            if row["pct_from"] is not None
        },
        horizon_months=int(settings["horizon_months"]),
        cells={(row["viability"], row["protection"]): names[row["strategy"]] for row in rows("exit_matrix")},
    )
