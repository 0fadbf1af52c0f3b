"""What can be flipped in a file of SQL or Python: places in its text, and what would stand there instead."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from sqlglot import Token, tokenize

_SQL = {
    "=": "<>",
    "<>": "=",
    "!=": "=",
    "<": "<=",
    "<=": "<",
    ">": ">=",
    ">=": ">",
    "+": "-",
    "-": "+",
    "*": "+",
    "and": "or",
    "or": "and",
    "asc": "desc",
    "desc": "asc",
    "true": "false",
    "false": "true",
    "left": "inner",
    "inner": "left",
    "min": "max",
    "max": "min",
}
#: one row each: of a policy's settings or weights, of what is supplied, of the calendar, of what is numbered in its
#: order, of the emissions of a loan or project in a year
_KEYS = ("setting", "part", "table_name", "day", "place", "scope")
#: what may stand before an operator with two sides: the end of an expression
_ENDS = {"NUMBER", "STRING", "VAR", "R_PAREN", "END", "NULL"}
_PYTHON: dict[type[ast.AST], tuple[str, str]] = {
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
    ast.And: ("and", "or"),
    ast.Or: ("or", "and"),
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "+"),
    ast.FloorDiv: ("//", "*"),
}
#: what is called to say how a dataclass may be used (`frozen`), which the type checker holds, and how much a cache
#: holds: what it has lost is worked out again
_HOW = ("dataclass", "lru_cache")


@dataclass(frozen=True)
class Mutant:
    """A file (relative to the project) with the characters `start`..`end` replaced by `after`."""

    path: str
    start: int
    end: int
    after: str
    line: int
    before: str

    def of(self, text: str) -> str:
        """The file's text, broken."""
        return text[: self.start] + self.after + text[self.end :]

    def __str__(self) -> str:
        return f"{self.path}:{self.line}  {self.before} -> {self.after or '(nothing)'}"


def mutants_of(path: str, text: str) -> list[Mutant]:
    """Every mutant of a file, in the order of its text; none of a file that is neither SQL nor Python."""
    flips = {".sql": _sql, ".py": _python}.get(Path(path).suffix)
    found = sorted(set(flips(text))) if flips else []
    return [
        Mutant(path, start, end, after, text.count("\n", 0, start) + 1, text[start:end]) for start, end, after in found
    ]


def _sql(text: str) -> Iterator[tuple[int, int, str]]:
    tokens = _outside_templates(tokenize(text, read="duckdb"))
    is_between = False
    for at, token in enumerate(tokens):
        word, kind = token.text.lower(), token.token_type.name
        before = tokens[at - 1] if at else None
        following = tokens[at + 1].text.lower() if at + 1 < len(tokens) else ""
        span = (token.start, token.end + 1)
        if word == "between":
            is_between = True
        elif word == "and" and is_between:  # the range's own
            is_between = False
        elif kind == "NUMBER" and not _says_nothing(tokens, at):
            yield *span, _next(token.text)
        elif kind == "STRING":
            if before and before.text.lower() in ("=", "<>", "when"):
                yield *span, f"'{token.text}~'"
        elif word == "not" and before and before.text.lower() != "is":
            yield *span, ""
        elif word == "null" and before and before.text.lower() == "is":
            yield *span, "not null"
        elif word == "null" and before and before.text.lower() == "not" and tokens[at - 2].text.lower() == "is":
            yield before.start, span[1], "null"
        elif word in _SQL and _is_flippable(word, before, following) and not _is_of_one_row(tokens, at):
            yield *span, _SQL[word]


def _outside_templates(tokens: list[Token]) -> list[Token]:
    """Without what stands between the braces of a template: names and macros there are not SQL."""
    kept: list[Token] = []
    depth = 0
    for token in tokens:
        name = token.token_type.name
        if name in ("L_BRACE", "BLOCK_START"):
            depth += 1
        elif name in ("R_BRACE", "BLOCK_END"):
            depth -= 1
        elif depth == 0:
            kept.append(token)
    return kept


def _next(number: str) -> str:
    """The number after it, of as many decimals: a zero behind would say the same."""
    return str(Decimal(number) + Decimal(1).scaleb(int(Decimal(number).as_tuple().exponent)))


def _says_nothing(tokens: list[Token], at: int) -> bool:
    """Whether another number in its place says the same, or is seen by a test of every model."""
    return any(one(tokens, at) for one in (_is_of_type, _is_of_divisor, _is_last_in_order, _is_only_counted))


def _is_only_counted(tokens: list[Token], at: int) -> bool:
    """Whether rows are counted by a `case` that has this number for them: any number counts."""
    words = [token.text.lower() for token in tokens]
    begin, end = _case_around(words, at)
    is_told = words[at - 1 : at + 2 : 2] in (["then", "end"], ["then", "when"], ["else", "end"])
    return begin >= 2 and is_told and words[begin - 2 : begin] == ["count", "("] and words[end + 1 : end + 2] == [")"]


def _is_of_type(tokens: list[Token], at: int) -> bool:
    """Whether a number is the precision or scale of a type."""
    return any(token.text.lower() in ("decimal", "numeric", "varchar") for token in tokens[max(0, at - 4) : at])


def _is_of_divisor(tokens: list[Token], at: int) -> bool:
    """Whether a number is what `/ nullif(…, 0)` keeps from being divided by: that it is nought is no rule but a habit
    of every model (tests/sql/test_habits.py), and another number would be seen by what is divided by just that."""
    words = [token.text.lower() for token in tokens[: at + 2]]
    if words[at - 1 :] != [",", "0", ")"]:
        return False
    depth, first = 1, at
    while depth and first:
        first -= 1
        depth += {")": 1, "(": -1}.get(words[first], 0)
    return words[first - 1] == "nullif" and words[first - 2] in ("/", "//", "%")


def _is_last_in_order(tokens: list[Token], at: int) -> bool:
    """Whether rows of several kinds are put in order by a number for each, of which this is the greatest: one still
    greater says the same."""
    words = [token.text.lower() for token in tokens]
    begin, end = _case_around(words, at)
    if begin < 0 or words[end + 1 : end + 2] not in (["asc"], ["desc"]):
        return False
    depth, numbers, told = 0, [], 0
    for place in range(begin, end):
        depth += (words[place] == "case") - (words[place] == "end")
        if depth == 1 and words[place] in ("then", "else"):
            told += 1
            if words[place + 2] in ("when", "else", "end") and words[place + 1].isdigit():
                numbers.append((int(words[place + 1]), place + 1))
    greatest = max(numbers, default=(0, -1))
    is_alone = [number for number, _ in numbers].count(greatest[0]) == 1
    return told == len(numbers) > 1 and greatest[1] == at and is_alone and "else" in words[begin:end]


def _case_around(words: list[str], at: int) -> tuple[int, int]:
    """Where the innermost `case` begins and ends that a word stands in; -1 where it stands in none."""
    depth, begin = 0, at
    while begin >= 0 and not (words[begin] == "case" and depth == 0):
        depth += (words[begin] == "end") - (words[begin] == "case")
        begin -= 1
    depth, end = 0, at
    while end < len(words) and not (words[end] == "end" and depth == 0):
        depth += (words[end] == "case") - (words[end] == "end")
        end += 1
    return (begin, end) if begin >= 0 and end < len(words) else (-1, -1)


def _is_flippable(word: str, before: Token | None, following: str) -> bool:
    if word in ("+", "-", "*"):
        return before is not None and before.token_type.name in _ENDS
    if word in ("left", "inner"):
        return following == "join"
    return word not in ("min", "max") or following == "("


def _is_of_one_row(tokens: list[Token], at: int) -> bool:
    """Whether `max` or `min` picks what has one row, by its key: the least of one is the greatest.

    Every other row has a null there: an `else` would be the least, or the greatest, of all of them. Whether a table is
    supplied is asked of its one row too: `where table_name = ...`.
    """
    if [token.text.lower() for token in tokens[at + 1 : at + 4]] != ["(", "case", "when"]:
        return False
    words = [token.text.lower() for token in tokens]
    _, end = _case_around(words, at + 3)
    asked = _unnamed(words[at + 4 : end])
    if asked[:2] == ["is_supplied", "then"]:
        behind = words[end : words.index("select", end) if "select" in words[end:] else None]
        filtered = _unnamed(behind[behind.index("where") + 1 :]) if "where" in behind else []
        return filtered[:2] == ["table_name", "="] and filtered[3:4] in ([], [")"])
    is_of_key = asked[0] in _KEYS and asked[1] == "=" and words[end + 1 : end + 2] == [")"]
    return is_of_key and not {"when", "else", "or"} & set(asked)


def _unnamed(words: list[str]) -> list[str]:
    """Without the name of the table before the first column."""
    return words[2:] if words[1:2] == ["."] else words


def _python(text: str) -> Iterator[tuple[int, int, str]]:
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line.encode()))
    raw = text.encode()

    def offset(line: int, column: int) -> int:
        return len(raw[: starts[line - 1] + column].decode())

    def span(node: ast.expr) -> tuple[int, int]:
        return offset(node.lineno, node.col_offset), offset(node.end_lineno or 0, node.end_col_offset or 0)

    def between(one: ast.expr, other: ast.expr, operator: ast.AST) -> Iterator[tuple[int, int, str]]:
        old, new = _PYTHON.get(type(operator), ("", ""))
        at = text.find(old, span(one)[1], span(other)[0]) if old else -1
        if at >= 0:
            yield at, at + len(old), new

    for node in _evaluated(ast.parse(text)):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            for one, other, operator in zip(sides, sides[1:], node.ops, strict=False):
                yield from between(one, other, operator)
        elif isinstance(node, ast.BoolOp):
            for one, other in zip(node.values, node.values[1:], strict=False):
                yield from between(one, other, node.op)
        elif isinstance(node, ast.BinOp) and not isinstance(node.left, ast.JoinedStr):
            yield from between(node.left, node.right, node.op)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield span(node)[0], span(node)[0] + len("not"), ""
        elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
            yield *span(node), str(not node.value)
        elif isinstance(node, ast.Constant) and isinstance(node.value, int):
            yield *span(node), str(node.value + 1)


def _evaluated(node: ast.AST) -> Iterator[ast.AST]:
    """Every node but those of annotations, which say nothing to a run, of texts with values in them, whose places are
    not the file's, of _HOW, and that a zip is strict: the linter asks for it, and it speaks of a defect only."""
    yield node
    for name, field in ast.iter_fields(node):
        if name in ("annotation", "returns") or (name == "keywords" and _is_strict_zip(node)):
            continue
        for child in field if isinstance(field, list) else [field]:
            if isinstance(child, ast.AST) and not isinstance(child, ast.JoinedStr) and not _is_left_out(child):
                yield from _evaluated(child)


def _is_strict_zip(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "zip"):
        return False
    return [ast.unparse(one) for one in node.keywords] == ["strict=True"]


def _is_left_out(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _HOW
