"""What figures of contacts do not say, in the same words on a branch's contact plan and on a brief."""

from nightdesk.render.catalogue import Catalogue
from nightdesk.render.figures import Figures
from nightdesk.render.rows import Row, day_of, flag_of, int_of, text_of


def uncounted_words(row: Row, t: Catalogue, f: Figures) -> str:
    """Why the last contact (`last_on`) may not be counted as a fixed one (`uncounted`, a code of that family), and the
    last one that may (`counted_on`); of one that may and came for none that was owed only that; empty where it filled
    what was owed."""
    why = _why(row, t)
    counted = day_of(row, "counted_on")
    if not why or _may_count(row):
        return why
    return why + (t("uncounted_told.last", day=f.day(counted)) if counted else t("uncounted_told.never"))


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
    if not code:
        return ""
    why = t.label("uncounted", code)
    return t("uncounted_told.idle", why=why) if _may_count(row) else t("uncounted_told.why", why=why)


def _may_count(row: Row) -> bool:
    return day_of(row, "last_on") is not None and day_of(row, "last_on") == day_of(row, "counted_on")
