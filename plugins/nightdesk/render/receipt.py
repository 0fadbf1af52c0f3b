"""The receipt for a mailed answer: which lines were taken, and by the code of each other one why it was not."""

from collections.abc import Sequence
from dataclasses import dataclass

from nightdesk.render.catalogue import Catalogue, Language, catalogue
from nightdesk.render.environment import fill

_LINES = 30


@dataclass(frozen=True)
class ReceiptLine:
    """One line of a reply: its place, the code it names, what became of it, and the code of why it was refused.

    `answered_for` is whose card it is, where a colleague answered it; `is_away`: whoever answered is on leave.
    """

    number: int
    code: str
    state: str
    why: str = ""
    answered_for: str = ""
    is_away: bool = False


def receipt_texts(lines: Sequence[ReceiptLine], taken: int, refused: int, language: Language) -> tuple[str, str, str]:
    """Subject, text and HTML. `taken` and `refused` count all lines of the reply, of which `lines` may be the first.

    Nothing of the reply but codes is repeated, and no client is named.
    """
    t = catalogue(language)
    if not taken and not refused:
        said = [t("receipt.nothing"), t("receipt.how")]
    else:
        bad = [line for line in lines if line.state == "refused"]
        good = [line for line in lines if line.state != "refused"]
        said = [
            *_part(t("receipt.refused", n=refused), refused, bad, t),
            *_part(t("receipt.taken", n=taken), taken, good, t),
        ]
        said.append(t("receipt.again") if refused else t("receipt.shown"))
    text = "\n".join([*said, "", t("receipt.footer")]) + "\n"
    return t("receipt.subject", taken=taken, refused=refused), text, fill("operators.html.j2", text=text)


def _part(heading: str, count: int, lines: Sequence[ReceiptLine], t: Catalogue) -> list[str]:
    if not count:
        return []
    shown = [f"  {_line(line, t)}" for line in lines[:_LINES]]
    more = [f"  {t('receipt.more', n=count - len(shown))}"] if count > len(shown) else []
    return [heading, *shown, *more, ""]


def _line(line: ReceiptLine, t: Catalogue) -> str:
    which = line.code or (t("receipt.row", n=line.number) if line.number else t("receipt.file"))
    what = _why(line, t) if line.why else t.label("receipt_state", line.state)
    if line.answered_for:
        what += t("list.aside", text=t("receipt.answered_for", whose=line.answered_for))
    if line.is_away:
        what += t("list.aside", text=t("receipt.is_away"))
    return t("receipt.line", which=which, what=what)


def _why(line: ReceiptLine, t: Catalogue) -> str:
    told = t.label("answer_refused", line.why)
    told = t.label("decision_refused", line.why) if told == line.why else told
    return t.label("answer_refused", "other") if told == line.why else told
