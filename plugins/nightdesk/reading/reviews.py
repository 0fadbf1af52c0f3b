"""What the reviews of a published night's projects are made of: what all of them need is read once, what each needs in
chunks of projects, so that a book of thousands takes no more memory than one of hundreds."""

from collections.abc import Collection, Mapping
from datetime import date
from functools import cached_property

from nightdesk.kept_facts import facts_of, hash_of, is_plain
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
#: projects whose rows are read together
CHUNK = 200
_OURS = "where project_id in (select project_id from night.reviewed)"


class Reviews:
    """The projects of a published night, or those that are named of them, each as a page is made of it."""

    def __init__(self, night: PublishedNight, notes: Notes, projects: Collection[str] | None = None) -> None:
        self.night = night
        self.notes = review_notes(notes, night.feeds())
        if projects is not None:
            self._name(projects)
        #: the projects' branches by their ids, in the order in which they are read
        self.projects: Mapping[str, str] = {
            str(row["project_id"]): str(row["branch_id"])
            for row in night.table("project_review", "" if projects is None else _OURS)
        }
        publication = night.publication
        self._bands = review_bands(publication.profile, publication.business_date)
        self._panels = review_panels({name: PUBLISHED[name][0].replace("/", ".") for name in _PANELS})
        self._registry = {row["branch_id"]: row for row in night.source("branch", "branch_id")}
        self._order = list(self.projects)
        self._rows: dict[str, dict[str, Rows]] = {}
        self._staff = {str(row["staff_id"]): str(row["name"]) for row in night.source("staff", "staff_id")}

    def input(
        self, project_id: str, *, language: Language | None = None, period_end: date | None = None
    ) -> ProjectInput:
        """One project's review: in its branch's language, and of its newest period, unless others are asked for."""
        if project_id not in self._rows.get("project_review", {}):
            self._read(project_id)
        (review,) = self._of("project_review", project_id)
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
            client=next(iter(self._of("client", review["client_id"])), {}),
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
            kpi_history=self._of("kpi_history", project_id),
            parties=self._of("project_party", project_id),
            later_facts=self._of("later_fact", project_id),
            kept_facts=self._kept_facts(project_id),
            period_end=period_end,
            item_names=self._item_names,
            staff=self._staff,
            method_changes=self._method_changes,
            signals=self._of("signal", project_id),
            withheld=self._of("withheld_row", project_id),
            panels=self._panels,
        )

    @cached_property
    def waiting(self) -> frozenset[str]:
        """The projects whose review waits for a person: prepared, sent back, signed and changed since, or on tonight's
        lists."""
        tasks = self.night.table("task", "where kind in ('esg_review', 'esg_condition')")
        asking = self.night.table("esg_due", "where period_end is not null")
        changed = self.night.table("esg_review", "where has_changed")
        return frozenset(str(row["project_id"]) for row in (*tasks, *asking, *changed) if row["project_id"])

    def _read(self, project_id: str) -> None:
        """Read what reviews are made of for the chunk of projects that one is in, in place of the chunk before."""
        place = self._order.index(project_id) // CHUNK * CHUNK
        self._rows = {}
        self._name(self._order[place : place + CHUNK])
        night, ask = self.night, self.night.inputs.ask
        found = {name: night.table(name, _OURS) for name in ("project_review", *_PANELS, *_SHEETS)}
        found["signal"] = night.signals(_OURS)
        found["kpi_history"], found["project_party"] = ask("kpi_history", _OURS), ask("project_party", _OURS)
        found["later_fact"] = ask("esg_signing.later_fact", _OURS)
        found["kept"] = night.source("esg_review", "project_id, period_end", _OURS)
        self._rows = {name: by_key(rows, "project_id") for name, rows in found.items()}
        held_back = ask("esg_review.withheld_row", _OURS.replace("where project_id", "where reviewed_project_id"))
        self._rows["withheld_row"] = by_key(held_back, "reviewed_project_id")
        ids = [{"client_id": row["client_id"]} for row in found["project_review"]]
        night.engine.insert("night.reviewed_client", {"client_id": "VARCHAR"}, ids)
        clients = "where client_id in (select client_id from night.reviewed_client)"
        self._rows["client"] = by_key(night.source("client", "client_id", clients), "client_id")

    def _name(self, projects: Collection[str]) -> None:
        """Say which projects the next rows are wanted of."""
        self.night.engine.insert("night.reviewed", {"project_id": "VARCHAR"}, [{"project_id": one} for one in projects])

    def _of(self, name: str, key: str) -> Rows:
        return self._rows[name].get(key, [])

    def _kept_facts(self, project_id: str) -> dict[str, list[dict[str, str]]]:
        """By the end of its period what each prepared review keeps; not what is no longer what was signed."""
        found = {}
        for row in self._of("kept", project_id):
            facts = facts_of(row["facts"])
            digest = row["facts_hash"]
            if facts is not None and (hash_of(facts) == digest or is_plain(facts, digest)):
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
