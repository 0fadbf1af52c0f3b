"""Answers: what Great Expectations said of a case is known from then on, in this process and below the home.

They hold for the library and the code that gave them. Below the home a cell stands as its digest.
"""

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeAlias

from nightdesk.worked_out import code_digest, digest, is_kept, read, write

#: what is asked, of values of which type: all but the column
Question: TypeAlias = tuple[str, str, str]
#: a value of each column that is asked about
Case: TypeAlias = tuple[Any, ...]
#: answers are known of questions about no more distinct cases than this
KNOWN_CASES = 20_000
_NAME = "answers"
#: the libraries whose word it is, and the code here that puts the question
_JUDGES = ("great_expectations", "numpy", "pandas", "pyarrow")
_ASKING = ("answers.py", "asserting.py", "cases.py", "questions.py")

_known: dict[Question, dict[Case, bool]] = {}
#: the same by digests, as the home has it: by the home's key
_kept: dict[str, dict[str, dict[str, int]]] = {}


def known(question: Question, cases: Iterable[Case]) -> dict[Case, bool]:
    """Which of the cases of a question are known, and whether they fail it."""
    here = _known.get(question, {})
    kept = _answers().get(digest(*question), {}) if is_kept() else {}
    found: dict[Case, bool] = {}
    for case in cases:
        if case in here:
            found[case] = here[case]
        elif kept and (answer := kept.get(_digest(case))) is not None:
            found[case] = bool(answer)
    _note(_known.setdefault(question, {}), found)
    return found


def learn(told: Mapping[Question, Mapping[Case, bool]]) -> None:
    """Note which cases of which questions fail, here and below the home."""
    for question, fails in told.items():
        _note(_known.setdefault(question, {}), fails)
    if not (told and is_kept()):
        return
    answers = _answers()
    for question, fails in told.items():
        _note(answers.setdefault(digest(*question), {}), {_digest(case): int(fail) for case, fail in fails.items()})
    if _asking_code() == _CODE:  # files that were replaced meanwhile are another version's, which these answers are not
        write(_NAME, _key(), answers)


def _note(known_of: dict[Any, Any], new: Mapping[Any, Any]) -> None:
    if len(known_of) > 2 * KNOWN_CASES:
        known_of.clear()
    known_of.update(new)


def _answers() -> dict[str, dict[str, int]]:
    """What the home knows; it is read once by a process."""
    if _key() not in _kept:
        _kept[_key()] = read(_NAME, _key()) or {}
    return _kept[_key()]


def _asking_code() -> str:
    return code_digest(Path(__file__).with_name(name) for name in _ASKING)


#: of the code that this process runs; its files may be replaced while it does
_CODE = _asking_code()


@cache
def _key() -> str:
    return repr([*((name, version(name)) for name in _JUDGES), _CODE])


def _digest(case: Case) -> str:
    return hashlib.blake2b(repr(case).encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()
