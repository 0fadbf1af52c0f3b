"""Telling the operators: one short mail to each of their addresses, in both languages, beside the branches' outbox."""

import hashlib
import logging
from collections.abc import Mapping

from nightdesk.clock import now
from nightdesk.errors import DeadlineMissed, HeldNight, MailError, NightdeskError
from nightdesk.mail.message import Mail, build_message
from nightdesk.mail.transport import transport_of
from nightdesk.render.catalogue import catalogue
from nightdesk.render.environment import fill
from nightdesk.settings import Settings

_LOG = logging.getLogger(__name__)


def kind_of(error: BaseException | None) -> str:
    """What an operator is told first: held, mail, deadline or failed."""
    for kind, name in ((HeldNight, "held"), (MailError, "mail"), (DeadlineMissed, "deadline")):
        if isinstance(error, kind):
            return name
    return "failed"


def tell(settings: Settings, kind: str, error: BaseException | None, facts: Mapping[str, str]) -> list[str]:
    """Mail what happened, its exit code, what to do and the facts (key of the catalogue's `operators`: value).

    An error that is not ours is named by its kind alone: its text may quote values. Returns the fate of each mail;
    never raises for what the mail server does, and mails nobody where no address is set.
    """
    if not settings.operators:
        return []
    is_ours = isinstance(error, NightdeskError)
    what = error.what if isinstance(error, NightdeskError) else type(error).__name__ if error else ""
    code = str(error.exit_code) if isinstance(error, NightdeskError) else "1"
    parts = []
    for language in ("zh_CN", "en"):
        t = catalogue(language)
        lines = [t(f"operators.{kind}", date=facts.get("date", "")), "", what]
        lines += [error.remedy if isinstance(error, NightdeskError) else t("operators.defect")] if error else []
        lines += ["", *(f"{t(f'operators.fact.{name}')}: {value}" for name, value in facts.items() if value)]
        lines += [f"{t('operators.fact.exit_code')}: {code}"] if error and is_ours else []
        parts.append("\n".join(lines))
    text = "\n\n--\n\n".join(parts) + "\n"
    subject = " / ".join(catalogue(lang)(f"operators.{kind}", date=facts.get("date", "")) for lang in ("zh_CN", "en"))
    transport = transport_of(settings.transport_url)
    fates: list[str] = []
    for address in settings.operators:
        seed = hashlib.sha256(repr((kind, sorted(facts.items()), what, address)).encode()).hexdigest()[:24]
        message = build_message(
            Mail(
                message_id=f"<operators.{seed}@nightdesk>",
                sender=settings.mail_from,
                recipient=address,
                subject=f"[Nightdesk] {subject}",
                language="zh-CN",
                text=text,
                html=fill("operators.html.j2", text=text),
                sent_at=now(),
            )
        )
        outcome = transport.deliver(message)
        if outcome.fate != "sent":
            _LOG.error("the operators were not told (%s): %s", outcome.fate, outcome.detail)
        fates.append(outcome.fate)
    return fates
