"""Learning from answered offers: only what was known on the day of training, a model that may bend one way only."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import StratifiedKFold
from threadpoolctl import threadpool_limits

from nightdesk.challenger.features import FEATURES, Codes, Matrix, Row
from nightdesk.errors import Refused

#: parts over which probabilities are calibrated
_FOLDS = 5


@dataclass(frozen=True)
class Learned:
    """A trained model: from which rows, and how a feature looks where nothing is said of it."""

    rows: Sequence[Row]
    codes: Codes
    model: Any
    usual: Matrix

    @property
    def accepted(self) -> int:
        """How many of the offers that it learned from were accepted."""
        return sum(row["outcome"] == "accepted" for row in self.rows)

    def probabilities(self, rows: Sequence[Row]) -> Matrix:
        """The probability of acceptance of each row, 0 to 1."""
        return self.of_matrix(self.codes.matrix(rows))

    def of_matrix(self, matrix: Matrix) -> Matrix:
        """The same of rows that are numbers already."""
        if not len(matrix):
            return np.empty(0)
        with threadpool_limits(1):
            return np.asarray(self.model.predict_proba(matrix)[:, 1], dtype=np.float64)


def known_by(rows: Sequence[Row], day: datetime.date, settle_days: int) -> list[Row]:
    """Offers that were answered by a day and had had their time to be: what may be learned from on that day.

    An answer of a later day is not among them, whatever the row says today, nor one of a day that nobody knows.
    """
    settled = day - datetime.timedelta(days=settle_days)
    return [
        row
        for row in rows
        if row["outcome"] in ("accepted", "declined")
        and _day(row["as_of"]) <= settled
        and row["outcome_on"] is not None
        and _day(row["outcome_on"]) <= day
    ]


def learn(rows: Sequence[Row], day: datetime.date, settings: Mapping[str, float]) -> Learned:
    """A model of the offers that were answered by a day. The same rows give the same model.

    Raises Refused where they are too few, or too few of one answer, to learn anything from.
    """
    known = sorted(known_by(rows, day, int(settings["settle_days"])), key=lambda row: str(row["row_key"]))
    answers = np.array([row["outcome"] == "accepted" for row in known])
    accepted = int(answers.sum())
    if len(known) < settings["least_trained"] or min(accepted, len(known) - accepted) < settings["least_of_answer"]:
        raise Refused(
            f"not known yet: by {day} {len(known)} offers were answered ({accepted} accepted), and it takes"
            f" {settings['least_trained']:.0f}, at least {settings['least_of_answer']:.0f} of each answer",
            "Go by the rule (export offer_advice) until more offers are answered.",
        )
    codes = Codes.of(known)
    matrix = codes.matrix(known)
    trees = HistGradientBoostingClassifier(
        learning_rate=0.06,
        max_iter=120,
        max_leaf_nodes=6,
        min_samples_leaf=20,
        l2_regularization=5.0,
        monotonic_cst=[feature.direction for feature in FEATURES],
        categorical_features=[feature.is_code for feature in FEATURES],
        early_stopping=False,
        random_state=0,
    )
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    # one model, whose probabilities are straightened by what each part says of the others; the line only rises
    model = CalibratedClassifierCV(trees, method="sigmoid", cv=folds, ensemble=False)
    # so few rows are learned sooner by one thread, and sums come out the same on any machine
    with threadpool_limits(1):
        model.fit(matrix, answers)
    return Learned(known, codes, model, _usual(matrix))


def _usual(matrix: Matrix) -> Matrix:
    """Of each feature the median, or of a code the commonest."""
    made = np.full(matrix.shape[1], np.nan)
    for column, feature in enumerate(FEATURES):
        known = matrix[~np.isnan(matrix[:, column]), column]
        if not len(known):
            continue
        values, counts = np.unique(known, return_counts=True)
        made[column] = values[counts.argmax()] if feature.is_code else np.median(known)
    return made


def _day(value: object) -> datetime.date:
    if not isinstance(value, datetime.date):
        raise TypeError(f"{value!r} is no date")
    return value
