"""Makes a demo bank, chunk by chunk, and writes it into a database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from nightdesk.errors import UsageError
from nightdesk_lab.demo_bank.bankwide import bank_frames
from nightdesk_lab.demo_bank.beside import beside_frames
from nightdesk_lab.demo_bank.checks import check_contacts, report_frames
from nightdesk_lab.demo_bank.clients import make_chunk
from nightdesk_lab.demo_bank.conduct import conduct_frames
from nightdesk_lab.demo_bank.contacts import contact_frame
from nightdesk_lab.demo_bank.control import ControlTotals
from nightdesk_lab.demo_bank.credit import credit_frames
from nightdesk_lab.demo_bank.curves import project_curves
from nightdesk_lab.demo_bank.dirt import Dirt, soiled
from nightdesk_lab.demo_bank.draws import draw_request_frame, waiver_frame
from nightdesk_lab.demo_bank.ecosystem import tie_frame, without_twice
from nightdesk_lab.demo_bank.effects import effects
from nightdesk_lab.demo_bank.emissions import client_emission_frame
from nightdesk_lab.demo_bank.esg import esg_frames
from nightdesk_lab.demo_bank.flows import make_flows
from nightdesk_lab.demo_bank.lending import instalment_set_on, lending_frames, loan_ids
from nightdesk_lab.demo_bank.loans import make_loans, make_moves
from nightdesk_lab.demo_bank.needs import need_frames
from nightdesk_lab.demo_bank.observed import observation_frame
from nightdesk_lab.demo_bank.offers_made import offer_frames
from nightdesk_lab.demo_bank.outside import event_frame
from nightdesk_lab.demo_bank.parties import Pool, make_parties, make_pool
from nightdesk_lab.demo_bank.plan import Plan, make_plan
from nightdesk_lab.demo_bank.projects import project_frames
from nightdesk_lab.demo_bank.relations import relation_frames
from nightdesk_lab.demo_bank.repayment import make_repayment
from nightdesk_lab.demo_bank.reviews import review_contacts
from nightdesk_lab.demo_bank.security import security_frames
from nightdesk_lab.demo_bank.sink import Sink
from nightdesk_lab.demo_bank.snapshot_dirt import soil_snapshots
from nightdesk_lab.demo_bank.statements import statement_frames
from nightdesk_lab.demo_bank.timeline import from_epoch
from nightdesk_lab.demo_bank.transactions import balance_frame, balance_shown, book
from nightdesk_lab.demo_bank.truth import write_dirt, write_truth

#: above this many clients the large tables get indexes on their dates
_INDEX_FROM = 10_000


@dataclass(frozen=True)
class Summary:
    """What was made: the address without its password, the days covered, and rows per table."""

    address: str
    first_day: date
    last_day: date
    clients: int
    projects: int
    stories: int
    dirty_rows: int
    rows: dict[str, int]


def generate(
    url: str,
    *,
    clients: int = 3000,
    months: int = 24,
    until: date,
    seed: int = 1,
    truth: Path | None = None,
    dirt_file: Path | None = None,
    branches: int = 12,
    projects: int | None = None,
    txn_per_client: int | None = None,
    with_balance: bool = True,
    progress: Callable[[str, int, int], None] | None = None,
) -> Summary:
    """Drops and recreates every contract table at `url` and fills it with an invented bank up to `until`.

    The same arguments give the same bank, row by row. `projects` defaults to one per fifty clients,
    `txn_per_client` to 21 a month; `with_balance=False` leaves the balance table empty. `truth` names a CSV file for
    the stories, `dirt_file` a JSON file for what is dirty. `progress` is told (stage, done, total). Memory does not
    grow with the number of clients. Raises UsageError for sizes that make no bank, SourceError when the database
    refuses; then the database is as it was.
    """
    _check(clients, months, until, branches, projects)
    plan = make_plan(
        clients=clients,
        months=months,
        until=until,
        seed=seed,
        branches=branches,
        projects=projects,
        txn_per_client=txn_per_client,
    )
    totals, dirt = ControlTotals(plan, with_balance=with_balance), Dirt()
    with Sink(url, indexes=clients > _INDEX_FROM) as sink:
        for name, rows in bank_frames(plan).items():
            sink.add(name, rows)
        pool = make_pool(plan)
        for number in range(plan.chunks):
            _write_chunk(plan, number, pool, sink, totals, dirt, with_balance=with_balance)
            if progress:
                progress("clients", min((number + 1) * -(-clients // plan.chunks), clients), clients)
        control, broken = totals.frame()
        sink.add("control_total", control)
    if truth is not None:
        write_truth(truth, plan)
    if dirt_file is not None:
        given = {"clients": clients, "months": months, "until": until.isoformat(), "seed": seed, "branches": branches}
        write_dirt(dirt_file, plan, dirt, totals, broken, given)
    return Summary(
        address=sink.address,
        first_day=from_epoch(plan.timeline.first),
        last_day=until,
        clients=clients,
        projects=len(plan.project_stage),
        stories=int((plan.stories.kind >= 0).sum()),
        dirty_rows=len(dirt.records),
        rows=dict(sink.rows),
    )


def _check(clients: int, months: int, until: date, branches: int, projects: int | None) -> None:
    if not 1 <= clients <= 900_000 or not 1 <= branches <= 900:
        raise UsageError("a demo bank has 1 to 900,000 clients and 1 to 900 branches", "Choose other numbers.")
    if not 2 <= months <= 60:
        raise UsageError("a demo bank has 2 to 60 months of history", "Choose another number of months.")
    if projects is not None and not 0 <= projects <= clients:
        raise UsageError("each project needs a client of its own", f"Ask for 0 to {clients} projects.")
    if not date(2015, 1, 1) <= until <= date(2031, 12, 31):
        raise UsageError("a demo bank ends between 2015 and 2031", "Choose another last day.")


def _write_chunk(
    plan: Plan, number: int, pool: Pool, sink: Sink, totals: ControlTotals, dirt: Dirt, *, with_balance: bool
) -> None:
    chunk, frames = make_chunk(plan, number)
    curves = project_curves(chunk)
    touched = effects(chunk.stories, plan.timeline, plan.timeline.calendar_month)
    loans = make_loans(chunk, curves)
    moves = make_moves(chunk, loans, curves, touched)
    repayment = make_repayment(chunk, loans, moves)
    parties = make_parties(chunk, pool)
    ledger = make_flows(chunk, parties, loans, moves, repayment, touched)
    booked = book(chunk, ledger, parties, loans, repayment, loan_ids(chunk, loans))
    totals.add_lending(chunk, loans, repayment, instalment_set_on(chunk, loans, repayment.schedule))
    frames |= lending_frames(chunk, loans, moves, repayment, curves)
    frames |= project_frames(chunk, curves, loans, repayment)
    frames["draw_request"] = draw_request_frame(chunk, loans, repayment, curves)
    frames |= esg_frames(chunk, curves)
    frames |= credit_frames(chunk, loans, repayment, curves, booked.daily)
    frames |= security_frames(chunk, loans)
    frames["client_link"] = without_twice(frames["client_link"], tie_frame(chunk))
    frames |= statement_frames(chunk, curves)
    frames |= relation_frames(chunk)
    waived = waiver_frame(chunk, frames["draw_request"])
    frames["decision"] = pa.concat_tables([frames["decision"], waived])
    frames["contact"] = contact_frame(chunk)
    if curves.size:
        frames["contact"] = pa.concat_tables([frames["contact"], review_contacts(chunk, curves)])
    checks = check_contacts(chunk, loans, repayment, curves, frames["disbursement"])
    frames["contact"] = pa.concat_tables([frames["contact"], checks])
    frames |= report_frames(chunk, loans, repayment)
    frames["client_emission"] = client_emission_frame(chunk)
    frames["external_event"] = event_frame(chunk)
    frames["observation"] = observation_frame(chunk, len(plan.staff.branch), dirt)
    more_frames = (beside_frames(chunk, loans), need_frames(chunk, loans), conduct_frames(chunk))
    for name, more in (item for found in more_frames for item in found.items()):
        frames[name] = pa.concat_tables([frames[name], more]) if name in frames else more
    for name, more in offer_frames(chunk, frames).items():
        frames[name] = pa.concat_tables([frames[name], more])
    soil_snapshots(chunk, frames, totals, dirt)
    for part in soiled(chunk, booked, totals, dirt):
        sink.add("txn", part)
    if with_balance:
        shown = balance_shown(chunk)
        totals.add_balances(chunk, booked.daily, shown)
        sink.add("balance", balance_frame(chunk, booked.daily, shown))
    for name, rows in frames.items():
        sink.add(name, rows)
