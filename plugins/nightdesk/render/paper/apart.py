"""A page of the whole book set on paper in a process of its own: setting it takes more memory than a thousand reviews,
and only a process that ends gives all of that back."""

import os
import subprocess
import sys
from datetime import date

from nightdesk.render.paper.fonts import family
from nightdesk.render.paper.printing import printed


def printed_apart(html: str, day: date, *, with_contents: bool) -> bytes:
    """What `printed` gives. Raises PolicyError where no font has Chinese, RuntimeError with the typesetter's words."""
    family()  # that it is missing is this process's to say, with what to do
    done = subprocess.run(
        [sys.executable, "-m", __name__, day.isoformat(), *(["contents"] if with_contents else [])],
        input=html.encode(),
        capture_output=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        check=False,
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise RuntimeError(f"the typesetter ended with {done.returncode}: {said[-1] if said else 'it said nothing'}")
    return done.stdout


def _main(day: str, *parts: str) -> None:
    """The process's own part: a page from its input, the PDF on its output."""
    page = sys.stdin.buffer.read().decode()
    sys.stdout.buffer.write(printed(page, date.fromisoformat(day), with_contents="contents" in parts))


if __name__ == "__main__":
    _main(*sys.argv[1:])
