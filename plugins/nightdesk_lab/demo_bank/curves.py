"""How each project advances: planned and physical progress, debt drawn and equity paid, month by month."""

from dataclasses import dataclass

import numpy as np

from nightdesk_lab.demo_bank.clients import Chunk
from nightdesk_lab.demo_bank.frames import NULL, Floats, Ints
from nightdesk_lab.demo_bank.stories import StoryBook


@dataclass(frozen=True)
class Curves:
    """Projects of a chunk: one entry each, shares (0-1) of shape (projects, months) at the end of each month.

    `owner` is the chunk's client, `number` the bank-wide project number, `stage` 0 construction and 1 operation.
    """

    owner: Ints
    number: Ints
    stage: Ints
    kind: Ints
    budget: Ints
    capital: Ints
    debt: Ints
    approved: Ints
    cod_contract: Ints
    cod_forecast: Ints
    slip_known_on: Ints
    longstop: Ints
    planned: Floats
    physical: Floats
    drawn: Floats
    equity: Floats
    stories: StoryBook

    @property
    def size(self) -> int:
        """Number of projects in the chunk."""
        return len(self.owner)


def project_curves(chunk: Chunk) -> Curves:
    """The projects of a chunk's clients."""
    timeline = chunk.plan.timeline
    random = chunk.random("curves")
    owner = np.flatnonzero(chunk.clients.project >= 0).astype(np.int64)
    size = len(owner)
    number = chunk.clients.project[owner]
    stage = chunk.plan.project_stage[number] if size else np.zeros(0, dtype=np.int64)
    stories = chunk.stories.take(owner)
    inflow = chunk.clients.inflow[owner]
    budget = inflow * random.integers(50, 75, size) // 10_000_000 * 10_000_000
    capital = random.integers(20, 31, size) * 100
    building = stage == 0
    cod = np.where(
        building, timeline.last + random.integers(70, 420, size), timeline.first - random.integers(420, 1_000, size)
    )
    approved = np.where(
        building, timeline.first - random.integers(80, 260, size), cod - random.integers(700, 1_000, size)
    )
    approved = np.where(stories.of("construction_delay"), np.minimum(approved, timeline.first - 260), approved)
    ends = timeline.month_starts[1:] - 1
    planned = _s_curve((ends[None, :] - approved[:, None] - 45) / (cod - approved - 45)[:, None])
    since = np.arange(timeline.months)[None, :] - stories.start_month[:, None] + 1
    step = np.clip(since, 0, None)
    delay = stories.of("construction_delay")
    physical = planned * (1 - 0.04 * random.random(size))[:, None]
    before = np.where(step > 0, 0.0, physical).max(axis=1, initial=0.0)[:, None]
    slowed = before + (0.75 - 0.7 * stories.depth[:, None]) * (physical - before)
    physical = np.where((step > 0) & delay[:, None], slowed, physical)
    # a winter's pause is made up for within months
    paused = stories.of("winter_pause")[:, None] & (since > 0)
    behind = np.clip(1 - np.abs(since - 3) / 3, 0, 1) * 0.12
    physical = np.maximum.accumulate(np.where(paused, np.clip(physical - behind, 0, 1), physical), axis=1)
    drawn = np.clip(physical - 0.01 - 0.03 * random.random(size)[:, None], 0, 1)
    drawn = np.where(delay[:, None] & (step > 0), np.clip(planned - 0.03, 0, 1), drawn)
    drawn += np.where(stories.of("draw_ahead")[:, None], np.clip(0.085 * step, 0, 0.26), 0.0)
    drawn = np.clip(np.maximum.accumulate(drawn, axis=1), 0, 0.985)
    equity = drawn + 0.03 + 0.05 * random.random(size)[:, None]
    equity -= np.where(stories.of("equity_behind")[:, None], np.clip(0.06 * step, 0, 0.22), 0.0)
    equity = np.clip(np.maximum.accumulate(equity, axis=1), 0, 1)
    done = ~building[:, None]
    slip = np.where(stories.of("cod_slip"), random.integers(85, 170, size), 0)
    slip = np.where(stories.of("short_slip"), random.integers(15, 55, size), slip)
    slip = np.where(delay, random.integers(200, 260, size), slip)
    known = np.maximum(stories.started_on + random.integers(20, 45, size), timeline.first + 3)
    known = np.where(slip > 0, known, NULL)
    return Curves(
        owner=owner,
        number=number,
        stage=stage,
        kind=chunk.plan.project_kind[number] if size else np.zeros(0, dtype=np.int64),
        budget=budget,
        capital=capital,
        debt=budget - budget * capital // 10_000,
        approved=approved,
        cod_contract=cod,
        cod_forecast=cod + slip,
        slip_known_on=known,
        longstop=cod + 270,
        planned=np.where(done, 1.0, planned),
        physical=np.where(done, 1.0, physical),
        drawn=np.where(done, 1.0, drawn),
        equity=np.where(done, 1.0, equity),
        stories=stories,
    )


def _s_curve(share: Floats) -> Floats:
    along = np.clip(share, 0, 1)
    return np.asarray(along**2 * (3 - 2 * along))
