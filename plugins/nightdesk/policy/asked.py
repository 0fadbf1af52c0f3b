"""What asks policy for a setting or a code by name: the SQL of sql/, the checks, and whatever else of the code knows
its name."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nightdesk.contract import contract
from nightdesk.settings import project_root

_SETTING = re.compile(r"\bsetting = '([a-z][a-z0-9_]*)'")
_TABLE = re.compile(r"\bpolicy\.([a-z_]+)")
#: a column held against a code, or against several; what goes on with || is the beginning of one
_CODE = re.compile(r"\b([a-z_]+)\.([a-z_]+) = '([a-z][a-z0-9_]*)'(?! *\|\|)")
_CODES = re.compile(r"\b([a-z_]+)\.([a-z_]+) in \(([^()]*)\)")
_WORD = re.compile(r"""(["'])([a-z][a-z0-9_]*)\1""")
_EXPECTED = re.compile(r"\b[a-z]+_setting: ([a-z][a-z0-9_]*)")
_IMPORT = re.compile(r"\bimport '([a-z_/]+\.sql)' as ([a-z_]+)")
_JUDGED = re.compile(r"\bjudge\((.*)", re.DOTALL)
_ARGUMENT = re.compile(r"(?:^|[(,]) *([a-z_]+)=(?!=|'false')", re.MULTILINE)


@dataclass(frozen=True)
class Asked:
    """The settings that one file asks for, and the policy tables that it may find them in."""

    settings: frozenset[str]
    tables: frozenset[str]


@cache
def settings_asked(root: Path) -> tuple[Asked, ...]:
    """What each SQL file below `root` asks for, and what the expectations do."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(root.rglob("*.sql")))
    found = [Asked(frozenset(_SETTING.findall(text)), frozenset(_TABLE.findall(text))) for text in texts]
    return tuple(one for one in [*found, Asked(_expected(), frozenset(["check"]))] if one.settings)


@cache
def codes_asked(root: Path) -> Mapping[str, frozenset[str]]:
    """By `table.column`, the codes that a SQL file below `root` asks a policy table for by that table's name."""
    found: dict[str, set[str]] = {}
    for path in sorted(root.rglob("*.sql")):
        text = path.read_text(encoding="utf-8")
        tables = frozenset(_TABLE.findall(text))
        asked = [(table, column, [code]) for table, column, code in _CODE.findall(text)]
        asked += [
            (table, column, [code for _, code in _WORD.findall(codes)]) for table, column, codes in _CODES.findall(text)
        ]
        for table, column, codes in asked:
            if table in tables:
                found.setdefault(f"{table}.{column}", set()).update(codes)
    return {name: frozenset(codes) for name, codes in found.items()}


@cache
def given_to_judge(root: Path) -> Mapping[str, frozenset[str]]:
    """By argument of `indicator.judge`, the indicators whose SQL below `root` gives it one, itself or by a macro of
    another file: `hard` are those that can be hard."""
    found: dict[str, set[str]] = {}
    for path in sorted((root / "warnings" / "indicator").glob("*.sql")):
        for text in _with_macros(path.read_text(encoding="utf-8"), root):
            judged = _JUDGED.search(text)
            for name in _ARGUMENT.findall(judged.group(1)) if judged else ():
                found.setdefault(name, set()).add(path.stem.partition("_")[0].upper())
    return {name: frozenset(codes) for name, codes in found.items()}


def _with_macros(text: str, root: Path) -> Iterator[str]:
    """A file's text, and the body of each macro of another file that it calls."""
    yield text
    for file, alias in _IMPORT.findall(text):
        macros = (root / file).read_text(encoding="utf-8")
        for name in sorted(set(re.findall(rf"\b{alias}\.([a-z_]+)\(", text))):
            yield from re.findall(rf"\bmacro {name}\((.*?)\bendmacro\b", macros, re.DOTALL)


def _expected() -> frozenset[str]:
    texts = (path.read_text(encoding="utf-8") for path in (project_root() / "expectations").glob("*.yaml"))
    return frozenset(name for text in texts for name in _EXPECTED.findall(text))


@cache
def words_known(root: Path) -> frozenset[str]:
    """Every quoted word of the SQL below `root` and of the code, and what the expectations ask for: nothing reads a
    setting of another name."""
    code = project_root() / "plugins" / "nightdesk"
    paths = [*root.rglob("*.sql"), *code.rglob("*.py")]
    quoted = (word for path in paths for _, word in _WORD.findall(path.read_text(encoding="utf-8")))
    return frozenset(quoted) | _expected()


@cache
def source_names() -> frozenset[str]:
    """The tables of the source contract and their columns, as `table` and `table.column`."""
    columns = {f"{table.name}.{column}" for table in contract().values() for column in table.columns}
    return frozenset(columns | set(contract()))
