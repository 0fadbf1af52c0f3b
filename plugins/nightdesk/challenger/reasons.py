"""Why the challenger says what it says of one offer: what each feature changes against its usual value."""

from collections.abc import Sequence
from dataclasses import dataclass

from nightdesk.challenger.features import FEATURES, Row
from nightdesk.challenger.learning import Learned

#: reasons that are told of an offer, and the points of probability below which a feature says nothing
_TOLD, _LEAST_POINTS = 3, 0.5


@dataclass(frozen=True)
class Reason:
    """A feature, its value, and by how many points of probability the offer would differ with the usual value."""

    feature: str
    value: str
    points: float


def reasons(learned: Learned, rows: Sequence[Row]) -> list[list[Reason]]:
    """Of each row the features that change its probability most, the largest first."""
    matrix = learned.codes.matrix(rows)
    said = learned.of_matrix(matrix)
    found: list[list[Reason]] = [[] for _ in rows]
    for column, feature in enumerate(FEATURES):
        changed = matrix.copy()
        changed[:, column] = learned.usual[column]
        points = (said - learned.of_matrix(changed)) * 100
        for line, row in enumerate(rows):
            if abs(points[line]) >= _LEAST_POINTS:
                value = row[feature.name]
                found[line].append(Reason(feature.name, "" if value is None else str(value), float(points[line])))
    return [sorted(one, key=lambda reason: (-abs(reason.points), reason.feature))[:_TOLD] for one in found]
