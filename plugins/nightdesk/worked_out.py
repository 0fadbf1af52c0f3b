"""What follows from the project's own files alone, kept below the home: working it out takes a process seconds.

A cache and nothing more. Each file says what its value was made of: other SQL, code or libraries make another value,
and so does a file that is damaged. Processes that work the same out write the same, whole, and the last one stays.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeAlias

from nightdesk.settings import sql_root
from nightdesk.whole_file import drafted

#: the libraries that read SQL for us
_READERS = ("duckdb", "jinja2")
#: of sql/, rows of policy make no model
_NO_MODELS = ("policy", "extract")
_folders: list[Path] = []


def keep_below(home: Path) -> None:
    """From here on this process keeps what it works out in this home's folder `cache`."""
    _folders[:] = [home / "cache"]


def is_kept() -> bool:
    """Whether what is worked out stays for other processes."""
    return bool(_folders)


def of_models(name: str, make: Callable[[], Any], *more: str) -> Any:
    """What `make` makes of the models of sql/, as JSON has it; `more` is what else it depends on."""
    if not _folders:
        return make()
    root = sql_root()
    models = _models_key(root)
    return worked_out(name, "\n".join([models, *more]), make, lambda: _look(root) == _looked[root])


def worked_out(name: str, key: str, make: Callable[[], Any], is_still: Callable[[], bool] = lambda: True) -> Any:
    """What was kept under a name, made of `key`; else what `make` makes, which is kept then.

    `is_still` says whether `key` is that of the files still: what a process made while they were being replaced is of
    neither the old nor the new ones, and is not kept.
    """
    found = read(name, key)
    if found is None:
        found = make()
        if is_still():
            write(name, key, found)
    return found


def read(name: str, key: str) -> Any:
    """What was kept under a name, made of `key`; None where nothing was, or nothing whole."""
    for folder in _folders:
        with suppress(OSError, ValueError):
            head, _, body = (folder / f"{name}.json").read_bytes().partition(b"\n")
            if head == _head(key, body):
                return json.loads(body)
    return None


def write(name: str, key: str, value: Any) -> None:
    """Keep a value under a name, if there is a home that can be written to."""
    for folder in _folders:
        body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        with suppress(OSError), drafted(folder / f"{name}.json") as draft:
            draft.write_bytes(_head(key, body) + b"\n" + body)


def digest(*parts: str) -> str:
    """What stands for some texts together."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _head(key: str, body: bytes) -> bytes:
    return f"{digest(key)} {hashlib.sha256(body).hexdigest()}".encode()


def code_digest(paths: Iterable[Path]) -> str:
    """What stands for files of code as they lie there now.

    Asked when a module is read in, it stands for what a process runs; later, for what the next one will.
    """
    told = hashlib.sha256()
    for path in paths:
        told.update(f"\n{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}".encode())
    return told.hexdigest()


#: of a file: where it lies, how large it is, and when it was written or put there
Look: TypeAlias = tuple[str, int, int, int]


def _own_files() -> list[Path]:
    code = Path(__file__).parent
    return [*sorted(code.glob("*.py")), code / "contract.yaml"]


def _look_at(files: Iterable[Path | os.DirEntry[str]]) -> list[Look]:
    found = ((os.fspath(file), file.stat()) for file in files)
    return sorted((path, told.st_size, told.st_mtime_ns, told.st_ino) for path, told in found)


#: of the code that this process runs, as it lay there when it was read; its files may be replaced while it does
_LOOKED = _look_at(_own_files())
_CODE = code_digest(_own_files())
#: of each folder of models, and the code, before they were read
_looked: dict[Path, list[Look]] = {}


def _look(root: Path) -> list[Look]:
    """How all of it lies there now: to read seven hundred files takes several times as long as to look at them."""
    return [*_look_at(_own_files()), *_look_at(_model_files(root))]


@cache
def _models_key(root: Path) -> str:
    """What stands for the models of a folder, their columns, the contract, and the code and libraries reading them."""
    files = list(_model_files(root))
    _looked[root] = [*_LOOKED, *_look_at(files)]
    told = hashlib.sha256(repr([_CODE, *((name, version(name)) for name in _READERS)]).encode())
    for path in sorted(Path(file.path) for file in files):
        told.update(f"\n{path.name} {path.parent.name} {hashlib.sha256(path.read_bytes()).hexdigest()}".encode())
    return told.hexdigest()


def _model_files(root: Path) -> Iterator[os.DirEntry[str]]:
    """What models are made of: SQL and declared columns, below the folders of the layers."""
    with os.scandir(root) as layers:
        waiting = [layer.path for layer in layers if layer.is_dir() and layer.name not in _NO_MODELS]
    while waiting:
        with os.scandir(waiting.pop()) as found:
            for entry in found:
                if entry.is_dir():
                    waiting.append(entry.path)
                elif entry.name.endswith((".sql", ".yaml")):
                    yield entry
