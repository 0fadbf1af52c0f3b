"""What figures of contacts do not say, in the same words on a branch's contact plan and on a brief."""

from nightdesk.render.catalogue import Catalogue
from nightdesk.render.figures import Figures
from nightdesk.render.rows import Row, day_of, flag_of, int_of, text_of


def uncounted_words(row: Row, t: Catalogue, f: Figures) -> str:
    """Why the last contact does not count for the plan (`uncounted`, a code of that family), and the last one that does
    (`counted_on`); empty where it counts."""
    why = _why(row, t)
    counted = day_of(row, "counted_on")
    last = t("uncounted_told.last", day=f.day(counted)) if counted else t("uncounted_told.never")
    return why and why + last


def client_remark(row: Row, t: Catalogue, f: Figures) -> str:
    """Of a client's row of tasks_contact_page.contact_client: who speaks for its group, why the last contact does not
    count, and how many contacts are asked of another than whose client it is. `carrier` and `also_asked` are names.
    """
    said = []
    if flag_of(row, "is_carried"):
        carrier = text_of(row, "carrier")
        said.append(t("contact_remark.carried", client=carrier) if carrier else t("contact_remark.group"))
    if why := _why(row, t):
        said.append(t("contact_remark.last", day=f.day(day_of(row, "last_on")), why=why))
    if other := text_of(row, "also_asked"):
        said.append(t("contact_remark.also_asked", staff=other, n=int_of(row, "also_asked_count") or 0))
    return t("brief.and").join(said)


def _why(row: Row, t: Catalogue) -> str:
    code = text_of(row, "uncounted")
    return t("uncounted_told.why", why=t.label("uncounted", code)) if code else ""
