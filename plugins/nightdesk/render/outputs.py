"""Where pages are written: below the folder of a revision, each file whole or not at all."""

import hashlib
import re
from pathlib import Path
from urllib.parse import quote

from nightdesk.render.branch import Rendered
from nightdesk.render.quality import RenderedQuality
from nightdesk.whole_file import write_whole

#: what a path segment may hold of an id; a file system's 255 bytes have to hold the ending and a draft's name too
LONGEST_PART = 100
#: how much of an id is kept for the eye where a digest stands for it
_READABLE = 20
_DEVICES = re.compile(r"(CON|PRN|AUX|NUL|COM\d|LPT\d)(\..*)?")


def path_part(identifier: str) -> str:
    """An id as one path segment of at most LONGEST_PART characters: no id can leave its folder, no two share one.

    Percent-encoded, so that it can be read back; where that is too long, or another id could be the same name to a
    file system that knows no case, a few of its letters, `~` and a digest.
    """
    raw = identifier.encode(errors="surrogatepass")
    encoded = quote(raw, safe="").replace("~", "%7E")
    encoded = re.sub(r"^\.|\.$", "%2E", encoded)
    if encoded and encoded == encoded.upper() and len(encoded) <= LONGEST_PART and not _DEVICES.fullmatch(encoded):
        return encoded
    letters = "".join(letter if letter.isalnum() or letter in "-_" else "_" for letter in identifier[:_READABLE])
    return f"{letters}~{hashlib.sha256(raw).hexdigest()[:16]}"


def branch_folder(folder: Path, branch_id: str) -> Path:
    """Where a branch's list lies below a revision's folder."""
    return folder / "branch" / path_part(branch_id)


def write_branch(folder: Path, branch_id: str, rendered: Rendered) -> Path:
    """Write branch/<id>/list.{html,txt,xlsx} below a revision's folder, the page last; returns the branch's folder."""
    target = branch_folder(folder, branch_id)
    write_whole(target / "list.xlsx", rendered.xlsx_bytes)
    write_whole(target / "list.txt", rendered.text.encode())
    write_whole(target / "list.html", rendered.html.encode())
    return target


def page_file(folder: Path, kind: str, identifier: str) -> Path:
    """Where the page of one client, project or person lies below a revision's folder: `<kind>/<id>.html`."""
    return folder / kind / f"{path_part(identifier)}.html"


def client_file(folder: Path, client_id: str, kind: str, part: str = "") -> Path:
    """Where a page of a client's own folder lies: `client/<id>/<kind>.html`, or `<kind>_<part>.html` of several."""
    name = f"{kind}_{path_part(part)}" if part else kind
    return folder / "client" / path_part(client_id) / f"{name}.html"


def write_quality(folder: Path, rendered: RenderedQuality) -> Path:
    """Write quality.html and its twin quality.json below a folder; returns the page."""
    write_whole(folder / "quality.json", rendered.json.encode())
    write_whole(folder / "quality.html", rendered.html.encode())
    return folder / "quality.html"
