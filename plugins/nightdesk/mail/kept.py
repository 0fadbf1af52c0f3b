"""A list's mail as it was rendered: its parts lie in the revision's folder and are read back, not made again.

`mail/<branch>/mail.json` says what the mail is made of; a workbook that is not encrypted is the list's own file.
"""

import datetime
import hashlib
import json
from pathlib import Path
from typing import Any

from nightdesk.mail.compose import Body
from nightdesk.mail.message import Attachment
from nightdesk.render.inert import escaped
from nightdesk.render.outputs import branch_folder, path_part
from nightdesk.whole_file import write_whole

_FILE = "mail.json"


def keep_body(folder: Path, body: Body, person: str = "") -> None:
    """Keep a body below a revision's folder, whose list of that branch is written already; or a `person`'s own one."""
    place, lists = _place(folder, body.branch_id, person), branch_folder(folder, body.branch_id)
    parts = {"html": (place / "body.html", body.html.encode()), "text": (place / "body.txt", body.text.encode())}
    if body.attachment is not None:
        own = lists / "list.xlsx"
        is_own = own.is_file() and own.read_bytes() == body.attachment.content
        parts["workbook"] = (own if is_own else place / "attached.xlsx", body.attachment.content)
    for path, content in parts.values():
        if path.parent == place:
            write_whole(path, content)
    said = {
        "business_date": body.business_date.isoformat(),
        "branch_id": body.branch_id,
        "revision": body.revision,
        "language": body.language,
        "subject": body.subject,
        "is_restated": body.is_restated,
        "content_digest": body.content_digest,
        "attachment": None if body.attachment is None else body.attachment.name,
        "parts": {
            name: {"file": str(path.relative_to(folder)), "sha256": hashlib.sha256(content).hexdigest()}
            for name, (path, content) in parts.items()
        },
    }
    write_whole(place / _FILE, (escaped(json.dumps(said, ensure_ascii=False, indent=1)) + "\n").encode())


def kept_body(folder: Path, branch_id: str, revision: int, person: str = "") -> Body | None:
    """The body of a branch's mail, or of a person's of it, as it was rendered into a revision's folder; None when it is
    not there whole.
    """
    try:
        said = json.loads((_place(folder, branch_id, person) / _FILE).read_text(encoding="utf-8"))
        parts = {name: _part(folder, part) for name, part in said["parts"].items()}
        return Body(
            business_date=datetime.date.fromisoformat(said["business_date"]),
            branch_id=branch_id,
            revision=revision,
            language=said["language"],
            subject=said["subject"],
            is_restated=said["is_restated"],
            text=parts["text"].decode(),
            html=parts["html"].decode(),
            content_digest=said["content_digest"],
            attachment=Attachment(said["attachment"], parts["workbook"]) if said["attachment"] else None,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def kept_digest(folder: Path, branch_id: str, person: str = "") -> str | None:
    """What the list of a branch says, or a person's part of it, as a digest; None where it was not rendered into the
    folder.
    """
    try:
        return str(
            json.loads((_place(folder, branch_id, person) / _FILE).read_text(encoding="utf-8"))["content_digest"]
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _part(folder: Path, part: dict[str, Any]) -> bytes:
    content = Path(folder, part["file"]).read_bytes()
    if hashlib.sha256(content).hexdigest() != part["sha256"]:
        raise ValueError("not what was rendered")
    return content


def _place(folder: Path, branch_id: str, person: str = "") -> Path:
    place = folder / "mail" / path_part(branch_id)
    return place / "person" / path_part(person) if person else place
