"""One step of the bench in a process of its own: python -m nightdesk_lab.bench.child STEP OPTIONS."""

import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from nightdesk.errors import NightdeskError
from nightdesk.settings import get_settings

if TYPE_CHECKING:
    from nightdesk.desk.publication import Publication


def prepare(clients: int, months: int, txn_per_client: int, seed: int) -> dict[str, Any]:
    """The bank, the nights before, and the measured night up to its checked rows."""
    from nightdesk_lab.bench import bank
    from nightdesk_lab.bench.origin import Size

    return bank.prepare(get_settings(), Size(clients, months, txn_per_client, seed))


def night(attempt_id: str) -> dict[str, Any]:
    """The night itself, from features to tasks, as its tasks run it."""
    from nightdesk.attempt.opening import resume_night
    from nightdesk.metering import Meter
    from nightdesk.night.computing import compute
    from nightdesk.steps import COMPUTED
    from nightdesk_lab.bench.bank import kept_files

    settings = get_settings()
    parts: dict[str, float] = {}
    with Meter() as meter:
        at_hand = resume_night(settings, attempt_id)
        for layer in COMPUTED:
            with Meter() as part:
                compute(at_hand, layer)
            parts[layer] = round(part.seconds, 3)
    return {
        "wall_s": meter.seconds,
        "cpu_s": meter.cpu_seconds,
        "peak_bytes": meter.peak_bytes,
        "rows": 0,
        "extra": {"files": kept_files(at_hand, COMPUTED), "layers": parts},
    }


def same_rules(attempt_id: str) -> dict[str, Any]:
    """Of the same night what the plain night does too, and nothing else."""
    from nightdesk.attempt.opening import resume_night
    from nightdesk.metering import Meter
    from nightdesk_lab.bench.alike import recompute

    settings = get_settings()
    with Meter() as meter:
        tables = recompute(resume_night(settings, attempt_id))
    return {
        "wall_s": meter.seconds,
        "cpu_s": meter.cpu_seconds,
        "peak_bytes": meter.peak_bytes,
        "rows": 0,
        "extra": {"tables": tables},
    }


def take_changed(attempt_id: str) -> dict[str, Any]:
    """The measured night's checked rows once more, of a bank in which some mappings have changed."""
    from nightdesk_lab.bench import rolling

    return {"attempt_id": rolling.take_changed(get_settings(), attempt_id)}


def catalogue(attempt_id: str) -> dict[str, Any]:
    """The same night, a table at a time: the CPU of all of it, of each table, and which of them the catalogue adds."""
    from nightdesk.attempt.opening import resume_night
    from nightdesk.metering import Meter
    from nightdesk.night.computing import compute
    from nightdesk.steps import COMPUTED
    from nightdesk_lab.bench.catalogue import added, cpu_by_table

    with cpu_by_table() as took, Meter() as meter:
        at_hand = resume_night(get_settings(), attempt_id)
        for layer in COMPUTED:
            compute(at_hand, layer)
    return {
        "cpu_s": meter.cpu_seconds,
        "tables": {table: round(seconds, 3) for table, seconds in took.items()},
        "added": sorted(added() & took.keys()),
    }


def part(part: str) -> dict[str, Any]:
    """A whole night, and what of it is a part's."""
    from nightdesk_lab.bench.part import measured_night

    return measured_night(get_settings(), part)


def plain() -> dict[str, Any]:
    """The same work in plain pandas."""
    import pyarrow.parquet as pq

    from nightdesk.metering import Meter
    from nightdesk_lab.bench.bank import given_path
    from nightdesk_lab.bench.plain.night import READ, plain_night
    from nightdesk_lab.bench.plain.reading import Given

    home = get_settings().home
    given = Given.load(given_path(home))
    with Meter() as meter:
        found = plain_night(given)
    files = {}
    for table, frame in found.items():
        path = home / "plain" / f"{table.replace('/', '.')}.parquet"
        path.parent.mkdir(exist_ok=True)
        frame.to_parquet(path, index=False)
        files[table] = str(path)
    counts = {name: sum(pq.read_metadata(file).num_rows for file in given.files[f"source/{name}"]) for name in READ}
    return {
        "wall_s": meter.seconds,
        "cpu_s": meter.cpu_seconds,
        "peak_bytes": meter.peak_bytes,
        "rows": sum(counts.values()),
        "extra": {"files": files, "source_rows": counts},
    }


def compare(night_files: dict[str, list[str]], plain_files: dict[str, str]) -> dict[str, Any]:
    """The two nights' tables, cell by cell."""
    import dataclasses

    from nightdesk_lab.bench import comparing
    from nightdesk_lab.bench.bank import given_path
    from nightdesk_lab.bench.plain.reading import Given

    equal, found = comparing.compare(Given.load(given_path(get_settings().home)), night_files, plain_files)
    return {"rows": equal, "differences": [dataclasses.asdict(difference) for difference in found]}


def lists(date: str, items: list[str]) -> dict[str, Any]:
    """The lists of some branches of a published night, as a task of the DAG writes them."""
    from nightdesk.metering import Meter
    from nightdesk.night.pages import render_branches

    settings = get_settings()
    publication = _published(date)
    with Meter() as meter:
        count = render_branches(settings, publication, items)
    return {"wall_s": meter.seconds, "cpu_s": meter.cpu_seconds, "peak_bytes": meter.peak_bytes, "rows": count}


def reviews(date: str, items: list[str]) -> dict[str, Any]:
    """The reviews of some projects of a published night, as HTML."""
    from nightdesk.metering import Meter
    from nightdesk_lab.bench.reviews import rendered

    settings = get_settings()
    publication = _published(date)
    with Meter() as meter:
        count = rendered(settings, publication, items, settings.home / "reviews")
    return {"wall_s": meter.seconds, "cpu_s": meter.cpu_seconds, "peak_bytes": meter.peak_bytes, "rows": count}


def _published(date: str) -> "Publication":
    import datetime

    from nightdesk.desk.database import open_desk
    from nightdesk.desk.publication import current

    settings = get_settings()
    with open_desk(settings).connect() as connection:
        return current(connection, settings.profile, datetime.date.fromisoformat(date))


def _side(name: str) -> Callable[..., dict[str, Any]]:
    def run(attempt_id: str, rows: int) -> dict[str, Any]:
        from nightdesk.attempt.opening import resume_night
        from nightdesk_lab.bench import sides

        measure: dict[str, Any] = getattr(sides, name)(resume_night(get_settings(), attempt_id), rows)
        return measure

    return run


_STEPS: dict[str, Callable[..., dict[str, Any]]] = {
    "prepare": prepare,
    "night": night,
    "same_rules": same_rules,
    "take_changed": take_changed,
    "catalogue": catalogue,
    "part": part,
    "plain": plain,
    "compare": compare,
    "lists": lists,
    "reviews": reviews,
    "copy": _side("by_copy"),
    "read_sql": _side("by_read_sql"),
    "checks": _side("by_checks"),
}


def main() -> int:
    """Run the step that is named, and print its document as the last line."""
    try:
        document = _STEPS[sys.argv[1]](**json.loads(sys.argv[2]))
    except NightdeskError as error:
        sys.stderr.write(f"{' '.join(str(error).split())}\n")
        return error.exit_code
    sys.stdout.write(json.dumps(document, default=str) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
