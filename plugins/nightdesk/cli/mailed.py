"""What a sending came to, in one line: how many mails left, and why not everybody has one."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nightdesk.cli.options import Lang, results
from nightdesk.settings import get_settings

if TYPE_CHECKING:
    from nightdesk.desk.publication import Publication
    from nightdesk.night.mailing import Delivery
    from nightdesk.reading.received import LeftOut
    from nightdesk.render.catalogue import Catalogue

#: branches that a line names
_NAMED = 5


def say_mailed(publication: "Publication", deliveries: "Sequence[Delivery]", lang: Lang) -> None:
    """Print how many mails left for a night, and for each reason how many branches got none."""
    from nightdesk.desk.remedy import restate_command
    from nightdesk.render.catalogue import catalogue

    t = catalogue(lang.value)
    restate = restate_command(publication.profile, publication.business_date)
    reasons = [_reason(one, t, publication, restate) for one in _left_out(publication, deliveries)]
    because = t("cli.mailed.because", reasons=t("note.and").join(reasons)) if reasons else ""
    sent = sum(one.status == "sent" for one in deliveries)
    results.print(t("cli.mailed.line", date=publication.business_date, n=sent) + because)


def mailed_document(publication: "Publication", deliveries: "Sequence[Delivery]") -> list[dict[str, Any]]:
    """The same reasons for a JSON document."""
    return [one.__dict__ for one in _left_out(publication, deliveries)]


def _left_out(publication: "Publication", deliveries: "Sequence[Delivery]") -> "list[LeftOut]":
    from nightdesk.desk.outbox import is_list
    from nightdesk.reading.received import left_out

    return left_out(get_settings(), publication, {one.branch_id for one in deliveries if is_list(one.kind)})


def _reason(found: "LeftOut", t: "Catalogue", publication: "Publication", restate: str) -> str:
    named = t("list.join").join(found.branches[:_NAMED]) + (" …" if len(found.branches) > _NAMED else "")
    return t(
        f"cli.mailed.{found.reason}",
        n=len(found.branches),
        branches=named,
        revision=t("revision", n=found.revision) if found.revision else "",
        stands=t("revision", n=publication.revision),
        command=restate,
    )
