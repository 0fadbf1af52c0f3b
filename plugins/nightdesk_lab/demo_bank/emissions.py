"""Greenhouse gases by year: `emission` of projects, `client_emission` of companies that report them.

Sizes are those of the trades, not anybody's figures: a wind farm buys a little power, a chemical plant burns and
buys, a motorway's traffic is beyond it (scope 3), and a site burns diesel and buries cement whatever is built on it.
"""

import numpy as np
import pyarrow as pa

from nightdesk_lab.demo_bank.clients import Chunk
from nightdesk_lab.demo_bank.curves import Curves
from nightdesk_lab.demo_bank.frames import DAY, NULL, Coded, Ints, frame
from nightdesk_lab.demo_bank.plan import LARGE
from nightdesk_lab.demo_bank.project_kinds import PROJECT_KINDS
from nightdesk_lab.demo_bank.sectors import CODES

#: tonnes of scope 3 a year per ten million yuan of budget once it runs, by sector: what is bought, sold and driven
_RUNNING_SCOPE_3 = {"D44": 4, "G54": 2_000, "N77": 80, "C26": 2_500, "G55": 500, "C38": 4_000, "C13": 1_800, "Q83": 250}
#: of building, whatever it is: diesel on the site, power bought, cement and steel
_BUILDING = (12, 6, 800)
#: how a running project finds its tonnes, and how good that is (PCAF's ladder)
_OPTIONS, _QUALITY = ("1a", "1b", "2a", "2b", "3b"), np.array([1, 2, 2, 3, 5])
#: tonnes of scope 1, 2 and 3 a year per million yuan of sales, by sector; others as a trader
_PER_SALES = {
    "C13": (12, 18, 190), "C17": (9, 35, 160), "C26": (140, 75, 210), "C35": (8, 22, 180), "C38": (6, 28, 240),
    "C39": (4, 24, 200), "D44": (260, 12, 90), "E48": (11, 9, 230), "G54": (95, 10, 60), "G55": (30, 28, 40),
    "H61": (9, 26, 40), "I65": (1, 9, 25), "A01": (60, 14, 70), "N77": (45, 40, 30), "Q83": (5, 19, 60),
}  # fmt: skip
_TRADER = (3, 9, 300)


def _years(chunk: Chunk) -> tuple[Ints, Ints]:
    """The years before the bank's last day that it hears of, and the day in March on which it does."""
    timeline = chunk.plan.timeline
    first, last = (
        int(np.datetime64(day, "D").astype("datetime64[Y]").astype(np.int64)) + 1970
        for day in (timeline.first, timeline.last)
    )
    years = np.arange(first - 1, last, dtype=np.int64)
    return years, (years + 1 - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64) + 60


def emission_frame(chunk: Chunk, curves: Curves, names: pa.Array) -> pa.Table:
    """Of each project by trade, stage and size, known in March of the following year."""
    random = chunk.random("emission")
    years, known = _years(chunk)
    project, at = (array.ravel() for array in np.meshgrid(np.arange(curves.size), np.arange(len(years)), indexing="ij"))
    ended = (years[at] + 1 - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64) - 1
    runs = curves.cod_contract[project] <= ended
    size = curves.budget[project] / 1_000_000_000 * np.exp(0.15 * random.standard_normal(len(project)))
    kind = curves.kind[project]
    running = np.array([[k.scope_1, k.scope_2, _RUNNING_SCOPE_3[k.trade]] for k in PROJECT_KINDS])[kind]
    tonnes = np.where(runs[:, None], running, np.array(_BUILDING)[None, :]) * size[:, None]
    option = np.where(runs, curves.number[project] // 2 % 4, 4)
    # drivers and suppliers are asked for at the larger ones only
    asks = (curves.number[project] % 3 != 0) | ~runs
    return frame(
        "emission",
        {
            "project_id": names.take(pa.array(project)),
            "year": years[at],
            "scope1_t": (tonnes[:, 0] * 10_000).astype(np.int64),
            "scope2_t": (tonnes[:, 1] * 10_000).astype(np.int64),
            "scope3_t": np.where(asks, (tonnes[:, 2] * 10_000).astype(np.int64), NULL),
            "method_option": Coded(_OPTIONS, option),
            "data_quality": _QUALITY[option],
        },
        known[at] * DAY + 36_000,
    ).filter(pa.array(known[at] <= chunk.plan.timeline.last))


def client_emission_frame(chunk: Chunk) -> pa.Table:
    """Of half the large companies that publish accounts: sales times what their trade emits, known in May."""
    random = chunk.random("client_emission")
    clients = chunk.clients
    years, known = _years(chunk)
    tells = np.flatnonzero((clients.segment == LARGE) & clients.reports & (random.random(chunk.size) < 0.5))
    who, at = (array.ravel() for array in np.meshgrid(tells, np.arange(len(years)), indexing="ij"))
    per_sales = np.array([_PER_SALES.get(code, _TRADER) for code in CODES])[clients.sector[who]]
    sales = clients.inflow[who] * 12 / 100_000_000 * np.exp(0.1 * random.standard_normal(len(who)))
    tonnes = (per_sales * sales[:, None] * 10_000).astype(np.int64)
    option = who % 3
    heard = known[at] + 70
    return frame(
        "client_emission",
        {
            "client_id": chunk.client_ids.take(pa.array(who)),
            "year": years[at],
            "scope1_t": tonnes[:, 0],
            "scope2_t": tonnes[:, 1],
            "scope3_t": np.where(option == 0, tonnes[:, 2], NULL),
            "method_option": Coded(("1a", "1b", "3a"), option),
            "data_quality": np.array([1, 2, 4])[option],
        },
        heard * DAY + 36_000,
    ).filter(pa.array(heard <= chunk.plan.timeline.last))
