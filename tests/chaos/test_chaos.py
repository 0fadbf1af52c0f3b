"""A short chaos: the two places that readers feel most; all of it is `make chaos`.

What `make test` has of it: a night killed within a step (tests/cli/test_killed.py), a sender that dies within a mail
(tests/mail/test_trying_again.py).
"""

from collections.abc import Iterator

import pytest

from nightdesk_lab.chaos.running import Chaos, Place, chosen, places
from nightdesk_lab.chaos.writes import When

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def chaos(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chaos]:
    with Chaos(tmp_path_factory.mktemp("chaos")) as ground:
        yield ground


def _the(chaos: Chaos, kind: str, when: When, what: str = "") -> Place:
    return next(one for one in chaos.places if one.kind == kind and one.when == when and what in one.what)


@pytest.mark.long
@pytest.mark.parametrize(
    ("kind", "when", "what"),
    [
        ("file shown", "before", "2026-10-15"),
        ("mail handed over", "after", ""),
    ],
)
def test_given_a_night_killed_at_a_write_when_run_again_then_all_is_as_undisturbed(
    chaos: Chaos, kind: str, when: When, what: str
) -> None:
    (verdict,) = chaos.kills([_the(chaos, kind, when, what)])
    assert verdict.faults == ()
    assert verdict.uncertain == (1 if kind.startswith("mail") else 0)


def test_given_the_writes_of_a_night_then_a_fate_is_unknown_from_the_mark_to_the_note_and_nowhere_else() -> None:
    kinds = ("desk commit", "desk commit", "mail told", "mail handed over", "desk commit", "desk commit")
    every = places([{"kind": kind, "what": ""} for kind in kinds])
    unknown = [(one.number, one.when) for one in every if one.is_within_data]
    assert unknown == [(1, "after"), (2, "before"), (2, "after"), (3, "before"), (3, "after"), (4, "before")]
    few = chosen(every, 8)
    assert len(few) == len({(one.number, one.when) for one in few}) == 8
    assert {one.kind for one in few} == set(kinds)
    assert chosen(every, None) == every
