"""Which folders are ever deleted: those that were made for a cluster, and no other."""

from pathlib import Path

import pytest

from nightdesk.pg.placement import FALLBACK, is_cluster_folder

HOME = Path("/srv/nightdesk/pg")


@pytest.mark.parametrize(
    ("path", "is_ours"),
    [
        (HOME / "cluster", True),
        (HOME, False),
        (HOME / "cluster" / "base", False),
        (HOME.parent / "cluster", False),
        (FALLBACK / "nightdesk-pg-x1y2", True),
        (FALLBACK, False),
        (FALLBACK / "another", False),
        (FALLBACK / "nightdesk-pg-x1y2" / "base", False),
        (HOME / "nightdesk-pg-x1y2", False),
    ],
)
def test_given_a_folder_then_it_is_a_clusters_only_where_and_as_one_is_made(path: Path, is_ours: bool) -> None:
    assert is_cluster_folder(path, HOME) is is_ours
