"""A bank that can judge: defaults as often as in life and in every month, noise as measured, sound look-alikes."""

from collections import Counter
from datetime import date

import numpy as np
import pytest

from nightdesk.policy import policy
from nightdesk_lab.demo_bank import kinds, stories, truth
from nightdesk_lab.demo_bank.frames import NULL
from nightdesk_lab.demo_bank.kinds import KINDS, Kind
from nightdesk_lab.demo_bank.plan import make_plan
from nightdesk_lab.demo_bank.project_kinds import PROJECT_KINDS
from nightdesk_lab.demo_bank.truth import story_records

GROUPS = "PTFJKXEO"


def _plan(seed, months=24):
    return make_plan(
        clients=3000, months=months, until=date(2026, 3, 31), seed=seed, branches=12, projects=None, txn_per_client=None
    )


@pytest.fixture(scope="module")
def plans():
    """Five banks of the usual size, planned and not written."""
    return [_plan(seed) for seed in range(1, 6)]


def _defaults(plan):
    day = plan.stories.default_on
    return day[(day != NULL) & (day >= plan.timeline.first) & (day <= plan.timeline.last)]


def test_given_five_seeds_then_one_to_three_borrowers_in_a_hundred_default_in_a_year(plans):
    years = sum(plan.timeline.days / 365.25 * float((_lends(plan)).sum()) for plan in plans)
    assert 0.01 < sum(len(_defaults(plan)) for plan in plans) / years < 0.03


def test_given_five_seeds_then_so_many_borrowers_are_in_trouble_at_the_end_as_banks_hold_special_mention_and_worse(
    plans,
):
    shares = []
    for plan in plans:
        stories, timeline = plan.stories, plan.timeline
        declines = stories.is_decline & (stories.level(np.arange(timeline.months))[:, -1] > 0)
        declines &= stories.resolved_on == NULL
        kept_up = stories.of("restructured", "debt_renewed", "covenant_breach")
        begun = stories.started_on <= timeline.last
        shares.append(float(((declines | kept_up) & begun).sum()) / float(_lends(plan).sum()))
    # 2.2% special mention and 1.6% non-performing
    assert 0.03 < np.mean(shares) < 0.046
    assert min(shares) > 0.02


def test_given_a_bank_with_few_projects_then_it_lives_a_share_of_their_stories_and_not_mostly_trouble():
    small = make_plan(
        clients=1000, months=24, until=date(2026, 3, 31), seed=1, branches=4, projects=None, txn_per_client=None
    )
    told = [record for record in story_records(small) if record["project_id"]]
    assert len(small.project_stage) == 20
    assert len(told) <= 18
    assert sum(record["is_look_alike"] == "false" for record in told) <= 10


def test_given_one_more_story_beside_the_business_then_no_other_client_lives_another_one(monkeypatch):
    def told():
        return {record["client_id"]: record for record in story_records(_plan(2))}

    before = told()
    added = Kind("more_beside", "E", "borrower", 9, ("esg_incident",), "end", is_look_alike=True, beside=(20, 90))
    for module in (kinds, stories, truth):
        monkeypatch.setattr(module, "KINDS", (*KINDS, added))
    after = told()
    more = {client for client, record in after.items() if record["story"] == "more_beside"}
    assert len(more) == 9
    assert {client: record for client, record in after.items() if client not in more} == before


def _lends(plan):
    return plan.clients.borrows | plan.clients.invests | (plan.clients.project >= 0)


def test_given_five_seeds_then_no_month_is_without_a_default_and_none_has_the_most(plans):
    counts = sum(np.bincount(plan.timeline.month_of(_defaults(plan)), minlength=plan.timeline.months) for plan in plans)
    # about nine a month: none at all comes once in eight thousand months, 22 and more as rarely
    assert counts.min() > 0
    assert counts.max() < 22


def test_given_a_longer_history_then_defaults_are_more_and_the_rate_is_the_same(plans):
    longer = _plan(1, months=48)
    assert len(_defaults(longer)) > 1.6 * len(_defaults(plans[0]))


def test_given_five_seeds_then_defaults_come_from_many_stories_and_some_without_warning(plans):
    told = Counter(record["story"] for plan in plans for record in story_records(plan) if record["event"] == "default")
    assert len(told) > 12
    assert 0.1 < told["sudden_stop"] / told.total() < 0.5


def test_given_every_group_then_it_has_stories_and_at_least_as_many_look_alikes(plans):
    for plan in plans:
        records = story_records(plan)
        for group in GROUPS:
            seems = Counter(record["is_look_alike"] for record in records if group in record["groups"].split())
            assert seems["false"] > 0, group
            assert seems["true"] >= seems["false"], group
    assert all(any(kind.groups == group and kind.default_weight for kind in KINDS) for group in GROUPS if group != "O")


def test_given_declines_then_their_depth_and_speed_differ_and_half_of_them_recover(plans):
    troubled = [plan.stories.is_decline for plan in plans]
    depth = np.concatenate([plan.stories.depth[mask] for plan, mask in zip(plans, troubled, strict=True)])
    speed = np.concatenate([plan.stories.speed[mask] for plan, mask in zip(plans, troubled, strict=True)])
    assert np.ptp(depth) > 0.5
    assert np.ptp(speed) > 5
    unpaid = np.concatenate(
        [plan.stories.first_unpaid[mask] == NULL for plan, mask in zip(plans, troubled, strict=True)]
    )
    assert 0.4 < unpaid.mean() < 0.8


def test_given_sound_clients_then_their_inflow_falls_as_often_as_measured(bank):
    storied = {record["client_id"] for record in bank.stories}
    months = {}
    for client, month, amount in bank.rows("select client_id, month, amount from inflow"):
        months.setdefault(client, {})[month] = amount
    falls = []
    for client, sums in months.items():
        series = np.array([sums[month] for month in sorted(sums)])
        if client in storied or len(series) < 24:
            continue
        falls += [series[at - 2 : at + 1].mean() / series[at - 14 : at - 2].mean() for at in range(14, len(series))]
    # of real accounts 10-16% of persons' readings, 34% of small firms' purchases
    assert 0.08 < np.mean(np.array(falls) <= 0.75) < 0.3
    assert np.mean(np.array(falls) <= 0.6) > 0.02


def test_given_sound_borrowers_then_a_tenth_of_them_use_nearly_all_of_their_limits(bank):
    plain = {kind.name for kind in KINDS if kind.default_weight}
    ill = {record["client_id"] for record in bank.stories if record["story"] in plain}
    used = bank.rows("select client_id, share from used where day = '2025-11-30'")
    shares = np.array([share for client, share in used if client not in ill])
    assert 0.04 < np.mean(shares >= 0.85) < 0.35
    assert np.std(shares) > 0.2


def test_given_sound_firms_then_some_of_them_make_losses_are_sued_and_owe_much(bank):
    told = {record["client_id"] for record in bank.stories if record["story"] in {k.name for k in KINDS if k.lead[1]}}
    rows = bank.rows("select client_id, pretax_profit, total_liabilities * 1.0 / total_assets from statement")
    plain = [row for row in rows if row[0] not in told]
    assert 0.02 < np.mean([profit < 0 for _, profit, _ in plain]) < 0.3
    assert any(leverage > 0.7 for _, _, leverage in plain)
    sued = bank.rows("select distinct client_id from external_event where kind = 'lawsuit' and role = 'defendant'")
    assert {row[0] for row in sued} - told


def test_given_a_project_then_its_sponsor_is_of_a_trade_that_builds_such_things(bank):
    pairs = bank.rows(
        "select distinct h.sector_code, p.sector_code, p.name from project p join client c using (client_id)"
        " join client_link l on l.other_client_id = c.client_id and l.kind = 'controls'"
        " join client h on h.client_id = l.client_id"
    )
    fits = {(sponsor, kind.code) for kind in PROJECT_KINDS for sponsor in kind.sponsors}
    assert pairs
    assert {pair[:2] for pair in pairs} <= fits
    assert bank.rows(
        "select p.project_id from project p join client c using (client_id)"
        " where substr(p.sector_code, 1, length(c.sector_code)) <> c.sector_code"
    ) == []  # fmt: skip


#: of power plants (a part of the name in both languages): the sector, and what policy asks of it and not of the others
_ASKED = {
    ("风电", "Wind"): ("D4415", {"bird_strikes"}),
    ("光伏", "Solar"): ("D4416", set()),
    ("垃圾焚烧", "Waste-to-Energy"): ("D4417", {"so2", "nox", "dioxin"}),
}


def test_given_power_plants_then_each_has_the_sector_of_its_kind_and_is_asked_for_what_that_kind_emits(bank):
    asked = [(str(row["item"]), str(row["sector_code"])) for _, row in policy()["esg_item_sector"].rows]
    plants = bank.rows("select distinct name, sector_code from project where sector_code like 'D44%'")
    seen = set()
    for name, sector in plants:
        ((names, (code, items)),) = ((of, told) for of, told in _ASKED.items() if any(part in name for part in of))
        assert sector == code, name
        assert {item for item, of in asked if sector.startswith(of)} == items, name
        seen.add(names)
    assert seen == set(_ASKED)


#: of operating projects of a trade (its name in both languages): what they never and what they always measure
_EMITS = {
    ("风电", "Wind"): ({"so2", "nox", "cod_water", "dioxin"}, {"ltifr", "bird_strikes"}),
    ("光伏", "Solar"): ({"so2", "nox", "cod_water", "dust"}, {"ltifr"}),
    ("垃圾焚烧", "Waste-to-Energy"): ({"cod_water"}, {"so2", "nox", "dioxin"}),
    ("污水", "Wastewater"): ({"so2", "nox"}, {"cod_water", "ammonia_water"}),
    ("码头", "Terminal"): ({"so2", "dioxin", "voc"}, {"dust"}),
}


def test_given_operating_projects_then_they_measure_what_their_trade_emits(bank):
    sets = {}
    for project, name, item in bank.rows(
        "select p.project_id, p.name, i.item from project p join esg_item i using (project_id)"
        " where p.stage = 'operation'"
    ):
        for names in _EMITS:
            if any(part in name for part in names):
                sets.setdefault((project, names), set()).add(item)
    assert len({names for _, names in sets}) > 2
    for (project, names), items in sets.items():
        never, always = _EMITS[names]
        assert not items & never, project
        assert items >= always, project


def test_given_a_project_then_its_permits_are_those_of_its_trade_and_stage(bank):
    kinds = bank.rows(
        "select distinct p.stage, p.name, m.kind from project p join permit m using (project_id) order by 1, 2"
    )
    building = {kind for stage, _, kind in kinds if stage == "construction"}
    assert building <= {"environmental_impact", "land_use", "construction_permit", "sea_area_use"}
    windy = {kind for stage, name, kind in kinds if stage == "operation" and ("风电" in name or "光伏" in name)}
    assert windy >= {"power_generation", "grid_connection"}
    assert not windy & {"pollutant_discharge", "port_operation"}
    wet = {name: set() for stage, name, _ in kinds if stage == "operation" and "污水" in name}
    for _, name, kind in kinds:
        wet.get(name, set()).add(kind)
    assert all("pollutant_discharge" in of for of in wet.values())
    assert bank.value("select count(*) from permit where kind = 'environmental_impact' and expires_on is not null") == 0


def test_given_permits_that_end_then_renewals_are_filed_in_time_and_granted_but_in_stories(bank):
    told = {r["project_id"] for r in bank.stories if r["story"] in ("permit_unfiled", "permit_expired")}
    open_late = bank.rows(
        "select project_id from (select *, row_number() over (partition by permit_id order by known_at desc) as n"
        " from permit) where n = 1 and expires_on < '2026-05-30' and renewal_filed_on is null"
    )
    assert {row[0] for row in open_late} <= told
    assert bank.value("select count(*) from permit where renewal_filed_on < date(expires_on, '-60 days')") > 0


def test_given_an_operating_project_then_it_has_emissions_that_fit_its_trade(bank):
    largest = dict(
        bank.rows(
            "select p.name, max(e.scope1_t * 1.0 / p.budget_amt) from project p join emission e using"
            " (project_id) where p.stage = 'operation' group by 1"
        )
    )
    windy = [value for name, value in largest.items() if "风电" in name or "光伏" in name]
    burning = [value for name, value in largest.items() if "垃圾焚烧" in name or "新材料" in name]
    assert max(windy) < min(burning) / 50
    assert bank.value(
        "select count(*) from project where project_id not in (select project_id from emission)"
        " or project_id not in (select project_id from esg_item)"
    ) == 0  # fmt: skip


def test_given_a_bank_in_china_then_its_names_are_chinese_but_those_of_some_companies_that_foreigners_own(bank):
    latin = "{} not glob '*[^ -~]*'"
    assert bank.rows(f"select staff_id from staff where {latin.format('name')}") == []
    assert bank.rows(f"select client_id from client where is_natural_person and {latin.format('name')}") == []
    foreign = bank.rows(
        f"select c.client_id, b.language from client c join branch b using (branch_id) where {latin.format('c.name')}"
    )
    assert {language for _, language in foreign} == {"en"}
    ((clients,),) = bank.rows("select count(distinct client_id) from client")
    assert len({client for client, _ in foreign}) * 20 < clients
    assert bank.rows(
        "select p.project_id from project p join client c using (client_id)"
        f" where {latin.format('p.name')} and not ({latin.format('c.name')})"
    ) == []  # fmt: skip
