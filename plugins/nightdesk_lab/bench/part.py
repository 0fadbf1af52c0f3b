"""What one part of Nightdesk adds to a night: the CPU of its models, their batches and its pages, against all else.

A part is named by the schemas, tables and kinds of pages that are its own. Reading and checking the few source tables
that only it asks for is not counted with it.
"""

import datetime
import shutil
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from nightdesk import pg
from nightdesk.attempt.batches import write
from nightdesk.attempt.opening import Night, source_url
from nightdesk.attempt.reckoning import reckon_within
from nightdesk.desk.pins import Pin
from nightdesk.desk.publication import Publication
from nightdesk.engine import Engine
from nightdesk.metering import Meter
from nightdesk.night import computing
from nightdesk.night.page_kind import Kind, Pages, kinds
from nightdesk.night.pages import render_pages
from nightdesk.night.whole import run_night
from nightdesk.reading.published_night import PublishedNight
from nightdesk.settings import Settings
from nightdesk_lab.bench.catalogue import cpu_by_table
from nightdesk_lab.bench.measuring import run_step
from nightdesk_lab.bench.origin import Origin, Size, origin_now
from nightdesk_lab.bench.standing_in import standing_in
from nightdesk_lab.demo_bank import generate

#: what a part may add to the rest of a night's CPU, in percent; printed beside, never a pass mark
TARGET_PCT = 25
#: the night that takes the history, and the one that is measured: those of the demonstration
FIRST, MEASURED = datetime.date(2026, 10, 14), datetime.date(2026, 10, 15)
#: repayment tables, which no table is: what reckons them stands among what is built by this name
RECKONED = "reckoned"


@dataclass(frozen=True)
class Part:
    """What belongs to a part: schemas that are its whole, tables beside them, kinds of pages."""

    schemas: frozenset[str]
    tables: frozenset[str]
    pages: tuple[str, ...] = ()

    def has(self, table: str) -> bool:
        """Whether a table is the part's."""
        return table in self.tables or table.partition(".")[0] in self.schemas


PARTS = {
    # contacts, visits, checks after the loan and draws
    "care": Part(
        frozenset({"care_check", "care_draw", "care_gate", "tasks_contact", "tasks_visit"}),
        frozenset(
            {
                "care.check_report", "care.draw_gate", "care.post_loan_check", "staging.absence",
                "staging.draw_request", "tasks.client_owner", "tasks.contact_coverage", "tasks.contact_plan",
                "tasks.promise_state", "tasks.visit_item", "tasks.visit_proposal", "tasks_candidate.contact",
                "tasks_candidate.draw_gate", "tasks_candidate.post_loan_check", "tasks_candidate.promise",
                "tasks_candidate.special_contact",
            }
        ),
        ("brief", "check", "contact_plan", "gate", "handover", "visit_calendar"),
    ),
    # what counts and how much: colours, the five classes, steps by band, potential and ways to the next tier
    "judgement": Part(
        frozenset(
            {
                "features_inflow", "tasks_playbook", "tiers_group", "tiers_path", "tiers_potential",
                "warnings_five_class", "warnings_verdict",
            }
        ),
        frozenset(
            {
                "tasks.playbook_task", "tasks_candidate.class_drift", "tasks_candidate.class_forecast",
                "tasks_candidate.override_expiry", "tasks_candidate.override_request",
                "tasks_candidate.override_review", "tasks_candidate.tier_path", "tiers.client_potential",
                "tiers.client_rfm", "tiers.tier_path", "warnings.deciding", "warnings.loan_class",
                "warnings.loan_floor", "warnings.loan_forecast", "warnings.score_history", "warnings.suspended",
            }
        ),
    ),
    # financing, offers, and what people bring
    "financing": Part(
        frozenset(
            {
                "care_ecosystem", "care_proposal", "tasks_campaigning", "tasks_guarantees", "tasks_offer",
            }
        ),
        frozenset(
            {
                RECKONED, "care.group_link", "care.group_total", "care.lead", "care.need_lost", "care.need_outcome",
                "care.proposal", "care.proposal_fact", "care.repayment_schedule", "care.silent_client",
                "tasks.campaign", "tasks.certificate", "tasks.offer_advice", "tasks_candidate.certificate",
                "tasks_candidate.guarantee_circle", "tasks_candidate.lead", "tasks_candidate.offer",
                "tasks_candidate.silent_client",
            }
        ),
    ),
}  # fmt: skip


@dataclass
class PartBench:
    """CPU seconds of a whole night, and of a part of it: by table its build, by table its batch, and its pages.

    `rendered_cpu_s`: what all pages of a night take more than all that are not the part's, so that what several kinds
    read is nobody's; `pages`: of each kind of the part, how many there were.
    """

    origin: Origin
    part: str
    night_cpu_s: float = 0.0
    built: dict[str, float] = field(default_factory=dict)
    written: dict[str, float] = field(default_factory=dict)
    rendered_cpu_s: float = 0.0
    pages: dict[str, int] = field(default_factory=dict)

    @property
    def part_cpu_s(self) -> float:
        """All of the part."""
        return sum(self.built.values()) + sum(self.written.values()) + self.rendered_cpu_s

    @property
    def rest_cpu_s(self) -> float:
        """All else of the night."""
        return self.night_cpu_s - self.part_cpu_s

    def added_pct(self) -> float | None:
        """What the part is of all else, in percent; None where nothing is left for all else, which cannot be."""
        return 100 * self.part_cpu_s / self.rest_cpu_s if self.rest_cpu_s > 0 else None

    def document(self) -> dict[str, Any]:
        """The whole as a plain document."""
        return {
            **self.origin.document(),
            "part": self.part,
            "night_cpu_s": self.night_cpu_s,
            "part_cpu_s": self.part_cpu_s,
            "added_pct": self.added_pct(),
            "target_pct": TARGET_PCT,
            "built": self.built,
            "written": self.written,
            "rendered_cpu_s": self.rendered_cpu_s,
            "pages": self.pages,
        }


def run_part(
    settings: Settings, part: str, *, size: Size, say: Callable[[str], None] = lambda _line: None
) -> PartBench:
    """Make a demo bank, run a night, and measure the next in a process of its own; below `<home>/bench/part`, anew.

    Raises NightdeskError when a night fails.
    """
    home = settings.home / "bench" / "part"
    if home.exists():
        pg.remove(home)
        shutil.rmtree(home)
    own, found = Settings(home=home), PartBench(origin_now(size, settings), part)
    try:
        say(f"a bank of {size.clients:,} clients, and the night of {FIRST}")
        generate(
            source_url(own),
            clients=size.clients,
            months=size.months,
            txn_per_client=size.txn_per_client,
            until=MEASURED,
            seed=size.seed,
        )
        run_night(own, FIRST)
        say(f"the night of {MEASURED}, measured")
        for name, value in run_step(home, "part", part=part).items():
            setattr(found, name, value)
    finally:
        pg.stop(home)
    return found


def measured_night(settings: Settings, part: str) -> dict[str, Any]:
    """The night of MEASURED, a table at a time, and its pages once with and once without the part's: what PartBench
    holds of it."""
    own = PARTS[part]
    with cpu_by_table() as built, _cpu_beside(built) as written, Meter() as whole:
        publication = run_night(settings, MEASURED).publication
    every = kinds()
    others = {kind: module for kind, module in every.items() if kind not in own.pages}
    rendered = 0.0
    if own.pages:
        rendered = _page_cpu(settings, publication, every) - _page_cpu(settings, publication, others)
    with PublishedNight(settings, publication) as published:
        night = Pages(published)
        pages = {kind: sum(1 for _ in every[kind].pages(night)) for kind in own.pages}
    return {
        "night_cpu_s": whole.cpu_seconds,
        "built": {table: seconds for table, seconds in built.items() if own.has(table)},
        "written": {table: seconds for table, seconds in written.items() if own.has(table)},
        "rendered_cpu_s": max(rendered, 0.0),
        "pages": pages,
    }


def _page_cpu(settings: Settings, publication: Publication, of: Mapping[str, Kind]) -> float:
    """The less of two times: the first finds what the machine does not keep at hand."""
    took = []
    for _ in range(2):
        with Meter() as meter:
            render_pages(settings, publication, of)
        took.append(meter.cpu_seconds)
    return min(took)


@contextmanager
def _cpu_beside(built: dict[str, float]) -> Iterator[dict[str, float]]:
    """CPU seconds that each table's batch took to write, of those written meanwhile; what reckoning took beside the
    tables that it builds goes into `built` as RECKONED."""
    took: dict[str, float] = {}

    def writing(night: Night, lake_table: str, rows: pa.RecordBatchReader, *, starts_chain: bool = False) -> Pin:
        began = time.process_time()
        pin = write(night, lake_table, rows, starts_chain=starts_chain)
        took[lake_table.replace("/", ".")] = time.process_time() - began
        return pin

    def reckoning(engine: Engine, present: Collection[str]) -> set[str]:
        began, before = time.process_time(), sum(built.values())
        found = reckon_within(engine, present)
        built[RECKONED] = time.process_time() - began - (sum(built.values()) - before)
        return found

    with standing_in(computing, write=writing, reckon_within=reckoning):
        yield took
