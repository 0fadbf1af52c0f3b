"""nightdesk challenger: a learned estimate of which offers are accepted, beside the rule; it decides nothing."""

from nightdesk.cli.options import (
    DateOption,
    JsonOption,
    Lang,
    LangOption,
    PagesOption,
    ProfileOption,
    day,
    pages_folder,
    results,
    say_json,
    say_pages,
)
from nightdesk.settings import get_settings


def challenger(
    date: DateOption,
    out: PagesOption = None,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Train a challenger of the offer rule on what a night knew, try it on later offers, and write its page."""
    from nightdesk.reading.challenging import challenger_input
    from nightdesk.reading.exporting import standing_night
    from nightdesk.render.catalogue import catalogue
    from nightdesk.render.challenger import render_challenger, twin_of
    from nightdesk.whole_file import write_whole

    settings, when = get_settings(), day(date)
    with standing_night(settings, when, profile) as night:
        source = challenger_input(night)
    page = pages_folder(out, settings.home, "challenger", date) / "challenger.html"
    write_whole(page, render_challenger(source, lang.value).encode())
    twin = twin_of(source)
    if as_json:
        say_json({**twin, "page": page})
        return
    t = catalogue(lang.value)
    results.print(t("challenger.decides_nothing"))
    results.print(t("challenger.trained", n=source.trained_rows, accepted=source.trained_accepted))
    if source.judged.is_known:
        for one in source.judged.ranked:
            auc = "—" if one.auc is None else f"{one.auc:.2f} [{one.auc_low:.2f}–{one.auc_high:.2f}]"
            results.print(f"{t.label('challenger_ranking', one.code)}  AUC {auc}  {one.head}")
    else:
        results.print(t("challenger.too_few_later", n=source.judged.later))
    say_pages(t, [page])
