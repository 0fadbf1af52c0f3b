"""Numbers and dates as people of each language read them. Decimal in, text out; no floats on the way."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date

from nightdesk.render.catalogue import Language

CENT = Decimal("0.01")
TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Figures:
    """Formats for one language and base currency."""

    language: Language
    base_ccy: str
    dash: str = "—"

    def money(self, amount: Decimal | None) -> str:
        """An amount in base currency, short enough to read aloud; exact amounts are in the workbook."""
        if amount is None:
            return self.dash
        return self._chinese_money(amount) if self.language == "zh_CN" else self._english_money(amount)

    def _chinese_money(self, amount: Decimal) -> str:
        size = abs(amount)
        if size >= Decimal("99999950"):  # would round to 10,000.00 of the smaller unit
            number, unit = amount / Decimal(10**8), "亿"
        elif size >= 10_000:
            number, unit = amount / Decimal(10**4), "万"
        else:
            number, unit = amount, ""
        text = f"{number.quantize(CENT, ROUND_HALF_UP):,f}{unit}"
        return f"{text}元" if self.base_ccy == "CNY" else f"{self.base_ccy} {text}"

    def _english_money(self, amount: Decimal) -> str:
        size = abs(amount)
        if size >= Decimal("999995000"):
            number, unit, step = amount / Decimal(10**9), "bn", CENT
        elif size >= Decimal("999950"):
            number, unit, step = amount / Decimal(10**6), "m", CENT
        elif size >= 10_000:
            number, unit, step = amount / Decimal(10**3), "k", TENTH
        else:
            number, unit, step = amount, "", CENT
        return f"{self.base_ccy} {number.quantize(step, ROUND_HALF_UP):,f}{unit}"

    def money_in_full(self, amount: Decimal) -> str:
        """An amount as sentences say it: to the unit of the currency, in Chinese as people count."""
        if self.language == "zh_CN":
            return self._chinese_money(amount)
        sign = "-" if amount < 0 else ""
        return f"{self.base_ccy} {sign}{abs(amount).quantize(Decimal(1), ROUND_HALF_UP):,f}"

    def plain(self, value: Decimal, places: int) -> str:
        """A number as sentences say it: at most `places` decimals, no idle zeros, thousands apart."""
        text = f"{value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0:,f}"
        return text.rstrip("0").rstrip(".") if "." in text else text

    def whole(self, value: Decimal) -> str:
        """A whole number, thousands apart."""
        return self.plain(value, 0)

    def number(self, value: Decimal | None, places: int = 2) -> str:
        """A plain number with thousands separated and trailing zeros kept."""
        if value is None:
            return self.dash
        return f"{value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,f}"

    def trimmed(self, value: Decimal | None, places: int = 4) -> str:
        """A plain number with at most `places` decimals and no trailing zeros."""
        if value is None:
            return self.dash
        text = self.number(value, places)
        return text.rstrip("0").rstrip(".") if "." in text else text

    def points(self, value: Decimal | None) -> str:
        """Rank points: one decimal."""
        return self.number(value, 1)

    def percent(self, value: Decimal | None, places: int = 1) -> str:
        """A percentage given as 0-100."""
        return self.dash if value is None else f"{self.number(value, places)}%"

    def percent_apart(self, value: Decimal, line: Decimal) -> str:
        """A whole percentage, or with as many decimals, four at most, as tell it from the line that it is held to."""
        told = (text for places in range(5) if (text := self.percent(value, places)) != self.percent(line, places))
        return next(told, self.percent(value, 0))

    def count(self, value: int | None) -> str:
        """A count with thousands separated."""
        return self.dash if value is None else f"{value:,d}"

    def day(self, value: date | None) -> str:
        """ISO date: sorts, and cannot be misread across languages."""
        return self.dash if value is None else value.isoformat()

    def country(self, code: str) -> str:
        """A country by its name, with its ISO code; a code that stands for none alone."""
        name = _locale(self.language).territories.get(code.upper())
        return f"{name} ({code})" if name else code

    def short_day(self, value: date | None) -> str:
        """Day and month with the weekday, for deadlines."""
        if value is None:
            return self.dash
        pattern = "M月d日 EEE" if self.language == "zh_CN" else "EEE d MMM"
        return _dated(value, pattern, self.language)

    def brief_day(self, value: date | None) -> str:
        """Day and month alone, where there is little room."""
        return "" if value is None else _dated(value, "M月d日" if self.language == "zh_CN" else "d MMM", self.language)

    def long_day(self, value: date) -> str:
        """The date of a title, with year and weekday."""
        pattern = "y年M月d日 EEEE" if self.language == "zh_CN" else "EEEE d MMMM y"
        return _dated(value, pattern, self.language)

    def instant(self, value: datetime | None, zone: tzinfo) -> str:
        """Date and time of day in the bank's zone."""
        return self.dash if value is None else value.astimezone(zone).strftime("%Y-%m-%d %H:%M")


@lru_cache(maxsize=4096)
def _dated(value: date, pattern: str, language: Language) -> str:
    # finding a locale costs a hundred times what formatting does, and deadlines repeat
    return format_date(value, pattern, locale=_locale(language))


@lru_cache(maxsize=4)
def _locale(language: Language) -> Locale:
    return Locale.parse(language)
