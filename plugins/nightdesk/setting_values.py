"""What single settings may be: each takes a value and gives it as it is used, or raises ValueError that says why."""

import re
from decimal import Decimal
from zoneinfo import ZoneInfo

from nightdesk.contract import NEEDED, contract
from nightdesk.mailboxes import read_mailboxes

_SIZE = re.compile(r"(\d+(?:\.\d+)?) ?([KMGT])(i?)B")


def zone_name(value: str) -> str:
    """The name of a time zone."""
    try:
        ZoneInfo(value)
    except Exception as error:  # zoneinfo raises several kinds for an unusable key
        raise ValueError(f"{value!r} is not a time zone name such as Asia/Shanghai") from error
    return value


def time_of_day(value: str) -> str:
    """A time of day, as HH:MM."""
    hours, _, minutes = value.partition(":")
    if not (hours.isdigit() and minutes.isdigit() and int(hours) < 24 and int(minutes) < 60):
        raise ValueError(f"{value!r} is not a time of day such as 05:00")
    return f"{int(hours):02d}:{int(minutes):02d}"


def dispensable_tables(value: str) -> str:
    """Required tables that a bank may lack, divided by commas."""
    names = [name.strip() for name in value.split(",") if name.strip()]
    known = {table.name for table in contract().values() if table.is_required} - set(NEEDED)
    if unknown := [name for name in names if name not in known]:
        raise ValueError(f"{', '.join(unknown)} is none of the tables that may lack: {', '.join(sorted(known))}")
    return ", ".join(names)


def size(value: str) -> str:
    """An amount of memory, with its unit."""
    if not _SIZE.fullmatch(value):
        raise ValueError(f"{value!r} is not a size such as 2GB or 512MiB")
    return value


def bytes_of(value: str) -> int:
    """The bytes of an amount of memory (`size`): kB by 1,000 and KiB by 1,024, as the engine counts them."""
    found = _SIZE.fullmatch(value)
    if found is None:
        raise ValueError(f"{value!r} is not a size such as 2GB or 512MiB")
    number, prefix, binary = found.groups()
    return int(Decimal(number) * (1024 if binary else 1000) ** ("KMGT".index(prefix) + 1))


def one_mailbox(value: str) -> str:
    """One mail address, perhaps with a name."""
    found = read_mailboxes(value)
    if len(found.addresses) != 1 or found.bad:
        raise ValueError(f"{value!r} is not a mail address such as Nightdesk <nightdesk@bank.example>")
    return value


def mailboxes(value: str | None) -> str | None:
    """Mail addresses, divided by ; or ,."""
    if read_mailboxes(value).bad:
        raise ValueError("each of its parts (divided by ; or ,) must be a mail address such as ops@bank.example")
    return value


def web_address(value: str | None) -> str | None:
    """An http(s) address, without the slash at its end."""
    if value is not None and not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", value):
        raise ValueError("it is not an address such as https://pages.bank.example/out, without name or password")
    return value.rstrip("/") if value else value


def currency(value: str) -> str:
    """A currency's code."""
    if not (len(value) == 3 and value.isalpha() and value.isupper()):
        raise ValueError(f"{value!r} is not an ISO 4217 currency code such as CNY")
    return value
