"""python -m nightdesk_lab.mutation --sample 200 --seed 1: which broken rules no test notices."""

import argparse
import sys
import tempfile
from fnmatch import fnmatch
from pathlib import Path

from nightdesk.errors import NightdeskError, UsageError
from nightdesk.settings import project_root
from nightdesk_lab.mutation.callers import read_callers
from nightdesk_lab.mutation.choosing import sample, targets
from nightdesk_lab.mutation.equivalents import equal_among
from nightdesk_lab.mutation.running import judged


def _arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m nightdesk_lab.mutation", description=__doc__)
    parser.add_argument("--sample", type=int, default=200, help="how many mutants")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same mutants of the same files")
    parser.add_argument("--only", default="*", help="a pattern of paths, e.g. 'sql/warnings/*'")
    parser.add_argument("--limit", type=float, default=900, help="seconds for each mutant")
    parser.add_argument("--jobs", type=int, default=1, help="mutants at once")
    parser.add_argument(
        "--stages", type=int, default=9, help="of the tests of a file only so many stages, nearest first"
    )
    parser.add_argument("--calls", type=Path, help="of Python: which test calls what, as the plugin `calls` wrote it")
    parser.add_argument("--at-most", type=float, default=5, help="per cent unnoticed that still end with exit code 0")
    return parser.parse_args(given)


def main(given: list[str], root: Path) -> int:
    """Print a line for each mutant, then those that nothing noticed; returns the exit code."""
    asked = _arguments(given)
    names = [name for name in targets(root) if fnmatch(name, asked.only)]
    mutants = sample(root, names, asked.sample, asked.seed)
    if not mutants:
        raise UsageError(f"--only {asked.only!r} has nothing to flip", "Name files of sql/ or plugins/nightdesk/.")
    equal = equal_among(root, mutants)
    mutants = [mutant for mutant in mutants if mutant not in equal]
    verdicts = []
    folder = Path(tempfile.mkdtemp(prefix="nightdesk-mutation-"))
    how = {"limit": asked.limit, "jobs": asked.jobs, "most": asked.stages}
    for verdict in judged(root, folder, mutants, **how, callers=read_callers(asked.calls) if asked.calls else {}):
        verdicts.append(verdict)
        _say(f"{verdict.fate:11}  {verdict.seconds:6.0f} s  {verdict.mutant}  {verdict.by}".rstrip())
    late = [verdict.mutant for verdict in verdicts if verdict.fate == "out of time"]
    unnoticed = [verdict.mutant for verdict in verdicts if verdict.fate == "unnoticed"]
    decided = len(verdicts) - len(late)
    share = 100 * len(unnoticed) / decided if decided else 0.0
    _say(
        f"\n{decided} mutants decided, {len(unnoticed)} unnoticed ({share:.1f}%);"
        f" {len(late)} out of time, not counted; {len(equal)} change nothing (equivalents.py)"
    )
    for mutant in [*unnoticed, *late]:
        _say(f"  {mutant}")
    return 1 if share > asked.at_most else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:], project_root()))
    except NightdeskError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)
