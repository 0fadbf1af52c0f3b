"""How alike two texts that people wrote are."""

from rapidfuzz import fuzz, utils


def similarity(one: str, other: str) -> float:
    """How alike two judgements are, 0 to 100: letters and digits alone count, in whatever order their words stand."""
    return float(fuzz.token_sort_ratio(one, other, processor=utils.default_process)) if one and other else 0.0
