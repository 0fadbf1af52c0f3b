"""nightdesk config: every setting, its value and where that came from."""

from collections.abc import Callable

from rich.table import Table
from rich.text import Text

from nightdesk.addresses import masked_url
from nightdesk.cli.options import JsonOption, Lang, LangOption, ProfileOption, SourceOption, results, say_json
from nightdesk.errors import NightdeskError, PolicyError
from nightdesk.settings import Settings, get_settings, unused_names, variable_of


def config(
    profile: ProfileOption = None,
    source: SourceOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.zh_CN,
) -> None:
    """Print every setting with its value and where that came from; exit code 8 when one cannot be used."""
    from nightdesk.render.catalogue import catalogue

    settings = get_settings(profile, source)
    _require_usable(settings)
    unused = unused_names()
    if as_json:
        say_json({"settings": [_document(settings, name) for name in Settings.model_fields], "unused": unused})
        return
    t = catalogue(lang.value)
    table = Table(t("cli.config.setting"), t("cli.config.value"), t("cli.config.origin"))
    for name in Settings.model_fields:
        origin = settings.origin(name)
        value = _shown(settings, name) or t(f"cli.config.unset.{name}")
        kind = t.label("cli.config.kind", origin.kind)
        table.add_row(variable_of(name), Text(value), Text(f"{kind} {origin.name}".strip()))
    results.print(table)
    for name in unused:
        results.print(t("cli.config.unused", name=name))


def _document(settings: Settings, name: str) -> dict[str, object]:
    origin = settings.origin(name)
    return {
        "name": name,
        "variable": variable_of(name),
        "value": _shown(settings, name),
        "origin": {"kind": origin.kind, "name": origin.name or None},
    }


def _shown(settings: Settings, name: str) -> str | None:
    """The value that counts, without secrets; None where none is set and something else stands in."""
    stands_in = {"lake": settings.lake_root, "smtp_url": settings.transport_url}
    value = stands_in.get(name, getattr(settings, name))
    return None if value is None else masked_url(str(value))


def _require_usable(settings: Settings) -> None:
    """Ask the readers of addresses and profiles whether they can use theirs; no server is called.

    Raises PolicyError naming the variable, and what gave it, of the first that cannot be used.
    """
    from nightdesk.desk.database import desk_address
    from nightdesk.inbox.incoming import require_address
    from nightdesk.mail.transport import transport_of
    from nightdesk.source.bank import open_source

    readers: dict[str, Callable[[], object]] = {
        # any address will do to ask whether there is such a profile
        "profile": lambda: open_source("sqlite://", settings.profile, settings.zone),
        "source_url": lambda: settings.source_url and open_source(settings.source_url, settings.profile, settings.zone),
        "desk_url": lambda: settings.desk_url and desk_address(settings.desk_url),
        "smtp_url": lambda: transport_of(settings.transport_url),
        "feedback_url": lambda: require_address(settings.feedback_url) if settings.feedback_url else None,
    }
    for name, read in readers.items():
        try:
            read()
        except NightdeskError as error:
            origin = settings.origin(name)
            said = f" ({origin.name})" if origin.kind not in ("environment", "default") else ""
            raise PolicyError(
                f"the setting {variable_of(name)}{said} cannot be used: {error.what}", error.remedy
            ) from None
