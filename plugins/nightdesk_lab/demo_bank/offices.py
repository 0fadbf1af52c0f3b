"""The offices above the branches: one a region that has several branches, and head office; they have no clients."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from nightdesk_lab.demo_bank import names
from nightdesk_lab.demo_bank.plan import Plan, branch_name

HEAD_OFFICE = "B900"
_REGIONS = {
    "华东": "East China",
    "西南": "South-West China",
    "华北": "North China",
    "华南": "South China",
    "华中": "Central China",
    "西北": "North-West China",
    "东北": "North-East China",
}
#: who works at head office, and at each region's office
_AT_HEAD_OFFICE, _AT_REGION = ("risk", "risk", "esg", "data"), ("risk",)


@dataclass(frozen=True)
class Offices:
    """Rows of branch that are no plan's branches, in columns; which office is above each of the plan's branches."""

    branch_id: list[str]
    name: list[str]
    name_en: list[str]
    region: list[str]
    parent: list[str | None]
    above: list[str]


@dataclass(frozen=True)
class OfficeStaff:
    """Who works in the offices, in columns."""

    branch_id: list[str]
    name: pa.Array
    role: list[str]


def offices(plan: Plan) -> Offices:
    """Head office first, then the regions in the order of their names."""
    regions = [branch_name(at)[2] for at in range(plan.branches)]
    of_region = {
        region: f"B9{place:02d}"
        for place, region in enumerate(sorted(one for one in set(regions) if regions.count(one) > 1), start=1)
    }
    return Offices(
        branch_id=[HEAD_OFFICE, *of_region.values()],
        name=["总行", *(f"{region}管理部" for region in of_region)],
        name_en=["Head Office", *(f"{_REGIONS[region]} Office" for region in of_region)],
        region=["总行", *of_region],
        parent=[None, *(HEAD_OFFICE for _ in of_region)],
        above=[of_region.get(region, HEAD_OFFICE) for region in regions],
    )


def office_staff(plan: Plan) -> OfficeStaff:
    """Risk in each office, and environmental and data people at head office."""
    posts = [
        (office, role)
        for office in offices(plan).branch_id
        for role in (_AT_HEAD_OFFICE if office == HEAD_OFFICE else _AT_REGION)
    ]
    people, _ = names.people(plan.random("office staff"), np.zeros(len(posts), dtype=bool))
    return OfficeStaff([office for office, _ in posts], people, [role for _, role in posts])
