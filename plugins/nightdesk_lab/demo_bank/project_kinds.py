"""What project companies build: whose business it is, which permits it needs, what it emits.

Permits follow the stages of a Chinese project: land and environmental approval and the building permit before work
begins, the discharge permit (five years, renewed by application), water and operating licences once it runs. What is
measured follows the discharge standard of the trade: a wind farm has no chimney.
"""

from dataclasses import dataclass

import numpy as np

from nightdesk_lab.demo_bank.frames import Bools, Ints


@dataclass(frozen=True)
class Permit:
    """A kind of permit: its code, for how many years it is given (0: it does not end), and when it is held."""

    code: str
    years: int
    before_building: bool
    is_critical: bool = False


PERMITS = (
    Permit("environmental_impact", 0, before_building=True),
    Permit("land_use", 0, before_building=True),
    Permit("construction_permit", 0, before_building=True),
    Permit("sea_area_use", 25, before_building=True),
    Permit("pollutant_discharge", 5, before_building=False, is_critical=True),
    Permit("water_abstraction", 5, before_building=False),
    Permit("power_generation", 20, before_building=False, is_critical=True),
    Permit("grid_connection", 0, before_building=False),
    Permit("port_operation", 3, before_building=False, is_critical=True),
    Permit("toll_collection", 20, before_building=False, is_critical=True),
    Permit("concession_operation", 25, before_building=False),
    Permit("safety_production", 3, before_building=False, is_critical=True),
)


@dataclass(frozen=True)
class Item:
    """Something measured each quarter: code, unit, and target and permit limit in ten-thousandths (no limit: 0)."""

    code: str
    unit: str
    target: int
    limit: int = 0


_SAFETY = (Item("ltifr", "per 1m hours", 10_000), Item("grievances_open", "count", 20_000))
ITEMS = (
    *_SAFETY,
    Item("energy", "MWh", 12_000_000),
    Item("so2", "mg/m3", 250_000, 500_000),
    Item("nox", "mg/m3", 600_000, 1_000_000),
    Item("dioxin", "ng TEQ/m3", 500, 1_000),
    Item("voc", "mg/m3", 400_000, 800_000),
    Item("cod_water", "mg/l", 300_000, 500_000),
    Item("ammonia_water", "mg/l", 30_000, 50_000),
    Item("dust", "mg/m3", 5_000, 10_000),
    Item("noise_night", "dB(A)", 450_000, 500_000),
    Item("bird_strikes", "count", 30_000),
    Item("water_use", "m3", 80_000_000),
)


@dataclass(frozen=True)
class ProjectKind:
    """What is built: sector (GB/T 4754, of a power plant its four digits: what it burns decides what is asked of it),
    names, taxonomy code ('' none), sponsors' sectors, environmental category (0 A, 1 B, 2 C), permits and items beside
    the common ones, and tonnes of scope 1 and 2 a year per ten million yuan of budget."""

    code: str
    zh: str
    en: str
    taxonomy: str
    sponsors: tuple[str, ...]
    category: int
    permits: tuple[str, ...]
    items: tuple[str, ...]
    scope_1: int
    scope_2: int

    @property
    def trade(self) -> str:
        """The sector of its company: the division that the code begins with."""
        return self.code[:3]


PROJECT_KINDS = (
    ProjectKind(
        "D4415", "陆上风电", "Onshore Wind Park", "3.2.1", ("D44", "C35", "C38"), 1,
        ("power_generation", "grid_connection"), ("noise_night", "bird_strikes"), 1, 9,
    ),
    ProjectKind(
        "D4416", "光伏发电", "Solar Park", "3.2.1", ("D44", "C38", "C39"), 1,
        ("power_generation", "grid_connection"), ("water_use",), 1, 8,
    ),
    ProjectKind(
        "G54", "高速公路", "Expressway", "", ("E48", "G54"), 0,
        ("toll_collection",), ("noise_night", "dust"), 25, 40,
    ),
    ProjectKind(
        "N77", "污水处理厂", "Wastewater Plant", "", ("N77", "E48"), 1,
        ("pollutant_discharge", "concession_operation"), ("cod_water", "ammonia_water", "energy"), 120, 260,
    ),
    ProjectKind(
        "C26", "新材料基地", "Advanced Materials Plant", "", ("C26", "C39"), 0,
        ("pollutant_discharge", "water_abstraction", "safety_production"),
        ("so2", "nox", "voc", "cod_water", "energy"), 900, 700,
    ),
    ProjectKind(
        "G55", "集装箱码头", "Container Terminal", "", ("G54", "F51"), 0,
        ("sea_area_use", "port_operation"), ("dust", "energy", "noise_night"), 60, 180,
    ),
    ProjectKind(
        "D4417", "垃圾焚烧发电", "Waste-to-Energy Plant", "", ("N77", "D44"), 0,
        ("pollutant_discharge", "power_generation", "grid_connection", "concession_operation"),
        ("so2", "nox", "dioxin", "dust"), 1_400, 30,
    ),
    ProjectKind(
        "C38", "储能电池工厂", "Battery Plant", "", ("C38", "C39", "C26"), 1,
        ("pollutant_discharge", "safety_production"), ("voc", "cod_water", "energy"), 90, 520,
    ),
    ProjectKind(
        "C13", "食品加工园", "Food Processing Park", "", ("C13", "A01"), 1,
        ("pollutant_discharge", "water_abstraction"), ("cod_water", "ammonia_water", "energy"), 110, 240,
    ),
    ProjectKind(
        "Q83", "综合医院", "General Hospital", "", ("Q83", "E48"), 1,
        ("pollutant_discharge",), ("cod_water", "energy"), 30, 190,
    ),
)  # fmt: skip

_COMMON_PERMITS = ("environmental_impact", "land_use", "construction_permit")
PERMIT_CODES = tuple(permit.code for permit in PERMITS)
ITEM_CODES = tuple(item.code for item in ITEMS)


def needs_permit() -> Bools:
    """Of shape (project kinds, permits)."""
    return np.array([[code in (*_COMMON_PERMITS, *kind.permits) for code in PERMIT_CODES] for kind in PROJECT_KINDS])


def measures() -> Bools:
    """Of shape (project kinds, items): safety and grievances everywhere, the rest by trade."""
    common = tuple(item.code for item in _SAFETY)
    return np.array([[code in (*common, *kind.items) for code in ITEM_CODES] for kind in PROJECT_KINDS])


def kinds_for(sector_codes: tuple[str, ...], sector: int) -> Ints:
    """Positions of the kinds that a sponsor of this sector (a position in `sector_codes`) would build; maybe none."""
    code = sector_codes[sector]
    return np.array([at for at, kind in enumerate(PROJECT_KINDS) if code in kind.sponsors], dtype=np.int64)
