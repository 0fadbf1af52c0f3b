"""The trials: each place a kill, each step two copies at once; afterwards the night must be as the undisturbed one."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nightdesk.errors import NightdeskError
from nightdesk.steps import STEPS
from nightdesk_lab.chaos.ground import Ended, Ground, Trial
from nightdesk_lab.chaos.writes import When

#: what a second copy of a step may end with: done as well, or told that another has the attempt
_TOLD_OFF = {0, 5}


@dataclass(frozen=True)
class Place:
    """Where a kill falls: before or after which write. `is_within_data`: a mail is being handed over just then."""

    number: int
    when: When
    kind: str
    what: str
    is_within_data: bool


@dataclass(frozen=True)
class Verdict:
    """What one trial came to; `faults` says what is not as it was undisturbed, and is empty when all is."""

    name: str
    kind: str
    uncertain: int
    faults: tuple[str, ...]


def places(writes: Sequence[dict[str, Any]]) -> list[Place]:
    """Every place of an undisturbed night: before and after each of its writes."""
    fates_unknown: set[tuple[int, When]] = set()
    for at, write in enumerate(writes):
        if write["kind"] == "mail told":  # the mark is the commit before it; what became of it is the one after
            mark = max(i for i in range(at) if writes[i]["kind"] == "desk commit")
            noted = min(i for i in range(at, len(writes)) if writes[i]["kind"] == "desk commit")
            fates_unknown |= {(i, when) for i in range(mark + 1, noted) for when in ("before", "after")}
            fates_unknown |= {(mark, "after"), (noted, "before")}
    return [
        Place(at, when, write["kind"], write["what"], (at, when) in fates_unknown)
        for at, write in enumerate(writes)
        for when in ("before", "after")
    ]


def chosen(every: Sequence[Place], count: int | None) -> list[Place]:
    """`count` places spread over the night, each kind of write and moment of a mail among them; all when None."""
    if count is None or count >= len(every):
        return list(every)
    kinds: dict[tuple[str, When, bool], list[Place]] = {}
    for place in every:
        kinds.setdefault((place.kind, place.when, place.is_within_data), []).append(place)
    taken: list[Place] = []
    turn = 0
    while len(taken) < count:
        for group in kinds.values():
            # from the end: the last writes are the ones that readers see
            step = max(1, len(group) // max(1, count // len(kinds)))
            at = len(group) - 1 - turn * step
            if at >= 0 and len(taken) < count and group[at] not in taken:
                taken.append(group[at])
        turn += 1
        if turn > len(every):
            break
    taken += [place for place in every if place not in taken][: count - len(taken)]
    return sorted(taken, key=lambda place: (place.number, place.when == "after"))


class Chaos:
    """All trials of a run, over one ground."""

    def __init__(self, folder: Path) -> None:
        self._ground = Ground(folder)

    def __enter__(self) -> "Chaos":
        self._ground.prepare()
        with self._ground.trial() as trial:
            done = _require(trial.run("night"), "the undisturbed night")
            self.places = places(done.writes)
            self._wanted, self._mails = trial.outcome(), dict(trial.post.accepted)
        return self

    def __exit__(self, *_: object) -> None:
        self._ground.close()

    def kills(self, at: Sequence[Place], jobs: int = 2) -> Iterator[Verdict]:
        """Kill a night at each place, run it again, and hold the outcome against the undisturbed one."""
        with ThreadPoolExecutor(jobs) as pool:
            yield from pool.map(self._kill, at)

    def doubles(self, jobs: int = 2) -> Iterator[Verdict]:
        """Two copies of each step at once, then the rest of the night."""
        with ThreadPoolExecutor(jobs) as pool:
            yield from pool.map(self.double, STEPS)

    def _kill(self, place: Place) -> Verdict:
        name = f"{place.when} {place.kind} {place.what} (#{place.number})".replace("  ", " ")
        with self._ground.trial() as trial:
            killed = trial.run("night", kill_at=[place.number, place.when])
            faults = [] if killed.code == -9 else [f"was not killed: exit {killed.code} {killed.error}"]
            again = trial.run("night")
            uncertain = sum(1 for status in trial.outbox().values() if status == "uncertain")
            if uncertain != int(place.is_within_data):
                faults.append(f"{uncertain} lists of unknown fate instead of {int(place.is_within_data)}")
            if again.code != (7 if uncertain else 0):
                faults.append(f"the next run ended with {again.code}: {again.error[-300:]}")
            return Verdict(name, place.kind, uncertain, (*faults, *self._differences(trial, uncertain)))

    def double(self, name: str) -> Verdict:
        """Two copies of one step at once, the others before and after them."""
        with self._ground.trial() as trial:
            attempt = _require(trial.run("open"), "opening").said.strip('"')
            for former in STEPS[: STEPS.index(name)]:
                _require(trial.run(former, attempt_id=attempt), former)
            sign = trial.home / "begin"
            copies = [trial.start(name, attempt_id=attempt, wait_for=str(sign)) for _ in range(2)]
            sign.touch()
            ended = [trial.finish(copy) for copy in copies]
            faults = [f"a copy ended with {e.code}: {e.error[-300:]}" for e in ended if e.code not in _TOLD_OFF]
            if all(e.code for e in ended):
                faults.append("neither copy did the step")
            for later in STEPS[STEPS.index(name) + 1 :]:
                _require(trial.run(later, attempt_id=attempt), later)
            return Verdict(f"two copies of {name}", "two copies", 0, (*faults, *self._differences(trial, 0)))

    def _differences(self, trial: Trial, uncertain: int) -> list[str]:
        found, now = [], trial.outcome()
        for what in ("files", "exports"):
            names = sorted(set(now[what]) | set(self._wanted[what]))
            found += [f"{what}: {n} differs" for n in names if now[what].get(n) != self._wanted[what].get(n)]
        statuses = dict.fromkeys(self._wanted["outbox"], "sent")
        unlike = {m for m in statuses | now["outbox"] if now["outbox"].get(m) != statuses.get(m)}
        if len(unlike) != uncertain:
            found.append(f"outbox: {len(unlike)} lists are not sent")
        for message_id in set(self._mails) | set(trial.post.accepted):
            count = trial.post.accepted.get(message_id, 0)
            if count > 1 or (count == 0 and now["outbox"].get(message_id) != "uncertain"):
                found.append(f"mail {message_id} arrived {count} times")
        return found


def _require(ended: Ended, what: str) -> Ended:
    if ended.code != 0:
        raise NightdeskError(f"{what} ended with {ended.code}: {ended.error[-500:]}", "Mend it before any chaos.")
    return ended


def run_chaos(
    folder: Path, *, count: int | None, doubles: bool, jobs: int, said: Callable[[Verdict], None]
) -> list[Verdict]:
    """All of it; `said` is called with each verdict as it comes. Raises NightdeskError when the ground is not sound."""
    verdicts: list[Verdict] = []
    with Chaos(folder) as chaos:
        for verdict in chaos.kills(chosen(chaos.places, count), jobs):
            verdicts.append(verdict)
            said(verdict)
        for verdict in chaos.doubles(jobs) if doubles else ():
            verdicts.append(verdict)
            said(verdict)
    return verdicts
