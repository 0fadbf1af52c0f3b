"""What the challenger knows of an offer on its own day: columns of sql/tasks/challenging/offer_known.sql as numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Row = Mapping[str, object]
Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Feature:
    """A column: `direction` is 1 where more of it may only make an answer likelier, -1 less likely, 0 as it comes.
    `is_code`: its values are words, learned as categories."""

    name: str
    direction: int = 0
    is_code: bool = False


#: what it learns from; nobody is told apart by name, age or place, nor by a segment, whose former ones nobody keeps
FEATURES = (
    Feature("product", is_code=True),
    Feature("need_share", 1),
    Feature("peer_share", 1),
    Feature("products"),
    Feature("contacts_30d"),
    Feature("declined_365d_count", -1),
    Feature("accepted_365d_count", 1),
    Feature("csat", 1),
    Feature("tenure_days"),
)


@dataclass(frozen=True)
class Codes:
    """The words of each coded feature that were there to learn from; any other is not known to it."""

    words: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, rows: Sequence[Row]) -> "Codes":
        """Those of some rows, in the order of their letters."""
        coded = [feature.name for feature in FEATURES if feature.is_code]
        return cls({name: sorted({str(row[name]) for row in rows if row[name] is not None}) for name in coded})

    def matrix(self, rows: Sequence[Row]) -> Matrix:
        """One line per row, one column per feature; what is not known is no number."""
        places = {name: {word: at for at, word in enumerate(words)} for name, words in self.words.items()}
        made = np.full((len(rows), len(FEATURES)), np.nan)
        for column, feature in enumerate(FEATURES):
            for line, row in enumerate(rows):
                value = row[feature.name]
                if feature.is_code:
                    made[line, column] = places[feature.name].get(str(value), np.nan)
                elif value is not None:
                    made[line, column] = float(str(value))
        return made
