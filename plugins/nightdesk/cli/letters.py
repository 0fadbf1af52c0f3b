"""What became of letters that a command sent, a line an address; and the end of it where one was not reached."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nightdesk.cli.options import remarks
from nightdesk.errors import MailError
from nightdesk.render.masking import masked_address

if TYPE_CHECKING:
    from nightdesk.night.letters import Told
    from nightdesk.render.catalogue import Catalogue


def fates_of(told: "Sequence[Told]") -> list[dict[str, str]]:
    """What became of each letter, for a JSON document."""
    return [{"recipient": masked_address(one.recipient), "fate": one.fate} for one in told]


def say_fates(told: "Sequence[Told]", t: "Catalogue", nobody: str) -> None:
    """Say it to a person; the sentence `nobody` where there was no address."""
    if not told:
        remarks.print(nobody)
    for one in fates_of(told):
        remarks.print(f"{one['recipient']} {t('digest.fate.' + one['fate'])}")


def require_reached(told: "Sequence[Told]", what: str) -> None:
    """Raise MailError unless each address has `what`, from now or before."""
    if failed := [one for one in told if one.fate not in ("sent", "already")]:
        raise MailError(
            f"{what} did not reach {len(failed)} of {len(told)} addresses",
            "Mend the mail server and run the same command: nobody gets it twice. What was refused, or may have "
            "arrived, waits for a person: `nightdesk outbox list`, then `nightdesk outbox resolve`.",
        )
