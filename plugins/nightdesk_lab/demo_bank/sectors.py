"""Industries of the demo bank and how their year runs."""

from dataclasses import dataclass

import numpy as np

from nightdesk_lab.demo_bank.frames import Floats, Ints


@dataclass(frozen=True)
class Sector:
    """An industry: code, Chinese and English trade name, swing of its year and the month of its peak."""

    code: str
    zh: str
    en: str
    swing: float
    peak_month: int
    sells_to_persons: bool = False


SECTORS = (
    Sector("C13", "食品", "Foods", 0.06, 12),
    Sector("C17", "纺织", "Textiles", 0.07, 10),
    Sector("C26", "化工", "Chemicals", 0.04, 5),
    Sector("C35", "装备制造", "Equipment", 0.05, 11),
    Sector("C38", "电气", "Electric", 0.05, 11),
    Sector("C39", "电子科技", "Electronics", 0.06, 11),
    Sector("D44", "能源", "Energy", 0.06, 8),
    Sector("E48", "建设工程", "Construction", 0.07, 11),
    Sector("F51", "商贸", "Trading", 0.05, 12),
    Sector("F52", "商业零售", "Retail", 0.07, 1, sells_to_persons=True),
    Sector("G54", "物流", "Logistics", 0.05, 11),
    Sector("G55", "港口", "Ports", 0.04, 11),
    Sector("H61", "酒店管理", "Hotels", 0.07, 8, sells_to_persons=True),
    Sector("I65", "软件技术", "Software", 0.06, 12),
    Sector("A01", "农业发展", "Agriculture", 0.07, 10),
    Sector("N77", "环保科技", "Environmental", 0.05, 12),
    Sector("Q83", "医疗健康", "Healthcare", 0.04, 1),
)

TRADES = tuple((sector.zh, sector.en) for sector in SECTORS)
CODES = tuple(sector.code for sector in SECTORS)


def season(sector: Ints, calendar_month: Ints) -> Floats:
    """Multipliers of shape (clients, months); each sector's year averages 1."""
    swing = np.array([item.swing for item in SECTORS])[np.maximum(sector, 0)]
    peak = np.array([item.peak_month for item in SECTORS])[np.maximum(sector, 0)]
    angle = 2 * np.pi * (calendar_month[None, :] - peak[:, None]) / 12
    return np.asarray(1 + np.where(sector >= 0, swing, 0.0)[:, None] * np.cos(angle))
