"""What a person writes of a review: a YAML file, read into cells or refused in one line.

Its fields: verdict, judgement, and perhaps next_review_on, site_visit_on, consultant_on and conditions, a list of
id, condition, due_on, before_draw, met_on and evidence_id. Texts are texts: nothing in them acts anywhere.
"""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from nightdesk.errors import Refused
from nightdesk.yaml_file import read_yaml

#: field of the file -> column of its contract table
_REVIEW = {name: name for name in ("verdict", "judgement", "next_review_on", "site_visit_on", "consultant_on")}
_CONDITION = {
    "condition": "condition",
    "due_on": "due_on",
    "before_draw": "is_before_draw",
    "met_on": "met_on",
    "evidence_id": "evidence_id",
}
_LONGEST_FILE = 256_000
#: letters of the longest text that a page, a task and a mail still show whole
_LONGEST = {"judgement": 4_000, "condition": 500}
_MOST_CONDITIONS = 50
_ID = re.compile(r"[A-Za-z0-9_.-]{1,20}")


@dataclass(frozen=True)
class Written:
    """What was written: the cells of the review, and by their ids those of its conditions."""

    review: Mapping[str, str]
    conditions: Mapping[str, Mapping[str, str]]


def read_review(path: Path) -> Written:
    """A review as it is written in a file. Raises Refused, which names the field and never what it holds."""
    try:
        if path.stat().st_size > _LONGEST_FILE:
            raise _refused(f"it is larger than {_LONGEST_FILE} bytes")
        found = read_yaml(path)
    except OSError as error:
        raise _refused(f"it cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise _refused("it is not UTF-8 text") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise _refused(f"it is no YAML{f' (line {mark.line + 1})' if mark else ''}") from None
    fields = _mapping(found, "the file")
    rest = fields.pop("conditions", None) or []
    if not isinstance(rest, list) or len(rest) > _MOST_CONDITIONS:
        raise _refused(f"conditions is no list of at most {_MOST_CONDITIONS}")
    conditions: dict[str, Mapping[str, str]] = {}
    for number, one in enumerate(rest, start=1):
        cells = _mapping(one, f"condition {number}")
        name = _text(cells.pop("id", number), f"the id of condition {number}")
        if not _ID.fullmatch(name):
            raise _refused(f"the id of condition {number} is not of at most 20 letters, digits, . _ -")
        if name in conditions:
            raise _refused(f"condition {number} has the id of an earlier one")
        conditions[name] = _cells(cells, _CONDITION, f" of condition {number}")
        if "condition" not in conditions[name]:
            raise _refused(f"condition {number} says nothing")
    review = _cells(fields, _REVIEW, "")
    if review.get("verdict") == "conditional" and not conditions:
        raise _refused("verdict is conditional, and conditions names none")
    return Written(review, conditions)


def _cells(fields: Mapping[str, Any], known: Mapping[str, str], where: str) -> dict[str, str]:
    if unknown := sorted(set(fields) - set(known)):
        raise _refused(f"there is no field {', '.join(unknown)}{where}; fields: {', '.join(known)}")
    cells = {known[name]: _text(value, f"{name}{where}") for name, value in fields.items() if value is not None}
    for name, most in _LONGEST.items():
        if len(cells.get(name, "")) > most:
            raise _refused(f"{name}{where} is longer than {most} letters")
    return {name: text for name, text in cells.items() if text}


def _mapping(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value):
        raise _refused(f"{what} is no list of fields with their values")
    return dict(value)


def _text(value: Any, what: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | datetime.date) and not isinstance(value, datetime.datetime):
        return str(value).strip()
    raise _refused(f"{what} is no text, date or yes/no")


def _refused(why: str) -> Refused:
    return Refused(f"no review was entered: of the file, {why}", "Correct the file; nothing was entered.")
