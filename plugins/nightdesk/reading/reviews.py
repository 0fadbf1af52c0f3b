"""What the reviews of a published night's projects are made of: what all of them need is read once."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any

from nightdesk.kept_facts import facts_of, hash_of
from nightdesk.policy import policy
from nightdesk.reading.assessment import review_bands, review_notes, review_panels
from nightdesk.reading.published import PUBLISHED
from nightdesk.reading.published_night import PublishedNight, Rows, by_key
from nightdesk.render.catalogue import Language, language_of
from nightdesk.render.made_of import Notes, ProjectInput

_PANELS = ("covenant", "incident", "action", "permit", "insurance")
#: what a project has rows of beside its panels
_SHEETS = (
    "performance_standard", "financed_emission", "esg_due", "taxonomy", "equator_reading", "grievance", "esg_review",
    "review_condition", "review_fact", "kpi", "esg_item_state", "esg_score", "draw_gate",
    "evidence_request",
)  # fmt: skip
#: the policy that a score goes by: from the day on which one of their rows comes into force it is another method
_METHOD = ("esg_part", "esg_item", "esg_item_sector", "esg_grade")


class Reviews:
    """The projects of a published night, each as a page is made of it."""

    def __init__(self, night: PublishedNight, notes: Notes) -> None:
        self.night = night
        self.notes = review_notes(notes, night.feeds())
        self.projects: Mapping[str, dict[str, Any]] = {
            str(row["project_id"]): row for row in night.table("project_review")
        }
        publication = night.publication
        self._bands = review_bands(publication.profile, publication.business_date)
        self._panels = review_panels({name: PUBLISHED[name][0].replace("/", ".") for name in _PANELS})
        self._registry = {row["branch_id"]: row for row in night.source("branch", "branch_id")}
        self._clients = {row["client_id"]: row for row in night.source("client", "client_id")}
        self._rows = {name: by_key(night.table(name), "project_id") for name in (*_PANELS, *_SHEETS)}
        self._signals = by_key(night.signals(""), "project_id")
        self._held_back = by_key(night.inputs.ask("project_withheld"), "reviewed_project_id")
        self._history = by_key(night.inputs.ask("kpi_history"), "project_id")
        self._parties = by_key(night.inputs.ask("project_party"), "project_id")
        self._kept = by_key(night.source("esg_review", "project_id, period_end"), "project_id")
        self._staff = {str(row["staff_id"]): str(row["name"]) for row in night.source("staff", "staff_id")}

    def input(
        self, project_id: str, *, language: Language | None = None, period_end: date | None = None
    ) -> ProjectInput:
        """One project's review: in its branch's language, and of its newest period, unless others are asked for."""
        review = self.projects[project_id]
        branch = self._registry.get(review["branch_id"], {})
        publication = self.night.publication
        return ProjectInput(
            business_date=publication.business_date,
            revision=publication.revision,
            restated=publication.revision > 1,
            review=review,
            language=language or language_of(branch.get("language")),
            notes=self.notes,
            bands=self._bands,
            client=self._clients.get(review["client_id"], {}),
            branch=branch,
            covenants=self._of("covenant", project_id),
            incidents=self._of("incident", project_id),
            actions=self._of("action", project_id),
            permits=self._of("permit", project_id),
            insurances=self._of("insurance", project_id),
            standards=self._of("performance_standard", project_id),
            emissions=self._of("financed_emission", project_id),
            due=self._of("esg_due", project_id),
            requests=self._of("evidence_request", project_id),
            taxonomy=self._of("taxonomy", project_id),
            equator=next(iter(self._of("equator_reading", project_id)), {}),
            grievance=next(iter(self._of("grievance", project_id)), {}),
            reviews=self._of("esg_review", project_id),
            conditions=self._of("review_condition", project_id),
            facts=self._of("review_fact", project_id),
            kpis=self._of("kpi", project_id),
            items=self._of("esg_item_state", project_id),
            scores=self._of("esg_score", project_id),
            draws=self._of("draw_gate", project_id),
            kpi_history=self._history.get(project_id, []),
            parties=self._parties.get(project_id, []),
            kept_facts=self._kept_facts(project_id),
            period_end=period_end,
            item_names=self._item_names,
            staff=self._staff,
            method_changes=self._method_changes,
            signals=self._signals.get(project_id, []),
            withheld=self._held_back.get(project_id, []),
            panels=self._panels,
        )

    @cached_property
    def waiting(self) -> frozenset[str]:
        """The projects whose review waits for a person: prepared, signed and changed since, or on tonight's lists."""
        tasks = self.night.table("task", "where kind in ('esg_review', 'esg_condition')")
        reviews = [row for rows in self._rows["esg_review"].values() for row in rows]
        return frozenset(str(row["project_id"]) for row in tasks if row["project_id"]) | frozenset(
            str(row["project_id"]) for row in reviews if row["state"] == "prepared" or row["has_changed"]
        )

    def _of(self, name: str, project_id: str) -> Rows:
        return self._rows[name].get(project_id, [])

    def _kept_facts(self, project_id: str) -> dict[str, list[dict[str, str]]]:
        """By the end of its period what each prepared review keeps; not what is no longer what was signed."""
        found = {}
        for row in self._kept.get(project_id, []):
            facts = facts_of(row["facts"])
            if facts is not None and hash_of(facts) == row["facts_hash"]:
                found[str(row["period_end"])] = facts
        return found

    @cached_property
    def _item_names(self) -> dict[str, dict[Language, str]]:
        rows = policy(self.night.night.profile.name)["esg_item_text"].effective(self.night.publication.business_date)
        return {str(row["item"]): {"zh_CN": str(row["name_zh"]), "en": str(row["name_en"])} for row in rows}

    @cached_property
    def _method_changes(self) -> list[date]:
        tables = policy(self.night.night.profile.name)
        days = {row["valid_from"] for name in _METHOD for _, row in tables[name].rows}
        return sorted(day for day in days if isinstance(day, date) and day.year > 1900)
