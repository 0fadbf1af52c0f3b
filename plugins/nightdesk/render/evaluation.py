"""The evaluation page: both languages on one page, every share with its interval and number; and its twin."""

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from nightdesk.render.environment import fill, styles
from nightdesk.render.evaluation_figures import Evaluation, EvaluationInput, evaluation_of, twin_of
from nightdesk.render.evaluation_plots import WIDTH, lead_plot, precision_plot, pyramid_plot
from nightdesk.render.figures import Figures
from nightdesk.render.inert import escaped
from nightdesk.render.quality_rows import Bilingual, Both
from nightdesk.render.rows import as_rows
from nightdesk.whole_file import write_whole


@dataclass(frozen=True)
class RenderedEvaluation:
    """The figures, the page, and the same figures for machines as JSON text with sorted keys."""

    evaluation: Evaluation
    twin: dict[str, object]
    html: str

    @property
    def json(self) -> str:
        """The twin as written to evaluation.json."""
        return escaped(json.dumps(self.twin, ensure_ascii=False, indent=1, sort_keys=True)) + "\n"

    def write(self, folder: Path) -> Path:
        """Write evaluation.json and evaluation.html, each whole or not at all; returns the page."""
        write_whole(folder / "evaluation.json", self.json.encode())
        write_whole(folder / "evaluation.html", self.html.encode())
        return folder / "evaluation.html"


def render_evaluation(source: EvaluationInput) -> RenderedEvaluation:
    """The evaluation page and its twin. The same input gives the same bytes."""
    evaluation = evaluation_of(source)
    numbers = {name: Decimal(str(value)) for name, value in source.settings.items()}
    band_days, horizon_days = int(numbers["lead_band_days"]), int(numbers["horizon_days"])
    page = fill(
        "evaluation.html.j2",
        source=source,
        found=evaluation,
        nights=as_rows(source.nights),
        facts=source.population,
        numbers={name: f"{value.normalize() + 0:f}" for name, value in numbers.items()},
        said=said_of(source),
        marks=marks_of(source, evaluation),
        lead=lead_plot(evaluation.bands, evaluation, band_days, horizon_days),
        pyramids=[(one, pyramid_plot(one)) for one in evaluation.pyramids],
        precision=precision_plot(evaluation.indicators, evaluation.base_rate.pct),
        names={code: Both(words["zh_CN"], words["en"]) for code, words in source.indicator_names.items()},
        width=WIDTH,
        both=Bilingual(),
        f=Figures("en", ""),
        styles=styles("base", "quality", "evaluation"),
    )
    return RenderedEvaluation(evaluation, twin_of(source, evaluation), page)


def marks_of(source: EvaluationInput, evaluation: Evaluation) -> list[Both]:
    """Where what was found and policy's mark of the unproven are apart: what helps not stays, and counts half."""
    both = Bilingual()
    by_use: dict[str, list[str]] = {}
    for one in evaluation.indicators:
        by_use.setdefault(one.use or "", []).append(one.code)
    parts = {
        "to_mark": [code for code in by_use.get("no_help", []) if code not in source.unproven],
        "to_clear": [code for code in by_use.get("helps", []) if code in source.unproven],
        "marked": sorted(source.unproven),
    }
    return [both(f"evaluation.{name}", codes=" ".join(codes)) for name, codes in parts.items() if codes]


def said_of(source: EvaluationInput) -> list[Both]:
    """What has to be known before any figure is read."""
    both = Bilingual()
    if source.is_from_truth:
        said = [both("evaluation.events_truth")]
    else:
        said = [
            both(
                "evaluation.events_published",
                days=source.settings["event_days_past_due"],
            )
        ]
    if source.months_without_night:
        said.append(
            both(
                "evaluation.months_without_night",
                n=len(source.months_without_night),
                months=", ".join(source.months_without_night),
            )
        )
    if source.policy_versions > 1:
        said.append(both("evaluation.policy_versions", n=source.policy_versions))
    if source.reconstructed:
        said.append(both("evaluation.reconstructed", n=source.reconstructed, days=source.settings["live_days"]))
    return said
