"""The published files as they would have been exported on an earlier day, and dirt of a real kind to put into them."""

import datetime
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

TRANS = "trans_prefix_19930101_19940331"


def keep(folder: Path, name: str, column: str, wanted: Callable[[str], bool]) -> set[str]:
    """Drop the rows of a raw file that are not wanted; returns the first column of those left."""
    lines = (folder / f"{name}.asc").read_text().splitlines()
    at = lines[0].replace('"', "").split(";").index(column)
    left = [line for line in lines[1:] if wanted(line.replace('"', "").split(";")[at])]
    (folder / f"{name}.asc").write_text("".join(f"{line}\r\n" for line in [lines[0], *left]), newline="")
    return {line.replace('"', "").split(";")[0] for line in left}


def as_the_bank_was(source: Path, folder: Path, day: datetime.date) -> Path:
    """The raw files as they would have been exported at the end of `day`, the undated standing orders by account."""
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("feup*", "*.pdf", "*.md"))
    limit = f"{day:%y%m%d}"
    folder.chmod(0o755)
    for path in folder.iterdir():
        path.chmod(0o644)
    accounts = keep(folder, "account", "date", lambda date: date <= limit)
    keep(folder, "order", "account_id", accounts.__contains__)
    kept = keep(folder, "disp", "account_id", accounts.__contains__)
    clients = {line.split(";")[1] for line in (folder / "disp.asc").read_text().splitlines()[1:]}
    keep(folder, "client", "client_id", clients.__contains__)
    keep(folder, "loan", "date", lambda date: date <= limit)
    keep(folder, "card", "issued", lambda issued: issued[:6] <= limit)
    keep(folder, "card", "disp_id", kept.__contains__)
    keep(folder, TRANS, "date", lambda date: date <= limit)
    return folder


def append(folder: Path, name: str, lines: Iterable[str]) -> None:
    """Put rows at the end of a raw file."""
    with (folder / f"{name}.asc").open("a", newline="") as file:
        file.writelines(f"{line}\r\n" for line in lines)
