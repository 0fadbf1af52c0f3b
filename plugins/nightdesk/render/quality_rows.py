"""What the checks found, in words of both languages: what it does to the night, which rule and column, what to do."""

from collections.abc import Iterable
from dataclasses import dataclass

from nightdesk.released import Release
from nightdesk.render.catalogue import catalogue
from nightdesk.render.rows import Row, Table, as_rows, flag_of, int_of, text_of
from nightdesk.row_key import masked_key

#: what a failed check does: it holds the whole night, or did until a person released it; keeps a row out; only says so
HOLDS, RELEASED, QUARANTINE, WARNING = "holds", "released", "quarantine", "warning"
#: keys that the page names of one finding; all of them are in the twin
KEYS_SHOWN = 8
#: columns that the checks add to a row; the source's own column is in the quarantine's detail
ADDED = ("text_fault", "type_fault", "scale_fault", "cell_fault", "age_fault", "key_fault")


@dataclass(frozen=True)
class Both:
    """One text in both languages."""

    zh: str
    en: str


class Bilingual:
    """Messages in both languages at once."""

    def __init__(self) -> None:
        self.zh, self.en = catalogue("zh_CN"), catalogue("en")

    def __call__(self, key: str, **values: object) -> Both:
        """The message `key` in both languages."""
        return Both(self.zh(key, **values), self.en(key, **values))

    def label(self, family: str, code: object) -> Both:
        """The word for a code in both languages."""
        return Both(self.zh.label(family, code), self.en.label(family, code))

    def knows(self, key: str) -> bool:
        """Whether there is such a message."""
        return key in self.zh.messages


@dataclass(frozen=True)
class Finding:
    """A check that failed on a table, ready to print; `keys` are masked. `standing` says how many of its rows former
    nights told of, where any did."""

    kind: str
    table_name: str
    rule: str
    found: Both
    remedy: Both
    rows: int
    keys: str
    is_new: bool = True
    standing: Both | None = None


def kind_of(check: Row, release: Release | None) -> str:
    """What a failed check does: critical for a table holds the night, critical for a row keeps the row out."""
    if check.get("severity") != "critical":
        return WARNING
    if check.get("scope") == "row":
        return QUARANTINE
    return RELEASED if release and release.covers(str(check["table_name"]), _rule(check)) else HOLDS


def findings_of(
    expectations: Table, quarantine: Table, both: Bilingual, release: Release | None = None
) -> dict[str, list[Finding]]:
    """Failed checks by what they do, in the order of table and rule, what is new first; quarantined rows with their
    keys."""
    kept_out: dict[tuple[str, str], list[Row]] = {}
    for row in as_rows(quarantine):
        kept_out.setdefault((str(row["table_name"]), str(row["rule"])), []).append(row)
    found: dict[str, list[Finding]] = {HOLDS: [], RELEASED: [], QUARANTINE: [], WARNING: []}
    failed: dict[tuple[str, str], list[Row]] = {}
    for check in as_rows(expectations):
        if flag_of(check, "success"):
            continue
        kind = kind_of(check, release)
        if kind == QUARANTINE:
            failed.setdefault((str(check["table_name"]), _rule(check)), []).append(check)
        else:
            found[kind].append(_finding(check, kind, [check], [], both))
    for table, rule in sorted({*failed, *kept_out}):
        checks, rows = failed.get((table, rule), []), kept_out.get((table, rule), [])
        found[QUARANTINE].append(_finding({"table_name": table, "rule": rule}, QUARANTINE, checks, rows, both))
    for findings in found.values():
        findings.sort(key=lambda finding: (not finding.is_new, finding.table_name, finding.rule, finding.found.en))
    return found


def _finding(about: Row, kind: str, checks: list[Row], rows: list[Row], both: Bilingual) -> Finding:
    rule = _rule(about)
    values = {"column": _columns(checks, rows), "observed": _observed(checks)}
    is_known = both.knows(f"rule.{rule}")
    other = Both(*[" · ".join(text_of(check, "detail") or "" for check in checks) or rule] * 2)
    keys = sorted({masked_key(text_of(row, "row_key") or "") for row in rows}) or [
        key for check in checks for key in (text_of(check, "sample_keys") or "").split(";") if key
    ]
    told = [str(row["since"]) for row in rows if was_told(row)]
    return Finding(
        kind=kind,
        table_name=str(about["table_name"]),
        rule=rule,
        found=both(f"rule.{rule}", **values) if is_known else other,
        remedy=both(f"remedy.{rule}") if is_known else Both("", ""),
        # rows without a usable key share one; a row may fail one rule on several columns
        rows=max([len(rows), *(int_of(check, "unexpected_count") or 0 for check in checks)]),
        keys=", ".join(keys[:KEYS_SHOWN]) + (" …" if len(keys) > KEYS_SHOWN else ""),
        is_new=not rows or len(told) < len(rows),
        standing=both("quality.standing", n=len(told), since=min(told)) if told else None,
    )


def was_told(row: Row) -> bool:
    """Whether a row in quarantine is there since a former night."""
    since, business_date = row.get("since"), row.get("business_date")
    return since is not None and business_date is not None and str(since) < str(business_date)


def _rule(check: Row) -> str:
    return text_of(check, "rule") or text_of(check, "expectation") or ""


def _columns(checks: Iterable[Row], rows: Iterable[Row]) -> str:
    """The source's columns that a finding is about."""
    names: list[str] = []
    for check in checks:
        for name in (text_of(check, "column_name") or "").split(", "):
            if name and name not in ADDED:
                names.append(name.partition("__")[0])
    if not names:  # the first word of a detail is the column, a key may follow
        names = sorted({part.split()[0] for row in rows for part in (text_of(row, "detail") or "").split(",") if part})
    return ", ".join(dict.fromkeys(names)) or "—"


def _observed(checks: Iterable[Row]) -> str:
    return ", ".join(seen for check in checks if (seen := text_of(check, "observed"))) or "—"
