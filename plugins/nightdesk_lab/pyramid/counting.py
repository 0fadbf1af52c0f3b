"""What one night's colours come to beside the truth of its bank: counted among the clients with money at risk."""

import csv
import datetime
import statistics
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

#: what the truth says of a client on a day: real trouble that can be seen by then, what only looks like it, or nothing
TROUBLE, LOOK_ALIKE, NOTHING = "trouble", "look_alike", "nothing"
TRUTHS = (TROUBLE, LOOK_ALIKE, NOTHING)
#: colours from the tip down; who has no money at risk has no colour and is not counted
COLOURS = ("red", "orange", "amber", "blue", "green", "not_assessed")
WARNED = ("red", "orange", "amber")
_NO_CREDIT = "no_credit"

Rows = Iterable[Mapping[str, Any]]


@dataclass(frozen=True)
class Told:
    """What a truth file says: the story of each client that has one, and its kind as of a day."""

    story: Mapping[str, str]
    kind: Mapping[str, str]

    def of(self, client_id: str) -> str:
        """Trouble, look-alike or nothing."""
        return self.kind.get(client_id, NOTHING)


def read_told(path: Path, day: datetime.date) -> Told:
    """The truth file of a demo bank as of a day: what begins later is nothing yet."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["first_visible_on"] <= day.isoformat()]
    return Told(
        story={row["client_id"]: row["story"] for row in rows},
        kind={row["client_id"]: LOOK_ALIKE if row["is_look_alike"] == "true" else TROUBLE for row in rows},
    )


@dataclass(frozen=True)
class Counted:
    """One night: how many have money at risk, and of each colour how many by what the truth says of them."""

    seed: int
    at_risk: int
    #: clients in trouble among those with money at risk
    in_trouble: int
    #: clients that are not counted, since all that they owed is written off: nothing of it is in the books to be lost
    written_off: int
    #: (colour, truth) -> clients
    clients: Counter[tuple[str, str]]
    #: (colour, truth, rule that decided) -> clients; of a rule that counts, which indicators fired stands in `fired`
    decided: Counter[tuple[str, str, str]]
    #: (colour, truth, indicator with its severity) -> clients
    fired: Counter[tuple[str, str, str]]
    #: (colour, truth, story) -> clients; '' where there is none
    stories: Counter[tuple[str, str, str]]
    #: sound project companies that are red
    sound_projects_red: int
    #: clients whose only story is a limit that they use whole, and that are red
    fully_drawn_red: int
    #: clients whose only story is their season or a holiday, and that are above blue
    season_above_blue: int

    def of(self, colour: str, truth: str | None = None) -> int:
        """Clients of a colour, all or of one truth."""
        return sum(self.clients[colour, one] for one in (TRUTHS if truth is None else (truth,)))

    def share_pct(self, colour: str) -> Decimal:
        """A colour's share of the clients with money at risk, in percent to two places; 0 where nobody is."""
        share = Decimal(100 * self.of(colour)) / Decimal(max(self.at_risk, 1))
        return share.quantize(Decimal("0.01"))


def counted(
    seed: int,
    warnings: Rows,
    deciding: Rows,
    signals: Rows,
    projects: Iterable[str],
    told: Told,
    written_off: Collection[str] = (),
) -> Counted:
    """Count one night: rows of warning, deciding and signal, and the ids of the clients that are project companies, and
    of those with nothing but what is written off."""
    lent = {row["client_id"]: row["colour"] for row in warnings if row["colour"] != _NO_CREDIT}
    colour = {client: of for client, of in lent.items() if client not in written_off}

    def key(client_id: str) -> tuple[str, str]:
        return colour[client_id], told.of(client_id)

    decided, fired = Counter[tuple[str, str, str]](), Counter[tuple[str, str, str]]()
    for row in deciding:
        if row["client_id"] in colour:
            words = f"{row['rule']} {row['subject'] or ''}".strip()
            decided[(*key(row["client_id"]), words)] += 1
    for row in signals:
        if row["client_id"] in colour and row["severity"] in ("amber", "red"):
            fired[(*key(row["client_id"]), f"{row['indicator']} {row['severity']}")] += 1
    companies = set(projects)
    red = {client for client, of in colour.items() if of == "red"}
    return Counted(
        seed=seed,
        at_risk=len(colour),
        in_trouble=sum(told.of(client) == TROUBLE for client in colour),
        written_off=len(lent) - len(colour),
        clients=Counter(key(client) for client in colour),
        decided=decided,
        fired=fired,
        stories=Counter((*key(client), told.story.get(client, "")) for client in colour),
        sound_projects_red=sum(client in companies and told.of(client) != TROUBLE for client in red),
        fully_drawn_red=sum(told.story.get(client) == "fully_drawn" for client in red),
        season_above_blue=sum(
            told.story.get(client) in ("season", "holiday_dip") and of in WARNED for client, of in colour.items()
        ),
    )


@dataclass(frozen=True)
class Share:
    """A colour's share over several banks, in percent to two places."""

    colour: str
    mean_pct: Decimal
    spread_pct: Decimal
    least_pct: Decimal
    most_pct: Decimal


@dataclass(frozen=True)
class Pyramid:
    """The nights of several banks side by side."""

    nights: list[Counted] = field(default_factory=list)

    def shares(self) -> list[Share]:
        """Mean, standard deviation between banks (0 of a single one), least and most of each colour."""
        found = []
        for colour in COLOURS:
            each = [night.share_pct(colour) for night in self.nights]
            spread = statistics.stdev(each) if len(each) > 1 else Decimal(0)
            mean = Decimal(statistics.mean(each))
            found.append(Share(colour, _places(mean), _places(Decimal(spread)), min(each), max(each)))
        return found

    def clients(self, colour: str, truth: str) -> int:
        """Clients of a colour and truth in all banks together."""
        return sum(night.of(colour, truth) for night in self.nights)

    def most(self, name: str, colour: str) -> list[tuple[str, dict[str, int]]]:
        """What decided, fired or was lived among a colour's clients of all banks, by truth; the most frequent first.

        `name` is one of decided, fired, stories.
        """
        total: dict[str, Counter[str]] = {}
        for night in self.nights:
            for (of, truth, words), clients in getattr(night, name).items():
                if of == colour:
                    total.setdefault(words, Counter())[truth] += clients
        return sorted(
            ((words, {truth: by[truth] for truth in TRUTHS}) for words, by in total.items()),
            key=lambda item: (-sum(item[1].values()), item[0]),
        )

    def document(self) -> dict[str, Any]:
        """The whole as a plain document."""
        return {
            "nights": [
                {
                    "seed": night.seed,
                    "at_risk": night.at_risk,
                    "in_trouble": night.in_trouble,
                    "written_off": night.written_off,
                    "clients": {colour: {truth: night.of(colour, truth) for truth in TRUTHS} for colour in COLOURS},
                    "share_pct": {colour: night.share_pct(colour) for colour in COLOURS},
                    "sound_projects_red": night.sound_projects_red,
                    "fully_drawn_red": night.fully_drawn_red,
                    "season_above_blue": night.season_above_blue,
                }
                for night in self.nights
            ],
            "shares": [vars(share) for share in self.shares()],
            **{
                name: {colour: dict(_listed(self.most(name, colour))) for colour in WARNED}
                for name in ("decided", "fired", "stories")
            },
        }


def _listed(most: Sequence[tuple[str, dict[str, int]]]) -> list[tuple[str, dict[str, int]]]:
    return [(words or NOTHING, by) for words, by in most]


def _places(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"))
