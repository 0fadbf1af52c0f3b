"""Do requirements.lock, and requirements-image.lock, its part without extras, hold?

Asked offline: `python -m nightdesk.upkeep.lock` is part of `make lint`.

The lock holds when every line is one exact, hashed version without an address, every dependency of pyproject.toml
and of each locked package that is installed here is locked at a version it accepts, and what is installed here is
what is locked. The image's has what pyproject.toml depends on, each as the whole lock has it, and nothing that only
an extra asks for.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

from nightdesk.settings import project_root

_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)\s*(?:;\s*(?P<marker>[^\\]+))?")
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
_ADDRESS = re.compile(r"://|--(?:extra-)?index-url|--find-links")
#: what pip puts into a new environment, or the project itself
_NOT_LOCKED = {"pip", "setuptools", "uv", "nightdesk"}


def problems(root: Path) -> list[str]:
    """One line for each way in which the lock below `root` does not hold; empty when it does."""
    text = (root / "requirements.lock").read_text(encoding="utf-8")
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = dict(_pins(text))
    found = [f"line {number} names an address" for number, line in _lines(text) if _ADDRESS.search(line)]
    found += list(_unhashed(text))
    wanted = [Requirement(line) for line in project["dependencies"]]
    for extra in project.get("optional-dependencies", {}).values():
        wanted += [Requirement(line) for line in extra]
    found += list(_unmet("pyproject.toml", wanted, pins))
    for name in sorted(pins):
        found += list(_of_installed(name, pins))
    installed = {canonicalize_name(entry.name) for entry in metadata.distributions()}
    found += [f"{name} is installed and not locked" for name in sorted(installed - set(pins) - _NOT_LOCKED)]
    image = (root / "requirements-image.lock").read_text(encoding="utf-8")
    found += [f"the image's lock has {line}, which requirements.lock has not" for line in _strangers(image, text)]
    found += list(_unmet("the image", [Requirement(line) for line in project["dependencies"]], dict(_pins(image))))
    for extra in project.get("optional-dependencies", {}).values():
        asked = {canonicalize_name(Requirement(line).name) for line in extra}
        found += [f"the image's lock has {name}, which an extra alone asks for" for name in _unasked(asked, image)]
    return found


def _strangers(part: str, whole: str) -> list[str]:
    """The first lines of entries of a lock that another one has not: version and hashes, for whatever platform."""
    return sorted(entry.splitlines()[0] for entry in _entries(part) - _entries(whole))


def _entries(text: str) -> set[str]:
    bare = re.sub(r" ;[^\\\n]*(?= \\)", "", text)
    return {entry for entry in re.split(r"(?<!\\)\n", bare) if entry.strip() and not entry.startswith("#")}


def _unasked(asked: set[NormalizedName], image: str) -> list[NormalizedName]:
    """Which of an extra's own packages the image has, though nothing else that it has requires them."""
    there = {name for name, _ in _pins(image)}
    required: set[NormalizedName] = set()
    for name in there - asked:
        with suppress(metadata.PackageNotFoundError):
            required |= {canonicalize_name(Requirement(line).name) for line in metadata.requires(name) or ()}
    return sorted((asked & there) - required)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.lstrip().startswith("#"):
            yield number, line


def _pins(text: str) -> Iterator[tuple[NormalizedName, list[tuple[str, str | None]]]]:
    """Name and its locked versions, each with the marker under which it is the one."""
    pins: dict[NormalizedName, list[tuple[str, str | None]]] = {}
    for _, line in _lines(text):
        match = _PIN.match(line)
        if match:
            marker = match["marker"].strip() if match["marker"] else None
            pins.setdefault(canonicalize_name(match["name"]), []).append((match["version"], marker))
    yield from pins.items()


def _unhashed(text: str) -> Iterator[str]:
    for entry in re.split(r"(?<!\\)\n", text):
        line = entry.strip()
        if line and not line.startswith("#") and not (_PIN.match(line) and _HASH.search(line)):
            yield f"not one exact version with hashes: {line[:60]}"


def _unmet(
    who: str, wanted: list[Requirement], pins: dict[NormalizedName, list[tuple[str, str | None]]]
) -> Iterator[str]:
    for requirement in wanted:
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        locked = pins.get(canonicalize_name(requirement.name))
        if locked is None:
            yield f"{who} needs {requirement.name}, which is not locked"
            continue
        for version, _ in locked:
            if not requirement.specifier.contains(version, prereleases=True):
                yield f"{who} needs {requirement}, locked is {version}"


def _of_installed(name: NormalizedName, pins: dict[NormalizedName, list[tuple[str, str | None]]]) -> Iterator[str]:
    try:
        distribution = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return  # another platform's or another Python's
    if distribution.version not in {version for version, _ in pins[name]}:
        yield f"{name} {distribution.version} is installed, locked is {pins[name][0][0]}"
        return
    yield from _unmet(name, [Requirement(line) for line in distribution.requires or ()], pins)


def main() -> int:
    """Print what is wrong and how to mend it; 1 when something is."""
    found = problems(project_root())
    for line in found:
        sys.stderr.write(f"requirements.lock: {line}\n")
    if found:
        sys.stderr.write("Run `make lock`, then `make setup`, and commit requirements.lock.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
